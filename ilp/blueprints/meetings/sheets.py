"""The lists of meetings as Excel files."""

from __future__ import annotations

from ilp.core.phones import shown
from ilp.web.session import me
from ilp.web.sheets import Column, Sheet, wall_clock

MEETINGS = Sheet(
    "Daftar rapat",
    (
        Column("Rapat", lambda row: row.title, 48),
        Column("Mulai", lambda row: wall_clock(row.starts_at, row.zone), 18),
        Column("Zona", lambda row: row.zone.label, 8),
        Column("Tempat", lambda row: row.place, 28),
        Column("Jenis", lambda row: row.kind.label, 24),
        Column("Penyelenggara", lambda row: row.office_name, 32),
        Column("Undangan", lambda row: row.invited, 10),
        Column("Hadir", lambda row: row.filled, 10),
        Column("Keadaan", lambda row: row.status.label.capitalize(), 14),
    ),
)

TASKS = Sheet(
    "Tugas dari rapat",
    (
        Column("Tugas", lambda row: row.title, 48),
        Column("Kepada", lambda row: row.addressed_to or f"{row.total} kantor", 32),
        Column("Tenggat", lambda row: row.due_on, 12),
        Column("Diterima", lambda row: row.accepted, 10),
        Column("Menunggu", lambda row: row.submitted, 10),
        Column("Jumlah kantor", lambda row: row.total, 10),
    ),
)


def invitation_list(*, phones: bool) -> Sheet:
    """Whom a meeting invites; the phone numbers for those only to whom the page shows them."""
    return Sheet(
        "Daftar undangan",
        (
            Column("Jabatan", lambda seat: seat.title, 36),
            Column("Kantor", lambda seat: seat.office_name, 36),
            Column("Nama", lambda seat: seat.name, 32),
            Column("Unsur", lambda seat: me().words.said(seat.constituency.label), 24),
            *((Column("Nomor HP", lambda seat: shown(seat.phone), 18),) if phones else ()),
            Column("Undangan", lambda seat: seat.status.label.capitalize(), 16),
            Column("Catatan", lambda seat: seat.answer_note, 32),
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
        Column("Nomor HP", lambda row: shown(row.phone), 18),
        Column("Kehadiran", lambda row: row.word, 16),
        Column("Datang", lambda row: row.arrived_at, 18),
        Column("Keterangan", lambda row: row.note, 32),
    ),
)
