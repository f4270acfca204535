"""The roll-out as Excel files: its rows, and its counts by kecamatan."""

from __future__ import annotations

from typing import Any

from ilp.blueprints.facilities.board import Group
from ilp.models.facilities import FacilityKind, FacilityStatus
from ilp.web.session import me
from ilp.web.sheets import Column, Sheet


def _place(row: Any) -> str:
    village = f"{row.village_name}, " if row.village_name else ""
    return f"{village}{me().words.said('Kecamatan')} {row.district_name}"


FACILITIES = Sheet(
    "Daftar fasilitas",
    (
        Column("Fasilitas", lambda row: row.name, 36),
        Column("Jenis", lambda row: row.kind.label, 12, extra=True),
        Column("Tempat", _place, 36),
        Column("Keadaan", lambda row: row.status.label.capitalize(), 14),
        Column("Sejak", lambda row: row.status_on, 12),
        Column("Fokus sejak", lambda row: row.focus_on, 12),
        Column("Contoh", lambda row: "contoh" if row.is_example else "", 10, extra=True),
    ),
)


def _count(kind: FacilityKind, status: FacilityStatus) -> Column:
    def counted(line: Any) -> int:
        groups: dict[FacilityKind, Group] = {group.kind: group for group in line.groups}
        return dict(groups[kind].counts)[status]

    return Column(f"{kind.label} {status.label}", counted, 12)


DISTRICTS = Sheet(
    "Rekap penerapan ILP",
    (
        Column("Kecamatan", lambda line: line.name, 28),
        Column("Kode", lambda line: line.code, 12),
        *(_count(kind, status) for kind in FacilityKind for status in reversed(FacilityStatus)),
        Column("Fokus", lambda line: line.focus, 10),
    ),
)
