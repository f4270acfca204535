"""Excel files as offices send them: the trial of Kabupaten Manokwari, with sixty invented officials.

Ten rows are wrong, each in another way; `PLANTED` says where, and what must be said of it. Nothing is drawn
by chance: the same file every time.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.directory import Office, OfficeKind, Person
from ilp.models.wilayah import Wilayah
from ilp.policy.user import SYSTEM
from ilp.services.wilayah import import_codes, read_package, set_up_regency
from tests.support.databases import PROVINCES
from tests.support.sheets import made

MANOKWARI = "92.02"
HEADINGS = [
    "No", "Kantor", "Distrik", "Jenis kantor", "JABATAN", "Pimpinan", "Gelar depan", "Nama  Lengkap",
    "Gelar belakang", "NIP", "No. HP", "L/P", "Status", "TMT",
]  # fmt: skip
GIVEN = "Agus Berta Costan Dina Elia Frida Gerson Hana Isak Johana Kornel Lidia Markus Naomi Otto".split()
FAMILY = "Contoh Sampel Misal Umpama".split()
AGENCIES = (
    ("Dinas Kesehatan Kabupaten Manokwari", "Dinas Kesehatan"),
    ("Dinas Pendidikan Kabupaten Manokwari", "Perangkat daerah (OPD)"),
    ("Bappeda Kabupaten Manokwari", "Perangkat daerah (OPD)"),
    ("RSUD Manokwari", "RSUD"),
)
PLANTED = {
    3: ("nip", "NIP terdiri atas 18 angka; di sini 17."),
    9: ("nip", "NIP diawali tanggal lahir; 45/13/1980 tidak ada."),
    14: (
        "office",
        "Kantor “Kampung Dindei” tidak ada di Distrik Warmare. Mungkin maksudnya “Kampung Dindey”.",
    ),
    26: ("starts_on", "Tanggal 31 Februari 2025 tidak ada."),
    31: ("name", "Nama perlu diisi."),
    37: ("phone", "Nomor HP ditulis seperti 0812-3456-7890."),
    42: ("nip", "Excel membulatkan NIP ini. Ubah selnya menjadi teks, lalu ketik ulang."),
    48: ("sex", "Pilih salah satu: L, P, Laki-laki, Perempuan, Pria, Wanita."),
    55: ("nip", "NIP ini juga ditulis untuk orang lain pada baris 5."),
    58: ("is_head", "Pimpinan kantor ini sudah ditulis pada baris 61."),
}
"""By the official's number, from 1: the column at fault, and the sentence."""
TOP = 4
"""Rows above the first official: two lines of title, an empty one, the heading."""


def open_manokwari() -> None:
    """The regency as the first day leaves it: its offices, each with the position of its head."""
    places = read_package()
    import_codes([p for p in places if p.code.split(".")[0] in {*PROVINCES, "92"} or "." not in p.code])
    with transaction():
        set_up_regency(actor=SYSTEM, code=MANOKWARI)


def sixty_officials() -> list[list[Any]]:
    """The rows of the officials, right and wrong."""
    offices = db.session.execute(
        sa.select(Office.name, Office.kind, Wilayah.name.label("district"))
        .outerjoin(Wilayah, Wilayah.code == Office.district_code)
        .where(
            Office.regency_code == MANOKWARI,
            Office.kind.in_([OfficeKind.KECAMATAN, OfficeKind.DESA]),
            Office.name != "Kampung Dindey",
        )
        .order_by(Office.protocol_order, Office.wilayah_code)
        .limit(52)
    ).all()
    rows = [
        official(n, name, district, "", f"Kepala {name}", head="ya")
        for n, (name, _, district) in enumerate(offices, start=1)
    ]
    for name, kind in AGENCIES:
        rows.append(official(len(rows) + 1, name, "", kind, "Kepala", head="ya"))
        rows.append(official(len(rows) + 1, name, "", kind, "Sekretaris", head="tidak"))
    return plant(rows)


def official(n: int, office: str, district: str, kind: str, title: str, *, head: str) -> list[Any]:
    born, began = date(1970, 1, 1) + timedelta(days=97 * n), date(2024, 1, 1) + timedelta(days=3 * n)
    sex = "LP"[n % 2]
    spoken = (began, f"{began:%d/%m/%Y}", f"{began.day} Januari {began.year + 1}")[n % 3]
    phone = (f"0812-90{n:02d}-{1000 + n}", 81_290_000_000 + n * 10_001, f"+62 812 90{n:02d} {1000 + n}")[
        n % 3
    ]
    return [
        n, f" {office.upper() if n % 7 == 0 else office} ", district, kind, title, head,
        "Dr." if n % 5 == 0 else "",
        f"{GIVEN[n % 15]} {FAMILY[n % 4]} {'ABCDE'[n % 5]}{n}", "M.Si." if n % 4 == 0 else "",
        f"{born:%Y%m%d}{200001 + n % 12}{1 + n % 2}{n:03d}"[:18], phone, sex, "definitif", spoken,
    ]  # fmt: skip


def plant(rows: list[list[Any]]) -> list[list[Any]]:
    """Spoils ten of them."""
    column = {key: n for n, key in enumerate(
        "no office district kind title is_head prefix name suffix nip phone sex status starts_on".split()
    )}  # fmt: skip
    spoilt: dict[int, dict[str, Any]] = {
        3: {"nip": rows[2][9][:17]},
        9: {"nip": "198013452005011003"},
        14: {"office": "Kampung Dindei", "district": "Warmare"},
        26: {"starts_on": "31 Februari 2025"},
        31: {"name": ""},
        37: {"phone": "belum ada"},
        42: {"nip": 198001152005011003.0},
        48: {"sex": "X"},
        55: {"nip": rows[0][9]},
        58: {"is_head": "ya"},
    }
    for n, cells in spoilt.items():
        for key, value in cells.items():
            rows[n - 1][column[key]] = value
    return rows


def manokwari_file() -> bytes:
    """The file: titles above, an empty row within, a total below."""
    rows = sixty_officials()
    above = [["DAFTAR PEJABAT KABUPATEN MANOKWARI"], ["Keadaan Januari 2025"], []]
    return made([*above, HEADINGS, *rows, [], ["Jumlah", len(rows)]], name="Pejabat")


def people_of_manokwari() -> int:
    return (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(Person).where(Person.wilayah_code.startswith(MANOKWARI))
        )
        or 0
    )
