"""Official papers: reserved with their number, rendered by the job process, issued once their bytes are safe.

`reserve` stands in the transaction of the act that the paper is about. Whatever dies afterwards, the
register shows the document as reserved until the job process has finished it.
"""

from __future__ import annotations

import json
import secrets
from datetime import date
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import undefer

from ilp.adapters import pdf, storage
from ilp.adapters.pdf import Rendered
from ilp.core.clock import now
from ilp.core.db import db, locked
from ilp.core.errors import RuleViolation
from ilp.core.papers import Kind, Paper
from ilp.core.papers.parts import person_name
from ilp.models.commitments import Commitment
from ilp.models.directory import Office
from ilp.models.documents import (
    DOCUMENT,
    Document,
    DocumentFile,
    DocumentKind,
    DocumentStatus,
    FileRole,
    Number,
    NumberSource,
)
from ilp.models.jobs import JobKind
from ilp.models.meetings import Meeting
from ilp.models.place import same_place
from ilp.policy.user import User
from ilp.queries.documents import letterhead
from ilp.services import audit, jobs, notifications, numbering
from ilp.services.papers.parts import number_of

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
STEPS = 2
"""How many steps the job process takes: set in type, issue."""
KEPT = "kind office_id title letter_date paper facts meeting_id commitment_id".split()
"""What a next version that only gets its number has in common with the one before, besides its place."""


def reserve(
    *,
    actor: User,
    kind: DocumentKind,
    office: Office,
    title: str,
    content: Paper,
    letter_date: date,
    number: Number | None = None,
    paper: str | None = None,
    meeting: Meeting | None = None,
    commitment: Commitment | None = None,
    facts: dict[str, Any] | None = None,
) -> Document:
    """Freezes a paper and asks the job process for it.

    Of one meeting or commitment there is one paper of a kind: a later one is the next version, which takes
    the place of the former once it is issued. `paper` is the letterhead's unless given. `facts` is added to
    what the public verification page may show (the signatories are read from the content).
    """
    former = _latest(kind, meeting, commitment)
    head = letterhead(office)
    return _freeze(
        actor,
        content,
        number,
        kind=kind,
        office_id=office.id,
        title=title,
        letter_date=letter_date,
        version=former.version + 1 if former else 1,
        supersedes_id=former.id if former else None,
        paper=paper or (head.paper if head else "A4"),
        facts={"signatories": signatories(kind, content), **(facts or {})},
        meeting_id=meeting.id if meeting else None,
        commitment_id=commitment.id if commitment else None,
        **same_place(office),
    )


def set_number(*, actor: User, document: Document, number_source: NumberSource, number_text: str) -> Document:
    """Gives a paper issued with "nomor menyusul" its number, as its next version.

    Refuses a paper that has a number, bears none (daftar hadir), or is not in force.
    """
    locked(document)
    if not document.lacks_number:
        raise RuleViolation("Dokumen ini sudah bernomor, atau memang tidak bernomor.")
    if document.status is not DocumentStatus.ISSUED:
        raise RuleViolation(
            f"Hanya dokumen terbit yang dapat diberi nomor; sekarang {document.status.label}."
        )
    office = db.session.get_one(Office, document.office_id)
    number = numbering.assign(
        actor=actor,
        office=office,
        letter_date=document.letter_date,
        number_source=number_source,
        number_text=number_text,
    )
    content = document.content | {"number": number_of(office, number, document.letter_date)}
    kept = {name: getattr(document, name) for name in KEPT} | same_place(document)
    return _freeze(actor, content, number, version=document.version + 1, supersedes_id=document.id, **kept)


def revoke(*, actor: User, document: Document, reason: str) -> None:
    """Takes an issued paper out of force; its verification page then says so, and why."""
    locked(document)
    document.status = DOCUMENT.move("revoke", document.status)
    document.revoked_reason = reason
    audit.record(actor, "document:revoke", document, changes={"reason": reason})


def retry(*, actor: User, document: Document) -> None:
    """Has the job process try again to finish a reserved document, at once."""
    locked(document)
    if document.status is not DocumentStatus.RESERVED:
        raise RuleViolation(f"Dokumen ini sudah {document.status.label}.")
    jobs.retry(kind=JobKind.RENDER_DOCUMENT, target_id=document.id)
    audit.record(actor, "document:retry", document)


def typeset(document_id: int, *, address: str) -> Rendered | None:
    """The finished paper of a reserved document, its bytes safely stored; None if it is not waiting for them.

    Slow, and outside of any transaction. The same document always gives the same bytes, so this can be
    repeated after whatever happened. Raises RuleViolation if the paper does not show what it must.
    """
    document = db.session.get(Document, document_id, options=[undefer(Document.content)])
    if document is None or document.status is not DocumentStatus.RESERVED:
        return None
    try:
        rendered = pdf.render(
            cast(Kind, document.kind.value),
            cast(Paper, document.content),
            code=document.code,
            address=address,
            created=document.created_at,
            paper=document.paper,
            files={key: storage.get(key) for key in _pictures(document.content)},
        )
    except pdf.PaperIncomplete as incomplete:
        raise RuleViolation(
            f"Dokumen belum terbit: {', '.join(incomplete.missing[:3])} tidak tercetak utuh."
        ) from incomplete
    storage.put(rendered.pdf)
    return rendered


def _pictures(content: Any) -> list[str]:
    """The keys of the photographs and the emblem that a paper prints."""
    emblem = content.get("letterhead", {}).get("emblem", "")
    return [photo["file"] for photo in content.get("photos", [])] + ([emblem] if emblem else [])


def issue(*, actor: User, document_id: int, rendered: Rendered) -> Document | None:
    """Registers the bytes of a reserved document, makes it valid, tells its office; None if it was before.

    The version before it is superseded. If a later version was faster, this one is superseded at once.
    """
    document = locked(db.session.get_one(Document, document_id))
    if document.status is not DocumentStatus.RESERVED:
        return None
    document.status = DOCUMENT.move("issue", document.status)
    document.issued_at = now()
    db.session.add(
        DocumentFile(
            document_id=document.id,
            role=FileRole.ORIGINAL,
            sha256=rendered.sha256,
            size=len(rendered.pdf),
            pages=rendered.pages,
            created_at=document.issued_at,
        )
    )
    _supersede(document)
    audit.record(
        actor, "document:issue", document, changes={"sha256": rendered.sha256, "pages": rendered.pages}
    )
    notifications.notify(
        offices=[document.office_id],
        text=f"{document.kind.label} terbit: {document.title}",
        endpoint="documents.show",
        arguments={"document_id": document.id},
        actor=actor,
    )
    return document


def new_code() -> str:
    """A verification code: 60 random bits, in letters and digits that are not mistaken for each other."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH))


def signatories(kind: DocumentKind, content: Any) -> list[dict[str, str]]:
    """Who signs a paper, with position and method, as the verification page shows it."""
    if kind is DocumentKind.COMMITMENT:
        people = [person for group in content["groups"] for person in group["people"]]
        return [{"name": person_name(p), "position": p["position"], "method": p["method"]} for p in people]
    # On the notula whoever approves it stands last, at the right; the one to name first.
    blocks = reversed(content["signatures"]) if kind is DocumentKind.MINUTES else [content["signature"]]
    return [
        {
            "name": person_name(block["person"]),
            "position": " ".join(f"{s['hang']} {s['text']}".strip() for s in block["steps"]).rstrip(","),
            "method": block["method"],
        }
        for block in blocks
    ]


def _freeze(actor: User, content: Any, number: Number | None, **fields: Any) -> Document:
    """Adds a document with its content, fingerprint and code to the register, and its job to the queue."""
    frozen = audit.canonical(content)
    document = Document(
        **fields,
        number_id=number.id if number else None,
        code=new_code(),
        content=json.loads(frozen),
        content_sha256=audit.digest(frozen),
        created_at=now(),
        created_by_id=actor.account_id,
    )
    db.session.add(document)
    db.session.flush()
    audit.record(
        actor,
        "document:reserve",
        document,
        changes={
            "kind": document.kind,
            "number": number.text if number else "",
            "version": document.version,
            "content_sha256": document.content_sha256,
        },
    )
    jobs.enqueue(actor=actor, kind=JobKind.RENDER_DOCUMENT, target_id=document.id, total=STEPS)
    return document


def _supersede(document: Document) -> None:
    """Exactly one version of a paper is in force: the newest that is issued, in whatever order they came."""
    in_force = sa.and_(_versions(document), Document.status == DocumentStatus.ISSUED)
    earlier, later = Document.version < document.version, Document.version > document.version
    db.session.execute(sa.update(Document).where(in_force, earlier).values(status=DocumentStatus.SUPERSEDED))
    if db.session.scalar(sa.select(Document.id).where(in_force, later).limit(1)):
        document.status = DOCUMENT.move("supersede", document.status)


def _versions(document: Document) -> sa.ColumnElement[bool]:
    """The versions of a paper; of one that is about no meeting or commitment, those beside it."""
    if document.meeting_id is not None:
        return sa.and_(Document.kind == document.kind, Document.meeting_id == document.meeting_id)
    if document.commitment_id is not None:
        return sa.and_(Document.kind == document.kind, Document.commitment_id == document.commitment_id)
    return sa.or_(Document.id == document.supersedes_id, Document.supersedes_id == document.id)


def _latest(kind: DocumentKind, meeting: Meeting | None, commitment: Commitment | None) -> Document | None:
    """The newest version of this paper of a meeting or commitment."""
    newest = sa.select(Document).where(Document.kind == kind).order_by(Document.id.desc()).limit(1)
    if meeting is not None:
        return db.session.scalars(newest.where(Document.meeting_id == meeting.id)).one_or_none()
    if commitment is not None:
        return db.session.scalars(newest.where(Document.commitment_id == commitment.id)).one_or_none()
    return None
