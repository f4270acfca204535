"""Reading assignments: the views of the register, what waits for whom, and the story of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from ilp.core.clock import to_utc
from ilp.core.db import Moment, db, execute
from ilp.core.enums import LabelledEnum
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.core.statements import bound, prepared
from ilp.models.accounts import Role
from ilp.models.directory import Office
from ilp.models.tasks import (
    WAITING,
    Assignment,
    AssignmentEvent,
    AssignmentStatus,
    Evidence,
    Task,
)
from ilp.policy.rules import WRITERS
from ilp.policy.scope import Condition, Reach, branches, values_of
from ilp.policy.user import User
from ilp.queries.listing import count_of, page_of, page_statement

MOST_COUNTED = 200
"""Counts beside filters stop here ("200+"): a menu must not cost more than the list it opens."""


class View(LabelledEnum):
    """Which part of the register; the value stands in the address."""

    MINE = "saya", "Milik kantor saya"
    REVIEW = "periksa", "Menunggu pemeriksaan"
    LATE = "terlambat", "Terlambat"
    OTHERS = "pihak-lain", "Di pihak lain"
    DONE = "selesai", "Selesai bulan ini"
    ALL = "semua", "Semua tugas"


class Span(LabelledEnum):
    """When something that still waits is due."""

    LATE = "lewat", "Lewat tenggat"
    TODAY = "hari-ini", "Hari ini"
    WEEK = "pekan-ini", "Pekan ini"


def late(today: date | sa.BindParameter[date]) -> Condition:
    """Assignment.is_late, as SQL."""
    return Assignment.awaited_on < today


def hands_of(user: User) -> dict[str, Any]:
    """What the conditions below are bound to: in which offices the user does what, beside `values_of`."""
    return {
        **values_of(user),
        "own_offices": sorted(user.offices),
        "answering": sorted(user.offices - user.offices_as(Role.LEADER)),
        "giving": sorted(user.offices_as(*WRITERS, Role.IMPLEMENTER, Role.LEADER)),
        "reviewing": sorted(user.offices_as(*WRITERS, Role.IMPLEMENTER)),
        "above": sorted(user.offices_as(Role.IMPLEMENTER)),
    }


def days_of(user: User, today: date) -> dict[str, Any]:
    """What the conditions on time are bound to, by the user's clock."""
    return {
        "today": today,
        "in_a_week": today + timedelta(days=7),
        "month_began": to_utc(today.replace(day=1), time.min, user.zone),
    }


OWN = bound("own_offices", many=True)
TODAY = bound("today", sa.Date)

LIVE = Assignment.withdrawn_at.is_(None)
MINE = Assignment.office_id.in_(bound("answering", many=True))
"""Rows the user's offices have to answer."""
FOR_MY_REVIEW = sa.and_(
    Assignment.review_since.is_not(None),
    Assignment.reviewer_office_id.in_(bound("reviewing", many=True)),
    Assignment.office_id.not_in(OWN),
    sa.or_(Assignment.parent_id.is_(None), Assignment.reviewer_office_id.in_(bound("above", many=True))),
)
"""Rows whose reviewer is an office of the user: the SQL of policy.rules.reviews."""
GIVEN = Assignment.issuer_office_id.in_(bound("giving", many=True))
"""Rows of tasks that the user's offices gave."""
GIVEN_OR_MINE = (Assignment.office_id.in_(OWN), GIVEN)
"""Rows that the user's offices gave, and those they have to answer."""
WITH_OTHERS = sa.and_(
    GIVEN,
    Assignment.parent_id.is_(None),
    Assignment.office_id.not_in(OWN),
    Assignment.awaited_on.is_not(None),
)
"""Rows my offices gave, on which somebody else has to act next."""
DONE_THIS_MONTH = sa.and_(
    Assignment.reviewed_at >= bound("month_began", Moment), Assignment.status == AssignmentStatus.ACCEPTED
)
"""Accepted since the first of the month, by the user's clock."""


def ways_of(view: View, reach: Reach) -> list[Condition]:
    """What a view of the register shows, as ways for `listing`; the figures of the desk count by the same.

    What my offices gave, answer or review is visible by that alone. To be run with `hands_of` and `days_of`.
    """
    match view:
        case View.MINE:
            return [MINE]
        case View.REVIEW:
            return [FOR_MY_REVIEW]
        case View.OTHERS:
            return [WITH_OTHERS]
        case View.DONE:
            return [sa.and_(way, DONE_THIS_MONTH) for way in GIVEN_OR_MINE]
        case View.LATE:
            return [sa.and_(way, late(TODAY)) for way in branches(Assignment, reach)]
        case View.ALL:
            return branches(Assignment, reach)


IN_SPAN = {
    Span.LATE: late(TODAY),
    Span.TODAY: Assignment.awaited_on == TODAY,
    Span.WEEK: sa.and_(Assignment.awaited_on > TODAY, Assignment.awaited_on <= bound("in_a_week", sa.Date)),
}
"""Rows that wait for their office and are due in a span."""


@prepared
def _assignments(
    reach: Reach, view: View, status: AssignmentStatus | None, span: Span | None, *, turned: bool, size: int
) -> sa.Select[*tuple[Any, ...]]:
    owner = aliased(Office)
    statement: Any = (
        sa.select(
            Assignment.id,
            Assignment.due_on,
            Assignment.status,
            Assignment.task_id,
            Task.title,
            Task.origin,
            Office.name.label("office_name"),
            owner.name.label("owner_name"),
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Office, Office.id == Assignment.office_id)
        .join(owner, owner.id == Task.owner_office_id)
    )
    where: list[Condition] = [LIVE]
    if status is not None:
        where.append(Assignment.status == status)
    if span is not None:
        where.append(IN_SPAN[span])
    # What waits is found in the index of what waits, in the same order.
    waits = span is not None or status in WAITING or view in (View.LATE, View.OTHERS)
    sort: Any = Assignment.awaited_on if waits else Assignment.due_on
    if waits:
        where.append(sort.is_not(None))
    return page_statement(
        Assignment,
        ways_of(view, reach),
        statement,
        sort,
        where=where,
        turned=turned,
        size=size,
        ascending=True,
    )


def assignments(
    user: User,
    *,
    view: View,
    today: date,
    status: AssignmentStatus | None = None,
    span: Span | None = None,
    after: Key | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """A page of assignments by due date; what is oldest comes first, for it waits longest."""
    statement = _assignments(Reach.of(user), view, status, span, turned=after is not None, size=size)
    return page_of(statement, hands_of(user) | days_of(user, today), after=after, size=size)


COUNTED = (View.MINE, View.REVIEW, View.LATE)


@prepared
def _counts_by_view(reach: Reach) -> sa.Select[*tuple[Any, ...]]:
    def count(view: View, *where: Condition) -> sa.ScalarSelect[int]:
        return count_of(Assignment, ways_of(view, reach), where=where, most=MOST_COUNTED)

    waits = {View.MINE: (Assignment.awaited_on.is_not(None),)}
    return sa.select(*(count(view, *waits.get(view, ())) for view in COUNTED))


def counts_by_view(user: User, today: date) -> dict[View, int]:
    """How many rows wait in each view, at most MOST_COUNTED: one statement."""
    row = execute(_counts_by_view(Reach.of(user)), hands_of(user) | days_of(user, today)).one()
    return dict(zip(COUNTED, row, strict=True))


@prepared
def _own_assignment() -> sa.Select[int]:
    own = sa.select(Assignment.id).where(Assignment.task_id == bound("task"), MINE)
    return own.order_by(Assignment.id).limit(1)


def own_assignment(user: User, task: Task) -> int | None:
    """The row of this task that an office of the user has to answer, if there is exactly such a one."""
    return db.session.scalar(_own_assignment(), {**hands_of(user), "task": task.id})


def events(assignment: Assignment) -> Sequence[AssignmentEvent]:
    """The story, newest first."""
    return db.session.scalars(
        sa.select(AssignmentEvent)
        .where(AssignmentEvent.assignment_id == assignment.id)
        .order_by(AssignmentEvent.id.desc())
        .limit(PAGE_SIZE)
    ).all()


def evidence(assignment: Assignment) -> Sequence[Evidence]:
    """What was handed in, newest first, with its files."""
    return db.session.scalars(
        sa.select(Evidence)
        .where(Evidence.assignment_id == assignment.id)
        .options(joinedload(Evidence.file))
        .order_by(Evidence.id.desc())
        .limit(PAGE_SIZE)
    ).all()
