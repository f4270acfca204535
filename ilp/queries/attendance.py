"""Reading the attendance of a meeting: guests, the latest entries, counts by constituency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ilp.core.db import execute
from ilp.core.statements import bound, prepared
from ilp.models.directory import Constituency
from ilp.models.meetings import (
    CAME,
    Attendance,
    AttendanceStatus,
    Invitation,
)
from ilp.queries.seats import LIST_LIMIT

LOG_LIMIT = 6

IS_GUEST = sa.func.coalesce(Attendance.invitation_id, 0) == 0
"""Came without a seat. Not as IS NULL, for which SQLite would read the guests of every meeting."""


def walk_ins(
    meeting_id: int, *, constituency: Constituency | None = None, most: int | None = LIST_LIMIT
) -> Sequence[Any]:
    """Who came without a seat, in the order of arrival; a paper leaves nobody out (`most=None`)."""
    return execute(_walk_ins(constituency, most), {"meeting": meeting_id}).all()


@prepared
def _walk_ins(constituency: Constituency | None, most: int | None) -> sa.Select[Any]:
    guests = Attendance.__table__.c
    conditions = [guests.meeting_id == bound("meeting"), IS_GUEST]
    if constituency is not None:
        conditions.append(guests.constituency == constituency)
    return (
        sa.select(
            guests.id,
            guests.constituency,
            guests.name,
            guests.office_name,
            guests.sex,
            guests.phone,
            guests.arrived_at,
            guests.source,
        )
        .where(*conditions)
        .order_by(guests.id)
        .limit(most)
    )


def last_recorded(meeting_id: int) -> Sequence[Any]:
    """The latest entries of the attendance, newest first."""
    return execute(_last_recorded(), {"meeting": meeting_id}).all()


@prepared
def _last_recorded() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Attendance.id,
            Attendance.name,
            Attendance.title,
            Attendance.office_name,
            Attendance.constituency,
            Attendance.status,
            Attendance.source,
            Attendance.recorded_at,
            Attendance.invitation_id,
            Invitation.title.label("seat_title"),
        )
        .outerjoin(Invitation, Invitation.id == Attendance.invitation_id)
        .where(Attendance.meeting_id == bound("meeting"))
        .order_by(Attendance.id.desc())
        .limit(LOG_LIMIT)
    )


@dataclass
class Count:
    """How many of how many: seats invited, and what became of them; `extra` came without a seat."""

    constituency: Constituency | None = None
    invited: int = 0
    present: int = 0
    late: int = 0
    represented: int = 0
    excused: int = 0
    extra: int = 0

    @property
    def filled(self) -> int:
        """Seats that somebody filled."""
        return self.present + self.represented

    @property
    def came(self) -> int:
        """People who came, invited or not."""
        return self.filled + self.extra

    @property
    def absent(self) -> int:
        """Seats that nobody filled, with leave or without."""
        return self.invited - self.filled

    @property
    def waiting(self) -> int:
        """Seats of which nothing is known yet."""
        return self.absent - self.excused

    def add(self, status: AttendanceStatus | None, number: int, *, invited: bool) -> None:
        if invited:
            self.invited += number
        if status not in CAME:
            self.excused += number if status is AttendanceStatus.EXCUSED else 0
        elif not invited:
            self.extra += number
        elif status is AttendanceStatus.REPRESENTED:
            self.represented += number
        else:
            self.present += number
            self.late += number if status is AttendanceStatus.LATE else 0


@dataclass(frozen=True)
class Tally:
    """The counts of each constituency in protocol order, and their sum."""

    rows: Sequence[Count]
    total: Count


def tally(meeting_id: int) -> Tally:
    """Who was invited and who came, by constituency: one statement, whatever the number of seats."""
    counts: dict[Constituency, Count] = {}
    total = Count()
    for constituency, status, seated, number in execute(_tally(), {"meeting": meeting_id}):
        for count in (counts.setdefault(constituency, Count(constituency)), total):
            count.add(status, number, invited=bool(seated))
    order = list(Constituency)
    rows = sorted(counts.values(), key=lambda count: order.index(count.constituency or order[-1]))
    return Tally(rows, total)


@prepared
def _tally() -> sa.Select[Any]:
    invited = (
        sa.select(
            Invitation.constituency.label("constituency"),
            Attendance.status.label("status"),
            sa.literal(1).label("invited"),
        )
        .outerjoin(Attendance, Attendance.invitation_id == Invitation.id)
        .where(Invitation.meeting_id == bound("meeting"))
    )
    extra = sa.select(Attendance.constituency, Attendance.status, sa.literal(0)).where(
        Attendance.meeting_id == bound("meeting"), IS_GUEST
    )
    people = sa.union_all(invited, extra).subquery()
    keys = (people.c.constituency, people.c.status, people.c.invited)
    return sa.select(*keys, sa.func.count()).group_by(*keys)
