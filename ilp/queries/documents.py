"""Reading the register of documents: the list, the papers of a subject, and what the public may check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from ilp.core.clock import Zone
from ilp.core.db import db, execute
from ilp.core.number_patterns import USUAL
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.core.statements import bound, prepared
from ilp.models.directory import Letterhead, Office
from ilp.models.documents import Document, DocumentFile, DocumentKind, DocumentStatus, FileRole, Number
from ilp.models.jobs import Job, JobKind
from ilp.models.wilayah import RegencySetting
from ilp.policy.scope import Reach, values_of, visible
from ilp.policy.user import User
from ilp.queries.listing import visible_page

ORIGINAL = sa.and_(DocumentFile.document_id == Document.id, DocumentFile.role == FileRole.ORIGINAL)
RENDERING = sa.and_(Job.kind == JobKind.RENDER_DOCUMENT, Job.target_id == Document.id)


def letterhead(office: Office) -> Letterhead | None:
    """How an office's papers begin; read once, then kept with the office for the transaction."""
    if "letterhead" in sa.inspect(office).unloaded:
        set_committed_value(office, "letterhead", db.session.get(Letterhead, office.id))
    return office.letterhead


def fields_of(head: Letterhead | None) -> dict[str, str]:
    """What the numbers of an office are written with (`core.number_patterns`)."""
    if head is None:
        return {"pattern": USUAL, "classification": "", "unit": ""}
    return {"pattern": head.pattern, "classification": head.classification, "unit": head.unit_code}


def years_of_numbers(office_id: int) -> Sequence[int]:
    """The years in which an office has given numbers, newest first."""
    return db.session.scalars(
        sa.select(Number.year).where(Number.office_id == office_id).distinct().order_by(Number.year.desc())
    ).all()


def numbers_of(
    user: User, office_id: int, year: int | None, *, after: Key | None, size: int = PAGE_SIZE
) -> Page:
    """A page of an office's register of numbers, newest first.

    Rows of id, text, whether it was typed, when it was taken, and id and title of the paper that bears it
    if the user may see that.
    """
    newest = (
        sa.select(sa.func.max(Document.id))
        .where(Document.number_id == Number.id, visible(Document, user))
        .correlate(Number)
        .scalar_subquery()
    )
    conditions = [Number.office_id == office_id]
    if year is not None:
        conditions.append(Number.year == year)
    if after is not None:
        conditions.append(Number.id < after.id)
    rows = db.session.execute(
        sa.select(Number.id, Number.text, Number.typed, Number.taken_at, Document.id, Document.title)
        .outerjoin(Document, Document.id == newest)
        .where(*conditions)
        .order_by(Number.id.desc())
        .limit(size + 1)
    ).all()
    shown = rows[:size]
    last = Key(shown[-1][0], shown[-1][0]) if len(rows) > size else None
    return Page(shown, last, after is None)


def register(
    user: User,
    *,
    kind: DocumentKind | None = None,
    status: DocumentStatus | None = None,
    year: int | None = None,
    after: Key | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """The register as the user sees it, newest letters first."""
    statement = (
        sa.select(
            Document.id,
            Document.letter_date,
            Document.kind,
            Document.title,
            Document.status,
            Document.version,
            Number.text.label("number"),
            Office.name.label("office_name"),
        )
        .join(Office, Office.id == Document.office_id)
        .outerjoin(Number, Number.id == Document.number_id)
    )
    where: list[sa.ColumnElement[bool]] = []
    if kind is not None:
        where.append(Document.kind == kind)
    if status is not None:
        where.append(Document.status == status)
    if year is not None:
        where.append(Document.letter_date.between(date(year, 1, 1), date(year, 12, 31)))
    return visible_page(
        user, Document, statement, Document.letter_date, where=tuple(where), after=after, size=size
    )


def of_meeting(user: User, meeting_id: int) -> Sequence[Any]:
    """The papers of a meeting that are in force or under way, as `documents/_link.html` shows them."""
    return _links(user, "meeting_id", meeting_id)


def of_commitment(user: User, commitment_id: int) -> Sequence[Any]:
    """The papers of a commitment that are in force or under way, as `documents/_link.html` shows them."""
    return _links(user, "commitment_id", commitment_id)


def link(user: User, document_id: int) -> Any:
    """One document as `documents/_link.html` shows it; None if the user may not see it."""
    return next(iter(_links(user, "id", document_id)), None)


def _links(user: User, column: str, key: int) -> Sequence[Any]:
    return execute(_linked(Reach.of(user), column), values_of(user) | {"key": key}).all()


@prepared
def _linked(reach: Reach, column: str) -> sa.Select[*tuple[Any, ...]]:
    of_key = getattr(Document, column) == bound("key")
    return (
        sa.select(
            Document.id,
            Document.kind,
            Document.title,
            Document.status,
            Document.version,
            Document.letter_date,
            Document.issued_at,
            Number.text.label("number"),
            DocumentFile.pages,
            Job.id.label("job_id"),
            Job.state.label("job_state"),
            Job.done.label("job_done"),
            Job.total.label("job_total"),
            Job.step.label("job_step"),
            Job.error.label("job_error"),
        )
        .outerjoin(Number, Number.id == Document.number_id)
        .outerjoin(DocumentFile, ORIGINAL)
        .outerjoin(Job, RENDERING)
        .where(of_key, Document.status != DocumentStatus.SUPERSEDED, visible(Document, reach))
        .order_by(Document.id.desc())
    )


def versions(document: Document) -> Sequence[Any]:
    """All versions of a paper of one meeting or commitment, the newest first."""
    same = sa.and_(
        Document.kind == document.kind,
        Document.meeting_id.is_not_distinct_from(document.meeting_id),
        Document.commitment_id.is_not_distinct_from(document.commitment_id),
    )
    if document.meeting_id is None and document.commitment_id is None:
        same = Document.id == document.id
    columns = (Document.id, Document.version, Document.status, Document.created_at, Document.issued_at)
    return db.session.execute(sa.select(*columns).where(same).order_by(Document.id.desc())).all()


@dataclass(frozen=True)
class Registered:
    """What the public verification page may know of a document: facts about it, never its content."""

    code: str
    kind: DocumentKind
    title: str
    status: DocumentStatus
    version: int
    letter_date: date
    issued_at: datetime | None
    facts: dict[str, Any]
    revoked_reason: str
    number: str | None
    office_name: str
    tiers: list[str] | None
    zone: Zone
    newer_code: str | None
    newer_version: int | None
    pages: int | None
    hashes: frozenset[str]

    @property
    def issuer(self) -> str:
        """Under whose name the office writes: the first line of its letterhead."""
        return self.tiers[0].title() if self.tiers else ""

    @property
    def signatories(self) -> list[dict[str, str]]:
        """Name, position and method of everybody who signed, in the order of the paper."""
        return list(self.facts.get("signatories", []))


@prepared
def _registered() -> sa.Select[*tuple[Any, ...]]:
    newer = aliased(Document)
    return (
        sa.select(
            Document.code,
            Document.kind,
            Document.title,
            Document.status,
            Document.version,
            Document.letter_date,
            Document.issued_at,
            Document.facts,
            Document.revoked_reason,
            Number.text.label("number"),
            Office.name.label("office_name"),
            Letterhead.tiers,
            RegencySetting.zone,
            newer.code.label("newer_code"),
            newer.version.label("newer_version"),
            DocumentFile.pages,
            DocumentFile.sha256,
        )
        .join(Office, Office.id == Document.office_id)
        .outerjoin(Letterhead, Letterhead.office_id == Office.id)
        .outerjoin(RegencySetting, RegencySetting.regency_code == Office.regency_code)
        .outerjoin(Number, Number.id == Document.number_id)
        .outerjoin(newer, sa.and_(newer.supersedes_id == Document.id, newer.issued_at.is_not(None)))
        .outerjoin(DocumentFile, DocumentFile.document_id == Document.id)
        .where(Document.code == bound("code"))
    )


def registered(code: str) -> Registered | None:
    """A document by its verification code, with the fingerprints of its files; one statement, hit or miss."""
    rows = execute(_registered(), {"code": code}).all()
    if not rows:
        return None
    found = dict(rows[0]._mapping)  # noqa: SLF001 - the documented way from a row to a dict
    found["zone"] = found["zone"] or Zone.WIB
    found["hashes"] = frozenset(row.sha256 for row in rows if row.sha256)
    del found["sha256"]
    return Registered(**found)


def latest_document(meeting_id: int, kind: DocumentKind) -> Document | None:
    """The paper of a kind that counts for this meeting: the newest that was not revoked."""
    return (
        db.session.scalars(
            sa.select(Document)
            .where(
                Document.meeting_id == meeting_id,
                Document.kind == kind,
                Document.status != DocumentStatus.REVOKED,
            )
            .options(joinedload(Document.number))
            .order_by(Document.id.desc())
            .limit(1)
        )
        .unique()
        .first()
    )
