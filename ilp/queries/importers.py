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
from ilp.models.wilayah import RegencySetting, Wilayah
from ilp.policy.scope import within

BATCH = 500
"""Values that are asked for by one IN."""


def kept(model: type[Row]) -> sa.Select[Row]:
    """A SELECT of rows that stay as they are until a file is applied; while one is only judged, of any."""
    statement = sa.select(model)
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


def holders(place: str, today: date) -> Sequence[Person]:
    """Whose terms those are, each with all positions anywhere; they are kept."""
    where = selectinload(Person.appointments).joinedload(Appointment.position).joinedload(Position.office)
    there = _running(place, today).with_only_columns(Appointment.person_id)
    return db.session.scalars(kept(Person).where(Person.id.in_(there)).options(where)).all()


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


def people_with_nip(place: str) -> Iterable[Person]:
    """Whoever holds, or held, a position there, and has a NIP."""
    held = sa.select(Appointment.person_id).join(Appointment.position).join(Position.office)
    there = Person.id.in_(held.where(within(Office, place)))
    return db.session.scalars(sa.select(Person).where(Person.nip.is_not(None), there))


# --- facilities -----------------------------------------------------------------------------------
def facilities(place: str) -> Iterable[Facility]:
    """The facilities there, the oldest first; they are kept."""
    return db.session.scalars(kept(Facility).where(within(Facility, place)).order_by(Facility.id))


def catchments(place: str) -> Iterable[Catchment]:
    """Which desa they serve."""
    return db.session.scalars(sa.select(Catchment).join(Catchment.facility).where(within(Facility, place)))
