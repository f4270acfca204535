"""The list of coordination bodies, and who sits in one, as Excel files."""

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

SEATS = Sheet(
    "Anggota Pokjanal",
    (
        Column("Jabatan", lambda seat: seat["title"], 36),
        Column("Kantor", lambda seat: seat["office_name"], 36),
        Column("Pejabat", lambda seat: seat["holder"], 36),
        Column("Bidang", lambda seat: seat["division"] or "Pengurus", 28),
        Column("Kedudukan", lambda seat: seat["role"].label, 18),
    ),
)
