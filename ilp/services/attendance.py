"""Who came: idempotent marks at the desk, never toggles, taken back with a reason; and the daftar hadir."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import sqlalchemy as sa

from ilp.core.clock import local, now, today
from ilp.core.db import db, execute, locked, locked_alone
from ilp.core.errors import NotFound, RuleViolation
from ilp.core.indonesian import sort_key
from ilp.core.statements import bound, lasting, prepared
from ilp.models.directory import Constituency, Sex
from ilp.models.documents import Document, DocumentKind
from ilp.models.meetings import (
    CAME,
    Attendance,
    AttendanceSource,
    AttendanceStatus,
    Invitation,
    Meeting,
    MeetingStatus,
)
from ilp.policy.actions import Action
from ilp.policy.user import User
from ilp.queries.attendance import IS_GUEST, walk_ins
from ilp.queries.meetings import zone_of
from ilp.queries.seats import all_seats
from ilp.services import audit, documents, meetings
from ilp.services.papers.attendance import attendance_paper


def record(
    *,
    actor: User,
    meeting: Meeting,
    invitation_id: int,
    status: AttendanceStatus,
    name: str = "",
    title: str = "",
    sex: Sex | None = None,
    reason: str = "",
) -> int:
    """Marks what became of a seat; saying the same again writes nothing. The id of the mark.

    `name`, `title` and `sex` are those of a delegate, `reason` that of somebody excused. Refuses another
    mark for a seat that has one, a delegate without a name, and leave without a reason. Raises NotFound
    for a seat of another meeting.
    """
    locked_alone(meeting)
    _must_take_attendance(meeting)
    seat = _seat(meeting, invitation_id)
    if seat.mark_id is not None:
        if seat.status is status:
            return cast(int, seat.mark_id)
        raise RuleViolation(
            f"{seat.marked or seat.title} sudah tercatat {seat.status.label}. Betulkan dahulu catatan itu."
        )
    delegated = status is AttendanceStatus.REPRESENTED
    if delegated and not name:
        raise RuleViolation("Tulis nama yang mewakili.", "name")
    if status is AttendanceStatus.EXCUSED and not reason:
        raise RuleViolation("Tulis alasan berhalangan.", "reason")
    return _add(
        actor,
        meeting,
        invitation_id=seat.id,
        status=status,
        name=name if delegated else seat.name or seat.title,
        title=title if delegated else seat.title,
        office_name=seat.office_name,
        constituency=seat.constituency,
        sex=sex if delegated else seat.sex,
        phone="" if delegated else seat.phone,
        reason=reason,
    )


def register_walk_in(
    *,
    actor: User,
    meeting: Meeting,
    name: str,
    office_name: str,
    phone: str,
    sex: Sex | None = None,
    constituency: Constituency | None = None,
) -> int:
    """Marks somebody who came without an invitation; the id of the mark. Refuses the same guest twice."""
    locked_alone(meeting)
    _must_take_attendance(meeting)
    guests = db.session.scalars(
        sa.select(Attendance.name).where(
            Attendance.meeting_id == meeting.id,
            IS_GUEST,
            Attendance.office_name == office_name,
        )
    )
    if sort_key(name) in {sort_key(guest) for guest in guests}:
        raise RuleViolation(f"{name} dari {office_name} sudah tercatat sebagai tamu.", "name")
    return _add(
        actor,
        meeting,
        invitation_id=None,
        status=AttendanceStatus.PRESENT,
        name=name,
        title="",
        office_name=office_name,
        constituency=constituency or Constituency.OTHER,
        sex=sex,
        phone=phone,
        reason="",
    )


def take_back(*, actor: User, meeting: Meeting, attendance_id: int, reason: str) -> None:
    """Removes a mistaken mark; the trail keeps what it said, and why it went.

    Raises NotFound for a mark of another meeting.
    """
    locked_alone(meeting)
    _must_take_attendance(meeting)
    mark = db.session.scalars(
        sa.select(Attendance).where(Attendance.id == attendance_id, Attendance.meeting_id == meeting.id)
    ).one_or_none()
    if mark is None:
        raise NotFound
    said = {name: getattr(mark, name) for name in ("invitation_id", "status", *PERSONAL)}
    _trail(actor, "meeting:take_back", meeting, mark.id, said | {"reason": reason})
    db.session.delete(mark)


def _must_take_attendance(meeting: Meeting) -> None:
    if not meeting.takes_attendance(now()):
        raise RuleViolation(f"Kehadiran tidak dapat dicatat: rapat ini {meeting.status.label}.")


def _seat(meeting: Meeting, invitation_id: int) -> sa.Row[*tuple[Any, ...]]:
    """The seat, and what is marked of it already."""
    found = execute(_seat_in(), {"invitation": invitation_id, "meeting": meeting.id}).one_or_none()
    if found is None:
        raise NotFound
    return found


@prepared
def _seat_in() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Invitation.id,
            Invitation.name,
            Invitation.title,
            Invitation.office_name,
            Invitation.constituency,
            Invitation.sex,
            Invitation.phone,
            Attendance.id.label("mark_id"),
            Attendance.status,
            Attendance.name.label("marked"),
        )
        .outerjoin(Attendance, Attendance.invitation_id == Invitation.id)
        .where(Invitation.id == bound("invitation"), Invitation.meeting_id == bound("meeting"))
    )


MARKS: Any = Attendance.__table__
ADD = lasting(sa.insert(MARKS).returning(MARKS.c.id))
PERSONAL = ("name", "title", "office_name", "reason")


def _add(actor: User, meeting: Meeting, *, status: AttendanceStatus, **facts: Any) -> int:
    """Stamps a mark with where it comes from; on the day the clock says when somebody arrived."""
    afterwards, at = local(meeting.starts_at, actor.zone).date() < today(actor.zone), now()
    mark = {
        "meeting_id": meeting.id,
        "status": status,
        "source": AttendanceSource.PAPER if afterwards else AttendanceSource.DESK,
        "arrived_at": at if status in CAME and not afterwards else None,
        "recorded_at": at,
        "recorded_by_id": actor.account_id or 0,
        **facts,
    }
    mark_id: int = execute(ADD, mark).scalar_one()
    _trail(actor, Action.MEETING_REGISTER, meeting, mark_id, mark)
    return mark_id


def _trail(actor: User, action: str, meeting: Meeting, mark_id: int, mark: Mapping[str, Any]) -> None:
    audit.record(
        actor,
        action,
        meeting,
        changes={"attendance": mark_id, "invitation": mark["invitation_id"], "status": mark["status"]},
        personal={name: mark[name] for name in PERSONAL if mark[name]},
    )


def issue_attendance(*, actor: User, meeting: Meeting, signer_id: int) -> Document:
    """The list of attendance: with room for ink while nobody is recorded, as recorded afterwards.

    Refuses a draft, and a meeting without a seat and without a guest.
    """
    locked(meeting)
    if meeting.status in (MeetingStatus.DRAFT, MeetingStatus.CANCELLED):
        raise RuleViolation(f"Daftar hadir belum dapat dibuat: rapat ini {meeting.status.label}.")
    office = meetings.organiser(meeting)
    invited, guests = all_seats(meeting.id), walk_ins(meeting.id, most=None)
    if not invited and not guests:
        raise RuleViolation("Belum ada yang diundang dan belum ada yang hadir.")
    on = today(zone_of(meeting.regency_code))
    content = attendance_paper(
        meeting=meeting, office=office, signer_id=signer_id, on=on, invited=invited, guests=guests
    )
    document = documents.reserve(
        actor=actor,
        kind=DocumentKind.ATTENDANCE,
        office=office,
        title=f"Daftar hadir {meeting.title}",
        content=content,
        letter_date=on,
        meeting=meeting,
    )
    meetings.record(meeting, "meeting:attendance_list", actor=actor, document=document.id)
    return document
