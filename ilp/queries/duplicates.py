"""People who may stand in the directory twice: by name or by telephone number.

Titles matter: `dr. Sri Contoh` and `Dr. Sri Contoh` are two people unless they share a telephone number,
`Sri Contoh` may be either. Two numbers of civil servants that differ in more than a slip of the finger are
two people, whatever their names.
Whom somebody who looked has told apart is not asked about again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ilp.core.clock import now
from ilp.core.db import db
from ilp.models.accounts import Account
from ilp.models.commitments import Slot
from ilp.models.directory import (
    MERGE_LIFE,
    Appointment,
    Person,
    PersonApart,
    PersonMerge,
    Transfer,
)
from ilp.policy.scope import Condition, known_persons
from ilp.policy.user import User
from ilp.queries.persons import joined

SHOWN = 100
"""Pairs by name, and as many by telephone; once these are joined or told apart, the next follow."""
SLIP = 2
"""Digits in which two NIP of one person may differ: one wrong, or two changed over."""
NIP_DIGITS = 18


@dataclass
class Pair:
    """Two records that may be one person, and why."""

    one: Person
    other: Person
    reasons: list[str] = field(default_factory=list)


def duplicates(user: User) -> list[Pair]:
    """Pairs of persons the user may know of, by name: three statements."""
    one, other = aliased(Person), aliased(Person)
    by_name = _pairs(user, one, other, one.sort_name == other.sort_name, order=one.sort_name)
    by_phone = _pairs(user, one, other, one.phone == other.phone, one.phone > "", order=one.phone)
    people = _people({key for pair in (*by_name, *by_phone) for key in pair})
    found: dict[tuple[int, int], Pair] = {}
    for keys, reason in [(pair, "nama") for pair in by_name] + [(pair, "nomor HP") for pair in by_phone]:
        first, second = (people[key] for key in keys)
        pair = found.setdefault(keys, Pair(first, second))
        pair.reasons.append(reason)
        if reason == "nama" and first.nip and second.nip:
            pair.reasons.append("NIP hampir sama")
    return sorted(found.values(), key=lambda pair: (-len(pair.reasons), pair.one.sort_name))


def may_be_one(one: Person, other: Person) -> bool:
    """Whether neither NIP nor, unless the phone is one, titles say that two records are two people."""
    first, second = aliased(Person), aliased(Person)
    asked = sa.select(_fit(first, second)).join_from(first, second, second.id == other.id)
    return bool(db.session.scalar(asked.where(first.id == one.id)))


def _fit(one: Any, other: Any) -> Condition:
    one_phone = sa.and_(one.phone > "", one.phone == other.phone)
    prefix = sa.or_(one.prefix == other.prefix, one.prefix == "", other.prefix == "", one_phone)
    unlike: Any = sum(
        sa.case((sa.func.substr(one.nip, place, 1) != sa.func.substr(other.nip, place, 1), 1), else_=0)
        for place in range(1, NIP_DIGITS + 1)
    )
    return sa.and_(prefix, sa.or_(one.nip.is_(None), other.nip.is_(None), unlike <= SLIP))


def _pairs(user: User, one: Any, other: Any, *same: Any, order: Any) -> Sequence[tuple[int, int]]:
    ways = known_persons(user)
    known = [] if ways is None else [sa.union(*ways) if ways else sa.select(sa.null())]
    told_apart = sa.exists().where(PersonApart.one_id == one.id, PersonApart.other_id == other.id)
    rows: Any = db.session.execute(
        sa.select(one.id, other.id)
        .join(other, sa.and_(one.id < other.id, *same))
        .where(
            _fit(one, other),
            ~told_apart,
            *(~joined(person) for person in (one, other)),
            *(person.anonymised_at.is_(None) for person in (one, other)),
            *(person.id.in_(each) for person in (one, other) for each in known),
        )
        .order_by(order)
        .limit(SHOWN)
    )
    return [(row[0], row[1]) for row in rows]


def _people(keys: set[int]) -> dict[int, Person]:
    return {person.id: person for person in db.session.scalars(sa.select(Person).where(Person.id.in_(keys)))}


@dataclass(frozen=True)
class Moving:
    """What passes from one record to the other."""

    appointments: Sequence[int]
    accounts: Sequence[int]
    slots: Sequence[int]
    transfers: Sequence[int]


def moving(kept_id: int, gone_id: int) -> Moving:
    """Ids of what would pass: four statements. A term that both records have stays with the one that goes."""
    theirs = aliased(Appointment)
    twice = sa.exists().where(
        theirs.person_id == kept_id,
        theirs.position_id == Appointment.position_id,
        theirs.starts_on == Appointment.starts_on,
    )
    return Moving(
        _ids(sa.select(Appointment.id).where(Appointment.person_id == gone_id, ~twice)),
        _ids(sa.select(Account.id).where(Account.person_id == gone_id)),
        _ids(sa.select(Slot.id).where(Slot.person_id == gone_id)),
        _ids(sa.select(Transfer.id).where(Transfer.person_id == gone_id)),
    )


def _ids(statement: sa.Select[int]) -> Sequence[int]:
    return db.session.scalars(statement.order_by(sa.text("1"))).all()


def has_account(person_id: int) -> bool:
    """Whether somebody can log in."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Account.person_id == person_id))))


def is_joined(*person_ids: int) -> bool:
    """Whether one of these records was joined into another."""
    found = sa.exists().where(PersonMerge.gone_id.in_(person_ids), PersonMerge.undone_at.is_(None))
    return bool(db.session.scalar(sa.select(found)))


def records_of(person_id: int) -> sa.Select[int]:
    """Ids of all records that are one person now: this one, and what was joined into it, however often."""
    records = sa.select(Person.id).where(Person.id == person_id).cte(recursive=True)
    joined_in = sa.select(PersonMerge.gone_id).join(records, PersonMerge.person_id == records.c.id)
    return sa.select(records.union(joined_in.where(PersonMerge.undone_at.is_(None))).c.id)


def merges_of(person_id: int) -> Sequence[Any]:
    """What was joined into somebody's record and can still be taken apart: id, when, name of the other."""
    return db.session.execute(
        sa.select(PersonMerge.id, PersonMerge.created_at, Person.prefix, Person.name, Person.suffix)
        .join(Person, Person.id == PersonMerge.gone_id)
        .where(
            PersonMerge.person_id == person_id,
            PersonMerge.undone_at.is_(None),
            PersonMerge.created_at > now() - MERGE_LIFE,
        )
        .order_by(PersonMerge.id.desc())
    ).all()
