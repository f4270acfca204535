from __future__ import annotations

import io

import pypdfium2
import pytest
import zxingcpp

from ilp.adapters import storage
from ilp.core.db import transaction
from ilp.services import documents
from tests.factories.documents import make_document, make_issued, number_of, sha256_of
from tests.factories.minutes import make_meeting
from tests.factories.papers import make_invitation
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def actor(app):
    return user_named("setda.malang")


def heading(page):
    return page.soup.h1.text.strip()


def test_a_code_alone_says_registered_and_never_genuine(visitor, actor):
    document = make_issued(actor)
    path = f"/v/{document.code}"
    with counted() as statements:
        page = visitor.get(path)
    assert len(statements) == 1
    assert heading(page) == "Terdaftar dan berlaku"
    assert page.soup.select_one(".verdict")["data-s"] == "in_progress"
    text = page.soup.main.get_text(" ")
    for fact in ("Undangan", number_of(document), document.title, "Sekretariat Daerah"):
        assert fact in text
    assert "Asli" not in text


def test_nothing_but_the_facts_is_shown(visitor, actor):
    document = make_issued(actor)
    page = visitor.get(f"/v/{document.code}")
    text = page.soup.get_text(" ")
    signature = document.content["signature"]["person"]
    assert signature["nip"]
    assert signature["nip"] not in text.replace(" ", "")
    assert document.content["event"] not in text
    assert "127.0.0.1" not in text
    assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: f"{code[:4]}-{code[4:8]}-{code[8:]}", lambda code: f" {code} "]
)
def test_case_hyphens_and_blanks_do_not_matter(visitor, actor, typed):
    document = make_issued(actor)
    answer = visitor.get("/v/", query_string={"kode": typed(document.code)}, status=303)
    assert heading(visitor.get(answer.location)) == "Terdaftar dan berlaku"


def test_letters_that_are_misread_are_understood(visitor, actor):
    document = make_issued(actor)
    with transaction():
        document.code = "0123ABCD1110"
    assert heading(visitor.get("/v/Ol23-abcd-1iL0")) == "Terdaftar dan berlaku"


@pytest.mark.parametrize("form", ["/V/{}", "/V/{}/3"])
def test_the_qr_of_a_page_leads_there(visitor, actor, form):
    document = make_issued(actor)
    assert visitor.get(form.format(document.code), status=303).location == f"/v/{document.code}"


def test_the_qr_on_every_issued_page_is_the_address_of_its_check(visitor, actor, app):
    document = make_issued(actor, content=make_invitation())
    pdf = pypdfium2.PdfDocument(io.BytesIO(storage.get(sha256_of(document))))
    assert len(pdf) > 1
    for number, page in enumerate(pdf, 1):
        (symbol,) = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
        site, _, path = symbol.text.partition("/V/")
        assert site == app.config["ILP"].url.upper()
        assert path == f"{document.code}/{number}"
        assert visitor.get(f"/V/{path}", status=303).location == f"/v/{document.code}"
    pdf.close()


def test_only_the_registered_bytes_are_genuine(visitor, actor):
    document = make_issued(actor)
    same = storage.get(sha256_of(document))
    changed = same[:-1] + bytes([same[-1] ^ 1])
    for bytes_, verdict in ((same, "Asli"), (changed, "Berkas ini berbeda dari yang terdaftar")):
        answer = visitor.post(
            f"/v/{document.code}", {"file": (io.BytesIO(bytes_), "surat.pdf")}, page=f"/v/{document.code}"
        )
        assert heading(visitor.get(answer.location)) == verdict


def test_the_posted_file_is_not_kept(visitor, actor, app):
    document = make_issued(actor)
    kept = sorted(app.config["ILP"].files.rglob("*"))
    visitor.post(
        f"/v/{document.code}", {"file": (io.BytesIO(b"x" * 100_000), "a.pdf")}, page=f"/v/{document.code}"
    )
    assert sorted(app.config["ILP"].files.rglob("*")) == kept


def test_a_missing_file_is_asked_for(visitor, actor):
    document = make_issued(actor)
    page = visitor.post(f"/v/{document.code}", page=f"/v/{document.code}", status=422)
    assert "Pilih berkas PDF-nya dahulu" in page.text


def test_a_file_without_the_forms_token_is_refused(visitor, actor):
    document = make_issued(actor)
    answer = visitor.client.post(f"/v/{document.code}", data={"file": (io.BytesIO(b"x"), "a.pdf")})
    assert answer.status_code == 400


def test_files_are_limited_whoever_sends_them(visitor, actor):
    document = make_issued(actor)
    form = visitor.form(f"/v/{document.code}", f"/v/{document.code}")
    statuses = [
        visitor.client.post(
            f"/v/{document.code}", data={**form, "file": (io.BytesIO(b"x"), "a.pdf")}
        ).status_code
        for _ in range(22)
    ]
    assert statuses[0] == 303
    assert statuses[-1] == 429


def test_a_superseded_version_leads_to_the_newer_one(visitor, actor):
    meeting = make_meeting(actor)
    first, second = make_issued(actor, meeting=meeting), make_issued(actor, meeting=meeting)
    page = visitor.get(f"/v/{first.code}")
    assert heading(page) == "Terdaftar, tetapi sudah digantikan"
    assert page.soup.select_one(".verdict a")["href"] == f"/v/{second.code}"
    page = visitor.get(f"/v/{first.code}?sidik={sha256_of(first)}")
    assert heading(page) == "Terdaftar, tetapi sudah digantikan"
    assert "Asli" in page.text


def test_a_revoked_document_says_why(visitor, actor):
    document = make_issued(actor)
    with transaction():
        documents.revoke(actor=actor, document=document, reason="Tanggal rapat salah")
    page = visitor.get(f"/v/{document.code}")
    assert heading(page) == "Dokumen ini sudah dicabut"
    assert "Tanggal rapat salah" in page.text


def test_a_reserved_document_shows_the_least(visitor, actor):
    document = make_document(actor)
    page = visitor.get(f"/v/{document.code}?sidik={'0' * 64}")
    assert heading(page) == "Nomor dipesan, belum terbit"
    assert document.title not in page.text


@pytest.mark.parametrize("code", ["7F3C91B2E04X", "x", "%00", "..", "A" * 500, "<script>"])
def test_unknown_codes_look_all_the_same(visitor, code):
    page = visitor.get(f"/v/{code}", status=404)
    assert "tidak ada dalam arsip" in heading(page)
    assert "7F3C91B2E04X" not in page.text


def test_only_misses_count(visitor, actor):
    """A hall of people may scan; somebody who guesses is stopped, and the hall goes on."""
    document = make_issued(actor)
    for _ in range(40):
        visitor.get(f"/v/{document.code}")
    statuses = [visitor.client.get(f"/v/{i:012d}").status_code for i in range(32)]
    assert statuses == [404] * 30 + [429] * 2
    visitor.get(f"/v/{document.code}")


def test_the_public_pages_work_for_those_who_are_logged_in(as_user, actor):
    document = make_issued(actor)
    assert heading(as_user("camat.kepanjen").get(f"/v/{document.code}")) == "Terdaftar dan berlaku"
    assert heading(as_user("camat.kepanjen").get("/v/")) == "Periksa dokumen"
