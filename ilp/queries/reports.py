"""The report on a period of a regency: figures, and the lists behind them by the same conditions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import Zone, to_utc
from ilp.core.db import db
from ilp.core.enums import LabelledEnum
from ilp.core.indonesian import roman
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.models.commitments import Clause, Commitment, CommitmentStatus, Target
from ilp.models.directory import Office
from ilp.models.documents import Document, DocumentKind, DocumentStatus
from ilp.models.meetings import Meeting, MeetingStatus, MinutesRow, RowKind
from ilp.models.tasks import WAITING, Assignment, AssignmentStatus, Task
from ilp.models.wilayah import Wilayah
from ilp.policy.scope import Condition, visible_within, within
from ilp.policy.user import User
from ilp.queries.assignments import LIVE, late
from ilp.queries.commitments import live_figure
from ilp.queries.listing import visible_page

HELD = (MeetingStatus.IN_SESSION, MeetingStatus.MINUTING, MeetingStatus.IN_REVIEW, MeetingStatus.APPROVED)


class Part(LabelledEnum):
    """A figure of the report whose rows can be listed; the value stands in the address."""

    MEETINGS = "rapat", "Rapat terlaksana"
    DECISIONS = "keputusan", "Keputusan rapat"
    TASKS = "tugas", "Tugas jatuh tempo"
    COMMITMENTS = "komitmen", "Komitmen bersama"
    PAPERS = "surat", "Surat dan naskah terbit"


class TaskState(LabelledEnum):
    """How a task that falls due in the period stands today."""

    ACCEPTED = "accepted", "diterima"
    SUBMITTED = "submitted", "menunggu pemeriksaan"
    OPEN = "in_progress", "belum selesai"
    LATE = "late", "terlambat"
    NOT_APPLICABLE = "not_applicable", "tidak berlaku"


@dataclass(frozen=True)
class Period:
    """A year, or a quarter of it."""

    year: int
    quarter: int | None = None

    @property
    def starts_on(self) -> date:
        return date(self.year, 3 * (self.quarter or 1) - 2, 1)

    @property
    def ends_before(self) -> date:
        if self.quarter in (None, 4):
            return date(self.year + 1, 1, 1)
        return date(self.year, 3 * self.quarter + 1, 1)

    @property
    def label(self) -> str:
        return f"Triwulan {roman(self.quarter)} {self.year}" if self.quarter else f"Tahun {self.year}"


@dataclass(frozen=True)
class Question:
    """Which place and period a report is about, and the day on which it is asked."""

    code: str
    period: Period
    today: date
    zone: Zone

    def days(self, column: Any) -> Condition:
        return sa.and_(column >= self.period.starts_on, column < self.period.ends_before)

    def meetings(self) -> Condition:
        start, end = (
            to_utc(day, time.min, self.zone) for day in (self.period.starts_on, self.period.ends_before)
        )
        return sa.and_(
            within(Meeting, self.code),
            Meeting.starts_at >= start,
            Meeting.starts_at < end,
            Meeting.status.in_(HELD),
        )

    def decisions(self) -> Condition:
        """Of rows that are joined to their meeting."""
        return sa.and_(self.meetings(), MinutesRow.kind == RowKind.DECISION, MinutesRow.removed_at.is_(None))

    def tasks(self, state: TaskState | None = None) -> Condition:
        due = sa.and_(within(Assignment, self.code), self.days(Assignment.due_on), LIVE)
        return due if state is None else sa.and_(due, self.in_state(state))

    def in_state(self, state: TaskState) -> Condition:
        return {
            TaskState.ACCEPTED: Assignment.status == AssignmentStatus.ACCEPTED,
            TaskState.SUBMITTED: Assignment.status == AssignmentStatus.SUBMITTED,
            TaskState.OPEN: sa.and_(Assignment.status.in_(WAITING), Assignment.due_on >= self.today),
            TaskState.LATE: late(self.today),
            TaskState.NOT_APPLICABLE: Assignment.status == AssignmentStatus.NOT_APPLICABLE,
        }[state]

    def commitments(self) -> Condition:
        return sa.and_(
            within(Commitment, self.code),
            self.days(sa.func.coalesce(Commitment.signed_on, Commitment.created_on)),
            Commitment.status.not_in((CommitmentStatus.DRAFT, CommitmentStatus.WITHDRAWN)),
        )

    def papers(self, kind: DocumentKind | None = None) -> Condition:
        issued = sa.and_(
            within(Document, self.code),
            self.days(Document.letter_date),
            Document.status == DocumentStatus.ISSUED,
        )
        return issued if kind is None else sa.and_(issued, Document.kind == kind)


# --- figures ------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Overview:
    """What happened in the period."""

    meetings: int
    decisions: int
    commitments: int


def overview(user: User, question: Question) -> Overview:
    """One statement."""
    seen = visible_within(Meeting, user, question.code)
    meetings = sa.select(sa.func.count(Meeting.id)).where(seen, question.meetings())
    decisions = (
        sa.select(sa.func.count(MinutesRow.id))
        .join(Meeting, Meeting.id == MinutesRow.meeting_id)
        .where(seen, question.decisions())
    )
    commitments = sa.select(sa.func.count(Commitment.id)).where(
        visible_within(Commitment, user, question.code), question.commitments()
    )
    counts = (meetings, decisions, commitments)
    return Overview(*db.session.execute(sa.select(*(count.scalar_subquery() for count in counts))).one())


@dataclass(frozen=True)
class Place:
    """A kecamatan (or the regency's own offices, without a code) and its tasks by state."""

    code: str
    name: str
    counts: dict[TaskState, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def tasks_by_place(user: User, question: Question) -> list[Place]:
    """How the rows that fall due stand, by kecamatan: one statement. Offices above come first."""
    columns = [sa.func.count().filter(question.in_state(state)).label(state.name) for state in TaskState]
    counted = (
        sa.select(Assignment.district_code, *columns)
        .where(visible_within(Assignment, user, question.code), question.tasks())
        .group_by(Assignment.district_code)
        .subquery()
    )
    district, *counts = counted.c
    rows = db.session.execute(
        sa.select(district, Wilayah.name, *counts)
        .outerjoin(Wilayah, Wilayah.code == district)
        .order_by(district)
    )
    return [Place(row[0], row[1] or "", dict(zip(TaskState, map(int, row[2:]), strict=True))) for row in rows]


def papers_by_kind(user: User, question: Question) -> dict[DocumentKind, int]:
    """One statement."""
    rows = db.session.execute(
        sa.select(Document.kind, sa.func.count())
        .where(visible_within(Document, user, question.code), question.papers())
        .group_by(Document.kind)
    )
    return dict(rows.all())


def targets_due(user: User, question: Question) -> Sequence[Any]:
    """Targets of commitments that fall due in the period, with the live figure where there is one."""
    return db.session.execute(
        sa.select(
            Target.indicator,
            Target.unit,
            Target.value,
            Target.due_on,
            Commitment.id.label("commitment_id"),
            live_figure(question.code[:5]).label("reached"),
        )
        .join(Clause, Clause.id == Target.clause_id)
        .join(Commitment, Commitment.id == Clause.commitment_id)
        .where(
            visible_within(Commitment, user, question.code),
            within(Commitment, question.code),
            Commitment.status.in_(
                (CommitmentStatus.CLOSED, CommitmentStatus.SEALED, CommitmentStatus.IN_FORCE)
            ),
            question.days(Target.due_on),
            Target.removed_at.is_(None),
            Clause.removed_at.is_(None),
        )
        .order_by(Target.due_on, Target.id)
        .limit(PAGE_SIZE)
    ).all()


# --- lists --------------------------------------------------------------------------------------
def meetings(user: User, question: Question, after: Key | None, *, size: int = PAGE_SIZE) -> Page:
    """The meetings behind a figure, a page by key."""
    statement: Any = sa.select(
        Meeting.id,
        Meeting.starts_at.label("day"),
        Meeting.title,
        Office.name.label("office_name"),
        Meeting.status,
    ).join(Office, Office.id == Meeting.office_id)
    return visible_page(
        user, Meeting, statement, Meeting.starts_at, where=(question.meetings(),), after=after, size=size
    )


def decisions(user: User, question: Question, after: Key | None, *, size: int = PAGE_SIZE) -> Page:
    """Bounded by the meetings of the period; newest first."""
    conditions = [visible_within(Meeting, user, question.code), question.decisions()]
    if after is not None:
        conditions.append(MinutesRow.id < after.id)
    rows = db.session.execute(
        sa.select(
            Meeting.id,
            Meeting.starts_at.label("day"),
            MinutesRow.text.label("title"),
            Meeting.title.label("office_name"),
            MinutesRow.id.label("row_id"),
        )
        .join(Meeting, Meeting.id == MinutesRow.meeting_id)
        .where(*conditions)
        .order_by(MinutesRow.id.desc())
        .limit(size + 1)
    ).all()
    more = len(rows) > size
    last = rows[size - 1].row_id if more else None
    return Page(rows[:size], Key(last, last) if last else None, after is None)


def tasks(
    user: User, question: Question, state: TaskState | None, after: Key | None, *, size: int = PAGE_SIZE
) -> Page:
    """The assignments behind a figure, a page by key; of one state if it is given."""
    statement: Any = (
        sa.select(
            Assignment.id,
            Assignment.due_on.label("day"),
            Task.title,
            Office.name.label("office_name"),
            Assignment.status,
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Office, Office.id == Assignment.office_id)
    )
    where = (question.tasks(state),)
    return visible_page(
        user, Assignment, statement, Assignment.due_on, where=where, after=after, size=size, ascending=True
    )


def commitments(user: User, question: Question, after: Key | None, *, size: int = PAGE_SIZE) -> Page:
    """The commitments behind a figure, a page by key."""
    statement: Any = sa.select(
        Commitment.id,
        Commitment.created_on.label("day"),
        Commitment.title,
        Office.name.label("office_name"),
        Commitment.status,
    ).join(Office, Office.id == Commitment.office_id)
    return visible_page(
        user,
        Commitment,
        statement,
        Commitment.created_on,
        where=(question.commitments(),),
        after=after,
        size=size,
    )


def papers(
    user: User, question: Question, kind: DocumentKind | None, after: Key | None, *, size: int = PAGE_SIZE
) -> Page:
    """The papers behind a figure, a page by key; of one kind if it is given."""
    statement: Any = sa.select(
        Document.id,
        Document.letter_date.label("day"),
        Document.title,
        Office.name.label("office_name"),
        Document.status,
    ).join(Office, Office.id == Document.office_id)
    return visible_page(
        user,
        Document,
        statement,
        Document.letter_date,
        where=(question.papers(kind),),
        after=after,
        size=size,
    )
