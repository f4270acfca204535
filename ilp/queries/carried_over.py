"""What earlier meetings of a series left undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from ilp.core.db import Moment, execute
from ilp.core.statements import bound, prepared
from ilp.models.directory import Office
from ilp.models.meetings import Meeting
from ilp.models.tasks import OPEN, WAITING, Assignment, AssignmentStatus, Task
from ilp.policy.scope import Reach, values_of, visible
from ilp.policy.user import User
from ilp.queries.tasks import upper

LONGEST_CHAIN = 60

CARRIED_ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class CarriedTask:
    """An unfinished task of an earlier meeting, with how far its offices have come."""

    id: int
    title: str
    due_on: date
    meeting_id: int
    met_at: datetime
    total: int
    open: int
    waiting: int
    submitted: int
    in_progress: int
    returned: int
    first_office: str
    last_office: str

    @property
    def who(self) -> str:
        """The offices still to finish, by name while they are one or two."""
        if self.open > 2:
            return f"{self.open} dari {self.total} kantor belum"
        names = dict.fromkeys([self.first_office, self.last_office])
        return ", ".join(names)

    def is_late(self, today: date) -> bool:
        return self.waiting > 0 and self.due_on < today

    def days_late(self, today: date) -> int:
        return (today - self.due_on).days

    @property
    def state(self) -> AssignmentStatus:
        """Where the task stands as a whole: the act that is awaited first."""
        if self.returned:
            return AssignmentStatus.RETURNED
        if self.in_progress:
            return AssignmentStatus.IN_PROGRESS
        return AssignmentStatus.ASSIGNED if self.waiting else AssignmentStatus.SUBMITTED


@dataclass(frozen=True, slots=True)
class CarriedOver:
    """What earlier meetings left undone: the first tasks, and how many there are in all."""

    tasks: Sequence[CarriedTask]
    unfinished: int
    given: int


def carried_over(user: User, meeting: Meeting) -> CarriedOver:
    """Unfinished tasks of all earlier meetings of the series, with the offices that the user may see.

    Without a series, of the chain of previous meetings. The earliest due come first; one statement.
    """
    if meeting.series_id is None and meeting.previous_id is None:
        return CarriedOver([], 0, 0)
    values = {
        "meeting": meeting.id,
        "series": meeting.series_id,
        "starts_at": meeting.starts_at,
        "previous": meeting.previous_id,
    }
    statement = _unfinished(Reach.of(user), in_series=meeting.series_id is not None)
    found = execute(statement, values_of(user) | values).all()
    if not found:
        return CarriedOver([], 0, 0)
    tasks = [CarriedTask(*one[:13]) for one in found if one.open]
    return CarriedOver(tasks, found[0][13], found[0][14])


@prepared
def _unfinished(reach: Reach, *, in_series: bool) -> sa.Select[Any]:
    """The tasks of the meetings before this one, what is open first, with the counts of all of them."""
    earlier = _earlier_in_series() if in_series else _earlier_in_chain()
    still_open = Assignment.status.in_(OPEN)
    progress = (
        sa.select(
            Assignment.task_id,
            sa.func.count().label("total"),
            sa.func.count().filter(still_open).label("open"),
            sa.func.count().filter(Assignment.status.in_(WAITING)).label("waiting"),
            sa.func.count().filter(Assignment.status == AssignmentStatus.SUBMITTED).label("submitted"),
            sa.func.count().filter(Assignment.status == AssignmentStatus.IN_PROGRESS).label("in_progress"),
            sa.func.count().filter(Assignment.status == AssignmentStatus.RETURNED).label("returned"),
            sa.func.min(sa.case((still_open, Office.name))).label("first_office"),
            sa.func.max(sa.case((still_open, Office.name))).label("last_office"),
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Office, Office.id == Assignment.office_id)
        .where(
            Task.meeting_id.in_(earlier),
            Task.withdrawn_at.is_(None),
            visible(Assignment, reach),
            upper(reach),
        )
        .group_by(Assignment.task_id)
        .subquery()
    )
    counts = progress.c
    return (
        sa.select(
            Task.id,
            Task.title,
            Task.due_on,
            Task.meeting_id,
            Meeting.starts_at,
            counts.total,
            counts.open,
            counts.waiting,
            counts.submitted,
            counts.in_progress,
            counts.returned,
            counts.first_office,
            counts.last_office,
            sa.func.count().filter(counts.open > 0).over(),
            sa.func.count().over(),
        )
        .join(counts.task_id.table, counts.task_id == Task.id)
        .join(Meeting, Meeting.id == Task.meeting_id)
        .where(visible(Task, reach))
        .order_by(sa.case((counts.open > 0, 0), else_=1), Task.due_on, Task.id)
        .limit(CARRIED_ON_A_PAGE)
    )


def _earlier_in_series() -> sa.Select[Any]:
    here = sa.tuple_(bound("starts_at", Moment), bound("meeting", sa.Integer))
    return sa.select(Meeting.id).where(
        Meeting.series_id == bound("series"), sa.tuple_(Meeting.starts_at, Meeting.id) < here
    )


def _earlier_in_chain() -> sa.Select[Any]:
    chain = (
        sa.select(Meeting.id, Meeting.previous_id, sa.literal(1).label("depth"))
        .where(Meeting.id == bound("previous"))
        .cte("chain", recursive=True)
    )
    chain = chain.union(
        sa.select(Meeting.id, Meeting.previous_id, chain.c.depth + 1)
        .join(chain, Meeting.id == chain.c.previous_id)
        .where(chain.c.depth < LONGEST_CHAIN)
    )
    return sa.select(chain.c.id)
