"""Reading assignments: the views of the register, what waits for whom, and the story of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from ilp.core.clock import to_utc
from ilp.core.db import db
from ilp.core.enums import LabelledEnum
from ilp.core.paging import PAGE_SIZE, Key, Page
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
from ilp.policy.scope import Condition, branches
from ilp.policy.user import User
from ilp.queries.listing import count_of, visible_page

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


def late(today: date) -> Condition:
    """Assignment.is_late, as SQL."""
    return Assignment.awaited_on < today


def mine(user: User) -> Condition:
    """Rows the user's offices have to answer."""
    return Assignment.office_id.in_(sorted(user.offices - user.offices_as(Role.LEADER)))


def for_my_review(user: User) -> Condition:
    """Rows whose reviewer is an office of the user: the SQL of policy.rules.reviews."""
    above = user.offices_as(Role.IMPLEMENTER)
    issuing = user.offices_as(*WRITERS, Role.IMPLEMENTER)
    return sa.and_(
        Assignment.review_since.is_not(None),
        Assignment.reviewer_office_id.in_(sorted(issuing)),
        Assignment.office_id.not_in(sorted(user.offices)),
        sa.or_(Assignment.parent_id.is_(None), Assignment.reviewer_office_id.in_(sorted(above))),
    )


def _issued(user: User) -> Condition:
    """Rows of tasks that the user's offices gave."""
    offices = user.offices_as(*WRITERS, Role.IMPLEMENTER, Role.LEADER)
    return Assignment.issuer_office_id.in_(sorted(offices))


def given_or_mine(user: User) -> list[Condition]:
    """Rows that the user's offices gave, and those they have to answer."""
    return [Assignment.office_id.in_(sorted(user.offices)), _issued(user)]


def with_others(user: User) -> Condition:
    """Rows my offices gave, on which somebody else has to act next."""
    return sa.and_(
        _issued(user),
        Assignment.parent_id.is_(None),
        Assignment.office_id.not_in(sorted(user.offices)),
        Assignment.awaited_on.is_not(None),
    )


def done_this_month(user: User, today: date) -> list[Condition]:
    """Rows given or mine that were accepted since the first of the month, by the user's clock."""
    first = to_utc(today.replace(day=1), time.min, user.zone)
    accepted = sa.and_(Assignment.reviewed_at >= first, Assignment.status == AssignmentStatus.ACCEPTED)
    return [sa.and_(way, accepted) for way in given_or_mine(user)]


def ways_of(view: View, user: User, today: date) -> list[Condition]:
    """What a view of the register shows, as ways for `listing`; the figures of the desk count by the same.

    What my offices gave, answer or review is visible by that alone.
    """
    match view:
        case View.MINE:
            return [mine(user)]
        case View.REVIEW:
            return [for_my_review(user)]
        case View.OTHERS:
            return [with_others(user)]
        case View.DONE:
            return done_this_month(user, today)
        case View.LATE:
            return [sa.and_(way, late(today)) for way in branches(Assignment, user)]
        case View.ALL:
            return branches(Assignment, user)


def in_span(span: Span, today: date) -> Condition:
    """Rows that wait for their office and are due in this span."""
    return {
        Span.LATE: Assignment.awaited_on < today,
        Span.TODAY: Assignment.awaited_on == today,
        Span.WEEK: sa.and_(Assignment.awaited_on > today, Assignment.awaited_on <= today + timedelta(days=7)),
    }[span]


LIVE = Assignment.withdrawn_at.is_(None)


def assignments(
    user: User,
    *,
    view: View,
    today: date,
    status: AssignmentStatus | None = None,
    span: Span | None = None,
    after: Key | None = None,
) -> Page:
    """A page of assignments by due date; what is oldest comes first, for it waits longest."""
    owner = aliased(Office)
    statement: Any = (
        sa.select(
            Assignment.id,
            Assignment.due_on,
            Assignment.status,
            Assignment.task_id,
            Assignment.submitted_at,
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
        where.append(in_span(span, today))
    # What waits is found in the index of what waits, in the same order.
    waits = span is not None or status in WAITING or view in (View.LATE, View.OTHERS)
    sort: Any = Assignment.awaited_on if waits else Assignment.due_on
    if waits:
        where.append(sort.is_not(None))
    ways = ways_of(view, user, today)
    return visible_page(
        user, Assignment, statement, sort, ways=ways, where=where, after=after, ascending=True
    )


def counts_by_view(user: User, today: date) -> dict[View, int]:
    """How many rows wait in each view, at most MOST_COUNTED: one statement."""
    waiting = {View.MINE: [Assignment.awaited_on.is_not(None)], View.REVIEW: [], View.LATE: []}
    counts = [
        count_of(Assignment, ways_of(view, user, today), where=where, most=MOST_COUNTED)
        for view, where in waiting.items()
    ]
    return dict(zip(waiting, db.session.execute(sa.select(*counts)).one(), strict=True))


def own_assignment(user: User, task: Task) -> int | None:
    """The row of this task that an office of the user has to answer, if there is exactly such a one."""
    found = sa.select(Assignment.id).where(Assignment.task_id == task.id, mine(user)).order_by(Assignment.id)
    return db.session.scalar(found.limit(1))


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
