"""Reading tasks: the register, their progress, one task with its offices and where it comes from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ilp.core.db import db, execute
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.core.statements import bound, prepared
from ilp.models.commitments import Clause, Commitment
from ilp.models.directory import VILLAGE_OFFICES, Office
from ilp.models.meetings import Meeting, MeetingStatus, MinutesRow
from ilp.models.pokjanal import CoordinationBody
from ilp.models.tasks import (
    OPEN,
    Assignment,
    AssignmentFollower,
    AssignmentStatus,
    Task,
    TaskOrigin,
)
from ilp.policy.scope import (
    Condition,
    Reach,
    Who,
    branches,
    in_place,
    own_offices,
    partner_offices,
    values_of,
    visible,
)
from ilp.policy.user import User
from ilp.queries.assignments import TODAY, late
from ilp.queries.listing import page_of, page_statement

TASKS_OF_A_MEETING = 300
ROWS_OF_A_TASK = 120

CHILDREN_SHOWN = 400


@dataclass(frozen=True)
class Progress:
    """How far rows below have come."""

    total: int = 0
    accepted: int = 0
    submitted: int = 0

    @classmethod
    def of(cls, statuses: Iterable[str]) -> Progress:
        """Exempted rows do not count: what does not apply is neither done nor to be done."""
        applicable = [status for status in statuses if status != AssignmentStatus.NOT_APPLICABLE]
        return cls(
            len(applicable),
            applicable.count(AssignmentStatus.ACCEPTED),
            applicable.count(AssignmentStatus.SUBMITTED),
        )


def sees_all_rows(who: Who) -> Condition:
    """Whether every row of a task is this user's to see: it lies in a place of theirs, or they gave it."""
    return sa.or_(in_place(Task, who), Task.owner_office_id.in_(own_offices(who)))


def addressed(who: Who) -> sa.ColumnElement[str]:
    """Whom a task was given to, in words; empty for a user who sees some of its rows only."""
    return sa.case((sees_all_rows(who), Task.addressed_to), else_="").label("addressed_to")


def upper(who: Who) -> Condition:
    """The rows that stand for a task: those its issuer gave; for a desa, or who follows it, its own."""
    partners = [office for office, _, _ in partner_offices(who)]
    followed = sa.select(AssignmentFollower.assignment_id).where(AssignmentFollower.office_id.in_(partners))
    return sa.or_(
        Assignment.parent_id.is_(None),
        Assignment.office_id.in_(own_offices(who)),
        Assignment.id.in_(followed),
    )


@prepared
def _tasks(
    reach: Reach, origin: TaskOrigin | None, *, turned: bool, size: int
) -> sa.Select[*tuple[Any, ...]]:
    statement: Any = sa.select(
        Task.id, Task.due_on, Task.title, Task.origin, addressed(reach), Task.division, Office.name
    ).join(Office, Office.id == Task.owner_office_id)
    where: list[Condition] = [Task.withdrawn_at.is_(None)]
    if origin is not None:
        where.append(Task.origin == origin)
    return page_statement(
        Task, branches(Task, reach), statement, Task.due_on, where=where, turned=turned, size=size
    )


def tasks(user: User, *, origin: TaskOrigin | None, after: Key | None, size: int = PAGE_SIZE) -> Page:
    """A page of the register of tasks, latest due date first."""
    statement = _tasks(Reach.of(user), origin, turned=after is not None, size=size)
    return page_of(statement, values_of(user), after=after, size=size)


KEYS = bound("keys", many=True)


def _counted(status: AssignmentStatus) -> sa.ColumnElement[int]:
    return sa.func.count().filter(Assignment.status == status)


def _progress(key: Any, reach: Reach, *where: Condition) -> sa.Select[*tuple[Any, ...]]:
    """`Progress.of` the rows that the user may see, counted by the database, for each key."""
    return (
        sa.select(
            key,
            sa.func.count(),
            _counted(AssignmentStatus.ACCEPTED),
            _counted(AssignmentStatus.SUBMITTED),
        )
        .where(
            visible(Assignment, reach),
            Assignment.status != AssignmentStatus.NOT_APPLICABLE,
            *where,
        )
        .group_by(key)
    )


def _given(record: Any) -> sa.Select[int]:
    """The ids of the records with the given keys, as a subquery, which PostgreSQL goes through one by one.

    With the list in the statement itself it may read everything that a province may see and pick them out of
    that: 591,440 rows for the fifty of a page.
    """
    return sa.select(record.id).where(record.id.in_(KEYS))


@prepared
def _progress_of_tasks(reach: Reach) -> sa.Select[*tuple[Any, ...]]:
    return _progress(Assignment.task_id, reach, Assignment.task_id.in_(_given(Task)), upper(reach))


@prepared
def _progress_below(reach: Reach) -> sa.Select[*tuple[Any, ...]]:
    return _progress(Assignment.parent_id, reach, Assignment.parent_id.in_(_given(aliased(Assignment))))


@prepared
def _progress_within(reach: Reach) -> sa.Select[*tuple[Any, ...]]:
    parent = aliased(Assignment)
    page = sa.select(parent.id).where(
        parent.task_id == bound("task"),
        parent.parent_id.is_(None),
        parent.id.between(bound("first"), bound("last")),
    )
    return _progress(Assignment.parent_id, reach, Assignment.parent_id.in_(page))


@prepared
def _progress_below_tasks(reach: Reach) -> sa.Select[*tuple[Any, ...]]:
    parent = aliased(Assignment)
    moving = sa.select(parent.id).where(
        parent.task_id.in_(KEYS), parent.parent_id.is_(None), parent.status.in_(OPEN)
    )
    return _progress(Assignment.parent_id, reach, Assignment.parent_id.in_(moving))


def _by_key(statement: sa.Select[*tuple[Any, ...]], user: User, **values: Any) -> dict[int, Progress]:
    rows = execute(statement, {**values_of(user), **values})
    return {key: Progress(total, accepted, submitted) for key, total, accepted, submitted in rows}


def progress_of_tasks(user: User, task_ids: Iterable[int]) -> dict[int, Progress]:
    """The upper rows of each task: one statement. A task without an applicable row is missing."""
    return _by_key(_progress_of_tasks(Reach.of(user)), user, keys=list(task_ids))


def progress_below(user: User, assignment_ids: Iterable[int]) -> dict[int, Progress]:
    """The rows of desa/kelurahan under each assignment: one statement."""
    return _by_key(_progress_below(Reach.of(user)), user, keys=list(assignment_ids))


def progress_within(user: User, task: Task, rows: Sequence[Any]) -> dict[int, Progress]:
    """What lies below each of a page of upper rows of a task: one statement, the same for any page."""
    if not rows:
        return {}
    ends = {"first": rows[0].id, "last": rows[-1].id}
    return _by_key(_progress_within(Reach.of(user)), user, task=task.id, **ends)


def progress_below_tasks(user: User, task_ids: Iterable[int]) -> dict[int, Progress]:
    """The rows of desa/kelurahan under each open upper row of these tasks: one statement.

    For the hundreds of rows of a matrix, whose own ids would be a new statement each time.
    """
    return _by_key(_progress_below_tasks(Reach.of(user)), user, keys=list(task_ids))


@dataclass(frozen=True)
class Counts:
    """How many upper rows of a task stand where."""

    top: dict[AssignmentStatus, int]
    late: int

    @property
    def total(self) -> int:
        return sum(self.top.values())


@prepared
def _counts_of_task(reach: Reach) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(Assignment.status, sa.func.count(), sa.func.count().filter(late(TODAY)))
        .where(Assignment.task_id == bound("task"), visible(Assignment, reach), upper(reach))
        .group_by(Assignment.status)
    )


def counts_of_task(user: User, task: Task, today: date) -> Counts:
    """One statement over the rows of `top_rows`, all pages of them."""
    values = {**values_of(user), "task": task.id, "today": today}
    rows = execute(_counts_of_task(Reach.of(user)), values).all()
    return Counts(top={status: n for status, n, _ in rows}, late=sum(overdue for _, _, overdue in rows))


def _rows(*conditions: Condition, limit: int | None) -> sa.Select[*tuple[Any, ...]]:
    """Rows of one task in the order of their offices' codes, which is the order of their ids."""
    return (
        sa.select(
            Assignment.id,
            Assignment.parent_id,
            Assignment.office_id,
            Assignment.reviewer_office_id,
            Assignment.status,
            Assignment.due_on,
            Assignment.reason,
            Assignment.submitted_at,
            Office.name.label("office_name"),
        )
        .join(Office, Office.id == Assignment.office_id)
        .where(*conditions)
        .order_by(Assignment.id)
        .limit(limit)
    )


@prepared
def _top_rows(reach: Reach, status: AssignmentStatus | None, *, overdue: bool) -> sa.Select[*tuple[Any, ...]]:
    conditions = [
        Assignment.task_id == bound("task"),
        visible(Assignment, reach),
        upper(reach),
        Assignment.id > bound("after"),
    ]
    if status is not None:
        conditions.append(Assignment.status == status)
    if overdue:
        conditions.append(late(TODAY))
    return _rows(*conditions, limit=ROWS_OF_A_TASK + 1)


def top_rows(
    user: User, task: Task, *, today: date, status: AssignmentStatus | None, overdue: bool, after: int
) -> tuple[Sequence[Any], int | None]:
    """A page of the upper rows of a task, and the id it ends with when there are more."""
    values = {**values_of(user), "task": task.id, "after": after, "today": today}
    rows = execute(_top_rows(Reach.of(user), status, overdue=overdue), values).all()
    more = len(rows) > ROWS_OF_A_TASK
    return rows[:ROWS_OF_A_TASK], rows[ROWS_OF_A_TASK - 1].id if more else None


@prepared
def _rows_below(reach: Reach) -> sa.Select[*tuple[Any, ...]]:
    return _rows(Assignment.parent_id == bound("parent"), visible(Assignment, reach), limit=CHILDREN_SHOWN)


def rows_below(user: User, assignment_id: int) -> Sequence[Any]:
    """The rows of desa/kelurahan under one assignment, as far as the user may see them."""
    values = {**values_of(user), "parent": assignment_id}
    return execute(_rows_below(Reach.of(user)), values).all()


@prepared
def _rows_below_each(reach: Reach) -> sa.Select[*tuple[Any, ...]]:
    return _rows(Assignment.parent_id.in_(KEYS), visible(Assignment, reach), limit=None)


def rows_below_each(user: User, assignment_ids: Iterable[int]) -> dict[int, list[Any]]:
    """What `rows_below` finds under each of a page of assignments: one statement."""
    below: dict[int, list[Any]] = defaultdict(list)
    values = {**values_of(user), "keys": list(assignment_ids)}
    for row in execute(_rows_below_each(Reach.of(user)), values):
        below[row.parent_id].append(row)
    return below


def unserved_villages(assignment: Assignment) -> Condition:
    """Offices of the desa/kelurahan below a kecamatan's row that have no row of its task yet."""
    served = sa.select(Assignment.office_id).where(Assignment.task_id == assignment.task_id)
    return sa.and_(
        Office.kind.in_(VILLAGE_OFFICES),
        Office.district_code == assignment.district_code,
        Office.id.not_in(served),
    )


def has_unserved_villages(assignment: Assignment) -> bool:
    return bool(db.session.scalar(sa.select(sa.exists().where(unserved_villages(assignment)))))


@prepared
def _origin() -> sa.Select[*tuple[Any, ...]]:
    row = aliased(MinutesRow)
    decision = aliased(MinutesRow)
    following = aliased(Meeting)
    next_at = (
        sa.select(sa.func.min(following.starts_at))
        .where(
            following.series_id == Meeting.series_id,
            following.starts_at > Meeting.starts_at,
            following.status.not_in((MeetingStatus.CANCELLED, MeetingStatus.POSTPONED)),
        )
        .correlate(Meeting)
        .scalar_subquery()
    )
    return (
        sa.select(
            Meeting.id.label("meeting_id"),
            Meeting.title.label("meeting_title"),
            Meeting.starts_at.label("meeting_at"),
            next_at.label("next_at"),
            sa.func.coalesce(decision.decision_number, row.decision_number).label("decision_number"),
            sa.func.coalesce(decision.decision_year, row.decision_year).label("decision_year"),
            Clause.place.label("clause_place"),
            Commitment.id.label("commitment_id"),
            Commitment.title.label("commitment_title"),
            CoordinationBody.id.label("body_id"),
            CoordinationBody.name.label("body_name"),
        )
        .select_from(Task)
        .outerjoin(Meeting, Meeting.id == Task.meeting_id)
        .outerjoin(row, sa.and_(row.task_id == Task.id, row.removed_at.is_(None)))
        .outerjoin(decision, decision.id == row.basis_id)
        .outerjoin(Clause, Clause.id == Task.clause_id)
        .outerjoin(Commitment, Commitment.id == Clause.commitment_id)
        .outerjoin(CoordinationBody, CoordinationBody.id == Task.body_id)
        .where(Task.id == bound("task"))
        .limit(1)
    )


def origin_of(task: Task) -> Any:
    """Where a task comes from, whichever it is: meeting and decision, clause, or body. One statement."""
    return execute(_origin(), {"task": task.id}).one()


@prepared
def _of_meeting(reach: Reach, most: int) -> sa.Select[*tuple[Any, ...]]:
    top = sa.and_(
        Assignment.task_id == Task.id,
        visible(Assignment, reach),
        upper(reach),
        Assignment.status != AssignmentStatus.NOT_APPLICABLE,
    )

    def count(*conditions: Any) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count()).where(top, *conditions).correlate(Task).scalar_subquery()

    return (
        sa.select(
            Task.id,
            Task.title,
            Task.due_on,
            addressed(reach),
            count().label("total"),
            count(Assignment.status == AssignmentStatus.ACCEPTED).label("accepted"),
            count(Assignment.status == AssignmentStatus.SUBMITTED).label("submitted"),
        )
        .where(Task.meeting_id == bound("meeting"), Task.withdrawn_at.is_(None), visible(Task, reach))
        .order_by(Task.due_on, Task.id)
        .limit(most)
    )


def of_meeting(user: User, meeting_id: int, *, most: int = TASKS_OF_A_MEETING) -> Sequence[Any]:
    """The tasks of a meeting and their offices, as far as the user may see them, with how many are done."""
    values = {**values_of(user), "meeting": meeting_id}
    return execute(_of_meeting(Reach.of(user), most), values).all()
