"""The official list of places: importing it, and setting up a regency to work in."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import Zone, now, today
from ilp.core.config import ROOT
from ilp.core.db import Base, db, locked, transaction
from ilp.core.errors import Clash, RuleViolation
from ilp.core.indonesian import sort_key
from ilp.models.directory import Constituency, Office, OfficeKind, Position
from ilp.models.place import place_codes
from ilp.models.wilayah import (
    DISTRICT_WORDS,
    VILLAGE_WORDS,
    Level,
    RegencySetting,
    Wilayah,
    WilayahAlias,
    WilayahKind,
)
from ilp.policy.user import SYSTEM, User
from ilp.queries import directory
from ilp.services import audit, seats

PACKAGE = ROOT / "node_modules" / "idn-area-data" / "data"
SOURCE = "idn-area-data 4.0.1"
FILES = {
    Level.PROVINCE: ("provinces.csv", 38),
    Level.REGENCY: ("regencies.csv", 514),
    Level.DISTRICT: ("districts.csv", 7_285),
    Level.VILLAGE: ("villages.csv", 83_762),
}
"""The files of the package, and how many places each of them must name."""

ALIASES = (
    ("62.10.02.1012", "Kuala Kurun", "Sebutan pers untuk Kelurahan Kurun"),
    ("62.10.02.1001", "Tampang", "Sebutan singkat Kelurahan Tampang Tumbang Anjir"),
    ("13.75.01", "Guguk Panjang", "Ejaan lain Kecamatan Guguak Panjang"),
)
"""Code, the other name, and who says so."""

VILLAGE_KINDS = {"1": WilayahKind.KELURAHAN, "2": WilayahKind.DESA, "3": WilayahKind.DESA_ADAT}
WITH_KIND = frozenset({WilayahKind.KABUPATEN, WilayahKind.KOTA, WilayahKind.DESA_ADAT})
"""Kinds whose names are listed with their kind before them: "Kota Blitar", "Desa Adat Yoboi"."""

BATCH = 5_000

WITA = frozenset("51 52 53 63 64 65 71 72 73 74 75 76".split())
WIT = frozenset("81 82 91 92 93 94 95 96".split())
LABELS = {
    "11": ("Kecamatan", "Gampong"),
    "13": ("Kecamatan", "Nagari"),
    "18": ("Kecamatan", "Pekon"),
    "34": ("Kapanewon", "Kalurahan"),
    **dict.fromkeys("91 92 93 94 95 96".split(), ("Distrik", "Kampung")),
}
"""What a kecamatan and a desa are called where people say otherwise."""

Progress = Callable[[int, int], Any]
"""Told how many of how many rows are done."""


@dataclass(frozen=True)
class Place:
    """One place as the official list names it."""

    code: str
    name: str

    @property
    def level(self) -> Level:
        return list(Level)[self.code.count(".")]

    @property
    def parent_code(self) -> str:
        return self.code.rpartition(".")[0]

    @property
    def kind(self) -> WilayahKind:
        """Told by the segments of the code alone: they do not depend on how a name is written."""
        last = self.code.rpartition(".")[2]
        match self.level:
            case Level.PROVINCE:
                return WilayahKind.PROVINSI
            case Level.REGENCY:
                return WilayahKind.KOTA if int(last) > 70 else WilayahKind.KABUPATEN
            case Level.DISTRICT:
                return WilayahKind.KECAMATAN
            case Level.VILLAGE:
                return VILLAGE_KINDS[last[0]]

    def row(self) -> dict[str, Any]:
        """What the table keeps of it, without the parent."""
        return {
            "code": self.code,
            "name": self.name,
            "sort_name": sort_key(self.name),
            "level": self.level,
            "kind": self.kind,
            "valid_until": None,
        }


@dataclass(frozen=True)
class Imported:
    """What an import did."""

    added: int = 0
    changed: int = 0
    ended: int = 0


def read_package(folder: Path = PACKAGE) -> list[Place]:
    """The whole country from the installed package, provinces first.

    Refuses (RuleViolation) a package that does not name exactly the places it should: a list cut
    short would end the validity of everything missing from it.
    """
    places: list[Place] = []
    for level, (file, expected) in FILES.items():
        found = [_place(row) for row in _rows(folder / file)]
        if Counter(place.level for place in found) != {level: expected}:
            raise RuleViolation(f"{file} harus memuat {expected} {level.label}, bukan {len(found)}.")
        places += found
    return places


def _rows(file: Path) -> Iterable[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def _place(row: dict[str, str]) -> Place:
    """What a regency or desa adat is called begins with its kind, which is no part of its name."""
    place = Place(row["code"], " ".join(row["name"].split()))
    if place.kind in WITH_KIND:
        return Place(place.code, place.name[len(place.kind.label) + 1 :])
    return place


def import_codes(places: Iterable[Place], progress: Progress | None = None) -> Imported:
    """Makes the register say exactly what `places` says, in one transaction; a second run changes nothing.

    A renamed place is updated, one that is no longer listed gets `valid_until`, one that returns
    loses it again; rows keep their id. Calls `progress(done, total)` on the way.
    """
    by_level: dict[Level, list[Place]] = {level: [] for level in Level}
    for place in places:
        by_level[place.level].append(place)
    steps = _Steps(sum(map(len, by_level.values())), progress)
    with transaction():
        standing = _standing()
        ids = {code: row.id for code, row in standing.items()}
        added = changed = 0
        for level, members in by_level.items():
            new, altered = _differences(members, standing, ids)
            steps.take(len(members) - len(new))
            for start in range(0, len(new), BATCH):
                batch = new[start : start + BATCH]
                db.session.execute(sa.insert(Wilayah), batch)
                steps.take(len(batch))
            _update(Wilayah, altered)
            ids |= _ids(level)
            added, changed = added + len(new), changed + len(altered)
        ended = _end_missing(standing, {place.code for m in by_level.values() for place in m})
        _add_aliases()
        result = Imported(added, changed, ended)
        if result != Imported():
            _record(result)
    return result


class _Steps:
    """Tells how far the work has come."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def take(self, rows: int) -> None:
        self.done += rows
        if self.progress:
            self.progress(self.done, self.total)


def _update(model: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(sa.update(model), rows)


def _standing() -> dict[str, Any]:
    columns = (Wilayah.id, Wilayah.code, Wilayah.name, Wilayah.valid_until)
    return {row.code: row for row in db.session.execute(sa.select(*columns))}


def _ids(level: Level) -> dict[str, int]:
    """Ids of a level by code, for the children to point to; villages have none."""
    if level is Level.VILLAGE:
        return {}
    found = db.session.execute(sa.select(Wilayah.code, Wilayah.id).where(Wilayah.level == level))
    return {row.code: row.id for row in found}


def _differences(
    members: list[Place], standing: dict[str, Any], ids: dict[str, int]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows to insert and rows to update."""
    new, altered = [], []
    for place in members:
        row = standing.get(place.code)
        if row is None:
            new.append({**place.row(), "parent_id": ids.get(place.parent_code)})
        elif row.name != place.name or row.valid_until is not None:
            altered.append({**place.row(), "id": row.id})
    return new, altered


def _end_missing(standing: dict[str, Any], listed: set[str]) -> int:
    gone = [
        {"id": row.id, "valid_until": today()}
        for code, row in standing.items()
        if row.valid_until is None and code not in listed
    ]
    _update(Wilayah, gone)
    return len(gone)


def _add_aliases() -> None:
    """Other names in use, for the places that are in the register."""
    codes = {code for code, _, _ in ALIASES}
    found = db.session.execute(sa.select(Wilayah.code, Wilayah.id).where(Wilayah.code.in_(codes)))
    ids = {row.code: row.id for row in found}
    known = set(
        db.session.execute(
            sa.select(WilayahAlias.wilayah_id, WilayahAlias.name).where(
                WilayahAlias.wilayah_id.in_(ids.values())
            )
        )
    )
    new = [
        {"wilayah_id": ids[code], "name": name, "sort_name": sort_key(name), "source": source}
        for code, name, source in ALIASES
        if code in ids and (ids[code], name) not in known
    ]
    if new:
        db.session.execute(sa.insert(WilayahAlias), new)


def _record(result: Imported) -> None:
    first = db.session.scalars(sa.select(Wilayah).order_by(Wilayah.id).limit(1)).one()
    audit.record(
        SYSTEM,
        "wilayah:import",
        first,
        changes={
            "source": SOURCE,
            "added": result.added,
            "changed": result.changed,
            "ended": result.ended,
        },
    )


# --- setting up a regency ----------------------------------------------------------
KINDS = {
    WilayahKind.KECAMATAN: (OfficeKind.KECAMATAN, Constituency.DISTRICT, 300),
    WilayahKind.KELURAHAN: (OfficeKind.KELURAHAN, Constituency.VILLAGE, 700),
    WilayahKind.DESA: (OfficeKind.DESA, Constituency.VILLAGE, 700),
    WilayahKind.DESA_ADAT: (OfficeKind.DESA, Constituency.VILLAGE, 700),
}
"""Kind, constituency and protocol order of a place's office."""

HEADS = {**DISTRICT_WORDS, "Kelurahan": "Lurah", **VILLAGE_WORDS}
"""What the head of such a place is called."""


def zone_of(code: str) -> Zone:
    """The time zone of a province (Keppres 41/1987)."""
    province = code[:2]
    return Zone.WIT if province in WIT else Zone.WITA if province in WITA else Zone.WIB


@dataclass(frozen=True)
class Customs:
    """The zone of a regency, and what a kecamatan and a desa are called there (keys of the word lists)."""

    zone: Zone
    district_label: str
    village_label: str


def customs_of(code: str) -> Customs:
    """What is usual in the province of a code; the regency itself may say otherwise."""
    district, village = LABELS.get(code[:2], ("Kecamatan", "Desa"))
    if code == "34.71":
        district = "Kemantren"
    return Customs(zone_of(code), district, village)


def set_up_regency(*, actor: User, code: str, customs: Customs | None = None) -> int:
    """Makes a regency ready to work in; returns how many offices were added.

    It gets its settings (what is usual in its province unless `customs` are given), and an office with its
    head's position for each kecamatan and desa/kelurahan. May be repeated: it adds what is missing (after a
    kecamatan was split) and changes nothing else. Refuses (RuleViolation) a code that is no regency or
    city of the register, and a word that is on neither list.
    """
    regency = db.session.scalars(
        sa.select(Wilayah).where(Wilayah.code == code, Wilayah.level == Level.REGENCY)
    ).one_or_none()
    if regency is None:
        raise RuleViolation(f"Tidak ada kabupaten/kota dengan kode {code}.", "code")
    setting = db.session.get(RegencySetting, code) or _new_setting(code, customs or customs_of(code))
    offices = _missing_offices(code, setting)
    if offices:
        keys = db.session.scalars(
            sa.insert(Office).returning(Office.id, sort_by_parameter_order=True),
            [office for office, _ in offices],
        ).all()
        heads = [{**head, "office_id": key} for key, (_, head) in zip(keys, offices, strict=True)]
        db.session.execute(sa.insert(Position), heads)
        audit.record(
            actor,
            "regency:set_up",
            regency,
            place=code,
            changes={"offices": len(offices), "zone": setting.zone},
        )
    return len(offices)


def change_settings(*, actor: User, setting: RegencySetting, **decided: Any) -> None:
    """What the regency decides for itself, such as rules of passwords, and where the last backup lies.

    `decided` names columns of the setting. Nothing changed leaves no entry.
    """
    locked(setting)
    before = {name: getattr(setting, name) for name in decided}
    changed = {name: value for name, value in decided.items() if value != before[name]}
    if not changed:
        return
    for name, value in changed.items():
        setattr(setting, name, value)
    regency = db.session.scalars(sa.select(Wilayah).where(Wilayah.code == setting.regency_code)).one()
    changes = {**changed, "before": {name: before[name] for name in changed}}
    audit.record(actor, "regency:settings", regency, place=setting.regency_code, changes=changes)


def change_customs(
    *, actor: User, setting: RegencySetting, customs: Customs, version: int | None = None
) -> int:
    """Another zone or other words from now on; returns how many offices were renamed.

    Offices of places, and the positions of their heads, that still bear the old word take the new one; a name
    that somebody typed stays. Seats at meetings follow, and the lines they share in the letter. Meetings keep
    their instants, and what was issued its text. Refuses a word that is on neither list. Raises Clash, with
    what stands now, if somebody saved them since `version`.
    """
    _judge_words(customs)
    locked(setting)
    if version is not None and version != setting.version:
        stands = {"zone": setting.zone.label, "words": f"{setting.district_label}, {setting.village_label}"}
        raise Clash(
            "Waktu dan sebutan baru saja disimpan dari jendela lain atau oleh orang lain. "
            "Periksa, lalu simpan lagi.",
            stands,
            setting.version,
        )
    code, before = setting.regency_code, _group_lines(setting.regency_code)
    words = {
        OfficeKind.KECAMATAN: (setting.district_label, customs.district_label),
        OfficeKind.DESA: (setting.village_label, customs.village_label),
    }
    change_settings(actor=actor, setting=setting, **asdict(customs))
    setting.version += 1
    changed = {kind: pair for kind, pair in words.items() if pair[0] != pair[1]}
    renamed = sum(_rename_offices(code, kind, old, new) for kind, (old, new) in changed.items())
    if changed:
        seats.rename(sa.and_(Office.regency_code == code, Office.kind.in_(changed)))
        after = _group_lines(code)
        seats.rename_groups(code, {before[key]: after[key] for key in before if before[key] != after[key]})
    return renamed


def _group_lines(code: str) -> dict[str, str]:
    return {group.key: group.label for group in directory.groups(code)}


def _rename_offices(code: str, kind: OfficeKind, old: str, new: str) -> int:
    """Exchanges the word before the name of a place, in its office's name and in the title of its head."""
    there = sa.and_(Office.regency_code == code, Office.kind == kind)
    called = sa.select(Office.id, Wilayah.name).join(Wilayah, Wilayah.code == Office.wilayah_code)
    offices = db.session.execute(called.where(there, Office.name == f"{old} " + Wilayah.name)).all()
    headed = (
        sa.select(Position.id, Wilayah.name)
        .join(Office, Office.id == Position.office_id)
        .join(Wilayah, Wilayah.code == Office.wilayah_code)
    )
    heads = db.session.execute(headed.where(there, Position.title == f"{HEADS[old]} " + Wilayah.name)).all()
    _update(
        Office,
        [
            {"id": key, "name": f"{new} {name}", "sort_name": sort_key(f"{new} {name}")}
            for key, name in offices
        ],
    )
    _update(Position, [{"id": key, "title": f"{HEADS[new]} {name}"} for key, name in heads])
    return len(offices)


def _judge_words(customs: Customs) -> None:
    if customs.district_label not in DISTRICT_WORDS:
        raise RuleViolation("Pilih salah satu sebutan dari daftar.", "district_label")
    if customs.village_label not in VILLAGE_WORDS:
        raise RuleViolation("Pilih salah satu sebutan dari daftar.", "village_label")


def _new_setting(code: str, customs: Customs) -> RegencySetting:
    _judge_words(customs)
    setting = RegencySetting(
        regency_code=code,
        zone=customs.zone,
        district_label=customs.district_label,
        village_label=customs.village_label,
        set_up_at=now(),
    )
    db.session.add(setting)
    db.session.flush()
    return setting


def _missing_offices(code: str, setting: RegencySetting) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The offices to insert, each with the position of its head."""
    places = db.session.execute(
        sa.select(Wilayah.code, Wilayah.name, Wilayah.kind)
        .where(
            Wilayah.code.between(f"{code}.", f"{code}.~"),
            Wilayah.valid_until.is_(None),
            ~sa.exists().where(
                Office.wilayah_code == Wilayah.code, Office.kind.in_([kind for kind, *_ in KINDS.values()])
            ),
        )
        .order_by(Wilayah.code)
    ).all()
    return [_office_of(place.code, place.name, place.kind, setting) for place in places]


def _office_of(
    code: str, name: str, kind: WilayahKind, setting: RegencySetting
) -> tuple[dict[str, Any], dict[str, Any]]:
    office_kind, constituency, order = KINDS[kind]
    word = {
        OfficeKind.KECAMATAN: setting.district_label,
        OfficeKind.KELURAHAN: "Kelurahan",
        OfficeKind.DESA: setting.village_label,
    }[office_kind]
    office = {
        "kind": office_kind,
        "constituency": constituency,
        "name": f"{word} {name}",
        "sort_name": sort_key(f"{word} {name}"),
        "wilayah_code": code,
        "protocol_order": order,
        **place_codes(code),
    }
    return office, {"title": f"{HEADS[word]} {name}", "is_head": True, "protocol_order": order}
