"""Who can sign a paper: by position of an office, or by account, as papers print them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ilp.core.db import db, execute
from ilp.core.statements import bound, prepared
from ilp.models.accounts import Account
from ilp.models.directory import Appointment, AppointmentKind, Person, Position
from ilp.queries.directory import holding, holds_on

OFFERED = 300
"""Positions of one office among which a signer is chosen."""


@dataclass(frozen=True)
class Signer:
    """A position that may sign for its office, and who holds it on a day."""

    position: Position
    prefix: str
    name: str
    suffix: str
    rank: str
    nip: str | None
    kind: AppointmentKind


def signers_of(office_id: int, on: date) -> Sequence[Signer]:
    """Positions of an office that are held on a day, its head first: one statement."""
    rows = db.session.execute(_signers(), {"office": office_id, "on": on})
    return [Signer(*row) for row in rows]


def signers_offered(office_id: int, on: date) -> Sequence[Any]:
    """The same positions for somebody to choose from: id and title of each, and the name of who holds it."""
    return execute(_offered(), {"office": office_id, "on": on}).all()


@prepared
def _offered() -> sa.Select[*tuple[Any, ...]]:
    return _signers().with_only_columns(
        Position.id, Position.title, Person.prefix, Person.name, Person.suffix, maintain_column_froms=True
    )


@prepared
def _signers() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Position,
            Person.prefix,
            Person.name,
            Person.suffix,
            Person.rank,
            Person.nip,
            Appointment.kind,
        )
        .join(Appointment, holding(bound("on", sa.Date)))
        .join(Person, Person.id == Appointment.person_id)
        .where(Position.office_id == bound("office"), Position.archived_at.is_(None))
        .order_by(Position.is_head.desc(), Position.protocol_order, Position.id)
        .limit(OFFERED)
    )


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
