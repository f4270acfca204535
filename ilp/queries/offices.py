"""The pages of the directory: offices a user may know of, and one office with its people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row

from ilp.core.db import db
from ilp.core.errors import NotFound
from ilp.core.indonesian import full_name, sort_key
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.directory import (
    Appointment,
    AppointmentKind,
    Letterhead,
    Office,
    OfficeKind,
    Person,
    Position,
)
from ilp.models.facilities import Facility
from ilp.models.wilayah import Level, Wilayah, WilayahAlias
from ilp.policy.scope import Condition, branches, within
from ilp.policy.user import User
from ilp.queries.directory import holding

PARENTS = 500
"""Offices offered as the parent of one."""

Kind = OfficeKind
KIND_GROUPS: dict[str, tuple[str, tuple[OfficeKind, ...]]] = {
    "pemerintah": ("Setda dan OPD", (Kind.SETDA, Kind.AGENCY, Kind.HEALTH_AGENCY, Kind.INSPECTORATE)),
    "kecamatan": ("Kecamatan", (Kind.KECAMATAN,)),
    "desa": ("Desa/kelurahan", (Kind.KELURAHAN, Kind.DESA)),
    "puskesmas": ("Puskesmas dan jejaring", (Kind.PUSKESMAS, Kind.PUSTU, Kind.POSYANDU)),
    "rsud": ("RSUD", (Kind.HOSPITAL,)),
    "pkk": ("TP PKK", (Kind.PKK,)),
    "pokjanal": ("Pokjanal", (Kind.POKJANAL,)),
    "organisasi": (
        "Organisasi dan mitra",
        (Kind.PROFESSION, Kind.COMMUNITY, Kind.ACADEMIC, Kind.PARTNER),
    ),
}
"""The filter of the list: its word in the address, its label, and the kinds it stands for."""


def ways(user: User) -> list[Condition]:
    """How a user may know of an office: by place, by part, or as its administrator."""
    return branches(Office, user) + [within(Office, code) for code in sorted(user.administered)]


def at_or_below(code: str) -> Condition:
    """Offices of a place and all below it; a desa has only its own."""
    if Level.of(code) is Level.VILLAGE:
        return Office.wilayah_code == code
    return within(Office, code)


def _holds(words: str, on: date) -> Condition:
    """Offices whose name, another name of their place, a position or its holder contains the words."""
    key = sort_key(words)
    people = (
        sa.select(Position.office_id)
        .outerjoin(Appointment, holding(on))
        .outerjoin(Person, Person.id == Appointment.person_id)
        .where(
            Position.office_id == Office.id,
            Position.archived_at.is_(None),
            sa.or_(
                sa.func.lower(Position.title).contains(key, autoescape=True),
                Person.sort_name.contains(key, autoescape=True),
            ),
        )
        .correlate(Office)
    )
    called = (
        sa.select(Wilayah.code)
        .join(WilayahAlias, WilayahAlias.wilayah_id == Wilayah.id)
        .where(WilayahAlias.sort_name.contains(key, autoescape=True))
    )
    return sa.or_(
        Office.sort_name.contains(key, autoescape=True), Office.wilayah_code.in_(called), people.exists()
    )


def office_page(
    user: User,
    *,
    on: date,
    search: str = "",
    kinds: Sequence[OfficeKind] = (),
    code: str = "",
    archived: bool = False,
    after: Key | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """One page of offices in protocol order, each with its head on a day: one statement."""
    in_use = Office.archived_at.is_not(None) if archived else Office.archived_at.is_(None)
    conditions: list[Condition] = [in_use, at_or_below(code)]
    if kinds:
        conditions.append(Office.kind.in_(kinds))
    if search:
        conditions.append(_holds(search, on))
    if after is not None:
        conditions.append(
            sa.tuple_(Office.protocol_order, Office.id)
            > sa.tuple_(sa.literal(after.at), sa.literal(after.id))
        )
    order = (Office.protocol_order, Office.id)
    found = [
        sa.select(
            sa.select(Office.id).where(way, *conditions).order_by(*order).limit(size + 1).subquery().c.id
        )
        for way in ways(user)
    ]
    if not found:
        return Page([])
    rows = db.session.execute(
        _office_rows(on).where(Office.id.in_(sa.union(*found))).order_by(*order).limit(size + 1)
    ).all()
    last = rows[size - 1] if len(rows) > size else None
    return Page(rows[:size], Key(last.protocol_order, last.id) if last is not None else None, after is None)


def _office_rows(on: date) -> sa.Select[*tuple[Any, ...]]:
    above = sa.case((Office.district_code != "", Office.district_code), else_=Office.regency_code)
    return (
        sa.select(
            Office.id,
            Office.protocol_order,
            Office.kind,
            Office.name,
            Position.title,
            Person.prefix,
            Person.name.label("person"),
            Person.suffix,
            Appointment.kind.label("quality"),
            Wilayah.kind.label("place_kind"),
            Wilayah.name.label("place"),
        )
        .outerjoin(
            Position,
            sa.and_(Position.office_id == Office.id, Position.is_head, Position.archived_at.is_(None)),
        )
        .outerjoin(Appointment, holding(on))
        .outerjoin(Person, Person.id == Appointment.person_id)
        .outerjoin(Wilayah, Wilayah.code == above)
    )


def count_at(user: User, code: str) -> int:
    """How many offices the user may know of in a place."""
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Office)
            .where(at_or_below(code), Office.archived_at.is_(None), sa.or_(sa.false(), *ways(user)))
        )
        or 0
    )


@dataclass
class Term:
    """Somebody's time in a position."""

    appointment: Appointment
    name: str
    rank: str
    phone: str


@dataclass
class PositionTerms:
    """A position with everybody who held, holds or will hold it, the latest first."""

    position: Position
    terms: list[Term] = field(default_factory=list)

    def term(self, appointment_id: int) -> Appointment:
        """One of its terms. Raises NotFound."""
        for term in self.terms:
            if term.appointment.id == appointment_id:
                return term.appointment
        raise NotFound

    def present(self, on: date) -> list[Term]:
        return [term for term in self.terms if term.appointment.runs_on(on)]

    def doubled(self, on: date) -> bool:
        """Whether a Plt. or Pj. stands on a day beside a definitive holder, as only during his leave."""
        kinds = {term.appointment.kind for term in self.present(on)}
        return AppointmentKind.DEFINITIVE in kinds and any(kind.fills_in for kind in kinds)

    def others(self, on: date) -> list[Term]:
        return [term for term in self.terms if not term.appointment.runs_on(on)]


def positions_of(office_id: int) -> list[PositionTerms]:
    """The positions of an office with their terms: one statement."""
    rows = db.session.execute(
        sa.select(Position, Appointment, Person)
        .outerjoin(Appointment, Appointment.position_id == Position.id)
        .outerjoin(Person, Person.id == Appointment.person_id)
        .where(Position.office_id == office_id, Position.archived_at.is_(None))
        .order_by(
            Position.is_head.desc(),
            Position.protocol_order,
            Position.id,
            Appointment.starts_on.desc(),
            Appointment.id.desc(),
        )
    )
    found: dict[int, PositionTerms] = {}
    for position, appointment, person in rows:
        entry = found.setdefault(position.id, PositionTerms(position))
        if appointment is not None:
            name = full_name(person.prefix, person.name, person.suffix)
            entry.terms.append(Term(appointment, name, person.rank, person.phone))
    return list(found.values())


def letterhead_of(office_id: int) -> Letterhead | None:
    """How the papers of an office begin."""
    return db.session.get(Letterhead, office_id)


def facility_of(office_id: int) -> tuple[int, bool] | None:
    """The facility that an office is: its id, and whether no public register stands behind it."""
    row = db.session.execute(
        sa.select(Facility.id, Facility.is_example).where(Facility.office_id == office_id).limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def grants_of(office_id: int) -> Sequence[Row[int, str, str | None, Role]]:
    """The accounts with a living role in an office: id, user name, person's name, role."""
    return db.session.execute(
        sa.select(Account.id, Account.username, Person.name, RoleGrant.role)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .outerjoin(Person, Person.id == Account.person_id)
        .where(RoleGrant.office_id == office_id, RoleGrant.revoked_at.is_(None))
        .order_by(RoleGrant.role, Account.username)
    ).all()


def position_in(office_id: int, position_id: int) -> PositionTerms:
    """A position of an office that is in use, with its terms. Raises NotFound."""
    for entry in positions_of(office_id):
        if entry.position.id == position_id:
            return entry
    raise NotFound


def persons_in(office_id: int) -> Sequence[Row[int, str]]:
    """Whoever holds or held a position of an office, for choosing: id and name."""
    held = sa.select(Appointment.person_id).join(Appointment.position).where(Position.office_id == office_id)
    return db.session.execute(
        sa.select(Person.id, Person.name).where(Person.id.in_(held)).order_by(Person.sort_name).limit(200)
    ).all()


def parents_for(user: User, office: Office) -> list[tuple[int, str]]:
    """Offices that an office may stand under, as choices: one statement.

    Those the user may know of at its place or above, the Puskesmas of its regency, the present parent.
    """
    code = office.wilayah_code
    above = ["", *(code[:length] for length in (2, 5, 8, 13) if len(code) >= length)]
    near = sa.and_(Office.kind == Kind.PUSKESMAS, Office.regency_code == office.regency_code)
    offered = sa.and_(
        sa.or_(Office.wilayah_code.in_(above), near),
        sa.or_(sa.false(), *ways(user)),
        Office.archived_at.is_(None),
        Office.id != office.id,
    )
    rows: Any = db.session.execute(
        sa.select(Office.id, Office.name)
        .where(sa.or_(offered, Office.id == office.parent_id))
        .order_by(Office.protocol_order, Office.sort_name, Office.id)
        .limit(PARENTS)
    )
    return [(row[0], row[1]) for row in rows]


def name_of(office_id: int | None) -> str:
    """The name of an office; "" for none."""
    return db.session.scalar(sa.select(Office.name).where(Office.id == office_id)) or ""
