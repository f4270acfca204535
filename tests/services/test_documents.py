from __future__ import annotations

import io
from itertools import permutations

import pypdfium2
import pytest
import sqlalchemy as sa

from ilp.adapters import storage
from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.audit import AuditEntry
from ilp.models.documents import Document, DocumentFile, DocumentKind, DocumentStatus, NumberSource
from ilp.models.notifications import Notification
from ilp.services import audit, documents
from tests.factories.documents import LETTER_DATE, finish, job_of, make_document, make_issued, office_of
from tests.factories.minutes import items, make_meeting
from tests.factories.papers import make_attendance, make_invitation
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def actor(app):
    return user_named("setda.malang")


def reload(document):
    return db.session.get_one(Document, document.id, populate_existing=True)


def test_a_reserved_document_shows_its_number_and_waits_for_the_job_process(actor):
    document = make_document(actor)
    assert document.status is DocumentStatus.RESERVED
    assert document.number_id is not None
    assert document.content_sha256 == audit.digest(audit.canonical(document.content))
    assert documents.CROCKFORD.isascii()
    assert len(document.code) == 12
    assert set(document.code) <= set(documents.CROCKFORD)
    assert (job_of(document).state, job_of(document).account_id) == ("queued", actor.account_id)


def test_reserving_takes_five_statements(actor):
    office = office_of(actor)
    with transaction():
        db.session.refresh(office)
        with counted() as statements:
            documents.reserve(
                actor=actor,
                kind=DocumentKind.INVITATION,
                office=office,
                title="Undangan",
                content=make_invitation(groups=[]),
                letter_date=LETTER_DATE,
            )
    assert len(statements) == 5  # letterhead, document, the end and an entry of the trail, job


def test_the_verification_page_learns_who_signs_but_nothing_else(actor):
    document = make_document(actor)
    (signatory,) = document.facts["signatories"]
    assert set(signatory) == {"name", "position", "method"}
    assert signatory["name"]
    assert not signatory["position"].endswith(",")


def test_issuing_keeps_the_bytes_once_tells_the_office_and_is_written_down(actor):
    document = make_document(actor)
    finish(document)
    document = reload(document)
    (file,) = db.session.scalars(sa.select(DocumentFile).where(DocumentFile.document_id == document.id))
    assert document.status is DocumentStatus.ISSUED
    assert document.issued_at is not None
    pdf = pypdfium2.PdfDocument(io.BytesIO(storage.get(file.sha256)))
    assert len(pdf) == file.pages
    assert "Kepanjen" in pdf[0].get_textpage().get_text_bounded()
    pdf.close()
    told = db.session.scalars(
        sa.select(Notification.text).where(Notification.account_id == actor.account_id)
    ).all()
    assert any("Undangan terbit" in text for text in told)
    acts = db.session.scalars(
        sa.select(AuditEntry.action).where(
            AuditEntry.subject == "document", AuditEntry.subject_id == document.id
        )
    ).all()
    assert acts == ["document:reserve", "document:issue"]


def test_finishing_twice_changes_nothing(actor):
    document = make_issued(actor)
    issued_at = reload(document).issued_at
    finish(document)
    assert reload(document).issued_at == issued_at
    files = sa.select(sa.func.count()).where(DocumentFile.document_id == document.id)
    assert db.session.scalar(files) == 1


def test_the_same_content_gives_the_same_bytes(actor):
    document = make_document(actor)
    first = documents.typeset(document.id, address="http://127.0.0.1:8000")
    second = documents.typeset(document.id, address="http://127.0.0.1:8000")
    assert first is not None
    assert second is not None
    assert first.sha256 == second.sha256


def test_the_later_paper_of_a_meeting_supersedes_the_former(actor):
    meeting = make_meeting(actor)
    assert items(meeting)
    first = make_issued(actor, meeting=meeting)
    second = make_issued(actor, meeting=meeting)
    other_kind = make_issued(
        actor, meeting=meeting, kind=DocumentKind.ATTENDANCE, number=None, content=make_attendance(5)
    )
    assert (reload(first).status, reload(second).status) == ("superseded", "issued")
    assert (second.version, second.supersedes_id, other_kind.version) == (2, first.id, 1)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_exactly_one_version_is_in_force_in_whatever_order_they_are_finished(actor, order):
    meeting = make_meeting(actor)
    three = [make_document(actor, meeting=meeting) for _ in range(3)]
    for done, at in enumerate(order, start=1):
        finish(three[at])
        in_force = [n for n, document in enumerate(three) if reload(document).status == "issued"]
        assert in_force == [max(order[:done])]


def test_a_number_that_was_to_follow_makes_the_next_version(actor):
    document = make_issued(actor, numbered=False, meeting=make_meeting(actor))
    with transaction():
        following = documents.set_number(
            actor=actor, document=document, number_source=NumberSource.TYPED, number_text="400.7/900/X/2026"
        )
    finish(following)
    assert reload(following).content["number"]["text"] == "400.7/900/X/2026"
    assert (following.version, reload(document).status) == (2, "superseded")
    with pytest.raises(RuleViolation, match="sudah bernomor"), transaction():
        documents.set_number(
            actor=actor, document=following, number_source=NumberSource.SERIES, number_text=""
        )


def test_a_reserved_document_cannot_be_numbered_or_revoked(actor):
    document = make_document(actor, numbered=False)
    with pytest.raises(RuleViolation, match="dipesan"), transaction():
        documents.set_number(
            actor=actor, document=document, number_source=NumberSource.SERIES, number_text=""
        )
    with pytest.raises(RuleViolation), transaction():
        documents.revoke(actor=actor, document=document, reason="salah alamat")


def test_a_paper_that_does_not_show_a_name_is_not_issued(actor, monkeypatch):
    document = make_document(actor)
    monkeypatch.setattr("ilp.adapters.pdf.missing_names", lambda pdf, names: ["Ratna Contoh"])
    with pytest.raises(RuleViolation, match="Ratna Contoh tidak tercetak utuh"):
        finish(document)
    assert reload(document).status is DocumentStatus.RESERVED
