"""What an account was told, as an Excel file."""

from __future__ import annotations

from ilp.web.sheets import Column, Sheet

NOTIFICATIONS = Sheet(
    "Pemberitahuan",
    (
        Column("Pemberitahuan", lambda row: row.text, 90),
        Column("Waktu", lambda row: row.created_at, 18),
        Column("Dibaca", lambda row: row.read_at or "belum", 18),
    ),
)
