"""What is signed is frozen, each signature binds to it, and the naskah is issued from it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask
from PIL import ImageChops

from ilp.adapters import storage
from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.core.number_patterns import USUAL
from ilp.models.commitments import (
    Commitment,
    CommitmentStatus,
    CommitmentVersion,
    SignatureEvent,
    Slot,
    SlotStatus,
)
from ilp.models.directory import Paper
from ilp.models.documents import Document, DocumentStatus
from ilp.policy.user import User
from ilp.services import audit, commitments, files, letterheads, signing
from tests.factories.commitments import make_commitment, open_commitment, slot_for
from tests.factories.directory import office_named
from tests.factories.documents import finish, sha256_of
from tests.support.people import user_named

STROKES = [[(10, 80), (40, 20), (80, 90), (140, 30)]]


def the_hash(commitment: Commitment) -> str:
    return (
        db.session.scalars(
            sa.select(CommitmentVersion.content_sha256)
            .where(CommitmentVersion.commitment_id == commitment.id)
            .order_by(CommitmentVersion.number.desc())
        ).first()
        or ""
    )


def sign(commitment: Commitment, username: str, **over: Any) -> Slot:
    slot = slot_for(commitment, username)
    given = {"content_sha256": the_hash(commitment), "strokes": STROKES, "typed_name": "", **over}
    actor = user_named(username)
    with transaction():
        signing.sign(actor=actor, commitment=commitment, slot=slot, **given)
    return slot


@pytest.fixture
def setda(app: Flask) -> User:
    return user_named("setda.malang")


def test_opening_freezes_text_names_and_their_hash(setda: User) -> None:
    commitment = open_commitment(setda)
    version = db.session.scalars(
        sa.select(CommitmentVersion).where(CommitmentVersion.commitment_id == commitment.id)
    ).one()
    assert commitment.status is CommitmentStatus.OPEN
    assert [clause["heading"] for clause in version.content["clauses"]] == ["Menerapkan ILP", ""]
    assert version.content["clauses"][0]["targets"][0]["value"] == "39 Puskesmas"
    assert len(version.content["roster"]) == 3
    assert all(slot["name"] for slot in version.content["roster"])
    assert version.content_sha256 == audit.digest(audit.canonical(version.content))


def test_an_open_text_cannot_be_changed(setda: User) -> None:
    commitment = open_commitment(setda)
    with pytest.raises(RuleViolation, match="dibuka"), transaction():
        commitments.add_clause(actor=setda, commitment=commitment, heading="", text="Susulan")


def test_nothing_to_sign_is_not_opened(setda: User) -> None:
    commitment = make_commitment(setda)
    with transaction():
        for slot in db.session.scalars(sa.select(Slot).where(Slot.commitment_id == commitment.id)):
            db.session.delete(slot)
    with pytest.raises(RuleViolation, match="penandatangan"), transaction():
        signing.open_for_signing(actor=setda, commitment=commitment)
    assert commitment.status is CommitmentStatus.DRAFT


def test_a_drawn_and_a_typed_signature(setda: User) -> None:
    commitment = open_commitment(setda)
    drawn = sign(commitment, "pimpinan.malang")
    name = slot_for(commitment, "camat.kepanjen").name
    typed = sign(commitment, "camat.kepanjen", strokes=None, typed_name=f"  {name.lower()} ")
    assert {drawn.status, typed.status} == {SlotStatus.SIGNED}
    first, second = db.session.scalars(sa.select(SignatureEvent).order_by(SignatureEvent.seq)).all()[-2:]
    assert first.stroke is not None
    assert first.stroke["d"].startswith("M")
    assert second.stroke is None
    assert second.previous_hash == first.hash
    assert [signing.event_hash(event) for event in (first, second)] == [first.hash, second.hash]


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"content_sha256": "0" * 64}, "berubah"),
        ({"strokes": None, "typed_name": "Orang Lain"}, "Ketik nama"),
        ({"strokes": None, "typed_name": ""}, "Ketik nama"),
    ],
)
def test_a_signature_is_refused(setda: User, over: dict[str, Any], sentence: str) -> None:
    commitment = open_commitment(setda)
    with pytest.raises(RuleViolation, match=sentence):
        sign(commitment, "dinkes.malang", **over)
    assert slot_for(commitment, "dinkes.malang").status is SlotStatus.REQUESTED


def test_nobody_signs_twice(setda: User) -> None:
    commitment = open_commitment(setda)
    sign(commitment, "dinkes.malang")
    with pytest.raises(RuleViolation, match="ditandatangani"):
        sign(commitment, "dinkes.malang")


def test_a_text_with_a_signature_stays_before_the_signatories(setda: User) -> None:
    commitment = open_commitment(setda)
    sign(commitment, "dinkes.malang")
    with pytest.raises(RuleViolation, match="1 tanda tangan"), transaction():
        signing.return_to_draft(actor=setda, commitment=commitment)
    assert commitment.status is CommitmentStatus.OPEN


def test_one_who_declines_stops_nobody(setda: User) -> None:
    commitment = open_commitment(setda)
    slot = slot_for(commitment, "camat.kepanjen")
    camat = user_named("camat.kepanjen")
    with transaction():
        signing.decline(actor=camat, commitment=commitment, slot=slot, reason="Menunggu rapat")
    sign(commitment, "pimpinan.malang")
    with transaction():
        document = signing.close_signing(
            actor=setda, commitment=commitment, letter_date=date(2026, 11, 22), number=None
        )
    assert commitment.status is CommitmentStatus.CLOSED
    assert document.status is DocumentStatus.RESERVED
    assert [len(group["people"]) for group in document.content["groups"]] == [1]
    assert {person["outcome"] for person in document.content["record"]["unsigned"]} == {"menolak", "diminta"}


def test_an_unsigned_text_is_not_closed(setda: User) -> None:
    commitment = open_commitment(setda)
    with pytest.raises(RuleViolation, match="Belum ada yang menandatangani"), transaction():
        signing.close_signing(actor=setda, commitment=commitment, letter_date=date(2026, 11, 22), number=None)
    assert not db.session.scalars(sa.select(Document).where(Document.commitment_id == commitment.id)).all()


def test_the_commitment_is_in_force_when_its_naskah_is_issued(setda: User) -> None:
    commitment = open_commitment(setda)
    sign(commitment, "pimpinan.malang")
    with transaction():
        signing.close_signing(actor=setda, commitment=commitment, letter_date=date(2026, 11, 22), number=None)
    with transaction():
        signing.put_in_force(actor=setda, commitment_id=commitment.id)
    assert commitment.status is CommitmentStatus.IN_FORCE
    with transaction():
        signing.put_in_force(actor=setda, commitment_id=commitment.id)
    assert commitment.status is CommitmentStatus.IN_FORCE


LAMBANG = b'<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9" fill="#f0f"/></svg>'


def test_the_naskah_bears_the_emblem_the_paper_and_the_margins_of_the_office(setda: User) -> None:
    admin, office = user_named("admin"), office_named("Sekretariat Daerah Kabupaten Malang")
    emblem = files.keep_emblem("lambang.svg", LAMBANG).sha256
    with transaction():
        letterheads.edit_letterhead(
            actor=admin,
            office=office,
            tiers=["PEMERINTAH KABUPATEN MALANG"],
            unit="SEKRETARIAT DAERAH",
            address=[],
            town="Kepanjen",
            paper=Paper.F4_NARROW,
            margins=[18, 22, 26, 44],
            classification="",
            unit_code="",
            pattern=USUAL,
            emblem_sha256=emblem,
        )
    commitment = open_commitment(setda)
    sign(commitment, "pimpinan.malang")
    with transaction():
        document = signing.close_signing(
            actor=setda, commitment=commitment, letter_date=date(2026, 11, 22), number=None
        )
    assert (document.content["letterhead"]["emblem"], document.paper) == (emblem, Paper.F4_NARROW.value)
    finish(document)
    paper = pypdfium2.PdfDocument(storage.get(sha256_of(document)))
    try:
        picture = paper[0].render(scale=72 / 25.4 / 2).to_pil().convert("RGB")
        per_millimetre = picture.width / (paper[0].get_width() / 72 * 25.4)
    finally:
        paper.close()
    assert (255, 0, 255) in {colour for _, colour in picture.getcolors(picture.width * picture.height)}
    left, *_ = ImageChops.invert(picture).getbbox()
    assert 43 <= left / per_millimetre <= 46
