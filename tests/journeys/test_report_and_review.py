"""Slice 5: a camat reports with a photo, it is returned with a reason, mended, and accepted."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask import Flask

from tests.factories.tasks import due, make_task, photo
from tests.support.browser import Browser, visible_text
from tests.support.people import user_named

TITLE = "Tetapkan jadwal buka Posyandu siklus hidup tahun depan"


def cell(page: Browser, task_id: int) -> str:
    """What the matrix of the task shows for Kecamatan Kepanjen."""
    soup = page.get(f"/tugas/{task_id}").soup
    row = next(row for row in soup.select("#task-rows tbody tr") if "Kecamatan Kepanjen" in row.text)
    return str(row.select_one(".badge").text)


def test_report_return_mend_accept(app: Flask, as_user: Callable[[str], Browser]) -> None:
    setda, camat = as_user("setda.malang"), as_user("camat.kepanjen")
    task = make_task(user_named("setda.malang"), title=TITLE, due_on=due(1))

    desk = camat.get("/")
    link = next(a for a in desk.soup.select("#perlu-tindakan h3 a") if a.text == TITLE)
    assert "Besok" in visible_text(desk)
    page = str(link["href"])

    camat.post(
        f"{page}/lapor",
        {"progress": "in_progress", "note": "Sedang dibahas dengan 18 desa.", "photos": [photo((1200, 900))]},
        page=page,
    )
    assert cell(setda, task.id) == "Dikerjakan"
    sent = camat.post(f"{page}/lapor", {"progress": "submitted", "note": "Jadwal ditetapkan."}, page=page)
    assert sent.location == f"{page}?kabar=laporan-terkirim"
    assert "Laporan terkirim dan menunggu pemeriksaan." in visible_text(camat.get(sent.location))

    waiting = visible_text(setda.get("/"))
    assert f"1 laporan menunggu pemeriksaan: {TITLE}" in waiting
    assert cell(setda, task.id) == "Dilaporkan"
    shown = setda.get(page)
    preview = shown.soup.select_one(".photos img")["src"]
    assert setda.get(preview).mimetype == "image/jpeg"
    setda.post(f"{page}/periksa", {"verdict": "return", "reason": "Foto papan tidak terbaca."}, page=page)
    assert cell(setda, task.id) == "Dikembalikan"

    back = visible_text(camat.get("/"))
    assert "Dikembalikan: Foto papan tidak terbaca." in back
    assert "Perbaiki" in back
    assert camat.get("/notifikasi/").text.count("Laporan dikembalikan")
    camat.post(
        f"{page}/lapor", {"progress": "submitted", "note": "Foto baru.", "photos": [photo()]}, page=page
    )

    setda.post(f"{page}/periksa", {"verdict": "accept"}, page=page)
    assert cell(setda, task.id) == "Diterima"
    story = visible_text(camat.get(page))
    steps = re.findall(r"(Diterima|Dilaporkan|Dikembalikan|Dikerjakan|Diberikan) ?, ", story)
    assert steps == ["Diterima", "Dilaporkan", "Dikembalikan", "Dilaporkan", "Dikerjakan", "Diberikan"]
    assert TITLE not in "".join(a.text for a in camat.get("/").soup.select("#perlu-tindakan h3 a"))
