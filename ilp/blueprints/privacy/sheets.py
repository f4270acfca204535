"""Who looked at somebody's data, as an Excel file."""

from __future__ import annotations

from ilp.web.sheets import Column, Sheet

VIEWERS = Sheet(
    "Siapa melihat data",
    (
        Column("Tanggal", lambda row: row.day, 14),
        Column("Siapa", lambda row: row.name or row.office_name, 36),
        Column("Akun", lambda row: row.username, 24),
        Column("Halaman", lambda row: row.page.label, 36),
        Column("Tentang", lambda row: row.about, 50),
    ),
)
