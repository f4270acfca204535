"""The lists of meetings as Excel files."""

from __future__ import annotations

from ilp.core.clock import local
from ilp.web.sheets import Column, Sheet

MEETINGS = Sheet(
    "Daftar rapat",
    (
        Column("Rapat", lambda row: row.title, 48),
        Column("Mulai", lambda row: local(row.starts_at, row.zone).replace(tzinfo=None), 18),
        Column("Zona", lambda row: row.zone.label, 8),
        Column("Tempat", lambda row: row.place, 28),
        Column("Jenis", lambda row: row.kind.label, 24),
        Column("Penyelenggara", lambda row: row.office_name, 32),
        Column("Undangan", lambda row: row.invited, 10),
        Column("Hadir", lambda row: row.filled, 10),
        Column("Keadaan", lambda row: row.status.label.capitalize(), 14),
    ),
)

PEOPLE = Sheet(
    "Daftar kehadiran",
    (
        Column("Nama", lambda row: row.name, 32),
        Column("L/P", lambda row: row.sex, 6),
        Column("Jabatan", lambda row: row.title, 32),
        Column("Kantor", lambda row: row.office, 32),
        Column("Unsur", lambda row: row.constituency, 24),
        Column("Nomor HP", lambda row: row.phone, 18),
        Column("Kehadiran", lambda row: row.word, 16),
        Column("Datang", lambda row: row.arrived_at, 18),
        Column("Keterangan", lambda row: row.note, 32),
    ),
)
