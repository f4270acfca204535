"""The accounts of the administered places, and the devices of an account, as Excel files."""

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

DEVICE = Column("Perangkat", lambda row: describe(row.device), 32)
LAST_USED = Column("Terakhir dipakai", lambda row: row.last_seen_at, 18)

SIGNED_IN = Sheet("Perangkat yang sedang masuk", (DEVICE, LAST_USED))
"""Of an account of somebody else, no more than its page shows: not where he was."""

DEVICES = Sheet(
    "Perangkat yang sedang masuk",
    (
        DEVICE,
        Column("Alamat", lambda row: row.address, 24),
        Column("Masuk sejak", lambda row: row.created_at, 18),
        LAST_USED,
        Column("Catatan", lambda row: "perangkat ini" if row.id == me().session_id else "", 18),
    ),
)
