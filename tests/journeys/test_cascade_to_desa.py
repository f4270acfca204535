"""Slice 7: Pokjanal gives a task to twelve kecamatan, a camat passes it on, a lurah answers."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.factories.tasks import due
from tests.support.browser import Browser, visible_text

TITLE = "Mutakhirkan data kader per Posyandu menurut siklus hidup"


def test_from_the_body_to_the_village_and_back(app: Flask, as_user: Callable[[str], Browser]) -> None:
    pokjanal, kurun, lurah = as_user("pokjanal.gunungmas"), as_user("camat.kurun"), as_user("lurah.tampang")

    bodies = pokjanal.get("/pokjanal/")
    body = next(
        str(a["href"]) for a in bodies.soup.select("tbody a") if a.text.endswith("Kabupaten Gunung Mas")
    )
    form = f"{body}/tugas/baru"
    pokjanal.get(body)
    assert len(pokjanal.form(form, form)["offices"]) == 12
    given = pokjanal.post(
        form, {"title": TITLE, "due_on": due(14).isoformat(), "evidence": "note"}, page=form
    )
    task = given.location.split("?")[0]
    assert len(pokjanal.get(task).soup.select("#task-rows tbody tr")) == 12

    own = kurun.get(f"{task}/kantor-saya", status=302).location
    kurun.post(f"{own}/teruskan", page=own)
    villages = kurun.get(own).soup.select(".village-row")
    assert len(villages) == 15
    assert any("Kelurahan Tampang Tumbang Anjir" in row.text for row in villages)

    desk = lurah.get("/")
    assert TITLE in visible_text(desk)
    answer = lurah.get(f"{task}/kantor-saya", status=302).location
    lurah.post(
        f"{answer}/lapor", {"progress": "submitted", "note": "12 kader, semua sudah dilatih."}, page=answer
    )

    early = kurun.post(
        f"{own}/lapor", {"progress": "submitted", "note": "Kecamatan selesai."}, page=own, status=422
    )
    assert "15 desa/kelurahan belum selesai" in visible_text(early)
    kurun.post(f"{answer}/periksa", {"verdict": "accept"}, page=answer)
    kurun.post(
        f"{own}/lapor",
        {
            "progress": "submitted",
            "note": "Satu sudah, sisanya menyusul.",
            "reason": "Rapat desa pekan depan.",
        },
        page=own,
    )

    both = pokjanal.get(f"{task}?buka={own.rsplit('/', 1)[1]}")
    assert len(both.soup.select("tr.below")) == 15
    assert "1 /15" in visible_text(both)
    matrix = pokjanal.get(f"/tugas/matriks?badan={body.rsplit('/', 1)[1]}&buka=62.10.02")
    names = [name.text.strip() for name in matrix.soup.select(".names a")]
    column = names.index(TITLE)
    kurun_row = next(row for row in matrix.soup.select("tr.kc") if "Kurun" in row.th.text)
    assert kurun_row.find_all("td")[column + 1]["data-s"] == "submitted"
    tampang = next(row for row in matrix.soup.select("tr.village") if "Tampang" in row.th.text)
    assert tampang.find_all("td")[column + 1]["data-s"] == "accepted"

    pokjanal.post(f"{own}/periksa", {"verdict": "accept"}, page=own)
    assert "1 dari 12" in visible_text(pokjanal.get(task))
    pokjanal.post(f"{answer}/periksa", {"version": "3", "verdict": "accept"}, status=403)
