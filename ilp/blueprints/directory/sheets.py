"""The directory of offices, and its people, as Excel files."""

from __future__ import annotations

from typing import Any

from ilp.core.indonesian import full_name, with_office
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
