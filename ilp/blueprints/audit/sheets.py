"""The trail of a place and the history of a record as Excel files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from ilp.web.deeds import deed, details, subject
from ilp.web.session import me
from ilp.web.sheets import Column, Sheet


def _about(line: Any) -> str:
    row, names = line
    return f"{subject(row.subject)} {names.get((row.subject, row.subject_id)) or row.subject_id}"


def _details(line: Any) -> str:
    row, names = line
    return _said(details(row.changes, row.subject, me().zone, names))


def _personal(line: Any) -> str:
    row, _ = line
    if row.personal is None:
        return "sudah dihapus" if row.personal_sha256 else ""
    return _said(details(row.personal, row.subject, me().zone))


def _said(values: Sequence[tuple[str, Markup]]) -> str:
    return "; ".join(f"{name}: {value.striptags()}" for name, value in values)


ENTRIES = Sheet(
    "Jejak audit",
    (
        Column("Waktu", lambda row: row[0].at, 18),
        Column("Siapa", lambda row: row[0].actor_name, 28),
        Column("Kantor", lambda row: row[0].office_name or "", 32, extra=True),
        Column("Perbuatan", lambda row: deed(row[0].action), 28),
        Column("Tentang", _about, 24),
        Column("Rincian", _details, 60),
        Column("Rantai", lambda row: f"{row[0].chain or 'nasional'}/{row[0].seq}", 16),
        Column("Alamat", lambda row: row[0].address, 18, extra=True),
    ),
)
"""Rows are (entry, what the records are called)."""


def history(*, personal: bool) -> Sheet:
    """What was done to one record. Rows are (entry, what the records are called).

    A column tells the personal values, for those to whom the page does.
    """
    return Sheet(
        "Riwayat perubahan",
        (
            Column("Waktu", lambda row: row[0].at, 18),
            Column("Siapa", lambda row: row[0].actor_name, 28),
            Column("Kantor", lambda row: row[0].office_name or "", 32),
            Column("Perbuatan", lambda row: deed(row[0].action), 28),
            Column("Tentang", _about, 36),
            Column("Rincian", _details, 60),
            *((Column("Nilai pribadi", _personal, 48),) if personal else ()),
        ),
    )
