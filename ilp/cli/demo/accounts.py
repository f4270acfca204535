"""The logins of the demo; all of them share one password."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ilp.cli.demo.directory import BEGINNING, SINCE, STYLES, inserted
from ilp.core.clock import as_of, now
from ilp.core.db import db, transaction
from ilp.core.demo import PASSWORD
from ilp.core.passwords import hash_password
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.directory import Appointment, Office, Position
from ilp.policy.user import SYSTEM
from ilp.queries.directory import holding
from ilp.services import audit


@dataclass(frozen=True)
class Login:
    """An account: the position whose holder uses it, its role, and the office the role is in."""

    username: str
    code: str
    title: str
    role: Role
    note: str


LOGINS = (
    Login(
        "setda.malang",
        "35.07",
        "Kepala Bagian Tata Pemerintahan",
        Role.SECRETARIAT,
        "Sekretariat Daerah Kabupaten Malang",
    ),
    Login(
        "notulis.malang",
        "35.07",
        "Analis Kebijakan Bagian Tata Pemerintahan",
        Role.SECRETARIAT,
        "Notulis Setda Kabupaten Malang",
    ),
    Login(
        "pimpinan.malang",
        "35.07",
        "Sekretaris Daerah Kabupaten Malang",
        Role.LEADER,
        "Sekretaris Daerah Kabupaten Malang",
    ),
    Login("dinkes.malang", "35.07", "Kepala Dinas Kesehatan", Role.HEALTH_OFFICE, "Dinas Kesehatan Malang"),
    Login("camat.kepanjen", "35.07.13", "Camat Kepanjen", Role.IMPLEMENTER, "Kecamatan Kepanjen"),
    Login(
        "puskesmas.kepanjen", "35.07.13", "Kepala Puskesmas Kepanjen", Role.IMPLEMENTER, "Puskesmas Kepanjen"
    ),
    Login(
        "setda.bukittinggi",
        "13.75",
        "Kepala Bagian Tata Pemerintahan",
        Role.SECRETARIAT,
        "Sekretariat Daerah Kota Bukittinggi",
    ),
    Login(
        "camat.guguak-panjang",
        "13.75.01",
        "Camat Guguak Panjang",
        Role.IMPLEMENTER,
        "Kecamatan Guguak Panjang",
    ),
    Login(
        "pokjanal.gunungmas",
        "62.10",
        "Sekretaris Pokjanal Posyandu Kabupaten Gunung Mas",
        Role.BODY_SECRETARIAT,
        "Sekretariat Pokjanal Gunung Mas",
    ),
    Login("camat.kurun", "62.10.02", "Camat Kurun", Role.IMPLEMENTER, "Kecamatan Kurun"),
    Login(
        "lurah.tampang",
        "62.10.02.1001",
        "Lurah Tampang Tumbang Anjir",
        Role.IMPLEMENTER,
        "Kelurahan Tampang Tumbang Anjir",
    ),
    Login(
        "setda.blitar",
        "35.05",
        "Kepala Bagian Tata Pemerintahan",
        Role.SECRETARIAT,
        "Sekretariat Daerah Kabupaten Blitar",
    ),
    Login("camat.garum", "35.05.11", "Camat Garum", Role.IMPLEMENTER, "Kecamatan Garum"),
    Login(
        "mitra.blitar",
        "35.05",
        "Koordinator Provinsi Program MENTARI-PHC",
        Role.PARTNER,
        "Mitra MENTARI-PHC di Kabupaten Blitar",
    ),
    Login(
        "dinkes.lumajang", "35.08", "Kepala Dinas Kesehatan", Role.HEALTH_OFFICE, "Dinas Kesehatan Lumajang"
    ),
    Login("auditor.jatim", "35", "Auditor Ahli Madya", Role.AUDITOR, "Auditor Provinsi Jawa Timur"),
    Login("admin", "", "Administrator Simpul", Role.ADMINISTRATOR, "Administrator seluruh Indonesia"),
)


UNLISTED = (
    Login(
        "asisten.gunungmas",
        "62.10",
        "Ketua Pokjanal Posyandu Kabupaten Gunung Mas",
        Role.LEADER,
        "Asisten Pemerintahan dan Kesejahteraan Rakyat",
    ),
    Login(
        "dinkes.bukittinggi",
        "13.75",
        "Kepala Bidang Kesehatan Masyarakat",
        Role.HEALTH_OFFICE,
        "Dinas Kesehatan Kota Bukittinggi",
    ),
    Login(
        "kadinkes.bukittinggi",
        "13.75",
        "Kepala Dinas Kesehatan",
        Role.LEADER,
        "Kepala Dinas Kesehatan Kota Bukittinggi",
    ),
    Login(
        "sekda.blitar",
        "35.05",
        "Sekretaris Daerah Kabupaten Blitar",
        Role.LEADER,
        "Sekretaris Daerah Kabupaten Blitar",
    ),
    Login(
        "dinkes.blitar",
        "35.05",
        "Kepala Bidang Pelayanan Kesehatan",
        Role.HEALTH_OFFICE,
        "Dinas Kesehatan Kabupaten Blitar",
    ),
)
"""Who else acts in the events; they log in like the others, but nobody needs to know them."""

FOR_THE_PARTNER = (("setda.blitar", Role.SECRETARIAT), ("dinkes.blitar", Role.LEADER))
"""The partner's regular meeting is kept and chaired by the government of Blitar."""


def fill() -> None:
    """Makes the logins, each with one role in the office of its position."""
    logins = (*LOGINS, *UNLISTED)
    hashed = hash_password(PASSWORD)
    with as_of(BEGINNING), transaction():
        seats = _seats(logins)
        found = [seats[login.code, login.title] for login in logins]
        keys = _accounts(
            [(login.username, person) for login, (_, person) in zip(logins, found, strict=True)], hashed
        )
        by_name = {login.username: key for login, key in zip(logins, keys, strict=True)}
        partner = seats["35.05", "Koordinator Provinsi Program MENTARI-PHC"][0]
        _grant(
            [
                *(
                    (key, login.role, office)
                    for key, login, (office, _) in zip(keys, logins, found, strict=True)
                ),
                *((by_name[username], role, partner) for username, role in FOR_THE_PARTNER),
            ]
        )


def enrol(*conditions: sa.ColumnExpressionArgument[bool]) -> None:
    """Gives the holders of these positions a login as implementers of their offices, if they have none there.

    Whoever is asked for something must be able to answer. Heads of places are named by the code of the
    place, others by code and title.
    """
    known = sa.exists().where(RoleGrant.office_id == Office.id, RoleGrant.role == Role.IMPLEMENTER)
    rows = db.session.execute(
        sa.select(Office.id, Office.kind, Office.wilayah_code, Position.title, Appointment.person_id)
        .join(Position, Position.office_id == Office.id)
        .join(Appointment, holding(SINCE))
        .where(~known, *conditions)
        .order_by(Office.wilayah_code, Position.id)
    ).all()
    hashed = db.session.scalar(sa.select(Account.password_hash).limit(1)) or ""
    names = [
        row.wilayah_code if row.kind in STYLES else f"{row.wilayah_code}.{_slug(row.title)}" for row in rows
    ]
    keys = _accounts([(name, row.person_id) for name, row in zip(names, rows, strict=True)], hashed)
    _grant([(key, Role.IMPLEMENTER, row.id) for key, row in zip(keys, rows, strict=True)])


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _accounts(names: Sequence[tuple[str, int]], hashed: str) -> Sequence[int]:
    """Accounts by user name and person."""
    moment = now()
    return inserted(
        Account,
        [
            {"username": name, "password_hash": hashed, "person_id": person, "created_at": moment}
            for name, person in names
        ],
    )


def _grant(roles: Sequence[tuple[int, Role, int]]) -> None:
    """Gives accounts a role in an office, as one entry of the trail."""
    moment = now()
    keys = inserted(
        RoleGrant,
        [
            {"account_id": account, "role": role, "office_id": office, "granted_at": moment}
            for account, role, office in roles
        ],
    )
    first = db.session.get_one(RoleGrant, keys[0])
    audit.record(SYSTEM, "demo:seed", first, changes={"grants": len(keys)})


def _seats(logins: Sequence[Login]) -> dict[tuple[str, str], tuple[int, int]]:
    """Office and person by place and title."""
    rows = db.session.execute(
        sa.select(Office.wilayah_code, Position.title, Office.id, Appointment.person_id)
        .join(Position, Position.office_id == Office.id)
        .join(Appointment, Appointment.position_id == Position.id)
        .where(Appointment.starts_on == SINCE, Position.title.in_([login.title for login in logins]))
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}
