from __future__ import annotations

import hashlib

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.documents import Document, DocumentKind, DocumentStatus
from ilp.models.jobs import JobState
from tests.factories.documents import LETTER_DATE, finish, job_of, make_document, make_issued, number_of
from tests.factories.minutes import make_meeting
from tests.factories.papers import make_invitation
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def setda(as_user):
    return as_user("setda.malang")


@pytest.fixture
def actor(app):
    return user_named("setda.malang")


def path(document, verb=""):
    return f"/dokumen/{document.id}{verb}"


def fill_register(document, count):
    """More letters of the same office, as rows."""
    with transaction():
        columns = {
            c.key: getattr(document, c.key) for c in sa.inspect(Document).column_attrs if c.key != "id"
        }
        db.session.execute(
            sa.insert(Document),
            [{**columns, "code": f"{i:012d}", "title": f"Surat {i}"} for i in range(count)],
        )


def test_register_lists_documents_with_their_filters_in_the_address(setda, actor):
    document = make_issued(actor)
    page = setda.get("/dokumen/?jenis=invitation&keadaan=issued&tahun=2026")
    assert document.title in page.text
    assert page.soup.select_one("select[name=jenis] option[selected]")["value"] == "invitation"
    assert document.title not in setda.get("/dokumen/?jenis=minutes").text
    assert document.title not in setda.get("/dokumen/?keadaan=revoked").text
    assert document.title not in setda.get("/dokumen/?tahun=2019").text


def test_a_foreign_value_in_a_filter_leads_nowhere(setda):
    for nowhere in ("jenis=surat", "keadaan=x", "tahun=abc", "tahun=1999"):
        setda.get(f"/dokumen/?{nowhere}", status=404)
    setda.get("/dokumen/?setelah=kemarin", status=404)


@pytest.mark.parametrize("count", [1, 30, 185, 1000])
def test_register_costs_the_same_however_long_it_is(setda, actor, count):
    fill_register(make_issued(actor), count)
    with counted() as statements:
        page = setda.get("/dokumen/")
    assert len(statements) <= 3
    assert len(page.soup.select("tbody tr")) == min(count + 1, 50)


def test_register_pages_by_key(setda, actor):
    fill_register(make_issued(actor), 70)
    seen, address = [], "/dokumen/?tahun=2026"
    while address:
        page = setda.get(address)
        seen += [a["href"] for a in page.soup.select("tbody a")]
        older = page.soup.select_one("a[rel=next]")
        address = older and older["href"]
    assert len(seen) == len(set(seen)) == 71


def test_document_shows_number_versions_fingerprint_and_code(setda, actor):
    document = make_issued(actor)
    with counted() as statements:
        page = setda.get(path(document))
    assert len(statements) <= 8
    text = page.soup.get_text(" ")
    code = "-".join(document.code[i : i + 4] for i in (0, 4, 8))
    assert code in text
    assert document.content_sha256 in text
    assert page.soup.select_one(".qr svg")


def test_issued_bytes_come_as_an_inert_attachment(setda, actor):
    document = make_issued(actor)
    answer = setda.get(path(document, "/berkas.pdf"))
    assert answer.data.startswith(b"%PDF-")
    assert hashlib.sha256(answer.data).hexdigest() in setda.get(path(document)).text
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_reserved_document_has_no_bytes_but_shows_its_progress(setda, actor):
    document = make_document(actor)
    setda.get(path(document, "/berkas.pdf"), status=404)
    page = setda.get(path(document))
    job = page.soup.select_one(f"#document-{document.id}")
    assert job["hx-get"] == f"/pekerjaan/{job_of(document).id}"


def test_others_see_neither_the_document_nor_its_bytes(as_user, actor):
    document = make_issued(actor)
    stranger = as_user("setda.blitar")
    stranger.get(path(document), status=404)
    stranger.get(path(document, "/berkas.pdf"), status=404)
    stranger.post(path(document, "/cabut"), {"reason": "x"}, status=404)
    assert document.title not in stranger.get("/dokumen/").text


def test_readers_cannot_revoke(as_user, actor):
    document = make_issued(actor)
    auditor = as_user("auditor.jatim")
    assert "Cabut" not in auditor.get(path(document)).text
    auditor.post(path(document, "/cabut"), {"reason": "x"}, status=403)


def test_a_revoked_document_says_why(setda, actor):
    document = make_issued(actor)
    setda.post(path(document, "/cabut"), {"reason": "Tanggal rapat salah"}, page=path(document))
    page = setda.get(path(document))
    assert "Tanggal rapat salah" in page.text
    assert not page.soup.find("form", action=path(document, "/cabut"))


def test_revoking_asks_for_a_reason(setda, actor):
    document = make_issued(actor)
    page = setda.post(path(document, "/cabut"), {"reason": "  "}, page=path(document), status=422)
    assert "Bagian ini perlu diisi" in page.text
    assert db.session.get_one(Document, document.id).status is DocumentStatus.ISSUED


def test_a_number_to_follow_is_given_from_the_series(setda, actor):
    document = make_issued(actor, numbered=False, meeting=make_meeting(actor))
    answer = setda.post(path(document, "/nomor"), {"number_source": "series"}, page=path(document))
    following = db.session.scalars(sa.select(Document).where(Document.supersedes_id == document.id)).one()
    assert answer.location == f"/dokumen/{following.id}?kabar=bernomor"
    finish(following)
    assert "Buka versi 2" in setda.get(path(document)).text


def test_a_number_in_use_is_refused_beside_its_field(setda, actor):
    taken = make_issued(actor)
    document = make_issued(actor, numbered=False, meeting=make_meeting(actor))
    fields = {"number_source": "typed", "number_text": number_of(taken)}
    page = setda.post(path(document, "/nomor"), fields, page=path(document), status=422)
    assert f"Nomor {number_of(taken)} sudah dipakai pada {LETTER_DATE.year}" in page.text


def test_work_that_was_given_up_can_be_repeated(setda, actor):
    document = make_document(actor)
    with transaction():
        job = job_of(document)
        job.state, job.attempts, job.error = JobState.FAILED, 5, "Pekerjaan ini terhenti."
    assert "Pekerjaan ini terhenti." in setda.get(path(document)).text
    setda.post(path(document, "/ulangi"), page=path(document))
    assert job_of(document).state is JobState.QUEUED
    finish(document)
    setda.post(path(document, "/ulangi"), status=422)


def test_attendance_lists_bear_no_number(setda, actor):
    document = make_issued(
        actor, kind=DocumentKind.INVITATION, numbered=False, content=make_invitation(groups=[])
    )
    assert "nomor menyusul" in setda.get(path(document)).text
