"""Official papers: reserved with their number, rendered by the job process, issued once their bytes are safe.

`reserve` stands in the transaction of the act that the paper is about. Whatever dies afterwards, the
register shows the document as reserved until the job process has finished it.
"""

from __future__ import annotations

import json
import secrets
from datetime import date
from typing import Any

import sqlalchemy as sa

from ilp.core import papers
from ilp.core.clock import now
from ilp.core.db import db
from ilp.models.commitments import Commitment
from ilp.models.directory import Office
from ilp.models.documents import Document, DocumentKind, Number
from ilp.models.jobs import JobKind
from ilp.models.meetings import Meeting
from ilp.policy.user import User
from ilp.queries.documents import letterhead
from ilp.services import audit, jobs

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12


def reserve(
    *,
    actor: User,
    kind: DocumentKind,
    office: Office,
    title: str,
    content: papers.Paper,
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
    frozen = audit.canonical(content)
    former = _latest(kind, meeting, commitment)
    head = letterhead(office)
    document = Document(
        kind=kind,
        office_id=office.id,
        number_id=number.id if number else None,
        title=title,
        letter_date=letter_date,
        version=former.version + 1 if former else 1,
        supersedes_id=former.id if former else None,
        code=new_code(),
        paper=paper or (head.paper if head else "A4"),
        content=json.loads(frozen),
        content_sha256=audit.digest(frozen),
        facts={"signatories": signatories(kind, content), **(facts or {})},
        meeting_id=meeting.id if meeting else None,
        commitment_id=commitment.id if commitment else None,
        created_at=now(),
        created_by_id=actor.account_id,
        province_code=office.province_code,
        regency_code=office.regency_code,
        district_code=office.district_code,
    )
    db.session.add(document)
    db.session.flush()
    audit.record(
        actor,
        "document:reserve",
        document,
        changes={
            "kind": kind,
            "number": number.text if number else "",
            "version": document.version,
            "content_sha256": document.content_sha256,
        },
    )
    jobs.enqueue(actor=actor, kind=JobKind.RENDER_DOCUMENT, target_id=document.id)
    return document


def new_code() -> str:
    """A verification code: 60 random bits, in letters and digits that are not mistaken for each other."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH))


def signatories(kind: DocumentKind, content: Any) -> list[dict[str, str]]:
    """Who signs a paper, with position and method, as the verification page shows it."""
    if kind is DocumentKind.COMMITMENT:
        people = [person for group in content["groups"] for person in group["people"]]
        return [
            {"name": papers.person_name(p), "position": p["position"], "method": p["method"]} for p in people
        ]
    blocks = content["signatures"] if kind is DocumentKind.MINUTES else [content["signature"]]
    return [
        {
            "name": papers.person_name(block["person"]),
            "position": " ".join(f"{s['hang']} {s['text']}".strip() for s in block["steps"]).rstrip(","),
            "method": block["method"],
        }
        for block in blocks
    ]


def _latest(kind: DocumentKind, meeting: Meeting | None, commitment: Commitment | None) -> Document | None:
    """The newest version of this paper of a meeting or commitment."""
    newest = sa.select(Document).where(Document.kind == kind).order_by(Document.id.desc()).limit(1)
    if meeting is not None:
        return db.session.scalars(newest.where(Document.meeting_id == meeting.id)).one_or_none()
    if commitment is not None:
        return db.session.scalars(newest.where(Document.commitment_id == commitment.id)).one_or_none()
    return None
