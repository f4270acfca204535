"""How far the facilities of the demo have come: Lumajang's reported roll-out, Malang and Blitar beside it.

The reports count units, they do not name them: which ones stand for the counts here is an example.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ilp.cli.demo.directory import inserted
from ilp.cli.demo.facts import EVENTS
from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.models.facilities import (
    Catchment,
    Facility,
    FacilityChange,
    FacilityEvent,
    FacilityKind,
    FacilityStatus,
    RoadmapGoal,
)
from ilp.models.place import place_codes
from ilp.models.wilayah import Level, Wilayah
from ilp.policy.user import SYSTEM
from ilp.services import audit

F = FacilityStatus
REPORTED = date(2024, 7, 1)
"""The reports on Lumajang give the year 2024 and no day."""

LUMAJANG, MALANG, BLITAR = "35.08", "35.07", "35.05"
FOCUS_IN_LUMAJANG = (
    "Pronojiwo",
    "Candipuro",
    "Pasirian",
    "Tempeh",
    "Kunir",
    "Yosowilangun",
    "Lumajang",
    "Senduro",
    "Padang",
    "Kedungjajang",
    "Klakah",
    "Sumbersuko",
)
RUNNING_IN_MALANG = (
    ("Kepanjen", date(2024, 11, 4)),
    ("Singosari", date(2024, 12, 2)),
    ("Lawang", date(2025, 2, 3)),
    ("Dau", date(2025, 3, 10)),
    ("Turen", date(2025, 5, 5)),
    ("Pakis", date(2025, 8, 4)),
    ("Bululawang", date(2025, 10, 6)),
    ("Gondanglegi", date(2026, 1, 12)),
    ("Wajak", date(2026, 4, 6)),
)
STARTING_IN_MALANG = (
    "Ampelgading",
    "Dampit",
    "Donomulyo",
    "Jabung",
    "Karangploso",
    "Ngajum",
    "Ngantang",
    "Pagak",
    "Pagelaran",
    "Poncokusumo",
    "Pujon",
    "Sumberpucung",
    "Tajinan",
    "Tirtoyudo",
    "Tumpang",
    "Wagir",
)
BEYOND = {MALANG: (("Kepanjen", "35.07.12.2001"),)}
"""A desa of a neighbouring kecamatan that a Puskesmas serves, by the kecamatan of the Puskesmas."""
EXAMPLE = "Contoh: dinamai menurut tempatnya; bukan daftar resmi"
COUNTED = "Laporan pers 2024 menyebut jumlahnya; unit mana saja adalah contoh"
NOT_DATED = "Berita menyebut tahun 2024 tanpa tanggal; hari ini contoh."


def fill() -> None:
    """Gives the Puskesmas their status, and Lumajang its Pustu, Posyandu and roadmap."""
    with transaction():
        _lumajang()
        _malang()
        _blitar()
        for code in (LUMAJANG, MALANG, BLITAR):
            _catchments(code)


def _lumajang() -> None:
    event = EVENTS["lumajang-2024"]
    rollout = event["rollout"]
    centres = _centres(LUMAJANG)
    _move(
        [
            _step(centres[name], F.IN_PROGRESS, REPORTED, focus=True)
            for name in FOCUS_IN_LUMAJANG[: rollout["focus"]["puskesmas"]]
        ]
    )
    villages = _villages(LUMAJANG)
    in_focus = _spread([villages[name] for name in FOCUS_IN_LUMAJANG])
    everywhere = _spread([villages[name] for name in sorted(villages)])
    pustu = [next(in_focus) for _ in range(rollout["focus"]["pustu"])]
    taken = pustu[: rollout["focus"]["posyandu"]]
    others = (village for village in everywhere if village not in taken)
    rows = [_unit(FacilityKind.PUSTU, village, centres, focus=True) for village in pustu]
    rows += [_unit(FacilityKind.POSYANDU, village, centres, focus=True) for village in taken]
    rows += [
        _unit(FacilityKind.POSYANDU, next(others), centres, focus=False)
        for _ in range(rollout["in_progress"]["posyandu"])
    ]
    rows.sort(key=lambda row: (list(FacilityKind).index(row["kind"]), row["wilayah_code"]))
    keys = inserted(Facility, rows)
    _keep([{**row, "id": key} for row, key in zip(rows, keys, strict=True)])
    goal = RoadmapGoal(
        regency_code=LUMAJANG,
        kind=FacilityKind.PUSKESMAS,
        year=2025,
        text=rollout["roadmap"]["puskesmas"],
        basis="; ".join(event["legal_basis"]),
        source="Laporan pers 2024",
    )
    db.session.add(goal)
    db.session.flush()
    audit.record(SYSTEM, "demo:seed", goal, place=LUMAJANG, changes={"facilities": len(rows)})


def _malang() -> None:
    """The kick-off of October 2024 was about all 39; how far each has come since is an example."""
    centres = _centres(MALANG)
    _move(
        [_step(centres[name], F.RUNNING, day, source=EXAMPLE) for name, day in RUNNING_IN_MALANG]
        + [
            _step(centres[name], F.IN_PROGRESS, date(2024, 10, 15), source=EXAMPLE)
            for name in STARTING_IN_MALANG
        ]
    )


def _blitar() -> None:
    """The three focus kecamatan of the workshop of September 2024."""
    event = EVENTS["blitar-2024-09-18"]
    centres, day = _centres(BLITAR), date.fromisoformat(event["date"])
    _move(
        [
            _step(
                centres[district["name"]],
                F.IN_PROGRESS,
                day,
                focus=True,
                source="Laporan pers 2024; nama contoh",
            )
            for district in event["focus_districts"]
        ]
    )


def _catchments(code: str) -> None:
    """The desa of each kecamatan, shared out among its Puskesmas: an example, no list stands behind it."""
    centres: dict[str, list[int]] = {}
    rows = db.session.execute(
        sa.select(Facility.id, Wilayah.name)
        .join(Wilayah, Wilayah.code == Facility.wilayah_code)
        .where(Facility.regency_code == code, Facility.kind == FacilityKind.PUSKESMAS)
        .order_by(Facility.id)
    )
    for key, district in rows:
        centres.setdefault(district, []).append(key)
    served = [
        {
            "facility_id": centres[district][place * len(centres[district]) // len(villages)],
            "wilayah_code": at,
        }
        for district, villages in _villages(code).items()
        if district in centres
        for place, (at, _, _) in enumerate(villages)
    ]
    for facility_id, village in BEYOND.get(code, ()):
        moved = next(row for row in served if row["wilayah_code"] == village)
        moved["facility_id"] = centres[facility_id][0]
    db.session.execute(sa.insert(Catchment), served)


# --- places -------------------------------------------------------------------------------------
def _centres(code: str) -> dict[str, int]:
    """The (first) Puskesmas of each kecamatan by the name of the kecamatan."""
    rows = db.session.execute(
        sa.select(Wilayah.name, sa.func.min(Facility.id))
        .join(Facility, Facility.wilayah_code == Wilayah.code)
        .where(Facility.regency_code == code, Facility.kind == FacilityKind.PUSKESMAS)
        .group_by(Wilayah.name)
    )
    return {name: key for name, key in rows}  # noqa: C416  (a row is no pair to dict)


Village = tuple[str, str, str]
"""Code, name, and the name of its kecamatan."""


def _villages(code: str) -> dict[str, list[Village]]:
    """The desa/kelurahan of a regency by the name of their kecamatan."""
    district = aliased(Wilayah)
    rows = db.session.execute(
        sa.select(Wilayah.code, Wilayah.name, district.name)
        .join(district, district.id == Wilayah.parent_id)
        .where(Wilayah.level == Level.VILLAGE, Wilayah.code.startswith(f"{code}."))
        .order_by(Wilayah.code)
    )
    found: dict[str, list[Village]] = {}
    for row in rows:
        found.setdefault(row[2], []).append((row[0], row[1], row[2]))
    return found


def _spread(groups: Sequence[Sequence[Village]]) -> Iterator[Village]:
    """The first of each kecamatan, then the second of each, and so on."""
    for place in range(max(map(len, groups))):
        yield from (group[place] for group in groups if place < len(group))


# --- rows -----------------------------------------------------------------------------------------
def _unit(kind: FacilityKind, village: Village, centres: dict[str, int], *, focus: bool) -> dict[str, Any]:
    code, name, district = village
    return {
        "kind": kind,
        "name": f"{kind.label} {name}",
        "wilayah_code": code,
        "parent_id": centres[district],
        "status": F.IN_PROGRESS,
        "status_on": REPORTED,
        "focus_on": REPORTED if focus else None,
        "is_example": True,
        "source": COUNTED,
        **place_codes(code),
    }


def _step(
    key: int, status: FacilityStatus, on: date, *, focus: bool = False, source: str = COUNTED
) -> dict[str, Any]:
    focus_on = on if focus else None
    return {"id": key, "status": status, "status_on": on, "focus_on": focus_on, "source": source}


def _move(rows: Sequence[dict[str, Any]]) -> None:
    db.session.execute(sa.update(Facility), rows)
    _keep(rows)


def _keep(rows: Iterable[dict[str, Any]]) -> None:
    """The events behind these rows: when the status was reached, when the mark was set."""
    events = []
    for row in rows:
        note = NOT_DATED if row["status_on"] == REPORTED else row["source"]
        changes = [FacilityChange.STATUS, *([FacilityChange.MARKED] if row["focus_on"] else [])]
        events += [
            {
                "facility_id": row["id"],
                "change": change,
                "status": row["status"],
                "on": row["status_on"],
                "note": note,
                "actor_name": "Data contoh",
                "office_name": "",
                "at": now(),
            }
            for change in changes
        ]
    db.session.execute(sa.insert(FacilityEvent), events)
