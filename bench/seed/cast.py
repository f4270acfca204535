"""Who there is in a regency once its places are filled: hosts of meetings, seats, offices to ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import Zone
from ilp.core.db import db
from ilp.models.accounts import Account, RoleGrant
from ilp.models.directory import Office, OfficeKind, Person, Position
from ilp.models.meetings import Meeting
from ilp.models.place import place_codes
from ilp.models.wilayah import RegencySetting, Wilayah
from ilp.queries import directory
from ilp.services import seats


@dataclass(frozen=True)
class Host:
    """An office with the login that acts for it."""

    id: int
    kind: OfficeKind
    name: str
    code: str
    account_id: int
    actor: str

    @property
    def place(self) -> dict[str, str]:
        return place_codes(self.code)


@dataclass(frozen=True)
class Cast:
    """A regency as the seed needs it; `seats` are ready to be invited, by kecamatan ('' above them)."""

    code: str
    name: str
    zone: Zone
    setda: Host
    dinkes: Host
    districts: Sequence[Host]
    villages: Sequence[Host]
    agencies: Sequence[Host]
    seats: dict[str, list[dict[str, Any]]]


def read(place: Wilayah, on: date) -> Cast:
    """The cast of a regency on a day."""
    hosts = _hosts(place.code)

    def of(*kinds: OfficeKind) -> list[Host]:
        return [host for host in hosts if host.kind in kinds]

    zone = db.session.scalars(
        sa.select(RegencySetting.zone).where(RegencySetting.regency_code == place.code)
    ).one()
    return Cast(
        code=place.code,
        name=place.full_name,
        zone=zone,
        setda=of(OfficeKind.SETDA)[0],
        dinkes=of(OfficeKind.HEALTH_AGENCY)[0],
        districts=of(OfficeKind.KECAMATAN),
        villages=of(OfficeKind.DESA, OfficeKind.KELURAHAN),
        agencies=of(OfficeKind.AGENCY, OfficeKind.INSPECTORATE),
        seats=_seats(place.code, on),
    )


def _hosts(code: str) -> list[Host]:
    """Offices with a login, each with its first."""
    first = (
        sa.select(sa.func.min(RoleGrant.id))
        .join(Office, Office.id == RoleGrant.office_id)
        .where(Office.regency_code == code)
        .group_by(RoleGrant.office_id)
    )
    rows = db.session.execute(
        sa.select(Office.id, Office.kind, Office.name, Office.wilayah_code, Account.id, Person.name)
        .join(RoleGrant, RoleGrant.office_id == Office.id)
        .join(Account, Account.id == RoleGrant.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(RoleGrant.id.in_(first))
        .order_by(Office.wilayah_code, Office.protocol_order, Office.id)
    )
    return [Host(*row) for row in rows]


def _seats(code: str, on: date) -> dict[str, list[dict[str, Any]]]:
    """Invitations without their meeting, by the kecamatan of the office."""
    places = dict(
        db.session.execute(
            sa.select(Position.id, Office.district_code)
            .join(Office, Office.id == Position.office_id)
            .where(Office.regency_code == code)
        ).all()
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for seat in directory.seats(list(places), sa.true(), on):
        row = seats.row_of(Meeting(), seat, "")
        found.setdefault(places[seat.position_id], []).append(row)
    return found
