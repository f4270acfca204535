"""The kop: edited with a look at how it prints, used by the papers, and the numbers it wrote."""

from __future__ import annotations

import io
from datetime import date

import pypdfium2
import pytest
import sqlalchemy as sa
from PIL import Image

from ilp.adapters import head, storage
from ilp.core.clock import today
from ilp.core.db import db
from ilp.models.audit import AuditEntry
from ilp.models.directory import Letterhead
from ilp.models.documents import Document, DocumentFile
from tests.factories.directory import office_named
from tests.factories.meetings import issue, make_draft
from tests.support.browser import visible_text
from tests.support.jobs import run_jobs
from tests.support.people import user_named

SHA = "a" * 64
OFFICE = "Sekretariat Daerah Kabupaten Malang"
DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)">
<script>alert(1)</script><circle cx="4" cy="4" r="4" fill="#0a0"/><image href="http://contoh.id/x.png"/></svg>"""
CHANGE = {
    "tiers": "PEMERINTAH KABUPATEN MALANG",
    "unit": "SEKRETARIAT DAERAH BARU",
    "address": "Jalan Rekaan 9\nTelepon (0341) 000009",
    "town": "Kepanjen",
    "paper": "F4-210",
    "top": "15",
    "right": "22",
    "bottom": "26",
    "left": "33",
    "classification": "400.7",
    "unit_code": "35.07.013",
    "pattern": "{klasifikasi}/{nomor}/{unit}/{bulan_romawi}/{tahun}",
}


def path_of(name: str = OFFICE) -> str:
    return f"/direktori/{office_named(name).id}/kop"


def png(size: tuple[int, int] = (1600, 1400)) -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGBA", size, (200, 30, 30, 120)).save(out, "PNG")
    out.seek(0)
    return out, "lambang.png"


def saved() -> Letterhead:
    db.session.expire_all()
    return db.session.get_one(Letterhead, office_named(OFFICE).id)


def test_a_letterhead_is_changed_and_the_next_letter_begins_with_it(as_user):
    path = path_of()
    drawing = (io.BytesIO(DRAWING), "lambang.svg")
    as_user("admin").post(path, CHANGE | {"emblem": drawing}, page=path)
    head = saved()
    assert (head.unit, head.paper, head.margins) == ("SEKRETARIAT DAERAH BARU", "F4-210", [15, 22, 26, 33])
    kept = storage.get(head.emblem_sha256)
    assert b"circle" in kept
    assert b"script" not in kept
    assert b"onload" not in kept
    assert b"contoh.id" not in kept
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.chain) == ("office:letterhead", "35.07")

    setda = user_named("setda.malang")
    letter = issue(setda, make_draft(setda, groups=("rsud",)), letter_date=date(2026, 10, 8))
    run_jobs()
    document = db.session.get_one(Document, letter.id)
    number = document.content["number"]["text"]
    assert number.endswith("/35.07.013/X/2026")
    assert document.content["letterhead"]["emblem"] == head.emblem_sha256
    sha256 = db.session.scalar(sa.select(DocumentFile.sha256).where(DocumentFile.document_id == letter.id))
    paper = pypdfium2.PdfDocument(storage.get(sha256))
    try:
        width, height = (round(points / 72 * 25.4) for points in paper[0].get_size())
        text = paper[0].get_textpage()
        assert "SEKRETARIAT DAERAH BARU" in text.get_text_bounded()
        left = min(text.get_charbox(n)[0] for n in range(text.count_chars()) if text.get_charbox(n)[2])
    finally:
        paper.close()
    assert (width, height) == (210, 330)
    assert left / 72 * 25.4 >= 32.9


def test_a_picture_keeps_its_transparency_and_shrinks(as_user):
    path = path_of()
    as_user("admin").post(path, CHANGE | {"emblem": png()}, page=path)
    with Image.open(io.BytesIO(storage.get(saved().emblem_sha256))) as kept:
        assert max(kept.size) == 1200
        assert kept.mode == "RGBA"
        assert kept.getpixel((3, 3))[3] == 120
    office = office_named(OFFICE)
    shown = as_user("setda.malang").send("GET", f"/direktori/{office.id}/kop/lambang")
    assert shown.mimetype == "image/png"
    as_user("setda.blitar").get(f"/direktori/{office.id}/kop/lambang", status=404)
    as_user("admin").post(path, CHANGE | {"drop_emblem": "y"}, page=path)
    assert saved().emblem_sha256 == ""
    as_user("admin").get(f"/direktori/{office.id}/kop/lambang", status=404)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"unit": ""}, "perlu diisi"),
        ({"tiers": "a\nb\nc\nd"}, "Paling banyak 3 baris"),
        ({"paper": "A3"}, "Pilih salah satu"),
        ({"left": "3"}, "dari 15 sampai 45"),
        ({"pattern": "{klasifikasi}/{tahun}"}, "satu kali"),
        ({"pattern": "{nomor}/{hari}"}, "tidak dikenal"),
        ({"pattern": "{nomor}"}, "tanpa tahun nomor akan berulang"),
        ({"emblem": (b"GIF89a", "x.gif")}, "bukan gambar PNG atau SVG"),
        ({"emblem": (b"<!DOCTYPE s [<!ENTITY a 'b'>]><svg/>", "x.svg")}, "berisi program"),
    ],
)
def test_a_wrong_value_is_answered_beside_its_field(as_user, change, sentence):
    path, before = path_of(), saved().unit
    files = {key: (io.BytesIO(value[0]), value[1]) for key, value in change.items() if key == "emblem"}
    answer = as_user("admin").post(path, CHANGE | change | files, page=path, status=422)
    assert sentence in visible_text(answer)
    assert saved().unit == before


def test_the_preview_shows_number_and_head_as_they_will_print(as_user):
    path = path_of()
    answer = as_user("admin").get(path, query_string=CHANGE, htmx=True)
    assert answer.text.lstrip().startswith('<section class="panel" id="head-preview"')
    assert "/123/35.07.013/" in visible_text(answer)
    picture = as_user("admin").send("GET", answer.soup.img["src"])
    with Image.open(io.BytesIO(picture.data)) as head:
        assert head.size == (840, 420)
        assert len(head.getcolors(100_000) or []) > 2, "something stands on the sheet"
    for change, sentence in (
        ({"pattern": "x"}, "Tulis {nomor} satu kali"),
        ({"top": "5"}, "dari 10 sampai 40"),
    ):
        fault = as_user("admin").get(path, query_string=CHANGE | change, htmx=True, status=(200, 422))
        assert sentence in visible_text(fault)
        assert fault.soup.img is None
    as_user("admin").get(f"{path}/kepala.png", status=404)


@pytest.mark.parametrize(
    ("username", "status"), [("setda.malang", 403), ("auditor.jatim", 403), ("setda.blitar", 404)]
)
def test_only_the_administrator_of_the_place_changes_a_letterhead(as_user, username, status):
    path = path_of()
    for address in (path, f"{path}/kepala.png"):
        as_user(username).get(address, status=status)
    as_user(username).post(path, CHANGE, status=status)


def test_the_numbers_of_an_office_by_year(as_user):
    setda = user_named("setda.malang")
    paper = issue(setda, make_draft(setda, groups=("rsud",)), letter_date=today())
    issue(setda, make_draft(setda, groups=("rsud",)), letter_date=date(2025, 3, 4))
    path = f"/direktori/{office_named(OFFICE).id}/nomor"
    both = as_user("setda.malang").get(path).soup.select("tbody tr")
    assert len(both) == 2
    one = as_user("setda.malang").get(f"{path}?tahun=2025").soup.select("tbody tr")
    assert len(one) == 1
    assert one[0].td.text.endswith("/2025")
    assert f'href="/dokumen/{paper.id}"' in as_user("setda.malang").get(path).text
    assert f'href="/dokumen/{paper.id}"' not in as_user("admin").get(path).text
    as_user("setda.blitar").get(path, status=404)
    as_user("setda.malang").get(f"{path}?tahun=x", status=404)


def test_a_head_that_cannot_be_drawn_in_time_is_said(as_user, monkeypatch):
    monkeypatch.setattr(head, "SECONDS", 0.01)
    drawn = as_user("admin").get(path_of(), query_string=CHANGE | {"unit": "UNIT LAIN"}, htmx=True)
    answer = as_user("admin").get(drawn.soup.img["src"], status=422)
    assert "tidak dapat digambar" in answer.text


def test_a_drawing_that_grows_without_end_ends_in_its_own_process(app):
    links = [f'<use href="#g{n}"/>' * 10 for n in range(9)]
    clones = "".join(f'<g id="g{n}">{link}</g>' for n, link in enumerate(links, 1))
    bomb = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g id="g0"/>{clones}</svg>'.encode()
    kop = {"tiers": [], "unit": "UNIT", "address": [], "emblem": SHA, "margins": [20, 20, 25, 30]}
    with pytest.raises(head.NoPicture):
        head.picture(kop, number="", paper="A4", files={SHA: bomb})


def test_an_older_window_is_told_what_was_saved_meanwhile(as_user):
    path, admin = path_of(), as_user("admin")
    older = admin.form(path, path)
    admin.post(path, CHANGE, page=path)
    page = admin.post(path, {**older, "unit": "NAMA LAIN"}, status=409)
    assert "Kop ini baru saja disimpan" in page.text
    assert "SEKRETARIAT DAERAH BARU" in page.text, "theirs"
    assert page.soup.find("input", attrs={"name": "unit"})["value"] == "NAMA LAIN", "ours"
    assert saved().unit == "SEKRETARIAT DAERAH BARU"
    again = {field["name"]: field.get("value", "") for field in page.soup.select("form input[name=version]")}
    admin.post(path, {**older, "unit": "NAMA LAIN", **again})
    assert saved().unit == "NAMA LAIN"
