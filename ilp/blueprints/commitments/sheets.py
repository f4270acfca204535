"""The register of commitments as an Excel file."""

from __future__ import annotations

from ilp.web.sheets import Column, Sheet

COMMITMENTS = Sheet(
    "Daftar komitmen bersama",
    (
        Column("Naskah", lambda row: row.title, 48),
        Column("Kantor", lambda row: row.office_name, 32),
        Column("Tanggal", lambda row: row.signed_on or row.created_on, 12),
        Column("Tanda tangan", lambda row: row.signed, 14),
        Column("Diminta", lambda row: row.asked, 10, extra=True),
        Column("Keadaan", lambda row: row.status.label.capitalize(), 14),
    ),
)
