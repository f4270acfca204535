"""The logins of the demo; all of them share one password."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from ilp.cli.demo.directory import SINCE, inserted
from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.core.passwords import hash_password
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.directory import Appointment, Office, Position
from ilp.policy.user import SYSTEM
from ilp.services import audit

PASSWORD = "contoh-ilp-2024"  # noqa: S105  (the demo's only, and printed on its login page)


@dataclass(frozen=True)
class Login:
    """An account: the position whose holder uses it, its role, and the office the role is in."""

    username: str
    code: str
    title: str
    role: Role
    note: str
    office: str = ""


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


def fill() -> None:
    """Makes the logins, each with one role in the office of its position."""
    hashed, moment = hash_password(PASSWORD), now()
    with transaction():
        seats = _seats()
        found = [seats[login.code, login.title] for login in LOGINS]
        keys = inserted(
            Account,
            [
                {
                    "username": login.username,
                    "password_hash": hashed,
                    "person_id": person_id,
                    "created_at": moment,
                }
                for login, (_, person_id) in zip(LOGINS, found, strict=True)
            ],
        )
        grants = inserted(
            RoleGrant,
            [
                {"account_id": key, "role": login.role, "office_id": office_id, "granted_at": moment}
                for key, login, (office_id, _) in zip(keys, LOGINS, found, strict=True)
            ],
        )
        first = db.session.get_one(RoleGrant, grants[0])
        audit.record(SYSTEM, "demo:seed", first, changes={"accounts": len(keys)})


def _seats() -> dict[tuple[str, str], tuple[int, int]]:
    """Office and person by place and title."""
    rows = db.session.execute(
        sa.select(Office.wilayah_code, Position.title, Office.id, Appointment.person_id)
        .join(Position, Position.office_id == Office.id)
        .join(Appointment, Appointment.position_id == Position.id)
        .where(Appointment.starts_on == SINCE, Position.title.in_([login.title for login in LOGINS]))
    )
    return {(row[0], row[1]): (row[2], row[3]) for row in rows}
