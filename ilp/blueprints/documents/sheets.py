"""The register of documents as an Excel file."""

from __future__ import annotations

from ilp.web.sheets import Column, Sheet

DOCUMENTS = Sheet(
    "Daftar dokumen",
    (
        Column("Perihal", lambda row: row.title, 48),
        Column("Jenis", lambda row: row.kind.label, 20, extra=True),
        Column("Versi", lambda row: row.version, 8, extra=True),
        Column("Nomor", lambda row: row.number or "", 28),
        Column("Tanggal", lambda row: row.letter_date, 12),
        Column("Kantor", lambda row: row.office_name, 32),
        Column("Keadaan", lambda row: row.status.label.capitalize(), 14),
    ),
)
