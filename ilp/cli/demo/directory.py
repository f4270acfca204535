"""Puts the offices, positions, persons, appointments, bodies and Puskesmas of the demo into the database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Any

import sqlalchemy as sa

from ilp.cli.demo import offices as spec
from ilp.cli.demo.people import Style, person
from ilp.core.clock import as_of, to_utc
from ilp.core.db import db, transaction
from ilp.core.indonesian import sort_key
from ilp.models.directory import (
    Appointment,
    AppointmentKind,
    Letterhead,
    Office,
    OfficeKind,
    Person,
    Position,
)
from ilp.models.facilities import Facility, FacilityKind
from ilp.models.place import place_codes
from ilp.models.pokjanal import CoordinationBody, Seat, SeatRole
from ilp.models.wilayah import Wilayah
from ilp.policy.user import SYSTEM
from ilp.services.wilayah import set_up_regency

SINCE = date(2023, 1, 2)
BEGINNING = to_utc(date(2024, 1, 2), time(8))
"""When the demo's regencies began to use the product: before the first of the five events."""

CAMPAIGN = (date(2024, 9, 25), date(2024, 11, 23))
"""While the regent of Malang was on leave for the election, his deputy acted for him."""

STYLES: dict[OfficeKind, Style] = {
    OfficeKind.KECAMATAN: "camat",
    OfficeKind.KELURAHAN: "lurah",
    OfficeKind.DESA: "kades",
}
"""The offices of places, and how their heads are styled."""

Positions = dict[tuple[str, str], tuple[int, spec.PositionSpec]]
"""Each position's id and specification by the code of its regency and its key."""


def fill() -> None:
    """Sets the five regencies up and gives every office of theirs its people."""
    with as_of(BEGINNING), transaction():
        for regency in spec.REGENCIES:
            set_up_regency(actor=SYSTEM, code=regency.code)
        positions = _offices()
        _people(positions)
        _bodies(positions)


def inserted(model: type[Any], rows: Sequence[dict[str, Any]]) -> Sequence[int]:
    """Inserts rows and returns their ids in the same order."""
    if not rows:
        return []
    return db.session.scalars(
        sa.insert(model).returning(model.id, sort_by_parameter_order=True), list(rows)
    ).all()


def _offices() -> Positions:
    """Inserts offices, letterheads, positions and Puskesmas; returns each position's id and specification."""
    plans = [("", office) for office in spec.ELSEWHERE]
    for regency in spec.REGENCIES:
        plans += [(regency.code, office) for office in spec.offices(regency, _districts(regency.code))]
    keys = inserted(Office, [_office_row(office) for _, office in plans])
    _letterheads(plans, keys)
    _puskesmas(plans, keys)
    rows, names = [], []
    for key, (regency_code, office) in zip(keys, plans, strict=True):
        for position in office.positions:
            names.append(((regency_code, position.key), position))
            rows.append(_position_row(key, position))
    made = dict(zip((name for name, _ in names), inserted(Position, rows), strict=True))
    return _heads_of_places() | {name: (made[name], position) for name, position in names}


def _districts(code: str) -> list[spec.District]:
    rows = db.session.execute(
        sa.select(Wilayah.code, Wilayah.name)
        .where(sa.func.length(Wilayah.code) == 8, Wilayah.code.startswith(f"{code}."))
        .order_by(Wilayah.code)
    )
    return [spec.District(*row) for row in rows]


def _office_row(office: spec.OfficeSpec) -> dict[str, Any]:
    return {
        "kind": office.kind,
        "constituency": office.constituency,
        "name": office.name,
        "sort_name": sort_key(office.name),
        "wilayah_code": office.code,
        "protocol_order": office.order,
        **place_codes(office.code),
    }


def _position_row(office_id: int, position: spec.PositionSpec) -> dict[str, Any]:
    return {
        "office_id": office_id,
        "title": position.title,
        "is_head": position.head,
        "constituency": position.stands_for,
        "protocol_order": position.order,
    }


# --- letterheads ---------------------------------------------------------------------
def _letterheads(plans: Sequence[tuple[str, spec.OfficeSpec]], keys: Sequence[int]) -> None:
    """For every office with a unit, and for the kecamatan and desa/kelurahan."""
    regencies = {regency.code: regency for regency in spec.REGENCIES}
    rows = [
        _letterhead(key, regencies[code], office.unit, office.kind, f"{code}.{office.order:03d}")
        for key, (code, office) in zip(keys, plans, strict=True)
        if office.unit
    ]
    local = db.session.execute(
        sa.select(Office.id, Office.name, Office.kind, Office.regency_code, Office.wilayah_code).where(
            Office.kind.in_(STYLES)
        )
    ).all()
    districts = {row.wilayah_code: row.name for row in local}
    rows += [
        _letterhead(row.id, regencies[row.regency_code], row.name, row.kind, row.wilayah_code)
        | {"tiers": _tiers(regencies[row.regency_code], districts.get(row.wilayah_code[:8]), row.kind)}
        for row in local
    ]
    db.session.execute(sa.insert(Letterhead), rows)


def _tiers(regency: spec.Regency, district: str | None, kind: OfficeKind) -> list[str]:
    government = f"PEMERINTAH {regency.full_name.upper()}"
    return [government] if kind is OfficeKind.KECAMATAN else [government, (district or "").upper()]


def _letterhead(
    office_id: int, regency: spec.Regency, unit: str, kind: OfficeKind, unit_code: str
) -> dict[str, Any]:
    leader = unit.startswith(regency.head)
    tiers = {
        OfficeKind.PUSKESMAS: [f"PEMERINTAH {regency.full_name.upper()}", "DINAS KESEHATAN"],
    }.get(kind, [f"PEMERINTAH {regency.full_name.upper()}"])
    return {
        "office_id": office_id,
        "tiers": [] if leader else tiers,
        "unit": unit.upper(),
        "address": []
        if leader
        else [f"Jalan Contoh Nomor {office_id}, {regency.seat}", "Telepon (0000) 000000"],
        "town": regency.seat,
        "paper": regency.paper,
        "classification": "400.7",
        "unit_code": unit_code,
    }


# --- Puskesmas ------------------------------------------------------------------------
def _puskesmas(plans: Sequence[tuple[str, spec.OfficeSpec]], keys: Sequence[int]) -> None:
    """Each Puskesmas is a facility, too; marked as an example, for no public register stands behind it."""
    rows = [
        {
            "kind": FacilityKind.PUSKESMAS,
            "name": office.name,
            "wilayah_code": office.code,
            "office_id": key,
            "is_example": True,
            "source": "Dinamai menurut kecamatan; bukan daftar resmi",
            **place_codes(office.code),
        }
        for key, (_, office) in zip(keys, plans, strict=True)
        if office.kind is OfficeKind.PUSKESMAS
    ]
    db.session.execute(sa.insert(Facility), rows)


# --- people -----------------------------------------------------------------------------
def _heads_of_places() -> Positions:
    """The positions made when the regencies were set up, by the code of their place."""
    acting = {code for regency in spec.REGENCIES for code in regency.acting}
    rows = db.session.execute(
        sa.select(Position.id, Position.title, Office.kind, Office.wilayah_code, Office.regency_code)
        .join(Office, Office.id == Position.office_id)
        .where(Office.kind.in_(STYLES))
        .order_by(Office.wilayah_code)
    )
    return {
        (row.regency_code, row.wilayah_code): (
            row.id,
            spec.PositionSpec(
                row.wilayah_code,
                row.title,
                STYLES[row.kind],
                kind=_kind_of_head(row.kind, row.wilayah_code, acting),
            ),
        )
        for row in rows
    }


def _kind_of_head(kind: OfficeKind, code: str, acting: Iterable[str]) -> AppointmentKind:
    if kind is OfficeKind.DESA and code.endswith("009"):
        return AppointmentKind.PJ
    return AppointmentKind.PLH if code in acting else AppointmentKind.DEFINITIVE


def _people(positions: Positions) -> None:
    styled = [(name, position.style) for name, (_, position) in positions.items() if position.style]
    rows = [person(style, number) for number, (_, style) in enumerate(styled, 1)]
    people = dict(zip((name for name, _ in styled), inserted(Person, rows), strict=True))
    appointments = [
        _appointment(key, people[holder], position.kind)
        for name, (key, position) in positions.items()
        if (holder := (name[0], position.same_as or position.key)) in people
    ]
    regent, deputy = ("35.07", "leader"), ("35.07", "deputy")
    appointments.append(_appointment(positions[regent][0], people[deputy], AppointmentKind.PLT, *CAMPAIGN))
    db.session.execute(sa.insert(Appointment), appointments)


def _appointment(
    position_id: int,
    person_id: int,
    kind: AppointmentKind,
    starts_on: date = SINCE,
    ends_on: date | None = None,
) -> dict[str, Any]:
    return {
        "position_id": position_id,
        "person_id": person_id,
        "kind": kind,
        "starts_on": starts_on,
        "ends_on": ends_on,
    }


# --- coordination bodies --------------------------------------------------------------------
def _bodies(positions: Positions) -> None:
    """A Pokjanal for each regency (twenty-four seats) and each kecamatan (three)."""
    offices = db.session.execute(
        sa.select(Office.id, Office.name, Office.wilayah_code, Office.regency_code)
        .where(Office.kind == OfficeKind.POKJANAL)
        .order_by(Office.wilayah_code)
    ).all()
    bodies = inserted(
        CoordinationBody,
        [
            {
                "wilayah_code": office.wilayah_code,
                "office_id": office.id,
                "name": office.name,
                "legal_basis": "Permendagri Nomor 54 Tahun 2007 dan Permendagri Nomor 19 Tahun 2011",
                "decree_number": f"100.3.3/{office.id}/CONTOH/2024",
                "decree_date": date(2024, 1, 15),
                "expires_on": date(2027, 12, 31),
                **place_codes(office.wilayah_code),
            }
            for office in offices
        ],
    )
    rows = [
        {
            "body_id": body,
            "place": place,
            "division": seat.division,
            "role": SeatRole(seat.role),
            "position_id": positions[office.regency_code, seat.position][0],
        }
        for body, office in zip(bodies, offices, strict=True)
        for place, seat in enumerate(_seats(office.wilayah_code), 1)
    ]
    db.session.execute(sa.insert(Seat), rows)


def _seats(code: str) -> list[spec.SeatSpec]:
    if code.count(".") == 1:
        return spec.seats()
    return [
        spec.SeatSpec("", "chair", code),
        spec.SeatSpec("", "secretary", f"{code}.puskesmas"),
        spec.SeatSpec("", "member", f"{code}.pkk"),
    ]
