"""The accounts of the administered places, and one's own devices, as Excel files."""

from __future__ import annotations

from typing import Any

from ilp.web.devices import describe
from ilp.web.session import me
from ilp.web.sheets import Column, Sheet


def _state(account: Any) -> str:
    if account.suspended_at:
        return "dibekukan"
    return "belum berkata sandi" if account.pending else "aktif"


ACCOUNTS = Sheet(
    "Daftar akun dan peran",
    (
        Column("Nama pengguna", lambda row: row[0].username, 28),
        Column("Nama", lambda row: row[0].name, 32),
        Column("Peran", lambda row: "; ".join(f"{g.role.label}, {g.office_name}" for g in row[1]), 60),
        Column("Terakhir dipakai", lambda row: row[0].last_seen_at, 18),
        Column("Keadaan", lambda row: _state(row[0]), 20),
    ),
)
"""Rows are (account, its living grants)."""

DEVICES = Sheet(
    "Perangkat yang sedang masuk",
    (
        Column("Perangkat", lambda row: describe(row.device), 32),
        Column("Alamat", lambda row: row.address, 24),
        Column("Masuk sejak", lambda row: row.created_at, 18),
        Column("Terakhir dipakai", lambda row: row.last_seen_at, 18),
        Column("Catatan", lambda row: "perangkat ini" if row.id == me().session_id else "", 18),
    ),
)
