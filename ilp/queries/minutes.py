"""Reading the minutes: the agenda with its rows, and what a row refers to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ilp.core.db import columns_of, db, entity, execute
from ilp.core.differences import Piece, differences
from ilp.core.errors import NotFound
from ilp.core.statements import bound, prepared
from ilp.models.meetings import AgendaItem, AgendaStatus, MinutesRow, RowKind
from ilp.models.tasks import Assignment, AssignmentStatus, EvidenceKind, Task
from ilp.policy.scope import Reach, values_of, visible
from ilp.policy.user import User
from ilp.queries.tasks import upper

ROWS_ON_A_PAGE = 200

Cut = tuple[int, int, int]
"""Where a page of rows ends: number of the item, place of the row, id of the row."""


@dataclass(frozen=True, slots=True)
class TaskProgress:
    """The task behind a row: when, for whom, and how many of the rows this user sees have been accepted."""

    id: int
    due_on: date
    addressed_to: str
    evidence: EvidenceKind
    total: int
    accepted: int
    readable: bool


@dataclass(slots=True)
class Row:
    """A row of the minutes as it is shown; `rivals` are texts of others that wait to be settled."""

    id: int
    item_id: int
    number: str
    kind: RowKind
    text: str
    version: int
    decision: str
    author: str
    saved_at: datetime
    removed: bool = False
    basis: str = ""
    basis_id: int | None = None
    task: TaskProgress | None = None
    derived: int = 0
    rivals: list[Row] = field(default_factory=list)

    @property
    def paragraphs(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.strip()]

    @property
    def is_fixed(self) -> bool:
        """What was removed, and a task that was given out, is not rewritten."""
        return self.removed or self.kind is RowKind.TASK

    @property
    def texts(self) -> list[tuple[Row, list[Piece]]]:
        """This row and its rivals, each with the words in which it differs from the other."""
        first = self.rivals[0].text if self.rivals else self.text
        others = [(rival, differences(rival.text, self.text)) for rival in self.rivals]
        return [(self, differences(self.text, first)), *others]


@dataclass(slots=True)
class Item:
    """An agenda item and its rows, numbered as on paper."""

    id: int
    number: int
    title: str
    presenter: str
    minutes_planned: int | None
    status: AgendaStatus
    carried_over: bool
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Agenda:
    """A page of the agenda; `next` is where the following page starts, `current` the item at hand."""

    items: Sequence[Item]
    next: Cut | None = None

    @property
    def rows(self) -> list[Row]:
        return [row for item in self.items for row in item.rows]

    @property
    def clashes(self) -> list[Row]:
        return [row for row in self.rows if row.rivals and not row.removed]

    @property
    def unowned(self) -> list[Row]:
        """Decisions that nobody was asked to carry out."""
        return [
            row for row in self.rows if row.kind is RowKind.DECISION and not row.derived and not row.removed
        ]

    @property
    def current(self) -> Item | None:
        """The item at hand: the last one taken up if it is still being discussed, else the first pending."""
        taken_up = [item for item in self.items if item.status is not AgendaStatus.PENDING]
        if taken_up and taken_up[-1].status is AgendaStatus.DISCUSSED:
            return taken_up[-1]
        return next((item for item in self.items if item.status is AgendaStatus.PENDING), None)


def agenda_of(
    user: User, meeting_id: int, *, after: Cut | None = None, size: int | None = ROWS_ON_A_PAGE
) -> Agenda:
    """The items of a meeting with their rows and the progress of their tasks: one statement.

    `size=None` reads all of it, for the paper. What was removed is there, too: its number is used.
    """
    values = values_of(user) | {"meeting": meeting_id}
    if after is not None:
        values |= zip(("after_number", "after_place", "after_row"), after, strict=True)
    found = execute(_agenda(Reach.of(user), size, turned=after is not None), values).all()
    if size is None or len(found) <= size:
        return Agenda(_items(found))
    last = found[size - 1]
    return Agenda(_items(found[:size]), (last.number, last.row_place or 0, last.row_id or 0))


def row_of(user: User, meeting_id: int, row_id: int) -> Row:
    """One row as the agenda shows it: one statement. Raises NotFound for a row of another meeting."""
    values = values_of(user) | {"meeting": meeting_id, "row": row_id}
    for item in _items(execute(_around_row(Reach.of(user)), values).all()):
        for row in item.rows:
            if row.id == row_id:
                return row
    raise NotFound


@prepared
def _agenda(reach: Reach, size: int | None, *, turned: bool) -> sa.Select[Any]:
    items = _numbered()
    statement = _items_with_rows(reach, items)
    if turned:
        number = bound("after_number", sa.Integer)
        key = sa.tuple_(bound("after_place", sa.Integer), bound("after_row", sa.Integer))
        later = sa.and_(items.c.number == number, sa.tuple_(MinutesRow.place, MinutesRow.id) > key)
        statement = statement.where(sa.or_(items.c.number > number, later))
    return statement if size is None else statement.limit(size + 1)


@prepared
def _around_row(reach: Reach) -> sa.Select[Any]:
    """A row, its rivals, and what follows from it, each found by an index however long the minutes are."""
    row = bound("row", sa.Integer)
    around = sa.or_(MinutesRow.id == row, MinutesRow.basis_id == row, MinutesRow.clash_of_id == row)
    ids = sa.select(MinutesRow.id).where(around)
    return _items_with_rows(reach, _numbered(), ids)


def _numbered() -> sa.CTE:
    """The items of the meeting `meeting` with the numbers people call them by."""
    items = AgendaItem.__table__.c
    number = sa.func.row_number().over(order_by=(items.place, items.id)).label("number")
    return sa.select(*items, number).where(items.meeting_id == bound("meeting")).cte("numbered")


def _items_with_rows(reach: Reach, items: sa.CTE, ids: sa.Select[int] | None = None) -> sa.Select[Any]:
    """Items and rows in order, with what they refer to; of some rows only, where their `ids` are given."""
    found, given = MinutesRow.meeting_id == bound("meeting"), Task.meeting_id == bound("meeting")
    if ids is not None:
        found = MinutesRow.id.in_(ids)
        given = Task.id.in_(sa.select(MinutesRow.task_id).where(found))
    progress = (
        sa.select(
            Assignment.task_id,
            sa.func.count().label("total"),
            sa.func.count().filter(Assignment.status == AssignmentStatus.ACCEPTED).label("accepted"),
        )
        .join(Task, Task.id == Assignment.task_id)
        .where(given, upper(reach), visible(Assignment, reach))
        .group_by(Assignment.task_id)
        .subquery()
    )
    basis, basis_item = aliased(MinutesRow), items.alias()
    below = sa.and_(
        found,
        MinutesRow.agenda_item_id == items.c.id,
        sa.or_(MinutesRow.removed_at.is_(None), MinutesRow.clash_of_id.is_(None)),
    )
    return (
        sa.select(
            items.c.id,
            items.c.number,
            items.c.title,
            items.c.presenter,
            items.c.minutes_planned,
            items.c.status,
            items.c.carried_over,
            MinutesRow.id.label("row_id"),
            MinutesRow.place.label("row_place"),
            MinutesRow.kind,
            MinutesRow.text,
            MinutesRow.version,
            MinutesRow.decision_number,
            MinutesRow.decision_year,
            MinutesRow.author_name,
            MinutesRow.updated_at,
            MinutesRow.removed_at,
            MinutesRow.clash_of_id,
            basis.id.label("basis_id"),
            basis_item.c.number.label("basis_number"),
            basis.place.label("basis_place"),
            Task.id.label("task_id"),
            Task.due_on,
            Task.addressed_to,
            Task.evidence,
            progress.c.total,
            progress.c.accepted,
            sa.case((visible(Task, reach), 1), else_=0).label("readable"),
        )
        .select_from(items)
        .join(MinutesRow, below, isouter=ids is None)
        .outerjoin(basis, basis.id == MinutesRow.basis_id)
        .outerjoin(basis_item, basis_item.c.id == basis.agenda_item_id)
        .outerjoin(Task, Task.id == MinutesRow.task_id)
        .outerjoin(progress, progress.c.task_id == Task.id)
        .order_by(items.c.number, MinutesRow.place, MinutesRow.id)
    )


def _items(found: Sequence[Any]) -> list[Item]:
    """Builds the tree: rows under their items, rivals beside their rows, tasks counted at their basis.

    The first seven columns are those of an `Item`.
    """
    items: dict[int, Item] = {}
    rows: dict[int, Row] = {}
    for one in found:
        item = items.get(one.id)
        if item is None:
            item = items[one.id] = Item(*one[:7])
        if one.row_id is None:
            continue
        row = rows[one.row_id] = _row(item, one[7:])
        rival_of = rows.get(one.clash_of_id)
        (item.rows if rival_of is None else rival_of.rivals).append(row)
    for row in rows.values():
        if row.kind is RowKind.TASK and row.basis_id in rows:
            rows[row.basis_id].derived += 1
    return list(items.values())


def _row(item: Item, columns: Sequence[Any]) -> Row:
    """A row from the columns that follow those of its item."""
    row_id, place, kind, text, version, number, year, author, saved_at, removed_at, *more = columns
    _, basis_id, basis_number, basis_place, *task = more
    return Row(
        id=row_id,
        item_id=item.id,
        number=f"{item.number}.{place}",
        kind=kind,
        text=text,
        version=version,
        decision=f"{number}/{year}" if number else "",
        author=author,
        saved_at=saved_at,
        removed=removed_at is not None,
        basis=f"{basis_number}.{basis_place}" if basis_id else "",
        basis_id=basis_id,
        task=_progress(task),
    )


def _progress(columns: Sequence[Any]) -> TaskProgress | None:
    """The task of a row, if it has one, from the last of its columns."""
    task_id, due_on, addressed_to, evidence, total, accepted, readable = columns
    if task_id is None:
        return None
    return TaskProgress(
        task_id, due_on, addressed_to, evidence, total or 0, accepted or 0, readable=bool(readable)
    )


@dataclass(frozen=True, slots=True)
class Spot:
    """An agenda item to write under, its number, and the place of its next row."""

    item: AgendaItem
    number: int
    next_place: int


def spot(meeting_id: int, item_id: int) -> Spot:
    """One statement. Raises NotFound for an item of another meeting."""
    found = db.session.execute(_spot(), {"meeting": meeting_id, "item": item_id}).one_or_none()
    if found is None:
        raise NotFound
    return Spot(*found)


@prepared
def _spot() -> sa.Select[Any]:
    items, item = _numbered(), bound("item", sa.Integer)
    return (
        sa.select(AgendaItem, items.c.number, _following(item))
        .join(items, items.c.id == AgendaItem.id)
        .where(AgendaItem.id == item)
    )


def room(meeting_id: int, item_id: int) -> tuple[AgendaStatus, int]:
    """How an agenda item stands, and the place of its next row. NotFound for one of another meeting."""
    found = execute(_room(), {"meeting": meeting_id, "item": item_id}).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


@prepared
def _room() -> sa.Select[AgendaStatus, int]:
    of_meeting, item = AgendaItem.meeting_id == bound("meeting"), bound("item", sa.Integer)
    return sa.select(AgendaItem.status, _following(item)).where(AgendaItem.id == item, of_meeting)


def _following(item: sa.BindParameter[int]) -> sa.ScalarSelect[int]:
    """The place after the last row of an item."""
    last = sa.func.coalesce(sa.func.max(MinutesRow.place), 0)
    of_item = MinutesRow.meeting_id == bound("meeting"), MinutesRow.agenda_item_id == item
    return sa.select(last + 1).where(*of_item).scalar_subquery()


def row_in(meeting_id: int, row_id: int) -> MinutesRow:
    """A row of a meeting, without what waits beside it: NotFound for one of another meeting."""
    found = execute(_row_in(), {"meeting": meeting_id, "row": row_id}).one_or_none()
    if found is None:
        raise NotFound
    return entity(MinutesRow, found)


@prepared
def _row_in() -> sa.Select[*tuple[Any, ...]]:
    row, of_meeting = MinutesRow.id == bound("row"), MinutesRow.meeting_id == bound("meeting")
    return sa.select(*columns_of(MinutesRow)).where(row, of_meeting, MinutesRow.clash_of_id.is_(None))


def rivals_of(row_id: int) -> Sequence[MinutesRow]:
    """The texts that wait beside a row, the earliest first."""
    return db.session.scalars(
        sa.select(MinutesRow)
        .where(MinutesRow.clash_of_id == row_id, MinutesRow.removed_at.is_(None))
        .order_by(MinutesRow.id)
    ).all()


def offices_with_tasks(meeting_id: int) -> sa.Select[Any]:
    """Offices that were given something to do at a meeting, as a query for their ids."""
    return (
        sa.select(Assignment.office_id)
        .join(Task, Task.id == Assignment.task_id)
        .where(Task.meeting_id == meeting_id)
    )
