"""Positions, people and changes of officials for tests."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.accounts import Account, Role
from ilp.models.directory import Appointment, AppointmentKind, Office, Person, Position, Transfer
from ilp.policy.user import User
from ilp.services import accounts, directory, transfers


def office_named(name: str) -> Office:
    return db.session.scalars(sa.select(Office).where(Office.name == name)).one()


def head_of(name: str) -> Position:
    """The leading position of an office."""
    return db.session.scalars(
        sa.select(Position).join(Position.office).where(Office.name == name, Position.is_head)
    ).one()


def holder_of(position: Position, on: date) -> Person:
    return db.session.scalars(
        sa.select(Person)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(
            Appointment.position_id == position.id,
            Appointment.starts_on <= on,
            sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= on),
        )
    ).one()


def make_person(actor: User, office: Office, name: str = "Lintang Rekaan", **over: Any) -> Person:
    with transaction():
        return directory.add_person(actor=actor, office=office, name=name, **over)


def make_account(actor: User, person: Person, office: Office, username: str = "camat.baru") -> Account:
    """A login of a person with the role of an implementer in an office."""
    with transaction():
        return accounts.create_account(
            actor=actor, username=username, role=Role.IMPLEMENTER, office=office, person_id=person.id
        )


def make_transfer(actor: User, position: Position, person: Person, starts_on: date, **over: Any) -> Transfer:
    given = {"kind": AppointmentKind.DEFINITIVE, **over}
    with transaction():
        office = db.session.get_one(Office, position.office_id)
        return transfers.transfer(
            actor=actor, office=office, position=position, person=person, starts_on=starts_on, **given
        )
