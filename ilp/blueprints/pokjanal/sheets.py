"""The list of coordination bodies as an Excel file."""

from __future__ import annotations

from ilp.web.sheets import Column, Sheet

BODIES = Sheet(
    "Daftar Pokjanal dan Tim Pembina Posyandu",
    (
        Column("Nama", lambda row: row.name, 40),
        Column(
            "Wilayah", lambda row: f"{row.place_kind.label} {row.place_name}" if row.place_name else "", 28
        ),
        Column("SK", lambda row: row.decree_number or "", 28),
        Column("Tanggal SK", lambda row: row.decree_date, 12, extra=True),
        Column("Berlaku sampai", lambda row: row.expires_on, 14),
        Column("Anggota", lambda row: row.seats, 10),
        Column("Tugas", lambda row: row.tasks, 10),
    ),
)
