"""The offices of a regency, their positions, holders and logins: positions real, persons made up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bench.landmarks import auditor, leader, secretariat
from bench.seed.bulk import Bulk
from ilp.cli.demo import offices as spec
from ilp.cli.demo.directory import STYLES
from ilp.cli.demo.people import person
from ilp.core.db import db
from ilp.core.indonesian import sort_key
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.directory import (
    Appointment,
    AppointmentKind,
    Constituency,
    Letterhead,
    Office,
    OfficeKind,
    Person,
    Position,
)
from ilp.models.place import place_codes
from ilp.models.wilayah import Wilayah, WilayahKind

KNOWN = {regency.code: regency for regency in spec.REGENCIES}
ROLES = {
    "tapem": (secretariat, Role.SECRETARIAT),
    "notulis": ("notulis.{}".format, Role.SECRETARIAT),
    "sekda": (leader, Role.LEADER),
    "dinkes": ("dinkes.{}".format, Role.HEALTH_OFFICE),
}
"""Positions with a login of their own, by their key; every other head answers for its office."""

MOST_NIPS = 98_999
"""The form of NIP that nobody can have runs out there; whoever comes after has none."""


@dataclass(frozen=True)
class Holder:
    """A position to be held: where, in what style, and under which login and role (if any)."""

    position_id: int
    office_id: int
    style: Any
    username: str = ""
    role: Role = Role.IMPLEMENTER


class People:
    """Makes persons one after the other, never the same number twice."""

    def __init__(self, *, password_hash: str, since: date, opened_at: datetime) -> None:
        self.made, self.since = 0, since
        self.login = {"password_hash": password_hash, "created_at": opened_at}
        self.opened_at = opened_at

    def seat(self, bulk: Bulk, holders: Sequence[Holder]) -> list[int]:
        """Gives each position a holder, and the login it asks for; returns the keys of the persons."""
        keys = bulk.keys(Person, len(holders))
        bulk.load(Person, (self._person(key, who.style) for key, who in zip(keys, holders, strict=True)))
        self.appoint(bulk, list(zip((who.position_id for who in holders), keys, strict=True)))
        named = [(who, key) for who, key in zip(holders, keys, strict=True) if who.username]
        accounts, grants = bulk.keys(Account, len(named)), bulk.keys(RoleGrant, len(named))
        bulk.load(
            Account,
            (
                {"id": account, "username": who.username, "person_id": key, **self.login}
                for account, (who, key) in zip(accounts, named, strict=True)
            ),
        )
        bulk.load(
            RoleGrant,
            (
                {
                    "id": grant,
                    "account_id": account,
                    "role": who.role,
                    "office_id": who.office_id,
                    "granted_at": self.opened_at,
                }
                for grant, account, (who, _) in zip(grants, accounts, named, strict=True)
            ),
        )
        return list(keys)

    def appoint(self, bulk: Bulk, pairs: Sequence[tuple[int, int]]) -> None:
        """Appoints persons to positions, both given by key."""
        bulk.load(
            Appointment,
            (
                {
                    "id": key,
                    "position_id": position,
                    "person_id": holder,
                    "kind": AppointmentKind.DEFINITIVE,
                    "starts_on": self.since,
                }
                for key, (position, holder) in zip(bulk.keys(Appointment, len(pairs)), pairs, strict=True)
            ),
        )

    def _person(self, key: int, style: Any) -> dict[str, Any]:
        self.made += 1
        row = person(style, self.made)
        return {"id": key, **row, "nip": row["nip"] if self.made <= MOST_NIPS else None}


def fill_regency(bulk: Bulk, people: People, place: Wilayah) -> None:
    """Adds to the kecamatan and desa/kelurahan of a regency its own offices, and to all of them people."""
    regency, code = _described(place), place.code
    plans = list(spec.offices(regency, _districts(code)))
    keys = bulk.keys(Office, len(plans))
    bulk.load(Office, (_office(key, plan) for key, plan in zip(keys, plans, strict=True)))
    bulk.load(
        Letterhead,
        (_letterhead(regency, key, plan) for key, plan in zip(keys, plans, strict=True) if plan.unit),
    )
    posts = [(key, each) for key, plan in zip(keys, plans, strict=True) for each in plan.positions]
    ids = bulk.keys(Position, len(posts))
    bulk.load(
        Position, (_position(key, office, each) for key, (office, each) in zip(ids, posts, strict=True))
    )
    holders = [
        _holder(code, key, office, each)
        for key, (office, each) in zip(ids, posts, strict=True)
        if each.style is not None
    ]
    held = people.seat(bulk, holders)
    people.seat(bulk, list(_heads_of_places(code)))
    by_key = dict(zip((each.key for _, each in posts if each.style), held, strict=True))
    people.appoint(
        bulk,
        [
            (key, by_key[each.same_as])
            for key, (_, each) in zip(ids, posts, strict=True)
            if each.same_as in by_key
        ],
    )


def fill_province(bulk: Bulk, people: People, place: Wilayah) -> None:
    """The inspectorate of a province with the auditor who reads everything in it."""
    name = f"Inspektorat Provinsi {place.name}"
    post = spec.PositionSpec("auditor", "Auditor Ahli Madya", "head", head=True, order=180)
    plan = spec.OfficeSpec(
        "inspektorat", OfficeKind.INSPECTORATE, Constituency.GOVERNMENT, name, place.code, 110, (post,)
    )
    (office,), (key,) = bulk.keys(Office, 1), bulk.keys(Position, 1)
    bulk.load(Office, [_office(office, plan)])
    bulk.load(Position, [_position(key, office, post)])
    people.seat(bulk, [Holder(key, office, post.style, auditor(place.code), Role.AUDITOR)])


def _described(place: Wilayah) -> spec.Regency:
    """What the demo knows of a regency, or the usual offices of one."""
    if place.code in KNOWN:
        return KNOWN[place.code]
    head = "Wali Kota" if place.kind is WilayahKind.KOTA else "Bupati"
    return spec.Regency(place.code, place.name, place.name, head, hospitals=(f"RSUD {place.full_name}",))


def _districts(code: str) -> list[spec.District]:
    rows = db.session.execute(
        sa.select(Office.wilayah_code, Wilayah.name)
        .join(Wilayah, Wilayah.code == Office.wilayah_code)
        .where(Office.regency_code == code, Office.kind == OfficeKind.KECAMATAN)
        .order_by(Office.wilayah_code)
    )
    return [spec.District(*row) for row in rows]


def _office(key: int, plan: spec.OfficeSpec) -> dict[str, Any]:
    return {
        "id": key,
        "kind": plan.kind,
        "constituency": plan.constituency,
        "name": plan.name,
        "sort_name": sort_key(plan.name),
        "wilayah_code": plan.code,
        "protocol_order": plan.order,
        **place_codes(plan.code),
    }


def _letterhead(regency: spec.Regency, key: int, plan: spec.OfficeSpec) -> dict[str, Any]:
    return {
        "office_id": key,
        "tiers": [f"PEMERINTAH {regency.full_name.upper()}"],
        "unit": plan.unit.upper(),
        "address": [f"Jalan Contoh Nomor {key}, {regency.seat}", "Telepon (0000) 000000"],
        "town": regency.seat,
        "unit_code": f"{plan.code}.{plan.order:03d}",
    }


def _position(key: int, office: int, post: spec.PositionSpec) -> dict[str, Any]:
    return {
        "id": key,
        "office_id": office,
        "title": post.title,
        "is_head": post.head,
        "constituency": post.stands_for,
        "protocol_order": post.order,
    }


def _holder(code: str, key: int, office: int, post: spec.PositionSpec) -> Holder:
    if post.key in ROLES:
        name, role = ROLES[post.key]
        return Holder(key, office, post.style, name(code), role)
    own = post.key if post.key.startswith(code) else f"{code}.{post.key}"
    return Holder(key, office, post.style, own if post.head else "")


def _heads_of_places(code: str) -> Iterator[Holder]:
    """The camat, lurah and kepala desa; their logins are the codes of their places."""
    rows = db.session.execute(
        sa.select(Position.id, Office.id.label("office_id"), Office.kind, Office.wilayah_code)
        .join(Office, Office.id == Position.office_id)
        .where(Office.regency_code == code, Office.kind.in_(STYLES))
        .order_by(Office.wilayah_code)
    )
    for row in rows:
        yield Holder(row.id, row.office_id, STYLES[row.kind], row.wilayah_code)
