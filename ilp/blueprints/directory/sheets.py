"""The lists of the directory as Excel files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ilp.core.indonesian import full_name, with_office
from ilp.models.directory import Person
from ilp.queries.persons import PersonRow
from ilp.web.session import me
from ilp.web.sheets import Column, Sheet


def _head(row: Any) -> str:
    if not row.person:
        return ""
    return f"{row.quality.label} {full_name(row.prefix, row.person, row.suffix)}".strip()


def _place(row: Any) -> str:
    return f"{me().words.said(row.place_kind.label)} {row.place}" if row.place else ""


OFFICES = Sheet(
    "Direktori kantor",
    (
        Column("Kantor", lambda row: row.name, 40),
        Column("Pimpinan", _head, 36),
        Column("Jabatan", lambda row: row.title or "", 28, extra=True),
        Column("Wilayah", _place, 28),
        Column("Jenis", lambda row: me().words.said(row.kind.label), 22),
    ),
)


def _held(row: PersonRow) -> str:
    return "; ".join(
        f"{held.kind.label} {with_office(held.title, held.office_name)}".strip() for held in row.held
    )


PERSONS = Sheet(
    "Orang dalam direktori",
    (
        Column("Nama", lambda row: full_name(row.prefix, row.name, row.suffix), 36),
        Column("Jabatan", _held, 60),
        Column("Pangkat", lambda row: row.rank or "-", 20),
    ),
)


GROUPS = Sheet(
    "Kelompok undangan",
    (
        Column("Kelompok", lambda row: row.name, 40),
        Column("Jabatan", lambda row: row.members, 12),
    ),
)

MEMBERS = Sheet(
    "Anggota kelompok undangan",
    (
        Column("Jabatan", lambda row: row.title, 40),
        Column("Kantor", lambda row: row.office_name, 40),
        Column("Pejabat", lambda row: full_name(row.prefix, row.name, row.suffix) if row.name else "", 36),
    ),
)


def doubles(held: Mapping[int, Sequence[Any]]) -> Sheet:
    """The sheet of people recorded twice, given what each of them holds."""

    def told(person: Person) -> str:
        posts = (with_office(each.title, each.office_name) for each in held.get(person.id, ()))
        return "; ".join((full_name(person.prefix, person.name, person.suffix), *posts))

    return Sheet(
        "Mungkin tercatat ganda",
        (
            Column("Tercatat", lambda row: told(row.one), 60),
            Column("Tercatat lagi", lambda row: told(row.other), 60),
            Column("Sama", lambda row: ", ".join(row.reasons), 20),
        ),
    )


NUMBERS = Sheet(
    "Nomor surat",
    (
        Column("Nomor", lambda row: row.text, 34),
        Column("Diambil", lambda row: row.taken_at, 18),
        Column("Asal", lambda row: "diketik dari buku agenda" if row.typed else "nomor urut", 24),
        Column("Dokumen", lambda row: row.title or "", 60),
    ),
)
