"""Reading the minutes: the agenda with its rows, what earlier meetings left undone, and who came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from ilp.core.db import db
from ilp.core.differences import Piece, differences
from ilp.core.errors import NotFound, RuleViolation
from ilp.core.indonesian import joined
from ilp.models.accounts import Account
from ilp.models.directory import Appointment, AppointmentKind, Office, Person, Position
from ilp.models.meetings import AgendaItem, AgendaStatus, Meeting, MinutesRow, RowKind
from ilp.models.tasks import OPEN, WAITING, Assignment, AssignmentStatus, EvidenceKind, Task
from ilp.models.wilayah import Wilayah
from ilp.policy.scope import visible, within
from ilp.policy.user import User
from ilp.queries.directory import OFFICE_KEYS, holds_on

ROWS_ON_A_PAGE = 200
LONGEST_CHAIN = 60
CARRIED_ON_A_PAGE = 30

Cut = tuple[int, int, int]
"""Where a page of rows ends: number of the item, place of the row, id of the row."""


# --- the agenda and its rows -----------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class TaskProgress:
    """The task behind a row: when, for whom, and how many have been accepted."""

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
        """The first item nobody has dealt with yet."""
        return next((item for item in self.items if item.status is AgendaStatus.PENDING), None)


def agenda_of(
    user: User, meeting_id: int, *, after: Cut | None = None, size: int | None = ROWS_ON_A_PAGE
) -> Agenda:
    """The items of a meeting with their rows and the progress of their tasks: one statement.

    `size=None` reads all of it, for the paper. What was removed is there, too: its number is used.
    """
    items = _numbered(meeting_id)
    statement = _agenda(user, meeting_id, items)
    if after is not None:
        number, place, row_id = after
        later = sa.tuple_(MinutesRow.place, MinutesRow.id) > sa.tuple_(sa.literal(place), sa.literal(row_id))
        statement = statement.where(sa.or_(items.c.number > number, sa.and_(items.c.number == number, later)))
    if size is not None:
        statement = statement.limit(size + 1)
    found = db.session.execute(statement).all()
    if size is None or len(found) <= size:
        return Agenda(_items(found))
    last = found[size - 1]
    return Agenda(_items(found[:size]), (last.number, last.row_place or 0, last.row_id or 0))


def row_of(user: User, meeting_id: int, row_id: int) -> Row:
    """One row as the agenda shows it: one statement. Raises NotFound for a row of another meeting."""
    around = sa.or_(MinutesRow.id == row_id, MinutesRow.basis_id == row_id, MinutesRow.clash_of_id == row_id)
    statement = _agenda(user, meeting_id, _numbered(meeting_id)).where(around)
    for item in _items(db.session.execute(statement).all()):
        for row in item.rows:
            if row.id == row_id:
                return row
    raise NotFound


def _numbered(meeting_id: int) -> sa.Subquery:
    """The items of a meeting with the numbers people call them by."""
    order = (AgendaItem.place, AgendaItem.id)
    number = sa.func.row_number().over(order_by=order).label("number")
    return sa.select(AgendaItem, number).where(AgendaItem.meeting_id == meeting_id).subquery()


def _agenda(user: User, meeting_id: int, items: sa.Subquery) -> sa.Select[Any]:
    """Items and rows in order, with what they refer to."""
    progress = (
        sa.select(
            Assignment.task_id,
            sa.func.count().label("total"),
            _count(Assignment.status == AssignmentStatus.ACCEPTED).label("accepted"),
        )
        .join(Task, Task.id == Assignment.task_id)
        .where(Task.meeting_id == meeting_id, Assignment.parent_id.is_(None))
        .group_by(Assignment.task_id)
        .subquery()
    )
    basis, basis_item = aliased(MinutesRow), items.alias()
    shown = sa.or_(MinutesRow.removed_at.is_(None), MinutesRow.clash_of_id.is_(None))
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
            sa.case((visible(Task, user), 1), else_=0).label("readable"),
        )
        .select_from(items)
        .outerjoin(MinutesRow, sa.and_(MinutesRow.agenda_item_id == items.c.id, shown))
        .outerjoin(basis, basis.id == MinutesRow.basis_id)
        .outerjoin(basis_item, basis_item.c.id == basis.agenda_item_id)
        .outerjoin(Task, Task.id == MinutesRow.task_id)
        .outerjoin(progress, progress.c.task_id == Task.id)
        .order_by(items.c.number, MinutesRow.place, MinutesRow.id)
    )


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _items(found: Sequence[sa.Row[Any]]) -> list[Item]:
    """Builds the tree: rows under their items, rivals beside their rows, tasks counted at their basis."""
    items: dict[int, Item] = {}
    rows: dict[int, Row] = {}
    for one in found:
        item = items.get(one.id)
        if item is None:
            item = items[one.id] = _item(one)
        if one.row_id is None:
            continue
        row = rows[one.row_id] = _row(one)
        rival_of = rows.get(one.clash_of_id)
        (item.rows if rival_of is None else rival_of.rivals).append(row)
    for row in rows.values():
        if row.kind is RowKind.TASK and row.basis_id in rows:
            rows[row.basis_id].derived += 1
    return list(items.values())


def _item(one: sa.Row[Any]) -> Item:
    return Item(
        id=one.id,
        number=one.number,
        title=one.title,
        presenter=one.presenter,
        minutes_planned=one.minutes_planned,
        status=one.status,
        carried_over=one.carried_over,
    )


def _row(one: sa.Row[Any]) -> Row:
    return Row(
        id=one.row_id,
        item_id=one.id,
        number=f"{one.number}.{one.row_place}",
        kind=one.kind,
        text=one.text,
        version=one.version,
        decision=f"{one.decision_number}/{one.decision_year}" if one.decision_number else "",
        author=one.author_name,
        saved_at=one.updated_at,
        removed=one.removed_at is not None,
        basis=f"{one.basis_number}.{one.basis_place}" if one.basis_id else "",
        basis_id=one.basis_id,
        task=_progress(one) if one.task_id else None,
    )


def _progress(one: sa.Row[Any]) -> TaskProgress:
    return TaskProgress(
        id=one.task_id,
        due_on=one.due_on,
        addressed_to=one.addressed_to,
        evidence=one.evidence,
        total=one.total or 0,
        accepted=one.accepted or 0,
        readable=bool(one.readable),
    )


@dataclass(frozen=True, slots=True)
class Spot:
    """An agenda item to write under, its number, and the place of its next row."""

    item: AgendaItem
    number: int
    next_place: int


def spot(meeting_id: int, item_id: int) -> Spot:
    """One statement. Raises NotFound for an item of another meeting."""
    items = _numbered(meeting_id)
    following = (
        sa.select(sa.func.coalesce(sa.func.max(MinutesRow.place), 0) + 1)
        .where(MinutesRow.agenda_item_id == item_id)
        .scalar_subquery()
    )
    found = db.session.execute(
        sa.select(AgendaItem, items.c.number, following)
        .join(items, items.c.id == AgendaItem.id)
        .where(AgendaItem.id == item_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return Spot(*found)


def row_in(meeting_id: int, row_id: int) -> tuple[MinutesRow, AgendaItem]:
    """A row with its item: one statement. Raises NotFound for a row of another meeting."""
    found = db.session.execute(
        sa.select(MinutesRow, AgendaItem)
        .join(AgendaItem, AgendaItem.id == MinutesRow.agenda_item_id)
        .where(
            MinutesRow.id == row_id,
            MinutesRow.meeting_id == meeting_id,
            MinutesRow.clash_of_id.is_(None),
        )
    ).one_or_none()
    if found is None:
        raise NotFound
    return found[0], found[1]


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


# --- whom a task can be given to ------------------------------------------------------------------
WORDS = {"kecamatan": "kecamatan", "puskesmas": "Puskesmas", "desa": "desa/kelurahan"}
"""Groups that may be addressed as a whole, and how many of what they are; agencies are named one by one."""
NAMED = 4
"""So many single offices are named; more are counted."""
FOUND = 8


@dataclass(frozen=True, slots=True)
class AddressBook:
    """What the form of a task offers besides single offices: whole groups (key, word, size)."""

    place: str
    groups: Sequence[tuple[str, str, int]]


def address_book(code: str) -> AddressBook:
    """Two statements."""
    counted = sa.select(Office.kind, sa.func.count()).where(_addressable(code)).group_by(Office.kind)
    sizes = dict.fromkeys(WORDS, 0)
    for kind, number in db.session.execute(counted):
        for key in WORDS:
            sizes[key] += number if kind in OFFICE_KEYS[key] else 0
    groups = [(key, WORDS[key], size) for key, size in sizes.items() if size]
    return AddressBook(_place_name(code), groups)


def find_offices(code: str, words: Sequence[str], chosen: Collection[int]) -> Sequence[Any]:
    """Offices whose name has every word, after those already chosen: one statement."""
    matches = sa.and_(sa.true(), *(Office.sort_name.contains(word, autoescape=True) for word in words))
    wanted = sa.or_(Office.id.in_(chosen), matches) if words else Office.id.in_(chosen)
    return _named_offices(code, wanted, first=chosen)


def _named_offices(code: str, condition: ColumnElement[bool], first: Collection[int] = ()) -> Sequence[Any]:
    return db.session.execute(
        sa.select(Office.id, Office.name)
        .where(_addressable(code), condition)
        .order_by(sa.case((Office.id.in_(first), 0), else_=1), Office.sort_name, Office.id)
        .limit(len(first) + FOUND)
    ).all()


def _addressable(code: str) -> ColumnElement[bool]:
    return sa.and_(Office.archived_at.is_(None), within(Office, code))


@dataclass(frozen=True, slots=True)
class Addressees:
    """Offices to give a task to, and how the minutes say it."""

    office_ids: Sequence[int]
    words: str


def addressees(code: str, groups: Collection[str], office_ids: Collection[int]) -> Addressees:
    """The offices of whole groups and single ones, each once, within a place: two statements.

    Refuses an office that cannot be chosen there.
    """
    kinds = {kind: key for key in WORDS if key in groups for kind in OFFICE_KEYS[key]}
    rows = db.session.execute(
        sa.select(Office.id, Office.name, Office.kind)
        .where(_addressable(code), sa.or_(Office.kind.in_(kinds), Office.id.in_(office_ids)))
        .order_by(Office.protocol_order, Office.sort_name, Office.id)
    ).all()
    if set(office_ids) - {row.id for row in rows}:
        raise RuleViolation("Ada kantor yang tidak dapat dipilih di sini. Pilih ulang.", "offices")
    sizes = Counter(kinds[row.kind] for row in rows if row.kind in kinds)
    parts = [f"{sizes[key]} {WORDS[key]}" for key in WORDS if sizes[key]]
    single = [row.name for row in rows if row.kind not in kinds]
    if len(single) > NAMED:
        single = [f"{len(single)} kantor lain" if parts else f"{len(single)} kantor"]
    place = f" di {_place_name(code)}" if parts else ""
    return Addressees([row.id for row in rows], ", ".join(filter(None, [joined(parts) + place, *single])))


def _place_name(code: str) -> str:
    place = db.session.scalars(sa.select(Wilayah).where(Wilayah.code == code)).one_or_none()
    return place.full_name if place else "Indonesia"


# --- what earlier meetings left undone ---------------------------------------------------------
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
    """Unfinished tasks of all earlier meetings of the series, as far as the user may see them.

    Without a series, of the chain of previous meetings. The earliest due come first; one statement.
    """
    if meeting.series_id is None and meeting.previous_id is None:
        return CarriedOver([], 0, 0)
    earlier = _earlier(meeting)
    still_open = Assignment.status.in_(OPEN)
    progress = (
        sa.select(
            Assignment.task_id,
            sa.func.count().label("total"),
            _count(still_open).label("open"),
            _count(Assignment.status.in_(WAITING)).label("waiting"),
            _count(Assignment.status == AssignmentStatus.SUBMITTED).label("submitted"),
            _count(Assignment.status == AssignmentStatus.IN_PROGRESS).label("in_progress"),
            _count(Assignment.status == AssignmentStatus.RETURNED).label("returned"),
            sa.func.min(sa.case((still_open, Office.name))).label("first_office"),
            sa.func.max(sa.case((still_open, Office.name))).label("last_office"),
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Office, Office.id == Assignment.office_id)
        .where(Task.meeting_id.in_(earlier), Task.withdrawn_at.is_(None), Assignment.parent_id.is_(None))
        .group_by(Assignment.task_id)
        .subquery()
    )
    counts = progress.c
    found = db.session.execute(
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
            sa.func.sum(sa.case((counts.open > 0, 1), else_=0)).over(),
            sa.func.count().over(),
        )
        .join(counts.task_id.table, counts.task_id == Task.id)
        .join(Meeting, Meeting.id == Task.meeting_id)
        .where(visible(Task, user))
        .order_by(sa.case((counts.open > 0, 0), else_=1), Task.due_on, Task.id)
        .limit(CARRIED_ON_A_PAGE)
    ).all()
    if not found:
        return CarriedOver([], 0, 0)
    tasks = [CarriedTask(*one[:13]) for one in found if one.open]
    return CarriedOver(tasks, found[0][13], found[0][14])


def _earlier(meeting: Meeting) -> sa.Select[Any]:
    """The ids of the meetings before this one in its series, or else along its chain of previous ones."""
    if meeting.series_id is not None:
        return sa.select(Meeting.id).where(
            Meeting.series_id == meeting.series_id,
            sa.tuple_(Meeting.starts_at, Meeting.id)
            < sa.tuple_(sa.literal(meeting.starts_at, Meeting.starts_at.type), sa.literal(meeting.id)),
        )
    chain = (
        sa.select(Meeting.id, Meeting.previous_id, sa.literal(1).label("depth"))
        .where(Meeting.id == meeting.previous_id)
        .cte("chain", recursive=True)
    )
    chain = chain.union(
        sa.select(Meeting.id, Meeting.previous_id, chain.c.depth + 1)
        .join(chain, Meeting.id == chain.c.previous_id)
        .where(chain.c.depth < LONGEST_CHAIN)
    )
    return sa.select(chain.c.id)


# --- who signs ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Signatory:
    """An account's person as papers print it, with the position held on a day (title "" if none)."""

    prefix: str
    name: str
    suffix: str
    rank: str
    nip: str | None
    title: str
    kind: AppointmentKind


def signatories(account_ids: Sequence[int], office_id: int, on: date) -> dict[int, Signatory]:
    """The persons behind accounts, with their position in the office if they hold one: one statement."""
    rows = db.session.execute(
        sa.select(
            Account.id,
            Person.prefix,
            Person.name,
            Person.suffix,
            Person.rank,
            Person.nip,
            sa.func.coalesce(Position.title, ""),
            sa.func.coalesce(Appointment.kind, AppointmentKind.DEFINITIVE),
        )
        .join(Person, Person.id == Account.person_id)
        .outerjoin(Appointment, sa.and_(Appointment.person_id == Person.id, holds_on(on)))
        .outerjoin(Position, Position.id == Appointment.position_id)
        .where(Account.id.in_(account_ids))
        .order_by(sa.case((Position.office_id == office_id, 1), else_=0), Position.protocol_order.desc())
    )
    return {row[0]: Signatory(*row[1:]) for row in rows}
