"""What stands in a place, for meeting the rows of a file with it: whole registers in a few statements."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, joinedload, selectinload

from ilp.core.db import Row, db, is_writing
from ilp.models.accounts import Account, RoleGrant
from ilp.models.directory import Appointment, Office, Person, Position
from ilp.models.facilities import Catchment, Facility
from ilp.models.wilayah import Level, RegencySetting, Wilayah
from ilp.policy.scope import within
from ilp.queries.persons import joined

BATCH = 500
"""Values that are asked for by one IN."""


def kept(model: type[Row]) -> sa.Select[Row]:
    """A SELECT of rows that stay as they are until a file is applied; while one is only judged, of any.

    They are locked in the order of their keys: two who want the same never wait in a ring.
    """
    statement = sa.select(model).order_by(model.id)
    return statement.with_for_update(key_share=True, of=model) if is_writing() else statement


def present(column: InstrumentedAttribute[Any], values: Collection[str]) -> set[str]:
    """Those of these values that stand in a column, in whatever place."""
    found: set[str] = set()
    asked = sorted(values)
    for start in range(0, len(asked), BATCH):
        some = column.in_(asked[start : start + BATCH])
        found |= set(db.session.scalars(sa.select(column).where(some)))
    return found


# --- places and offices ---------------------------------------------------------------------------
def place_named(code: str) -> Wilayah | None:
    return db.session.scalars(sa.select(Wilayah).where(Wilayah.code == code)).one_or_none()


def setting_of(code: str) -> RegencySetting | None:
    """What the regency of a place calls its kecamatan and desa."""
    return db.session.get(RegencySetting, code[:5])


def places_below(code: str) -> Iterable[Any]:
    """The kecamatan and desa/kelurahan that a place has today: code, name, level, kind."""
    return db.session.execute(
        sa.select(Wilayah.code, Wilayah.name, Wilayah.level, Wilayah.kind).where(
            Wilayah.code.between(f"{code}.", f"{code}.~"), Wilayah.valid_until.is_(None)
        )
    )


def offices(place: str) -> Iterable[Office]:
    """Those in use."""
    return db.session.scalars(sa.select(Office).where(within(Office, place), Office.archived_at.is_(None)))


# --- officials ------------------------------------------------------------------------------------
def positions(place: str) -> Iterable[Position]:
    """The positions in use of its offices in use; they are kept."""
    in_use = sa.and_(_office_in_use(place), Position.archived_at.is_(None))
    return db.session.scalars(kept(Position).join(Position.office).where(in_use))


def terms(place: str, today: date) -> Iterable[Appointment]:
    """The terms there that are not over, with person and position, by their first day."""
    return db.session.scalars(
        _running(place, today)
        .options(joinedload(Appointment.person), joinedload(Appointment.position))
        .order_by(Appointment.starts_on, Appointment.id)
    )


def past_terms(place: str, since: date, today: date) -> Iterable[Appointment]:
    """The terms there that are over, but were not on a day, with person and position."""
    over = sa.and_(Appointment.ends_on >= since, Appointment.ends_on < today)
    return db.session.scalars(
        sa.select(Appointment)
        .join(Appointment.position)
        .join(Position.office)
        .where(_office_in_use(place), over)
        .options(joinedload(Appointment.person), joinedload(Appointment.position))
        .order_by(Appointment.starts_on, Appointment.id)
    )


def holders(place: str, today: date) -> Sequence[Person]:
    """Whose terms those are, each with all positions anywhere; they are kept."""
    there = _running(place, today).with_only_columns(Appointment.person_id)
    return db.session.scalars(kept(Person).where(Person.id.in_(there)).options(_everywhere())).all()


def others(nips: Collection[str], phones: Collection[str]) -> Sequence[Person]:
    """Who else has one of these NIPs or telephones, in whatever place, as `holders` are given.

    Without records that were joined into others.
    """
    keys: set[int] = set()
    for column, values in ((Person.nip, sorted(nips)), (Person.phone, sorted(phones))):
        for start in range(0, len(values), BATCH):
            some = column.in_(values[start : start + BATCH])
            keys |= set(db.session.scalars(sa.select(Person.id).where(some, ~joined(Person))))
    found: list[Person] = []
    for start in range(0, len(keys), BATCH):
        some = Person.id.in_(sorted(keys)[start : start + BATCH])
        found += db.session.scalars(kept(Person).where(some).options(_everywhere())).all()
    return found


def _everywhere() -> Any:
    return selectinload(Person.appointments).joinedload(Appointment.position).joinedload(Position.office)


def _running(place: str, today: date) -> sa.Select[Appointment]:
    running = sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today)
    terms = sa.select(Appointment).join(Appointment.position).join(Position.office)
    return terms.where(_office_in_use(place), running)


def _office_in_use(place: str) -> sa.ColumnElement[bool]:
    return sa.and_(within(Office, place), Office.archived_at.is_(None))


# --- accounts -------------------------------------------------------------------------------------
def grants(place: str) -> Iterable[RoleGrant]:
    """The roles that are held in its offices, with account and person."""
    return db.session.scalars(
        sa.select(RoleGrant)
        .join(RoleGrant.office)
        .where(within(Office, place), RoleGrant.revoked_at.is_(None))
        .options(joinedload(RoleGrant.account).joinedload(Account.person))
        .order_by(RoleGrant.id)
    )


def holders_with_nip(place: str, today: date) -> Iterable[Any]:
    """Who holds a position in its offices today and has a NIP: office and person."""
    begun = _running(place, today).where(Position.archived_at.is_(None), Appointment.starts_on <= today)
    held = begun.join(Appointment.person).where(Person.nip.is_not(None))
    return db.session.execute(held.with_only_columns(Position.office_id, Person, maintain_column_froms=True))


# --- facilities -----------------------------------------------------------------------------------
def facilities(place: str) -> Iterable[Facility]:
    """The facilities there, the oldest first; they are kept."""
    return db.session.scalars(kept(Facility).where(within(Facility, place)))


def catchments(place: str) -> Iterable[Catchment]:
    """Which desa they serve; the desa are kept, so that no other comes to serve one meanwhile."""
    if is_writing():
        below = Wilayah.code.between(f"{place}.", f"{place}.~")
        villages = kept(Wilayah).where(below, Wilayah.level == Level.VILLAGE)
        db.session.execute(villages.with_only_columns(Wilayah.id))
    return db.session.scalars(sa.select(Catchment).join(Catchment.facility).where(within(Facility, place)))
