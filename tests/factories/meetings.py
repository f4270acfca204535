"""Meetings that are being called or attended, made by the verbs of the product."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.models.directory import Constituency, Office
from ilp.models.documents import Document
from ilp.models.meetings import Attendance, AttendanceStatus, Invitation, Meeting, MeetingKind
from ilp.policy.user import User
from ilp.queries.signers import signers_of
from ilp.services import attendance, invitations, meetings
from ilp.services.meetings import Plan
from ilp.services.papers.invitation import Letter


def plan(*, days: int = 14, **over: Any) -> Plan:
    """A kick-off in a fortnight at nine."""
    facts: dict[str, Any] = {
        "title": "Kick Off Kedua Integrasi Pelayanan Kesehatan Primer",
        "kind": MeetingKind.KICKOFF,
        "day": today() + timedelta(days=days),
        "start": time(9),
        "place": "Pendopo Agung Kabupaten Malang",
    }
    return Plan(**{**facts, **over})


def office_of(actor: User) -> Office:
    return db.session.get_one(Office, actor.grants[0].office_id)


def make_draft(actor: User, *, groups: Sequence[str] = (), **over: Any) -> Meeting:
    """A draft of the actor's office that invites some groups."""
    with transaction():
        meeting = meetings.schedule(actor=actor, office=office_of(actor), plan=plan(**over))
        for key in groups:
            invitations.invite_group(actor=actor, meeting=meeting, key=key)
    return meeting


def make_many(actor: User, number: int, **over: Any) -> None:
    """Drafts of the actor's office, one each day from tomorrow on, made at once as copies of one."""
    first = make_draft(actor, days=1, **over)
    made = {"id", *(column.name for column in Meeting.__table__.columns if column.computed)}
    columns = [column for column in Meeting.__table__.columns if column.name not in made]
    row = db.session.execute(sa.select(*columns).where(Meeting.id == first.id)).one()._asdict()
    begins = row["starts_at"]
    with transaction():
        days = (begins + timedelta(days=day) for day in range(1, number))
        copies = [row | {"starts_at": day} for day in days]
        if copies:
            db.session.execute(sa.insert(Meeting), copies)


def make_called(actor: User, *, groups: Sequence[str] = ("rsud", "camat"), **over: Any) -> Meeting:
    """A meeting whose invitation has been issued."""
    meeting = make_draft(actor, groups=groups, **over)
    issue(actor, meeting)
    return meeting


def letter(meeting: Meeting, **over: Any) -> Letter:
    """The letter of the organiser's first signer, dated today."""
    facts: dict[str, Any] = {
        "letter_date": today(),
        "signer_id": signer_of(meeting),
        "urgency": "Segera",
        "subject": f"Undangan {meeting.title}",
        "opening": "Kami mengharap kehadiran Bapak/Ibu/Saudara pada:",
    }
    return Letter(**{**facts, **over})


def signer_of(meeting: Meeting, on: date | None = None) -> int:
    return signers_of(meeting.office_id, on or today())[0].position.id


def issue(actor: User, meeting: Meeting, **over: Any) -> Document:
    asked = letter(meeting, **over)
    with transaction():
        return invitations.issue_invitation(actor=actor, meeting=meeting, letter=asked)


def seats_of(meeting: Meeting) -> list[Invitation]:
    """The seats in protocol order."""
    return list(
        db.session.scalars(
            sa.select(Invitation)
            .where(Invitation.meeting_id == meeting.id)
            .order_by(Invitation.protocol_order, Invitation.id)
            .execution_options(populate_existing=True)
        )
    )


def mark(
    actor: User,
    meeting: Meeting,
    seat: Invitation,
    status: AttendanceStatus = AttendanceStatus.PRESENT,
    **over: Any,
) -> Attendance:
    seat_id = seat.id
    with transaction():
        key = attendance.record(actor=actor, meeting=meeting, invitation_id=seat_id, status=status, **over)
    return db.session.get_one(Attendance, key)


def add_seats(meeting: Meeting, count: int) -> None:
    """Free contacts in bulk, to see that a page does not grow dearer with its rows."""
    rows = [
        {
            "meeting_id": meeting.id,
            "constituency": Constituency.COMMUNITY,
            "protocol_order": 100_000 + number,
            "title": "Anggota",
            "name": f"Warga Contoh {number}",
            "sort_name": f"warga contoh {number}",
        }
        for number in range(count)
    ]
    with transaction():
        db.session.execute(sa.insert(Invitation), rows)
