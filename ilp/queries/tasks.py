"""Reading tasks: the inbox and register, one task with its offices, one assignment, the matrix.

Long lists are rows of columns. Every list is bounded by an index of `policy.scope.branches` or by
the key of one task.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from ilp.core.clock import to_utc
from ilp.core.db import db
from ilp.core.enums import LabelledEnum
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.models.accounts import Role
from ilp.models.commitments import Clause, Commitment
from ilp.models.directory import VILLAGE_OFFICES, Office, OfficeKind
from ilp.models.meetings import Meeting, MeetingStatus, MinutesRow
from ilp.models.pokjanal import CoordinationBody
from ilp.models.tasks import (
    WAITING,
    Assignment,
    AssignmentEvent,
    AssignmentFollower,
    AssignmentStatus,
    Evidence,
    Task,
    TaskOrigin,
)
from ilp.models.wilayah import RegencySetting, Wilayah
from ilp.policy.rules import WRITERS
from ilp.policy.scope import Condition, visible, within
from ilp.policy.user import User
from ilp.queries.listing import visible_page

MOST_COUNTED = 200
"""Counts beside filters stop here ("200+"): a menu must not cost more than the list it opens."""
ROWS_OF_A_TASK = 120
CHILDREN_SHOWN = 400
COLUMNS_OF_A_MATRIX = 12

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


@dataclass(frozen=True)
class Progress:
    """How far rows below have come."""

    total: int = 0
    accepted: int = 0
    submitted: int = 0

    @classmethod
    def of(cls, statuses: Iterable[AssignmentStatus]) -> Progress:
        """Exempted rows do not count: what does not apply is neither done nor to be done."""
        applicable = [status for status in statuses if status is not AssignmentStatus.NOT_APPLICABLE]
        return cls(
            len(applicable),
            applicable.count(AssignmentStatus.ACCEPTED),
            applicable.count(AssignmentStatus.SUBMITTED),
        )


# --- conditions ---------------------------------------------------------------------------------
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
    due = {
        Span.LATE: Assignment.due_on < today,
        Span.TODAY: Assignment.due_on == today,
        Span.WEEK: sa.and_(Assignment.due_on > today, Assignment.due_on <= today + timedelta(days=7)),
    }
    return sa.and_(due[span], Assignment.status.in_(WAITING))


LIVE = Assignment.task_id.not_in(sa.select(Task.id).where(Task.withdrawn_at.is_not(None)))


# --- the register -------------------------------------------------------------------------------
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


def tasks(user: User, *, origin: TaskOrigin | None, after: Key | None) -> Page:
    """A page of the register of tasks, latest due date first."""
    statement: Any = sa.select(
        Task.id, Task.due_on, Task.title, Task.origin, Task.addressed_to, Task.division, Office.name
    ).join(Office, Office.id == Task.owner_office_id)
    where: list[Condition] = [Task.withdrawn_at.is_(None)]
    if origin is not None:
        where.append(Task.origin == origin)
    return visible_page(user, Task, statement, Task.due_on, where=tuple(where), after=after)


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


# --- progress -----------------------------------------------------------------------------------
def _counted(status: AssignmentStatus) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((Assignment.status == status, 1), else_=0)), 0)


def _progress(key: Any, condition: Condition) -> dict[int, Progress]:
    """`Progress.of`, counted by the database."""
    rows = db.session.execute(
        sa.select(
            key,
            sa.func.count(),
            _counted(AssignmentStatus.ACCEPTED),
            _counted(AssignmentStatus.SUBMITTED),
        )
        .where(condition, Assignment.status != AssignmentStatus.NOT_APPLICABLE)
        .group_by(key)
    )
    return {found: Progress(total, accepted, submitted) for found, total, accepted, submitted in rows}


def progress_of_tasks(task_ids: Iterable[int]) -> dict[int, Progress]:
    """The top rows of each task: one statement. A task without an applicable row is missing."""
    return _progress(
        Assignment.task_id, sa.and_(Assignment.task_id.in_(list(task_ids)), Assignment.parent_id.is_(None))
    )


def progress_below(assignment_ids: Iterable[int]) -> dict[int, Progress]:
    """The rows of desa/kelurahan under each assignment: one statement."""
    return _progress(Assignment.parent_id, Assignment.parent_id.in_(list(assignment_ids)))


# --- one task -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Counts:
    """How many rows of a task stand where, by level."""

    top: dict[AssignmentStatus, int]
    below: dict[AssignmentStatus, int]
    late: int

    @property
    def total(self) -> int:
        return sum(self.top.values())


def counts_of_task(user: User, task: Task, today: date) -> Counts:
    """One statement over the rows of this task that the user may see."""
    below = Assignment.parent_id.is_not(None)
    rows = db.session.execute(
        sa.select(below, Assignment.status, sa.func.count(), sa.func.sum(sa.case((late(today), 1), else_=0)))
        .where(Assignment.task_id == task.id, visible(Assignment, user))
        .group_by(below, Assignment.status)
    ).all()
    return Counts(
        top={status: n for under, status, n, _ in rows if not under},
        below={status: n for under, status, n, _ in rows if under},
        late=sum(overdue for under, _, _, overdue in rows if not under),
    )


def _rows(condition: Condition, *, limit: int) -> Sequence[Any]:
    """Rows of one task in the order of their offices' codes, which is the order of their ids."""
    return db.session.execute(
        sa.select(
            Assignment.id,
            Assignment.parent_id,
            Assignment.office_id,
            Assignment.status,
            Assignment.due_on,
            Assignment.reason,
            Assignment.submitted_at,
            Office.name.label("office_name"),
            Office.kind.label("office_kind"),
            Office.wilayah_code,
        )
        .join(Office, Office.id == Assignment.office_id)
        .where(condition)
        .order_by(Assignment.id)
        .limit(limit)
    ).all()


def top_rows(
    user: User, task: Task, *, today: date, status: AssignmentStatus | None, overdue: bool, after: int
) -> tuple[Sequence[Any], int | None]:
    """A page of the upper rows of a task, and the id it ends with when there are more.

    A desa, or whoever follows one, finds that row here although it hangs under a kecamatan.
    """
    followed = sa.select(AssignmentFollower.assignment_id).where(
        AssignmentFollower.office_id.in_(sorted(user.partner_offices))
    )
    conditions = [
        Assignment.task_id == task.id,
        visible(Assignment, user),
        sa.or_(
            Assignment.parent_id.is_(None),
            Assignment.office_id.in_(sorted(user.offices)),
            Assignment.id.in_(followed),
        ),
        Assignment.id > after,
    ]
    if status is not None:
        conditions.append(Assignment.status == status)
    if overdue:
        conditions.append(late(today))
    rows = _rows(sa.and_(*conditions), limit=ROWS_OF_A_TASK + 1)
    more = len(rows) > ROWS_OF_A_TASK
    return rows[:ROWS_OF_A_TASK], rows[ROWS_OF_A_TASK - 1].id if more else None


def rows_below(user: User, assignment_id: int) -> Sequence[Any]:
    """The rows of desa/kelurahan under one assignment, as far as the user may see them."""
    condition = sa.and_(Assignment.parent_id == assignment_id, visible(Assignment, user))
    return _rows(condition, limit=CHILDREN_SHOWN)


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


def own_assignment(user: User, task: Task) -> int | None:
    """The row of this task that an office of the user has to answer, if there is exactly such a one."""
    found = sa.select(Assignment.id).where(Assignment.task_id == task.id, mine(user)).order_by(Assignment.id)
    return db.session.scalar(found.limit(1))


def origin_of(task: Task) -> Any:
    """Where a task comes from, whichever it is: meeting and decision, clause, or body. One statement."""
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
    return db.session.execute(
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
        .where(Task.id == task.id)
        .limit(1)
    ).one()


# --- one assignment -----------------------------------------------------------------------------
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


# --- the matrix of kecamatan and tasks ----------------------------------------------------------
def set_up_regencies(user: User) -> Sequence[Any]:
    """Regencies (code, name) whose whole area the user reads or is part of, for the choice of a matrix."""
    reach = {code for code in user.places if code.count(".") <= 1}
    reach |= {g.wilayah_code[:5] for g in user.grants if g.wilayah_code.count(".") >= 1}
    ways = [
        Wilayah.code == code if "." in code else Wilayah.code.startswith(code, autoescape=True)
        for code in sorted(reach)
    ]
    return db.session.execute(
        sa.select(Wilayah.code, Wilayah.kind, Wilayah.name)
        .join(RegencySetting, RegencySetting.regency_code == Wilayah.code)
        .where(sa.or_(sa.false(), *ways))
        .order_by(Wilayah.code)
        .limit(PAGE_SIZE)
    ).all()


def tasks_of_matrix(
    user: User, regency_code: str, *, origin: TaskOrigin | None, body_id: int | None, meeting_id: int | None
) -> Sequence[Any]:
    """The tasks that stand in the columns, the latest due ones, in the order of their due dates."""
    addressed = sa.exists().where(
        Assignment.task_id == Task.id,
        Assignment.parent_id.is_(None),
        Assignment.office_id == Office.id,
        Office.kind == OfficeKind.KECAMATAN,
    )
    conditions = [
        visible(Task, user),
        Task.regency_code == regency_code,
        Task.withdrawn_at.is_(None),
        addressed,
    ]
    chosen = ((Task.origin, origin), (Task.body_id, body_id), (Task.meeting_id, meeting_id))
    conditions += [column == value for column, value in chosen if value is not None]
    rows = db.session.execute(
        sa.select(Task.id, Task.title, Task.due_on)
        .where(*conditions)
        .order_by(Task.due_on.desc(), Task.id.desc())
        .limit(COLUMNS_OF_A_MATRIX)
    ).all()
    return rows[::-1]


def cells(user: User, task_ids: Sequence[int], parents: Sequence[int] | None = None) -> Sequence[Any]:
    """Rows of these tasks by office: those of kecamatan, or those under `parents`. One statement."""
    level = (
        sa.and_(Assignment.parent_id.is_(None), Office.kind == OfficeKind.KECAMATAN)
        if parents is None
        else Assignment.parent_id.in_(parents)
    )
    return db.session.execute(
        sa.select(
            Assignment.id,
            Assignment.task_id,
            Assignment.status,
            Assignment.due_on,
            Office.wilayah_code,
            Wilayah.name,
        )
        .join(Office, Office.id == Assignment.office_id)
        .join(Wilayah, Wilayah.code == Office.wilayah_code)
        .where(Assignment.task_id.in_(task_ids), level, visible(Assignment, user))
        .order_by(Office.wilayah_code, Assignment.id)
    ).all()


def villages_by_district(regency_code: str) -> dict[str, int]:
    """How many desa/kelurahan each kecamatan of a regency has: one statement."""
    rows = db.session.execute(
        sa.select(Office.district_code, sa.func.count())
        .where(
            within(Office, regency_code),
            Office.kind.in_((OfficeKind.DESA, OfficeKind.KELURAHAN)),
            Office.archived_at.is_(None),
        )
        .group_by(Office.district_code)
    )
    return {row[0]: row[1] for row in rows}
