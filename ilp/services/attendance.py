"""Who came: idempotent marks at the desk, never toggles, taken back with a reason; and the daftar hadir."""

from __future__ import annotations

import sqlalchemy as sa

from ilp.core.clock import local, now, today
from ilp.core.db import bound, db, locked, locked_alone, prepared
from ilp.core.errors import NotFound, RuleViolation
from ilp.core.indonesian import sort_key
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
) -> Attendance:
    """Marks what became of a seat; saying the same again answers the same and writes nothing.

    `name`, `title` and `sex` are those of a delegate, `reason` that of somebody excused. Refuses another
    mark for a seat that has one, a delegate without a name, and leave without a reason. Raises NotFound
    for a seat of another meeting.
    """
    locked_alone(meeting)
    _must_take_attendance(meeting)
    seat, known = _seat(meeting, invitation_id)
    if known is not None:
        if known.status is status:
            return known
        raise RuleViolation(
            f"{known.name or seat.title} sudah tercatat {known.status.label}. Betulkan dahulu catatan itu."
        )
    delegated = status is AttendanceStatus.REPRESENTED
    if delegated and not name:
        raise RuleViolation("Tulis nama yang mewakili.", "name")
    if status is AttendanceStatus.EXCUSED and not reason:
        raise RuleViolation("Tulis alasan berhalangan.", "reason")
    mark = Attendance(
        meeting_id=meeting.id,
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
    return _add(actor, meeting, mark)


def register_walk_in(
    *,
    actor: User,
    meeting: Meeting,
    name: str,
    office_name: str,
    phone: str,
    sex: Sex | None = None,
    constituency: Constituency | None = None,
) -> Attendance:
    """Marks somebody who came without an invitation. Refuses the same guest twice."""
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
    mark = Attendance(
        meeting_id=meeting.id,
        status=AttendanceStatus.PRESENT,
        name=name,
        office_name=office_name,
        constituency=constituency or Constituency.OTHER,
        sex=sex,
        phone=phone,
    )
    return _add(actor, meeting, mark)


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
    _trail(actor, "meeting:take_back", meeting, mark, reason)
    db.session.delete(mark)


def _must_take_attendance(meeting: Meeting) -> None:
    if not meeting.takes_attendance(now()):
        raise RuleViolation(f"Kehadiran tidak dapat dicatat: rapat ini {meeting.status.label}.")


def _seat(meeting: Meeting, invitation_id: int) -> tuple[Invitation, Attendance | None]:
    values = {"invitation": invitation_id, "meeting": meeting.id}
    found = db.session.execute(_seat_in(), values).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


@prepared
def _seat_in() -> sa.Select[Invitation, Attendance]:
    return (
        sa.select(Invitation, Attendance)
        .outerjoin(Attendance, Attendance.invitation_id == Invitation.id)
        .where(Invitation.id == bound("invitation"), Invitation.meeting_id == bound("meeting"))
    )


def _add(actor: User, meeting: Meeting, mark: Attendance) -> Attendance:
    """Stamps a mark with where it comes from; on the day the clock says when somebody arrived."""
    afterwards = local(meeting.starts_at, actor.zone).date() < today(actor.zone)
    mark.source = AttendanceSource.PAPER if afterwards else AttendanceSource.DESK
    mark.recorded_at = now()
    mark.recorded_by_id = actor.account_id or 0
    mark.arrived_at = mark.recorded_at if mark.status in CAME and not afterwards else None
    db.session.add(mark)
    db.session.flush()
    _trail(actor, Action.MEETING_REGISTER, meeting, mark, mark.reason)
    return mark


def _trail(actor: User, action: str, meeting: Meeting, mark: Attendance, reason: str) -> None:
    personal = {"name": mark.name, "title": mark.title, "office_name": mark.office_name, "reason": reason}
    audit.record(
        actor,
        action,
        meeting,
        changes={"attendance": mark.id, "invitation": mark.invitation_id, "status": mark.status},
        personal={name: value for name, value in personal.items() if value},
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
