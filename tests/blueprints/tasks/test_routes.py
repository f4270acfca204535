"""The register, one task, one assignment and the matrix, as each role meets them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from ilp.blueprints.tasks import grid
from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.models.directory import Office
from ilp.models.documents import StoredFile
from ilp.models.tasks import (
    Assignment,
    AssignmentStatus,
    Evidence,
    EvidenceKind,
    Task,
    TaskOrigin,
)
from ilp.policy.access import access_assignment
from ilp.services import tasks
from tests.factories.tasks import due, make_task, offices, photo, row_of, submit
from tests.support.browser import Browser, visible_text
from tests.support.people import user_named
from tests.support.plans import reads, scans
from tests.support.queries import counted

S = AssignmentStatus
KEPANJEN = "35.07.13"
Login = Callable[[str], Browser]


@pytest.fixture
def task(app: Flask) -> Task:
    return make_task(user_named("setda.malang"), title="Tetapkan jadwal Posyandu siklus hidup")


def key_of(task: Task, code: str = KEPANJEN) -> int:
    key = db.session.scalar(
        sa.select(Assignment.id)
        .join(Office, Office.id == Assignment.office_id)
        .where(Assignment.task_id == task.id, Office.wilayah_code == code, Assignment.parent_id.is_(None))
    )
    assert key is not None
    return key


def page_of(key: int) -> str:
    return f"/tugas/rincian/{key}"


def report(browser: Browser, key: int, progress: str = "submitted", **fields: Any) -> Any:
    page = page_of(key)
    status = fields.pop("status", 303)
    data = {"progress": progress, "note": "Sudah ditetapkan di semua desa.", **fields}
    return browser.post(f"{page}/lapor", data, page=page, status=status)


def state(key: int) -> AssignmentStatus:
    found = db.session.scalar(sa.select(Assignment.status).where(Assignment.id == key))
    assert found is not None
    return found


def stored() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(StoredFile)) or 0


# --- reading ------------------------------------------------------------------------------------
def test_the_register_opens_at_what_is_mine_for_a_camat(task: Task, as_user: Login) -> None:
    answer = as_user("camat.kepanjen").get("/tugas/")
    assert "Tetapkan jadwal Posyandu siklus hidup" in answer.text
    assert answer.soup.find("a", class_="chip", attrs={"aria-current": "true"}).text.startswith(
        "Milik kantor"
    )


@pytest.mark.parametrize("view", ["saya", "periksa", "terlambat", "pihak-lain", "selesai", "semua"])
@pytest.mark.parametrize("who", ["setda.malang", "camat.kepanjen", "puskesmas.kepanjen", "auditor.jatim"])
def test_every_view_opens_for_every_role_and_as_a_block(
    task: Task, as_user: Login, view: str, who: str
) -> None:
    browser = as_user(who)
    assert browser.get(f"/tugas/?tampil={view}").status_code == 200
    block = browser.get(f"/tugas/?tampil={view}", htmx=True)
    assert block.text.lstrip().startswith('<div class="stack" id="task-list"')


@pytest.mark.parametrize(
    "query", ["tampil=apa", "keadaan=lulus", "asal=x", "setelah=1", "setelah=2026-01-01~x", "tenggat=kapan"]
)
def test_a_filter_that_does_not_exist_leads_nowhere(as_user: Login, query: str) -> None:
    as_user("setda.malang").get(f"/tugas/?{query}", status=404)


def test_the_figures_open_the_rows_they_count(task: Task, as_user: Login) -> None:
    submit(task, user_named("camat.kepanjen"), KEPANJEN)
    answer = as_user("setda.malang").get("/tugas/?tampil=periksa")
    counted_rows = answer.soup.find("a", class_="chip", attrs={"aria-current": "true"}).find("b").text
    assert len(answer.soup.select("tbody tr")) == int(counted_rows)


def test_the_list_goes_on_by_key(as_user: Login) -> None:
    setda = user_named("setda.malang")
    make_task(setda, offices("desa", "35.07"))
    browser = as_user("setda.malang")
    with transaction():
        db.session.execute(sa.update(Assignment).values(due_on=due(-1)))
    late = browser.get("/tugas/?tampil=terlambat")
    assert len(late.soup.select("tbody tr")) == 50
    older = late.soup.find("a", rel="next")["href"]
    following = browser.get(older)
    seen = {a["href"] for a in late.soup.select("tbody a")}
    assert not seen & {a["href"] for a in following.soup.select("tbody a")}


def test_one_task_shows_its_33_kecamatan_and_opens_one(app: Flask, as_user: Login) -> None:
    task = make_task(user_named("setda.malang"), offices("desa", "35.07"))
    browser = as_user("setda.malang")
    answer = browser.get(f"/tugas/{task.id}")
    assert len(answer.soup.select("#task-rows tbody tr")) == 33
    assert "0 /18" in visible_text(answer)
    opened = browser.get(f"/tugas/{task.id}?buka={key_of(task)}", htmx=True)
    assert len(opened.soup.select("tr.below")) == 18
    assert "Kelurahan Kepanjen" in opened.text


def test_a_notice_leads_to_the_row_of_the_own_office(task: Task, as_user: Login) -> None:
    answer = as_user("camat.kepanjen").get(f"/tugas/{task.id}/kantor-saya", status=302)
    assert answer.location == page_of(key_of(task))
    answer = as_user("setda.malang").get(f"/tugas/{task.id}/kantor-saya", status=302)
    assert answer.location == f"/tugas/{task.id}"


def test_the_assignment_says_what_when_and_why(task: Task, as_user: Login) -> None:
    answer = as_user("camat.kepanjen").get(page_of(key_of(task)))
    text = visible_text(answer)
    assert "Tetapkan jadwal Posyandu siklus hidup" in text
    assert "Dari Sekretariat Daerah Kabupaten Malang." in text
    assert "Kirim laporan" in text
    assert len(answer.soup.select(".chain li")) == 4


def test_the_matrix_shows_both_levels(app: Flask, as_user: Login) -> None:
    setda = user_named("setda.malang")
    make_task(setda, title="Pertama")
    make_task(setda, offices("desa", "35.07"), title="Kedua")
    answer = as_user("setda.malang").get(f"/tugas/matriks?wilayah=35.07&buka={KEPANJEN}")
    assert len(answer.soup.select("tr.kc")) == 33
    assert len(answer.soup.select("tr.village")) == 18
    assert "0/18" in answer.text
    filtered = as_user("setda.malang").get("/tugas/matriks?wilayah=35.07&keadaan=returned")
    assert all(row.select("td[data-s=returned]") for row in filtered.soup.select("tr.kc"))


VILLAGES = "/tugas/matriks?jenjang=desa"


def test_the_matrix_shows_all_desa_of_a_regency(app: Flask, as_user: Login) -> None:
    setda, camat = user_named("setda.malang"), user_named("camat.kepanjen")
    task = make_task(setda, offices("desa", "35.07"), due_on=due(300))
    make_task(setda, title="Hanya untuk kecamatan", due_on=due(301))
    answer = as_user("setda.malang").get(VILLAGES)
    rows = answer.soup.select("tr.village")
    assert len(rows) == 390
    assert len(answer.soup.select("tr.kc")) == 33
    assert "390 desa/kelurahan" in visible_text(answer)
    assert "Hanya untuk kecamatan" not in answer.text
    assert answer.soup.select(f"tr.kc a[href='{page_of(key_of(task))}']")[0].text == "0/18"
    assert rows[0].select("td[data-s=assigned] a")[-1]["aria-label"] == "Belum"
    village = row_of(task, camat, f"{KEPANJEN}.1007")
    with transaction():
        tasks.exempt(actor=camat, assignment=village, version=village.version, reason="Tidak ada Posyandu.")
    narrowed = as_user("setda.malang").get(f"{VILLAGES}&keadaan=not_applicable")
    assert {row["id"] for row in narrowed.soup.select("tr.kc")} == {f"k-{KEPANJEN}"}
    assert all(row.select("td[data-s=not_applicable]") for row in narrowed.soup.select("tr.village"))


def test_a_kecamatan_that_passed_nothing_on_says_so(app: Flask, as_user: Login) -> None:
    setda = user_named("setda.malang")
    above = [o for o in offices("kecamatan", "35.07") if o != offices("kecamatan", KEPANJEN)[0]]
    make_task(setda, [*above, *offices("desa", KEPANJEN)], due_on=due(300))
    at = f"{VILLAGES}&asal=office"
    text = visible_text(as_user("setda.malang").get(at))
    assert text.count("Belum diteruskan ke desa") == 32
    assert "18 desa/kelurahan, 1 tugas" in text


@pytest.mark.parametrize("kind", ["", "&jenjang=desa"])
def test_only_who_can_pass_on_is_led_to_it(app: Flask, as_user: Login, kind: str) -> None:
    setda, (kepanjen,) = user_named("setda.malang"), offices("kecamatan", KEPANJEN)
    at = f"/tugas/matriks?asal=office&buka={KEPANJEN}{kind}"
    task = make_task(setda, [kepanjen, *offices("desa", "35.07.14")], due_on=due(300))
    key = key_of(task)
    here = f"[id='k-{KEPANJEN}'] + tr.village th[colspan] a"
    assert "href" not in as_user("setda.malang").get(at).soup.select_one(here).attrs
    camat = as_user("camat.kepanjen")
    assert camat.get(at).soup.select_one(here)["href"] == f"{page_of(key)}#desa"
    assert "Teruskan ke desa/kelurahan" in camat.get(page_of(key)).soup.select_one("#desa").text


@pytest.mark.parametrize("kind", ["kecamatan", "desa"])
def test_a_state_that_nobody_is_in_says_so_and_leads_back(app: Flask, as_user: Login, kind: str) -> None:
    make_task(user_named("setda.malang"), offices("desa", "35.07"))
    at = f"/tugas/matriks?jenjang={kind}&asal=office"
    answer = as_user("setda.malang").get(f"{at}&keadaan=not_applicable")
    word = {"kecamatan": "kecamatan", "desa": "desa/kelurahan"}[kind]
    assert f"Tidak ada {word} dengan keadaan ini" in visible_text(answer)
    assert not answer.soup.select("table")
    back = as_user("setda.malang").get(answer.soup.select_one(".empty a")["href"])
    assert len(back.soup.select("tr.kc")) == 33


def test_an_empty_matrix_says_why(app: Flask, as_user: Login) -> None:
    make_task(user_named("setda.malang"), offices("desa", "35.07"))
    other = as_user("setda.malang").get("/tugas/matriks?asal=meeting&badan=999999")
    assert "Tidak ada tugas dengan asal ini" in visible_text(other)
    assert other.soup.select_one(".empty a")["href"] == "/tugas/matriks?wilayah=35.07"


def test_a_cell_of_a_desa_stands_under_its_task_and_beside_its_place(app: Flask, as_user: Login) -> None:
    setda = user_named("setda.malang")
    titles = [f"Mempertanggungjawabkan pelaksanaan ke-{n}" for n in range(12)]
    for n, title in enumerate(titles):
        make_task(setda, offices("desa", KEPANJEN), title=title, due_on=due(300 + n))
    soup = as_user("setda.malang").get(VILLAGES).soup
    heads = soup.select("table.matrix thead th[scope=col]")
    assert [head.a["title"] for head in heads[2:]] == titles
    assert [head.select_one(".visually-hidden").text for head in heads[2:]] == titles
    assert [name.text for name in soup.select(".names a")] == titles
    for row in soup.select("tr.kc, tr.village"):
        assert len(row.select(":scope > th, :scope > td")) == len(heads)
    assert {row.th["scope"] for row in soup.select("tr.village")} == {"row"}
    assert {row.th["scope"] for row in soup.select("tr.kc")} == {"rowgroup"}


def test_a_camat_and_a_kota_see_their_own(app: Flask, as_user: Login) -> None:
    make_task(user_named("setda.malang"), offices("desa", "35.07"))
    assert len(as_user("camat.kepanjen").get(VILLAGES).soup.select("tr.village")) == 18
    empty = as_user("setda.bukittinggi").get(VILLAGES)
    assert "Belum ada tugas untuk nagari/kelurahan" in visible_text(empty)
    make_task(user_named("setda.bukittinggi"), offices("desa", "13.75"))
    kota = as_user("setda.bukittinggi").get(VILLAGES)
    assert len(kota.soup.select("tr.village")) == 24
    assert "24 nagari/kelurahan" in visible_text(kota)
    as_user("setda.malang").get(f"{VILLAGES}&wilayah=35.05", status=404)
    as_user("setda.malang").get("/tugas/matriks?jenjang=rt", status=404)


def test_more_desa_than_a_page_holds_go_on_after_a_kecamatan(
    app: Flask, as_user: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_task(user_named("setda.malang"), offices("desa", "35.07"))
    monkeypatch.setattr(grid, "VILLAGES_OF_A_PAGE", 150)
    browser, at, found = as_user("setda.malang"), VILLAGES, []
    while at:
        answer = browser.get(at)
        rows = answer.soup.select("tr.village")
        assert len(rows) <= 150
        assert "390 desa/kelurahan" in visible_text(answer)
        found += [row.select_one("th a")["href"] for row in rows]
        onward = answer.soup.select_one(".pager a[rel=next]")
        at = onward["href"] if onward else ""
    assert len(found) == len(set(found)) == 390


@pytest.mark.parametrize("who", ["setda.malang", "camat.kepanjen", "auditor.jatim"])
def test_the_matrix_of_desa_reads_through_no_table(as_user: Login, who: str) -> None:
    make_task(user_named("setda.malang"), offices("desa", "35.07"))
    browser = as_user(who)
    with reads() as read:
        browser.get(f"{VILLAGES}&wilayah=35.07")
    assert not scans(read), "\n".join(scans(read))


def test_the_matrix_of_another_regency_is_not_there(as_user: Login) -> None:
    as_user("setda.malang").get("/tugas/matriks?wilayah=35.05", status=404)
    as_user("auditor.jatim").get("/tugas/matriks?wilayah=35.05")


# --- who sees what ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("setda.malang", 200),
        ("notulis.malang", 200),
        ("pimpinan.malang", 200),
        ("dinkes.malang", 200),
        ("camat.kepanjen", 200),
        ("auditor.jatim", 200),
        ("puskesmas.kepanjen", 404),
        ("setda.blitar", 404),
        ("camat.garum", 404),
        ("mitra.blitar", 404),
        ("lurah.tampang", 404),
        ("admin", 404),
    ],
)
def test_an_assignment_is_visible_by_place_or_part(task: Task, as_user: Login, who: str, status: int) -> None:
    as_user(who).get(page_of(key_of(task)), status=status)


def test_a_partner_follows_what_was_given_to_it_and_adds_nothing(app: Flask, as_user: Login) -> None:
    setda, partner = user_named("setda.blitar"), user_named("mitra.blitar")
    task = make_task(setda)
    followed, other = key_of(task, "35.05.11"), key_of(task, "35.05.01")
    with transaction():
        tasks.give_to_follow(
            actor=setda,
            assignment=access_assignment(setda, followed),
            partner=db.session.get_one(Office, next(iter(partner.partner_offices))),
        )
    browser = as_user("mitra.blitar")
    answer = browser.get(page_of(followed))
    assert not answer.soup.select("form[action*=lapor], form[action*=periksa]")
    browser.get(page_of(other), status=404)
    shown = browser.get(f"/tugas/{task.id}")
    assert len(shown.soup.select("#task-rows tbody tr")) == 1
    browser.post(f"{page_of(followed)}/lapor", {"version": "1"}, status=403)


ROLES = [
    "setda.malang",
    "notulis.malang",
    "pimpinan.malang",
    "dinkes.malang",
    "camat.kepanjen",
    "auditor.jatim",
]


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize("status", list(S))
def test_who_reports_and_who_reviews_in_each_state(
    task: Task, as_user: Login, who: str, status: AssignmentStatus
) -> None:
    """Only the assigned office reports, only the issuer's writers review: never the same hands."""
    key = key_of(task)
    with transaction():
        db.session.execute(sa.update(Assignment).where(Assignment.id == key).values(status=status))
    browser = as_user(who)
    answers = (S.ASSIGNED, S.IN_PROGRESS, S.RETURNED)
    reports = 403 if who != "camat.kepanjen" else 303 if status in answers else 422
    writer = who in ("setda.malang", "notulis.malang")
    reviews = 403 if not writer else 303 if status is S.SUBMITTED else 422
    said = {"version": "1", "progress": "in_progress", "note": "x", "verdict": "accept"}
    browser.post(f"{page_of(key)}/periksa", said, status=reviews)
    if reviews != 303:
        browser.post(f"{page_of(key)}/lapor", said, status=reports)
    assert (state(key) is status) == (reviews != 303 and (reports != 303 or status is S.IN_PROGRESS))


def test_the_kecamatan_reviews_its_villages_and_nobody_else_does(app: Flask, as_user: Login) -> None:
    pokjanal, kurun, lurah = (user_named(n) for n in ("pokjanal.gunungmas", "camat.kurun", "lurah.tampang"))
    task = make_task(pokjanal)
    row = row_of(task, kurun, kurun.grants[0].wilayah_code)
    assert "Teruskan ke desa/kelurahan" in as_user("camat.kurun").get(page_of(row.id)).text
    with transaction():
        tasks.delegate(actor=kurun, assignment=row, version=1)
    assert "Teruskan ke desa/kelurahan" not in as_user("camat.kurun").get(page_of(row.id)).text
    child = submit(task, lurah, lurah.grants[0].wilayah_code).id
    said = {"version": "2", "verdict": "accept"}
    as_user("pokjanal.gunungmas").post(f"{page_of(child)}/periksa", said, status=403)
    as_user("lurah.tampang").post(f"{page_of(child)}/periksa", said, status=403)
    as_user("camat.kurun").post(f"{page_of(child)}/periksa", said, page=page_of(child))
    assert state(child) is S.ACCEPTED


# --- writing ------------------------------------------------------------------------------------
def test_reporting_with_a_photo_costs_at_most_fourteen_statements(task: Task, as_user: Login) -> None:
    browser, key = as_user("camat.kepanjen"), key_of(task)
    fields = browser.form(page_of(key), f"{page_of(key)}/lapor")
    said = {**fields, "progress": "submitted", "note": "Selesai.", "photos": [photo(), photo()]}
    with counted() as statements:
        answer = browser.client.post(f"{page_of(key)}/lapor", data=said, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert len(statements) <= 14, "\n".join(statements)
    assert state(key) is S.SUBMITTED
    kinds = db.session.scalars(sa.select(Evidence.kind).where(Evidence.assignment_id == key)).all()
    assert sorted(kinds) == [EvidenceKind.NOTE, EvidenceKind.PHOTO, EvidenceKind.PHOTO]


def test_judging_costs_at_most_fourteen_statements(task: Task, as_user: Login) -> None:
    row = submit(task, user_named("camat.kepanjen"), KEPANJEN)
    browser, page = as_user("setda.malang"), page_of(row.id)
    fields = browser.form(page, f"{page}/periksa")
    with counted() as statements:
        answer = browser.client.post(
            f"{page}/periksa", data={**fields, "verdict": "return", "reason": "Foto tidak terbaca."}
        )
    assert answer.status_code == 303
    assert len(statements) <= 14, "\n".join(statements)


def test_a_double_submit_leaves_one_report(task: Task, as_user: Login) -> None:
    browser, key = as_user("camat.kepanjen"), key_of(task)
    fields = browser.form(page_of(key), f"{page_of(key)}/lapor") | {
        "progress": "in_progress",
        "note": "Sekali.",
    }
    first = browser.post(f"{page_of(key)}/lapor", fields)
    second = browser.post(f"{page_of(key)}/lapor", fields)
    assert first.status_code == second.status_code == 303
    assert second.location == page_of(key)
    count = sa.select(sa.func.count()).where(Evidence.assignment_id == key)
    assert db.session.scalar(count) == 1


def test_somebody_who_saw_an_older_state_keeps_what_was_typed(task: Task, as_user: Login) -> None:
    browser, key = as_user("camat.kepanjen"), key_of(task)
    report(browser, key, "in_progress")
    answer = report(browser, key, version="1", note="Naskah yang lama.", status=409)
    assert "Naskah yang lama." in answer.text
    assert "baru saja berubah" in answer.text
    assert answer.soup.find("input", {"name": "version"})["value"] == "2"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"progress": ""}, "Pilih keadaan tugas ini."),
        ({"progress": "accepted"}, "Pilih salah satu dari daftar."),
        ({"note": "x" * 5001}, "Terlalu panjang"),
        ({"note": "a\x00b"}, "tidak dapat dibaca"),
        ({"figure": "banyak"}, "Isi dengan angka"),
        ({"figure": "NaN"}, "Isi dengan angka"),
        ({"version": ""}, "Satu isian perlu dibetulkan"),
        ({"version": "99999999999"}, "Satu isian perlu dibetulkan"),
        ({"progress": "blocked", "note": ""}, "Tulis kendalanya"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(
    task: Task, as_user: Login, fields: dict[str, str], sentence: str
) -> None:
    key = key_of(task)
    answer = report(as_user("camat.kepanjen"), key, **fields, status=422)
    assert sentence in visible_text(answer)
    assert state(key) is S.ASSIGNED


@pytest.mark.parametrize(
    ("field", "data", "sentence"),
    [
        ("photos", b"MZ\x90\x00" + bytes(2000), "Berkas foto.jpg bukan foto"),
        ("photos", b"%!PS-Adobe-3.0\nshowpage", "Berkas foto.jpg bukan foto"),
        ("photos", b"\xff\xd8\xff" + bytes(30 * 1024 * 1024), "Foto foto.jpg lebih dari 15 MB"),
        ("file", b"<html>%PDF-1.7", "Berkas foto.jpg bukan PDF"),
    ],
    ids=["renamed program", "postscript", "30 MB", "html"],
)
def test_a_hostile_file_is_refused_beside_its_field_and_nothing_is_stored(
    task: Task, as_user: Login, field: str, data: bytes, sentence: str
) -> None:
    key, before = key_of(task), stored()
    answer = report(as_user("camat.kepanjen"), key, **{field: (io.BytesIO(data), "foto.jpg")}, status=422)
    answer.request.environ["wsgi.input"].close()
    assert sentence in visible_text(answer)
    assert "Sudah ditetapkan di semua desa." in answer.text
    assert state(key) is S.ASSIGNED
    assert stored() == before


def test_a_return_needs_a_reason(task: Task, as_user: Login) -> None:
    row = submit(task, user_named("camat.kepanjen"), KEPANJEN)
    browser, page = as_user("setda.malang"), page_of(row.id)
    answer = browser.post(f"{page}/periksa", {"verdict": "return"}, page=page, status=422)
    assert "Tulis apa yang perlu diperbaiki." in visible_text(answer)
    browser.post(f"{page}/tidak-berlaku", {"version": "2", "reason": "x"}, status=422)
    assert state(row.id) is S.SUBMITTED


# --- evidence -----------------------------------------------------------------------------------
def test_evidence_is_inert_and_only_for_those_who_see_its_assignment(task: Task, as_user: Login) -> None:
    key = key_of(task)
    report(as_user("camat.kepanjen"), key, photos=[photo((900, 600))])
    photos = sa.select(Evidence.id).where(Evidence.assignment_id == key, Evidence.kind == EvidenceKind.PHOTO)
    found = db.session.scalar(photos)
    browser = as_user("setda.malang")
    for path in (f"/tugas/bukti/{found}", f"/tugas/bukti/{found}/pratinjau"):
        answer = browser.get(path)
        assert answer.mimetype == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert answer.headers["Cache-Control"] == "no-store"
    page = browser.get(page_of(key))
    assert page.soup.select(".photos img")[0]["loading"] == "lazy"
    as_user("setda.blitar").get(f"/tugas/bukti/{found}", status=404)
    as_user("puskesmas.kepanjen").get(f"/tugas/bukti/{found}/pratinjau", status=404)


def test_evidence_without_a_file_has_no_address(task: Task, as_user: Login) -> None:
    key = key_of(task)
    report(as_user("camat.kepanjen"), key)
    found = db.session.scalar(sa.select(Evidence.id).where(Evidence.assignment_id == key))
    as_user("camat.kepanjen").get(f"/tugas/bukti/{found}", status=404)
    as_user("camat.kepanjen").get(f"/tugas/bukti/{found}/pratinjau", status=404)


# --- giving -------------------------------------------------------------------------------------
def test_an_office_gives_a_task_of_its_own(app: Flask, as_user: Login) -> None:
    browser = as_user("setda.malang")
    answer = browser.post(
        "/tugas/baru?kepada=kecamatan&pemberi=" + str(user_named("setda.malang").grants[0].office_id),
        {"title": "Kirim daftar Posyandu", "due_on": due(9).isoformat(), "evidence": "file"},
        page="/tugas/baru",
    )
    made = db.session.scalars(sa.select(Task).order_by(Task.id.desc())).first()
    assert made is not None
    assert answer.location == f"/tugas/{made.id}?kabar=tugas-diberikan"
    assert (made.title, made.origin, made.addressed_to) == (
        "Kirim daftar Posyandu",
        TaskOrigin.OFFICE,
        "33 Kecamatan",
    )


def test_a_tick_reaches_all_villages_of_a_kecamatan(app: Flask, as_user: Login) -> None:
    address = f"/tugas/baru?kepada=desa&pemberi={user_named('setda.malang').grants[0].office_id}"
    browser = as_user("setda.malang")
    kepanjen = next(o for o in browser.form(address, address)["offices"])
    answer = browser.post(
        address,
        {"title": "Tetapkan jadwal", "due_on": due(-2).isoformat(), "offices": [kepanjen]},
        page=address,
    )
    assert answer.location.endswith("kabar=tenggat-lampau")
    made = db.session.scalars(sa.select(Task).order_by(Task.id.desc())).first()
    count = sa.select(sa.func.count()).where(Assignment.task_id == made.id, Assignment.parent_id.is_(None))
    assert db.session.scalar(count) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"offices": []}, "Pilih paling sedikit satu kantor"),
        ({"offices": ["999999"]}, "Pilih hanya dari daftar."),
        ({"offices": ["satu"]}, "Pilih hanya dari daftar."),
        ({"title": " "}, "perlu diisi"),
        ({"due_on": "2026-11-31"}, "Tanggal 31/11/2026 tidak ada. Bulan November berakhir tanggal 30."),
        ({"due_on": "1999-01-01"}, "Tahunnya di luar"),
        ({"evidence": "emas"}, "Pilih salah satu"),
    ],
)
def test_a_task_that_cannot_be_given_says_why(
    app: Flask, as_user: Login, fields: dict[str, Any], sentence: str
) -> None:
    browser = as_user("setda.malang")
    given = {"title": "Kirim daftar", "due_on": due(9).isoformat(), **fields}
    address = f"/tugas/baru?kepada=kecamatan&pemberi={user_named('setda.malang').grants[0].office_id}"
    answer = browser.post(address, given, page=address, status=422)
    assert sentence in visible_text(answer)
    assert not db.session.scalar(
        sa.select(sa.func.count()).select_from(Task).where(Task.title == "Kirim daftar")
    )


def test_only_who_gives_tasks_finds_the_form(as_user: Login) -> None:
    for who in ("auditor.jatim", "mitra.blitar", "lurah.tampang", "pimpinan.malang", "admin"):
        as_user(who).get("/tugas/baru", status=403)
    for who in ("setda.malang", "camat.kepanjen", "dinkes.malang", "pokjanal.gunungmas"):
        as_user(who).get("/tugas/baru")


def test_withdrawing_a_task_takes_it_off_the_lists(task: Task, as_user: Login) -> None:
    page = f"/tugas/{task.id}"
    as_user("camat.kepanjen").post(f"{page}/tarik", {"reason": "x"}, status=403)
    as_user("setda.malang").post(f"{page}/tarik", {"reason": ""}, page=page, status=422)
    as_user("setda.malang").post(f"{page}/tarik", {"reason": "Digabung."}, page=page)
    assert task.title not in as_user("camat.kepanjen").get("/tugas/").text
    answer = as_user("camat.kepanjen").get(page_of(key_of(task)))
    assert "sudah ditarik" in answer.text


# --- budgets ------------------------------------------------------------------------------------
def many(rows: int) -> Task:
    """A register with that many tasks of one kecamatan, and one task for every office of the regency."""
    setda = user_named("setda.malang")
    last = make_task(setda, offices("desa", "35.07"))
    office = db.session.get_one(Office, offices("kecamatan", "35.07")[12])
    common = {
        "province_code": "35",
        "regency_code": "35.07",
        "due_on": due(3),
        "created_at": now(),
    }
    given = {**common, "district_code": "", "origin": TaskOrigin.OFFICE, "evidence": EvidenceKind.NOTE}
    with transaction():
        ids = db.session.scalars(
            sa.insert(Task).returning(Task.id),
            [
                {
                    **given,
                    "title": f"Tugas {n}",
                    "owner_office_id": setda.grants[0].office_id,
                    "created_by_id": setda.account_id,
                }
                for n in range(rows)
            ],
        ).all()
        setda_office = setda.grants[0].office_id
        own = {
            **common,
            "district_code": office.wilayah_code,
            "office_id": office.id,
            "issuer_office_id": setda_office,
            "reviewer_office_id": setda_office,
        }
        db.session.execute(sa.insert(Assignment), [{**own, "task_id": key} for key in ids])
    return last


@pytest.mark.parametrize("who", ["setda.malang", "camat.kepanjen"])
def test_pages_cost_at_most_eight_statements_whatever_the_register_holds(as_user: Login, who: str) -> None:
    costs: dict[str, set[int]] = {}
    browser = as_user(who)
    browser.get("/")
    for rows in (1, 30, 185, 1000):
        task = many(rows)
        key = key_of(task)
        pages = {
            "desk": "/",
            "mine": "/tugas/?tampil=saya",
            "all": "/tugas/?tampil=semua",
            "others": "/tugas/?tampil=pihak-lain",
            "task": f"/tugas/{task.id}?buka={key}",
            "assignment": page_of(key),
            "matrix": f"/tugas/matriks?buka={KEPANJEN}",
            "desa": "/tugas/matriks?jenjang=desa",
        }
        for name, path in pages.items():
            db.session.expunge_all()
            with counted() as statements:
                browser.get(path)
            assert len(statements) <= 8, path + "\n" + "\n".join(statements)
            costs.setdefault(name, set()).add(len(statements))
    assert all(len(seen) == 1 for seen in costs.values()), costs
