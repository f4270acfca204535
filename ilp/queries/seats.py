"""Reading the seats of a meeting: who is invited, and what was recorded for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db, execute
from ilp.core.enums import LabelledEnum
from ilp.core.paging import Key, Page
from ilp.core.statements import bound, prepared
from ilp.models.directory import Constituency, Position
from ilp.models.meetings import (
    CAME,
    Attendance,
    AttendanceStatus,
    Invitation,
    InvitationStatus,
    Meeting,
)
from ilp.policy.scope import Condition
from ilp.policy.user import User
from ilp.queries import directory

LIST_LIMIT = 300
"""Seats shown on one page; the next one begins after (protocol order, id)."""

FOUND_LIMIT = 8

UNANSWERED = (InvitationStatus.PENDING, InvitationStatus.SENT, InvitationStatus.OPENED)


def _seats(*conditions: Any) -> Any:
    """Seats with what was recorded for them, as columns: the same for papers, the search and one card."""
    return (
        sa.select(
            Invitation.id,
            Invitation.protocol_order,
            Invitation.position_id,
            Invitation.office_id,
            Invitation.constituency,
            Invitation.title,
            Invitation.office_name,
            Invitation.name,
            Invitation.kind,
            Invitation.sex,
            Invitation.phone,
            Invitation.group_name,
            Invitation.status,
            Invitation.answer_note,
            Attendance.id.label("attendance_id"),
            Attendance.status.label("attendance"),
            Attendance.arrived_at,
            Attendance.name.label("attendee"),
            Attendance.title.label("attendee_title"),
            Attendance.sex.label("attendee_sex"),
            Attendance.source,
            Attendance.reason,
        )
        .outerjoin(Attendance, Attendance.invitation_id == Invitation.id)
        .where(*conditions)
        .order_by(Invitation.protocol_order, Invitation.id)
    )


LISTED = (
    Invitation.id,
    Invitation.protocol_order,
    Invitation.constituency,
    Invitation.title,
    Invitation.office_name,
    Invitation.name,
    Invitation.sex,
    Invitation.phone,
    Attendance.status.label("attendance"),
    Attendance.arrived_at,
    Attendance.name.label("attendee"),
    Attendance.title.label("attendee_title"),
    Attendance.sex.label("attendee_sex"),
    Attendance.reason,
    Invitation.status,
    Invitation.answer_note,
    Invitation.kind,
)
"""Of a seat, what long lists show."""


class Presence(LabelledEnum):
    """Filters of the attendance list; the value stands in the address."""

    WAITING = "belum", "Belum datang"
    CAME = "hadir", "Hadir"
    REPRESENTED = "diwakili", "Diwakili"
    EXCUSED = "izin", "Izin"


def _present_as(presence: Presence) -> sa.ColumnElement[bool]:
    return {
        Presence.WAITING: Attendance.id.is_(None),
        Presence.CAME: Attendance.status.in_(CAME),
        Presence.REPRESENTED: Attendance.status == AttendanceStatus.REPRESENTED,
        Presence.EXCUSED: Attendance.status == AttendanceStatus.EXCUSED,
    }[presence]


def seats(
    meeting_id: int,
    *,
    constituency: Constituency | None = None,
    presence: Presence | None = None,
    after: Key | None = None,
    size: int = LIST_LIMIT,
) -> Page:
    """A page of the seats of a meeting in protocol order, as `LISTED`: one statement."""
    values: dict[str, Any] = {"meeting": meeting_id}
    if after is not None:
        values |= {"after_order": after.at, "after_id": after.id}
    rows = execute(_page_of_seats(constituency, presence, turned=after is not None, size=size), values).all()
    shown = rows[:size]
    more = len(rows) > len(shown)
    last = Key(shown[-1].protocol_order, shown[-1].id) if more else None
    return Page(shown, last, first=after is None)


@prepared
def _page_of_seats(
    constituency: Constituency | None, presence: Presence | None, *, turned: bool, size: int
) -> Any:
    conditions = [Invitation.meeting_id == bound("meeting")]
    if constituency is not None:
        conditions.append(Invitation.constituency == constituency)
    if presence is not None:
        conditions.append(_present_as(presence))
    if turned:
        key = sa.tuple_(bound("after_order", sa.Integer), bound("after_id", sa.Integer))
        conditions.append(sa.tuple_(Invitation.protocol_order, Invitation.id) > key)
    return _seats(*conditions).with_only_columns(*LISTED).limit(size + 1)


def find_seats(meeting_id: int, words: Sequence[str]) -> Sequence[Any]:
    """Seats whose name, title and office contain every word; the few that somebody at a desk can take in."""
    text = (
        Invitation.sort_name
        + " "
        + sa.func.lower(Invitation.title)
        + " "
        + sa.func.lower(Invitation.office_name)
    )
    matches = [text.contains(word, autoescape=True) for word in words]
    return db.session.execute(
        _seats(Invitation.meeting_id == meeting_id, *matches).limit(FOUND_LIMIT + 1)
    ).all()


def all_seats(meeting_id: int) -> Sequence[Any]:
    """Every seat of a meeting in protocol order, for its papers."""
    return db.session.execute(_seats(Invitation.meeting_id == meeting_id)).all()


def seat(meeting_id: int, invitation_id: int) -> Any:
    """One seat of the meeting as the lists show it."""
    return db.session.execute(_seat(), {"meeting": meeting_id, "seat": invitation_id}).one_or_none()


@prepared
def _seat() -> Any:
    return _seats(Invitation.meeting_id == bound("meeting"), Invitation.id == bound("seat"))


def find_positions(scope: Condition, meeting_id: int, words: Sequence[str]) -> Sequence[Any]:
    """Positions of offices within `scope` that have every word, those not yet invited to the meeting first.

    Each row says whether the position is `invited` already.
    """
    invited = sa.exists().where(Invitation.meeting_id == meeting_id, Invitation.position_id == Position.id)
    return directory.find_positions(
        scope, " ".join(words), today(), invited.label("invited"), most=FOUND_LIMIT
    )


def own_seats(user: User, meeting: Meeting) -> Sequence[Any]:
    """The seats of the user's own offices at this meeting."""
    own = Invitation.office_id.in_(offices_answered_for(user))
    return db.session.execute(_seats(Invitation.meeting_id == meeting.id, own).limit(LIST_LIMIT)).all()


def offices_answered_for(user: User) -> list[int]:
    """The offices whose invitations this user answers."""
    return sorted(user.offices | user.partner_offices.keys())


def offices_invited(meeting_id: int) -> Sequence[int]:
    """Offices that hold a seat, for notices."""
    return db.session.scalars(
        sa.select(Invitation.office_id)
        .where(Invitation.meeting_id == meeting_id, Invitation.office_id.is_not(None))
        .distinct()
    ).all()  # type: ignore[return-value]


def seat_positions(meeting_id: int) -> Sequence[Any]:
    """The seats that address a position: id, position and the name of the holder as it is sorted."""
    return db.session.execute(
        sa.select(Invitation.id, Invitation.position_id, Invitation.sort_name).where(
            Invitation.meeting_id == meeting_id, Invitation.position_id.is_not(None)
        )
    ).all()
