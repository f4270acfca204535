"""People of the directory: those a user may know of, and the positions they hold and held."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from ilp.core.db import db
from ilp.core.indonesian import sort_key
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.models.accounts import Account
from ilp.models.directory import Appointment, AppointmentKind, Office, Person, PersonMerge, Position
from ilp.policy.scope import Condition, known_persons
from ilp.policy.user import User
from ilp.queries.directory import holds_on


@dataclass(frozen=True)
class Held:
    """A position somebody holds on a day."""

    office_id: int
    position_id: int
    kind: AppointmentKind
    title: str
    office_name: str


@dataclass
class PersonRow:
    """Somebody in a list, with the positions held on the day."""

    id: int
    prefix: str
    name: str
    suffix: str
    rank: str
    sort_name: str
    held: list[Held] = field(default_factory=list)


def known(user: User) -> Condition:
    """The persons a user may know of, but for records that were joined into others."""
    ways, own = known_persons(user), ~joined(Person)
    if ways is None:
        return own
    return sa.and_(own, Person.id.in_(sa.union(*ways))) if ways else sa.false()


def joined(person: Any) -> Condition:
    """Whether a record (or an alias of it) was joined into another of the same person."""
    return sa.exists().where(PersonMerge.gone_id == person.id, PersonMerge.undone_at.is_(None))


def person_page(
    user: User, *, on: date, search: str = "", after: Key | None = None, size: int = PAGE_SIZE
) -> Page:
    """One page of the persons a user may know of, by name, with what they hold on a day: two statements."""
    words = sort_key(search).split()
    conditions = [known(user), *(Person.sort_name.contains(word, autoescape=True) for word in words)]
    if after is not None:
        conditions.append(
            sa.tuple_(Person.sort_name, Person.id) > sa.tuple_(sa.literal(after.at), sa.literal(after.id))
        )
    rows = db.session.execute(
        sa.select(Person.id, Person.prefix, Person.name, Person.suffix, Person.rank, Person.sort_name)
        .where(*conditions)
        .order_by(Person.sort_name, Person.id)
        .limit(size + 1)
    ).all()
    shown = [PersonRow(*row) for row in rows[:size]]
    held = positions_held([row.id for row in shown], on)
    for row in shown:
        row.held = held.get(row.id, [])
    last = Key(shown[-1].sort_name, shown[-1].id) if len(rows) > size else None
    return Page(shown, last, after is None)


def positions_held(person_ids: Collection[int], on: date) -> dict[int, list[Held]]:
    """What persons hold on a day, in protocol order: one statement."""
    found: dict[int, list[Held]] = {}
    rows: Any = db.session.execute(
        sa.select(
            Appointment.person_id, Office.id, Position.id, Appointment.kind, Position.title, Office.name
        )
        .join(Position, Position.id == Appointment.position_id)
        .join(Office, Office.id == Position.office_id)
        .where(Appointment.person_id.in_(person_ids), holds_on(on))
        .order_by(Position.protocol_order, Position.id)
    )
    for person_id, *facts in rows:
        found.setdefault(person_id, []).append(Held(*facts))
    return found


def home_of(person_id: int) -> str:
    """The place whose trail tells of somebody: that of the latest position, or where one was entered."""
    latest = (
        sa.select(Office.wilayah_code)
        .join(Position, Position.office_id == Office.id)
        .join(Appointment, Appointment.position_id == Position.id)
        .where(Appointment.person_id == person_id)
        .order_by(Appointment.starts_on.desc(), Appointment.id.desc())
        .limit(1)
    )
    entered = sa.select(Person.wilayah_code).where(Person.id == person_id)
    return db.session.scalar(latest) or db.session.scalar(entered) or ""


def nip_is_known(nip: str) -> bool:
    """Whether somebody in the directory has this NIP."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Person.nip == nip))))


def account_names(person_id: int) -> list[tuple[int, str]]:
    """The accounts of somebody: id and user name."""
    rows: Any = db.session.execute(
        sa.select(Account.id, Account.username).where(Account.person_id == person_id).order_by(Account.id)
    )
    return [(row[0], row[1]) for row in rows]
