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
from ilp.policy.scope import Condition, visible
from ilp.policy.user import User
from ilp.queries.listing import visible_page

MOST_COUNTED = 200
"""Counts beside filters stop here ("200+"): a menu must not cost more than the list it opens."""

parent_row = aliased(Assignment, name="parent_row")


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
    return sa.and_(Assignment.due_on < today, Assignment.status.in_(WAITING))


def mine(user: User) -> Condition:
    """Rows the user's offices have to answer."""
    return Assignment.office_id.in_(sorted(user.offices - user.offices_as(Role.LEADER)))


def for_my_review(user: User) -> Condition:
    """Rows whose reviewer is an office of the user: the SQL of policy.rules.reviews."""
    above = user.offices_as(Role.IMPLEMENTER)
    issuing = user.offices_as(*WRITERS, Role.IMPLEMENTER)
    return sa.and_(
        Assignment.status == AssignmentStatus.SUBMITTED,
        Assignment.office_id.not_in(sorted(user.offices)),
        sa.or_(
            Assignment.parent_id.in_(sa.select(parent_row.id).where(parent_row.office_id.in_(sorted(above)))),
            sa.and_(
                Assignment.parent_id.is_(None),
                Assignment.task_id.in_(sa.select(Task.id).where(Task.owner_office_id.in_(sorted(issuing)))),
            ),
        ),
    )


def _issued(user: User) -> sa.Select[int]:
    """Tasks that the user's offices gave."""
    offices = user.offices_as(*WRITERS, Role.IMPLEMENTER, Role.LEADER)
    return sa.select(Task.id).where(Task.owner_office_id.in_(sorted(offices)))


def given_or_mine(user: User) -> Condition:
    """Rows that the user's offices gave or have to answer."""
    return sa.or_(Assignment.office_id.in_(sorted(user.offices)), Assignment.task_id.in_(_issued(user)))


def with_others(user: User) -> Condition:
    """Rows my offices gave, on which somebody else has to act next."""
    return sa.and_(
        Assignment.task_id.in_(_issued(user)),
        Assignment.parent_id.is_(None),
        Assignment.office_id.not_in(sorted(user.offices)),
        Assignment.status.in_(WAITING),
    )


def done_this_month(user: User, today: date) -> Condition:
    """Rows given or mine that were accepted since the first of the month, by the user's clock."""
    first = to_utc(today.replace(day=1), time.min, user.zone)
    return sa.and_(
        given_or_mine(user), Assignment.status == AssignmentStatus.ACCEPTED, Assignment.reviewed_at >= first
    )


def of_view(view: View, user: User, today: date) -> Condition:
    """What a view of the register shows; the figures of the desk count by the same conditions."""
    return {
        View.MINE: mine(user),
        View.REVIEW: for_my_review(user),
        View.LATE: late(today),
        View.OTHERS: with_others(user),
        View.DONE: done_this_month(user, today),
        View.ALL: sa.true(),
    }[view]


def in_span(span: Span, today: date) -> Condition:
    """Rows that wait for their office and are due in this span."""
    due = {
        Span.LATE: Assignment.due_on < today,
        Span.TODAY: Assignment.due_on == today,
        Span.WEEK: sa.and_(Assignment.due_on > today, Assignment.due_on <= today + timedelta(days=7)),
    }
    return sa.and_(due[span], Assignment.status.in_(WAITING))


LIVE = Assignment.task_id.not_in(sa.select(Task.id).where(Task.withdrawn_at.is_not(None)))


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
    where = [of_view(view, user, today), LIVE]
    if status is not None:
        where.append(Assignment.status == status)
    if span is not None:
        where.append(in_span(span, today))
    return visible_page(
        user, Assignment, statement, Assignment.due_on, where=tuple(where), after=after, ascending=True
    )


def counts_by_view(user: User, today: date) -> dict[View, int]:
    """How many rows wait in each view, at most MOST_COUNTED: one statement."""

    def bounded(condition: Condition) -> sa.ScalarSelect[int]:
        some = sa.select(Assignment.id).where(visible(Assignment, user), LIVE, condition).limit(MOST_COUNTED)
        return sa.select(sa.func.count()).select_from(some.subquery()).scalar_subquery()

    waiting = sa.and_(mine(user), Assignment.status.in_(WAITING))
    row = db.session.execute(
        sa.select(bounded(waiting), bounded(for_my_review(user)), bounded(late(today)))
    ).one()
    return dict(zip((View.MINE, View.REVIEW, View.LATE), row, strict=True))


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
