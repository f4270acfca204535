"""Whom a task can be given to: whole groups of offices and single ones, and how that is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement

from ilp.core.db import db
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import joined
from ilp.models.directory import Office
from ilp.models.wilayah import Wilayah, Words
from ilp.policy.scope import within
from ilp.queries.directory import OFFICE_KEYS

WORDS = {"kecamatan": "kecamatan", "puskesmas": "Puskesmas", "desa": "desa/kelurahan"}
"""Groups that may be addressed as a whole, and how many of what they are; agencies are named one by one."""

NAMED = 4
"""So many single offices are named; more are counted."""

FOUND = 8
EVERYWHERE = Words()


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


def addressees(
    code: str, groups: Collection[str], office_ids: Collection[int], said: Words = EVERYWHERE
) -> Addressees:
    """The offices of whole groups and single ones, each once, within a place: two statements.

    `said` are the words in which the minutes name the groups. Refuses an office that cannot be chosen there.
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
    parts = [f"{sizes[key]} {said.said(WORDS[key])}" for key in WORDS if sizes[key]]
    single = [row.name for row in rows if row.kind not in kinds]
    if len(single) > NAMED:
        single = [f"{len(single)} kantor lain" if parts else f"{len(single)} kantor"]
    place = f" di {_place_name(code)}" if parts else ""
    return Addressees([row.id for row in rows], ", ".join(filter(None, [joined(parts) + place, *single])))


def _place_name(code: str) -> str:
    place = db.session.scalars(sa.select(Wilayah).where(Wilayah.code == code)).one_or_none()
    return place.full_name if place else "Indonesia"
