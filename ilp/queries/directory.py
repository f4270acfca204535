"""Reading the directory: who holds what on a day, groups to invite, offices to address."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row
from sqlalchemy.sql import ColumnElement

from ilp.core.db import db
from ilp.core.errors import NotFound
from ilp.core.indonesian import sort_key
from ilp.models.directory import (
    Appointment,
    AppointmentKind,
    Constituency,
    Office,
    OfficeGroup,
    OfficeGroupMember,
    OfficeKind,
    Person,
    Position,
    Sex,
)
from ilp.models.meetings import Invitation
from ilp.models.pokjanal import CoordinationBody
from ilp.models.pokjanal import Seat as BodySeat
from ilp.models.wilayah import RegencySetting, Wilayah, Words
from ilp.policy.scope import within

Condition = ColumnElement[bool]

AGENCIES = (OfficeKind.AGENCY, OfficeKind.HEALTH_AGENCY, OfficeKind.INSPECTORATE)


@dataclass(frozen=True)
class Rule:
    """Which positions of a regency make up a group, and the line it prints in a letter.

    `narrower` are lines to print instead where all its members meet a condition.
    """

    key: str
    label: str
    constituency: Constituency
    condition: Condition
    narrower: tuple[tuple[str, Condition], ...] = ()


def _heads(*kinds: OfficeKind) -> Condition:
    return sa.and_(Office.kind.in_(kinds), Position.is_head)


def _standing_for(constituency: Constituency) -> Condition:
    return Position.constituency == constituency


REGENCY_WIDE = Office.district_code == ""
IN_A_DISTRICT = Office.district_code != ""

RULES = (
    Rule("pimpinan", "Pimpinan {place}", Constituency.LEADERS, _standing_for(Constituency.LEADERS)),
    Rule(
        "setda",
        "Asisten dan Kepala Bagian Setda {place}",
        Constituency.GOVERNMENT,
        sa.and_(Office.kind == OfficeKind.SETDA, _standing_for(Constituency.GOVERNMENT)),
    ),
    Rule("opd", "Kepala OPD {place}", Constituency.GOVERNMENT, sa.and_(_heads(*AGENCIES), REGENCY_WIDE)),
    Rule("camat", "Camat se-{place}", Constituency.DISTRICT, _heads(OfficeKind.KECAMATAN)),
    Rule(
        "puskesmas",
        "Kepala Puskesmas se-{place}",
        Constituency.PUSKESMAS,
        _heads(OfficeKind.PUSKESMAS),
    ),
    Rule(
        "promkes",
        "Penanggung jawab promosi kesehatan Puskesmas se-{place}",
        Constituency.PROMOTION,
        _standing_for(Constituency.PROMOTION),
    ),
    Rule("rsud", "Direktur RSUD {place}", Constituency.HOSPITAL, _heads(OfficeKind.HOSPITAL)),
    Rule(
        "pkk-kabupaten",
        "TP PKK {place}",
        Constituency.PKK,
        sa.and_(Office.kind == OfficeKind.PKK, REGENCY_WIDE),
    ),
    Rule(
        "pkk-kecamatan",
        "Ketua TP PKK Kecamatan se-{place}",
        Constituency.PKK,
        sa.and_(_heads(OfficeKind.PKK), IN_A_DISTRICT),
    ),
    Rule("profesi", "Organisasi profesi {place}", Constituency.PROFESSION, _heads(OfficeKind.PROFESSION)),
    Rule(
        "akademisi",
        "Lembaga pendidikan kesehatan {place}",
        Constituency.ACADEMIC,
        _heads(OfficeKind.ACADEMIC),
    ),
    Rule("ormas", "Organisasi masyarakat {place}", Constituency.COMMUNITY, _heads(OfficeKind.COMMUNITY)),
    Rule("mitra", "Mitra pembangunan {place}", Constituency.PARTNER, _heads(OfficeKind.PARTNER)),
    Rule(
        "nakes",
        "Tenaga kesehatan {place}",
        Constituency.HEALTH_WORKER,
        _standing_for(Constituency.HEALTH_WORKER),
    ),
    Rule("kader", "Kader Posyandu {place}", Constituency.CADRE, _standing_for(Constituency.CADRE)),
    Rule(
        "desa",
        "Lurah dan kepala desa se-{place}",
        Constituency.VILLAGE,
        _heads(OfficeKind.KELURAHAN, OfficeKind.DESA),
        narrower=(
            ("Lurah se-{place}", Office.kind == OfficeKind.KELURAHAN),
            ("Kepala desa se-{place}", Office.kind == OfficeKind.DESA),
        ),
    ),
    Rule(
        "pokjanal",
        "Anggota Pokjanal Posyandu {place}",
        Constituency.GOVERNMENT,
        Position.id.in_(
            sa.select(BodySeat.position_id)
            .join(CoordinationBody, CoordinationBody.id == BodySeat.body_id)
            .where(CoordinationBody.wilayah_code == Office.regency_code)
        ),
    ),
)
BY_KEY = {rule.key: rule for rule in RULES}
NARROWER = [(rule, label, condition) for rule in RULES for label, condition in rule.narrower]


@dataclass(frozen=True)
class Group:
    """A group that can be invited at once, and how many of it a meeting has invited already."""

    key: str
    label: str
    constituency: Constituency
    count: int
    invited: int


@dataclass(frozen=True)
class Seat:
    """A position as it stands in a list of invited persons, with who holds it on the day (or nobody)."""

    position_id: int
    office_id: int
    title: str
    office_name: str
    constituency: Constituency
    protocol_order: int
    prefix: str
    name: str
    suffix: str
    sort_name: str
    sex: Sex | None
    phone: str
    kind: AppointmentKind | None


def _in_regency(regency_code: str) -> Condition:
    return sa.and_(
        Office.regency_code == regency_code, Office.archived_at.is_(None), Position.archived_at.is_(None)
    )


def groups(regency_code: str, meeting_id: int | None = None) -> list[Group]:
    """The groups of a regency that have members, in protocol order, with how many: one statement.

    With a meeting, also how many of each hold an invitation to it, whichever way it was given.
    """
    place = (
        sa.select(Wilayah.kind, Wilayah.name, RegencySetting.district_label, RegencySetting.village_label)
        .outerjoin(RegencySetting, RegencySetting.regency_code == Wilayah.code)
        .where(Wilayah.code == regency_code)
        .subquery()
    )
    members = [_number(rule.condition) for rule in RULES]
    invited: list[sa.ColumnElement[int]] = [sa.literal(0)] * len(RULES)
    if meeting_id is not None:
        asked = sa.select(Invitation.position_id).where(
            Invitation.meeting_id == meeting_id, Invitation.position_id.is_not(None)
        )
        invited = [_number(sa.and_(rule.condition, Position.id.in_(asked))) for rule in RULES]
    narrower = [_number(sa.and_(rule.condition, condition)) for rule, _, condition in NARROWER]
    row = db.session.execute(
        sa.select(*(sa.func.max(column) for column in place.c), *members, *invited, *narrower)
        .select_from(Position)
        .join(Office, Office.id == Position.office_id)
        .join(place, sa.true())
        .where(_in_regency(regency_code))
    ).one()
    name = f"{row[0].label} {row[1]}" if row[1] else ""
    words = Words.of(row[2], row[3])
    numbers = list(row[4:])
    counts = dict(zip(BY_KEY, numbers, strict=False))
    invited_already = dict(zip(BY_KEY, numbers[len(RULES) :], strict=False))
    parts = zip(NARROWER, numbers[2 * len(RULES) :], strict=True)
    labels = {rule.key: label for (rule, label, _), part in parts if part == counts[rule.key]}
    return [
        Group(
            key,
            words.said(labels.get(key, rule.label)).format(place=name),
            rule.constituency,
            counts[key],
            invited_already[key],
        )
        for key, rule in BY_KEY.items()
        if counts[key]
    ]


@dataclass(frozen=True)
class SavedGroup:
    """A group that an office keeps, and how many positions in use it holds."""

    id: int
    name: str
    members: int


SAVED = "simpanan-"
"""How the key of a saved group begins, before its id."""


def saved_groups(office_ids: Collection[int]) -> list[SavedGroup]:
    """The groups that offices keep, by name: one statement."""
    rows = db.session.execute(
        sa.select(OfficeGroup.id, OfficeGroup.name, sa.func.count(Position.id))
        .outerjoin(OfficeGroupMember, OfficeGroupMember.group_id == OfficeGroup.id)
        .outerjoin(
            Position, sa.and_(Position.id == OfficeGroupMember.position_id, Position.archived_at.is_(None))
        )
        .where(OfficeGroup.office_id.in_(office_ids))
        .group_by(OfficeGroup.id, OfficeGroup.name)
        .order_by(OfficeGroup.name, OfficeGroup.id)
    )
    return [SavedGroup(*row) for row in rows]


def saved_to_invite(office_id: int, meeting_id: int) -> list[Group]:
    """The groups an office keeps that have members, as `groups` offers the computed ones: one statement."""
    asked = sa.select(Invitation.position_id).where(
        Invitation.meeting_id == meeting_id, Invitation.position_id.is_not(None)
    )
    rows = db.session.execute(
        sa.select(
            OfficeGroup.id,
            OfficeGroup.name,
            sa.func.count(),
            sa.func.count().filter(Position.id.in_(asked)),
        )
        .join(OfficeGroupMember, OfficeGroupMember.group_id == OfficeGroup.id)
        .join(Position, Position.id == OfficeGroupMember.position_id)
        .where(OfficeGroup.office_id == office_id, Position.archived_at.is_(None))
        .group_by(OfficeGroup.id, OfficeGroup.name)
        .order_by(OfficeGroup.name, OfficeGroup.id)
    )
    return [Group(f"{SAVED}{key}", name, Constituency.OTHER, *numbers) for key, name, *numbers in rows]


def members_of(group_id: int, on: date) -> list[Seat]:
    """The positions of a saved group with their holders on a day: one statement."""
    members = sa.select(OfficeGroupMember.position_id).where(OfficeGroupMember.group_id == group_id)
    in_use = sa.and_(Office.archived_at.is_(None), Position.archived_at.is_(None))
    return _seats(sa.and_(Position.id.in_(members), in_use), on)


def saved_seats(key: str, office_id: int, on: date) -> list[Seat]:
    """Everybody of a group that an office keeps, by its key. Raises NotFound for any other."""
    number = key.removeprefix(SAVED)
    known = sa.select(OfficeGroup.id).where(OfficeGroup.office_id == office_id)
    found = next((each for each in db.session.scalars(known) if str(each) == number), None)
    if found is None:
        raise NotFound
    return members_of(found, on)


def count_members(group_id: int) -> int:
    """How many positions a saved group holds."""
    members = sa.select(sa.func.count()).where(OfficeGroupMember.group_id == group_id)
    return db.session.scalar(members) or 0


def positions_within(position_ids: Collection[int], scope: Condition) -> Sequence[int]:
    """Those of some positions that are in use in offices within `scope`."""
    return db.session.scalars(
        sa.select(Position.id)
        .join(Office, Office.id == Position.office_id)
        .where(
            Position.id.in_(position_ids),
            scope,
            Office.archived_at.is_(None),
            Position.archived_at.is_(None),
        )
    ).all()


FOUND = 12
"""Positions offered for one search."""


def find_positions(
    scope: Condition, search: str, on: date, *first: ColumnElement[Any], most: int = FOUND
) -> Sequence[Any]:
    """Positions of offices within `scope` whose title, office or holder has every word, with the holder.

    `first` are columns that each row has besides, and by which rows are sorted before protocol order.
    """
    text = (
        sa.func.lower(Position.title) + " " + Office.sort_name + " " + sa.func.coalesce(Person.sort_name, "")
    )
    return db.session.execute(
        sa.select(
            Position.id,
            Position.title,
            Office.name.label("office_name"),
            Person.prefix,
            Person.name,
            Person.suffix,
            *first,
        )
        .join(Office, Office.id == Position.office_id)
        .outerjoin(Appointment, holding(on))
        .outerjoin(Person, Person.id == Appointment.person_id)
        .where(
            scope,
            Office.archived_at.is_(None),
            Position.archived_at.is_(None),
            *(text.contains(word, autoescape=True) for word in sort_key(search).split()),
        )
        .order_by(*first, Position.protocol_order, Office.sort_name, Position.id)
        .limit(most)
    ).all()


def _number(condition: Condition) -> ColumnElement[int]:
    return sa.func.count().filter(condition)


def holds_on(on: date | sa.BindParameter[Any]) -> Condition:
    """The appointments that run on a day."""
    return sa.and_(
        Appointment.starts_on <= on, sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= on)
    )


def holding(on: date | sa.BindParameter[Any]) -> Condition:
    """Joins a position to the one appointment that counts on a day.

    Somebody acting goes before the definitive holder, a later appointment before an earlier one.
    """
    chosen = (
        sa.select(Appointment.id)
        .where(Appointment.position_id == Position.id, holds_on(on))
        .order_by(
            sa.case((Appointment.kind == AppointmentKind.DEFINITIVE, 1), else_=0),
            Appointment.starts_on.desc(),
            Appointment.id.desc(),
        )
        .limit(1)
        .correlate(Position)
        .scalar_subquery()
    )
    return Appointment.id == chosen


def seats_of(key: str, regency_code: str, on: date) -> list[Seat]:
    """Everybody of a group in protocol order, with the holder on the day: one statement.

    Raises NotFound for a group that does not exist.
    """
    rule = BY_KEY.get(key)
    if rule is None:
        raise NotFound
    return _seats(sa.and_(rule.condition, _in_regency(regency_code)), on)


def seats(position_ids: Sequence[int], scope: Condition, on: date) -> list[Seat]:
    """These positions, of offices within `scope`, in protocol order: one statement."""
    return _seats(sa.and_(Position.id.in_(position_ids), scope), on)


def _seats(condition: Condition, on: date) -> list[Seat]:
    stands_for: ColumnElement[Any] = sa.func.coalesce(Position.constituency, Office.constituency)
    rows = db.session.execute(
        sa.select(
            Position.id,
            Position.office_id,
            Position.title,
            Office.name,
            sa.type_coerce(stands_for, Office.constituency.type),
            Position.protocol_order,
            _text(Person.prefix),
            _text(Person.name),
            _text(Person.suffix),
            _text(Person.sort_name),
            Person.sex,
            _text(Person.phone),
            Appointment.kind,
        )
        .join(Office, Office.id == Position.office_id)
        .outerjoin(Appointment, holding(on))
        .outerjoin(Person, Person.id == Appointment.person_id)
        .where(condition)
        .order_by(Position.protocol_order, Office.sort_name, Position.id)
    )
    return [Seat(*row) for row in rows]


def _text(column: sa.SQLColumnExpression[str]) -> ColumnElement[str]:
    """A text of the holder, empty while there is none."""
    return sa.func.coalesce(column, "")


OFFICE_KEYS = {
    "kecamatan": (OfficeKind.KECAMATAN,),
    "desa": (OfficeKind.KELURAHAN, OfficeKind.DESA),
    "puskesmas": (OfficeKind.PUSKESMAS,),
    "opd": AGENCIES,
}
"""What a task can be addressed to at once."""


def offices_of(key: str, code: str) -> Sequence[Row[int, str, str, str]]:
    """The offices (id, name, wilayah_code, district_code) of a kind within a place: one statement.

    Raises NotFound for an unknown key.
    """
    if key not in OFFICE_KEYS:
        raise NotFound
    return db.session.execute(
        sa.select(Office.id, Office.name, Office.wilayah_code, Office.district_code)
        .where(Office.kind.in_(OFFICE_KEYS[key]), Office.archived_at.is_(None), within(Office, code))
        .order_by(Office.protocol_order, Office.sort_name, Office.id)
    ).all()
