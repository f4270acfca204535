"""Reading the trail: by place for those who oversee one, and beside the record it tells of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ilp.core.db import db
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.models.accounts import Account, LoginSession, RoleGrant
from ilp.models.audit import AuditEntry, AuditPersonal
from ilp.models.commitments import Clause, Commitment, Slot, Target
from ilp.models.directory import Appointment, Office, OfficeGroup, Person, Position
from ilp.models.documents import Document
from ilp.models.facilities import Facility
from ilp.models.imports import ImportRun
from ilp.models.meetings import AgendaItem, Attendance, Invitation, Meeting
from ilp.models.tasks import Assignment, Task
from ilp.models.wilayah import Wilayah
from ilp.policy.scope import Condition, readable_entries
from ilp.policy.user import User

Row = sa.Row[*tuple[Any, ...]]
Names = Mapping[tuple[str, int], str]
"""What records are called, by table and id."""

COLUMNS = (
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.chain,
    AuditEntry.seq,
    AuditEntry.action,
    AuditEntry.actor_name,
    Office.name.label("office_name"),
    AuditEntry.subject,
    AuditEntry.subject_id,
    AuditEntry.changes,
    AuditEntry.personal_sha256,
    AuditEntry.address,
)


# --- one record -----------------------------------------------------------------------------------
def _below(subject: str, key: int) -> Iterator[tuple[str, sa.Select[int]]]:
    """The records that are part of another and whose entries are told with it: their table and their ids."""
    if subject == "commitment":
        clauses = sa.select(Clause.id).where(Clause.commitment_id == key)
        yield "clause", clauses
        yield "target", sa.select(Target.id).where(Target.clause_id.in_(clauses))
        yield "slot", sa.select(Slot.id).where(Slot.commitment_id == key)
    elif subject == "task":
        yield "assignment", sa.select(Assignment.id).where(Assignment.task_id == key)
    elif subject == "office":
        positions = sa.select(Position.id).where(Position.office_id == key)
        yield "position", positions
        yield "appointment", sa.select(Appointment.id).where(Appointment.position_id.in_(positions))
        yield "role_grant", sa.select(RoleGrant.id).where(RoleGrant.office_id == key)
    elif subject == "person":
        yield "appointment", sa.select(Appointment.id).where(Appointment.person_id == key)
    elif subject == "account":
        yield "role_grant", sa.select(RoleGrant.id).where(RoleGrant.account_id == key)
        yield "login_session", sa.select(LoginSession.id).where(LoginSession.account_id == key)


def trail(
    subject: str, key: int, before: int | None = None, *, personal: bool = False, size: int = PAGE_SIZE
) -> Page:
    """A page of what was done to one record (`subject` is its table) and its parts, the latest first.

    Whoever calls this has fetched the record by its getter: seeing it is the right to its history. The
    personal values that lie beside the entries come along only where they are asked for.
    """
    rows = _newest(subject, key, before=before, personal=personal, limit=size + 1)
    shown = rows[:size]
    more = len(rows) > len(shown)
    return Page(shown, Key(shown[-1].at, shown[-1].id) if more else None, first=before is None)


def entries_of(subject: str, key: int, *, limit: int) -> Sequence[Row]:
    """The latest of a record's `trail`, for a corner of its own page."""
    return _newest(subject, key, before=None, personal=False, limit=limit)


def _newest(subject: str, key: int, *, before: int | None, personal: bool, limit: int) -> Sequence[Row]:
    older = (AuditEntry.id < before,) if before is not None else ()

    def branch(*conditions: Condition) -> sa.Select[int]:
        newest = sa.select(AuditEntry.id).where(*conditions, *older).order_by(AuditEntry.id.desc())
        return sa.select(newest.limit(limit).subquery().c.id)

    parts = [
        branch(AuditEntry.subject == table, AuditEntry.subject_id.in_(ids))
        for table, ids in _below(subject, key)
    ]
    own = branch(AuditEntry.subject == subject, AuditEntry.subject_id == key)
    keys = sa.union_all(own, *parts).subquery()
    statement = (
        sa.select(*COLUMNS, (AuditPersonal.values if personal else sa.null()).label("personal"))
        .join(keys, keys.c.id == AuditEntry.id)
        .outerjoin(Office, Office.id == AuditEntry.office_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    if personal:
        statement = statement.outerjoin(AuditPersonal, AuditPersonal.entry_id == AuditEntry.id)
    return db.session.execute(statement).all()


# --- a place --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Filter:
    """What somebody looks for in the trail of his places; empty fields let everything through."""

    action: str = ""
    subject: str = ""
    actor: str = ""
    office_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[Condition]:
        actor = sa.func.lower(AuditEntry.actor_name).contains(self.actor.lower(), autoescape=True)
        return [
            *((AuditEntry.action == self.action,) if self.action else ()),
            *((AuditEntry.subject == self.subject,) if self.subject else ()),
            *((actor,) if self.actor else ()),
            *((AuditEntry.office_id == self.office_id,) if self.office_id else ()),
            *((AuditEntry.at >= self.since,) if self.since else ()),
            *((AuditEntry.at < self.until,) if self.until else ()),
        ]


def entries(user: User, wanted: Filter, *, after: Key | None = None, limit: int) -> Sequence[Row]:
    """So many entries of the places this user oversees, the latest first.

    Contents are for who audits; who administers reads what the administration did. Each place is a branch
    of its own that walks its index.
    """
    filters = wanted.conditions()
    if after is not None:
        here = sa.tuple_(AuditEntry.at, AuditEntry.id)
        filters.append(here < sa.tuple_(sa.literal(after.at, AuditEntry.at.type), sa.literal(after.id)))
    ways = [_branch(way, filters, limit) for way in readable_entries(user)]
    keys = sa.union(*ways).subquery()
    return db.session.execute(
        sa.select(*COLUMNS)
        .join(keys, keys.c.id == AuditEntry.id)
        .outerjoin(Office, Office.id == AuditEntry.office_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
    ).all()


def entries_page(user: User, wanted: Filter, *, after: Key | None = None, size: int = PAGE_SIZE) -> Page:
    """One page of `entries`."""
    rows = entries(user, wanted, after=after, limit=size + 1)
    shown = rows[:size]
    more = len(rows) > len(shown)
    return Page(shown, Key(shown[-1].at, shown[-1].id) if more else None, first=after is None)


def _branch(way: Condition, filters: Sequence[Condition], limit: int) -> sa.Select[int]:
    page = (
        sa.select(AuditEntry.id)
        .where(way, *filters)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(limit)
        .subquery()
    )
    return sa.select(page.c.id)


# --- names ----------------------------------------------------------------------------------------
CALLED: dict[str, sa.Select[int, str]] = {
    "account": sa.select(Account.id, Account.username),
    "agenda_item": sa.select(AgendaItem.id, AgendaItem.title),
    "appointment": sa.select(Appointment.id, Person.name + ", " + Position.title)
    .join(Person, Person.id == Appointment.person_id)
    .join(Position, Position.id == Appointment.position_id),
    "assignment": sa.select(Assignment.id, Office.name).join(Office, Office.id == Assignment.office_id),
    "clause": sa.select(Clause.id, Clause.heading),
    "commitment": sa.select(Commitment.id, Commitment.title),
    "document": sa.select(Document.id, Document.title),
    "facility": sa.select(Facility.id, Facility.name),
    "attendance": sa.select(Attendance.id, Attendance.name),
    "import_run": sa.select(ImportRun.id, ImportRun.file_name),
    "invitation": sa.select(Invitation.id, Invitation.title),
    "login_session": sa.select(LoginSession.id, Account.username).join(
        Account, Account.id == LoginSession.account_id
    ),
    "meeting": sa.select(Meeting.id, Meeting.title),
    "office": sa.select(Office.id, Office.name),
    "office_group": sa.select(OfficeGroup.id, OfficeGroup.name),
    "person": sa.select(Person.id, Person.name),
    "position": sa.select(Position.id, Position.title),
    "role_grant": sa.select(RoleGrant.id, Account.username).join(Account, Account.id == RoleGrant.account_id),
    "slot": sa.select(Slot.id, Slot.title),
    "target": sa.select(Target.id, Target.indicator),
    "task": sa.select(Task.id, Task.title),
    "wilayah": sa.select(Wilayah.id, Wilayah.name),
}
"""How the records of a table are called."""

REFERENCES = {
    "account_id": "account",
    "attendance": "attendance",
    "commitment_id": "commitment",
    "contact": "invitation",
    "document": "document",
    "invitation": "invitation",
    "item": "agenda_item",
    "meeting_id": "meeting",
    "minute_taker_id": "account",
    "office": "office",
    "office_id": "office",
    "parent_id": "office",
    "pattern": "meeting",
    "person": "person",
    "person_id": "person",
    "position": "position",
    "position_id": "position",
    "positions": "position",
    "previous": "meeting",
    "successor": "person",
}
"""Values of an entry that are ids, and of what."""


def names_in(rows: Iterable[Any]) -> Names:
    """What the subjects of these entries and the records in them are called, in one statement."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.subject].add(row.subject_id)
        for table, key in _references(row.changes):
            wanted[table].add(key)
    asked = [
        _named(table, statement, wanted[table]) for table, statement in CALLED.items() if wanted.get(table)
    ]
    if not asked:
        return {}
    return {(table, key): name for table, key, name in db.session.execute(sa.union_all(*asked)) if name}


def _named(table: str, statement: sa.Select[int, str], keys: set[int]) -> sa.Select[*tuple[Any, ...]]:
    key, name = statement.selected_columns
    columns = (sa.literal(table).label("table"), key, sa.func.coalesce(name, "").label("name"))
    return statement.with_only_columns(*columns).where(key.in_(sorted(keys)))


def _references(changes: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for name, value in changes.items():
        if isinstance(value, dict):
            yield from _references(value)
        elif name in REFERENCES:
            listed = value if isinstance(value, list) else [value]
            yield from ((REFERENCES[name], one) for one in listed if type(one) is int)
