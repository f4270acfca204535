"""Documents of the demo's offices, reserved or finished, with an invitation as their usual content."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.accounts import Account, RoleGrant
from ilp.models.directory import Office
from ilp.models.documents import Document, DocumentFile, DocumentKind, Number
from ilp.models.jobs import Job, JobKind
from ilp.policy.user import User
from ilp.services import documents, issuing, numbering
from tests.factories.papers import make_invitation

LETTER_DATE = date(2026, 3, 2)


def office_of(user: User) -> Office:
    """The office of the user's first role."""
    assert user.main is not None
    return db.session.get_one(Office, user.main.office_id)


def office_at(username: str) -> Office:
    """The office of an account of the demo."""
    return db.session.scalars(
        sa.select(Office)
        .join(RoleGrant, RoleGrant.office_id == Office.id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(Account.username == username)
    ).one()


def make_document(actor: User, *, numbered: bool = True, **over: Any) -> Document:
    """A reserved invitation of the actor's office, with the next number of its series."""
    with transaction():
        office = office_of(actor)
        fields: dict[str, Any] = {
            "kind": DocumentKind.INVITATION,
            "title": "Undangan rapat koordinasi",
            "content": make_invitation(groups=[], recipients=["Camat Kepanjen"]),
            "letter_date": LETTER_DATE,
            "number": (
                numbering.take(actor=actor, office=office, letter_date=LETTER_DATE) if numbered else None
            ),
            **over,
        }
        return documents.reserve(actor=actor, office=office, **fields)


def make_issued(actor: User, **over: Any) -> Document:
    """An issued document: what the job process would have made of it."""
    document = make_document(actor, **over)
    finish(document)
    return document


def finish(document: Document) -> None:
    issuing.finish(document.id, lambda done, step: None)
    db.session.expire_all()


def sha256_of(document: Document) -> str:
    """The fingerprint of its bytes."""
    return db.session.scalars(
        sa.select(DocumentFile.sha256).where(DocumentFile.document_id == document.id)
    ).one()


def number_of(document: Document) -> str:
    return db.session.get_one(Number, document.number_id).text


def job_of(document: Document) -> Job:
    return db.session.scalars(
        sa.select(Job).where(Job.kind == JobKind.RENDER_DOCUMENT, Job.target_id == document.id)
    ).one()
