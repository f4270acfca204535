"""The trail as an Excel file."""

from __future__ import annotations

from typing import Any

from ilp.web.deeds import deed, details, subject
from ilp.web.session import me
from ilp.web.sheets import Column, Sheet


def _about(line: Any) -> str:
    row, names = line
    return f"{subject(row.subject)} {names.get((row.subject, row.subject_id)) or row.subject_id}"


def _details(line: Any) -> str:
    row, names = line
    said = details(row.changes, row.subject, me().zone, names)
    return "; ".join(f"{name}: {value.striptags()}" for name, value in said)


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
