"""Reading the register of places. Names are public reference: no scope applies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Row
from sqlalchemy.orm import aliased

from ilp.core.clock import Zone
from ilp.core.db import db
from ilp.core.paging import PAGE_SIZE
from ilp.core.spelling import words_of
from ilp.models.wilayah import Level, RegencySetting, Wilayah, WilayahAlias, WilayahKind, Words
from ilp.policy.user import User

Child = Row[str, str, WilayahKind]
"""Code, name and kind of a place."""


def exists(code: str) -> bool:
    """Whether a valid place has this code."""
    return bool(
        db.session.scalar(sa.select(sa.exists().where(Wilayah.code == code, Wilayah.valid_until.is_(None))))
    )


def _ancestors(code: str) -> list[str]:
    """`35.07.13` -> `35`, `35.07`, `35.07.13`."""
    segments = code.split(".")
    return [".".join(segments[:depth]) for depth in range(1, len(segments) + 1)]


@dataclass(frozen=True)
class Place:
    """A place of a breadcrumb, as it is called in its own regency (`words`)."""

    id: int
    code: str
    name: str
    level: Level
    kind: WilayahKind
    valid_until: date | None
    words: Words

    @property
    def full_name(self) -> str:
        """As people there say it: "Distrik Warmare"."""
        return f"{self.words.said(self.kind.label)} {self.name}"


def breadcrumb(code: str) -> list[Place]:
    """The place and those above it, from the province down: one statement. Empty for the nation."""
    if not code:
        return []
    columns = (Wilayah.id, Wilayah.code, Wilayah.name, Wilayah.level, Wilayah.kind, Wilayah.valid_until)
    rows = db.session.execute(
        sa.select(*columns, RegencySetting.district_label, RegencySetting.village_label)
        .outerjoin(RegencySetting, RegencySetting.regency_code == code[:5])
        .where(Wilayah.code.in_(_ancestors(code)))
        .order_by(Wilayah.code)
    )
    return [Place(*row[:6], words=Words.of(*row[6:])) for row in rows]


def children(code: str = "") -> Sequence[Child]:
    """Valid places directly below a code (the provinces for the nation), by name."""
    below = _below(code).subquery()
    return db.session.execute(
        sa.select(below.c.code, below.c.name, below.c.kind).order_by(below.c.sort_name, below.c.code)
    ).all()


def aliases(wilayah_id: int) -> Sequence[WilayahAlias]:
    """Other names of a place in use."""
    return db.session.scalars(
        sa.select(WilayahAlias).where(WilayahAlias.wilayah_id == wilayah_id).order_by(WilayahAlias.sort_name)
    ).all()


EVERYWHERE = Words()


@dataclass(frozen=True)
class PickerLevel:
    """One select of the picker: its options and which of them is chosen."""

    name: str
    label: str
    options: list[tuple[str, str]]
    chosen: str


FIELDS = {
    Level.PROVINCE: "provinsi",
    Level.REGENCY: "kabupaten",
    Level.DISTRICT: "kecamatan",
    Level.VILLAGE: "desa",
}
"""What the selects of the picker are called."""


def picker(code: str = "", root: str = "", words: Words = EVERYWHERE) -> list[PickerLevel]:
    """The selects that lead from below `root` to a place and one level further: one statement."""
    chain = [step for step in _ancestors(code) if len(step) > len(root)] if code else []
    below = sa.union_all(*(_below(above) for above in (root, *chain))).subquery()
    rows = db.session.execute(sa.select(below).order_by(below.c.sort_name, below.c.code)).all()
    levels = []
    for above, chosen in zip([root, *chain], [*chain, ""], strict=True):
        options = [(row.code, _option(row.name, row.kind)) for row in rows if row.above == above]
        if options:
            level = list(Level)[above.count(".") + 1 if above else 0]
            levels.append(PickerLevel(FIELDS[level], words.said(level.label.capitalize()), options, chosen))
    return levels


def _below(code: str) -> sa.Select[*tuple[Any, ...]]:
    """Valid places directly below a code; the provinces have nothing above them."""
    parent = sa.select(Wilayah.id).where(Wilayah.code == code).scalar_subquery()
    return sa.select(
        sa.literal(code).label("above"), Wilayah.code, Wilayah.name, Wilayah.kind, Wilayah.sort_name
    ).where(
        Wilayah.parent_id == parent if code else Wilayah.parent_id.is_(None), Wilayah.valid_until.is_(None)
    )


def _option(name: str, kind: WilayahKind) -> str:
    """Kota Blitar and Kabupaten Blitar are two; a kecamatan's name is enough."""
    return f"{kind.label} {name}" if kind in (WilayahKind.KABUPATEN, WilayahKind.KOTA) else name


def set_up_regencies(user: User) -> Sequence[Any]:
    """Regencies (code, name) whose whole area the user reads or is part of, for the choice of a matrix."""
    reach = {code for code in user.places if code.count(".") <= 1}
    reach |= {g.wilayah_code[:5] for g in user.grants if g.wilayah_code.count(".") >= 1}
    ways = [
        Wilayah.code == code if "." in code else Wilayah.code.startswith(code, autoescape=True)
        for code in sorted(reach)
    ]
    return db.session.execute(
        sa.select(Wilayah.code, Wilayah.kind, Wilayah.name)
        .join(RegencySetting, RegencySetting.regency_code == Wilayah.code)
        .where(sa.or_(sa.false(), *ways))
        .order_by(Wilayah.code)
        .limit(PAGE_SIZE)
    ).all()


def customs_at(regency_code: str) -> tuple[Zone, Words]:
    """How a regency tells the time and calls its places; above the regency, as in the capital."""
    columns = (RegencySetting.zone, RegencySetting.district_label, RegencySetting.village_label)
    found = db.session.execute(
        sa.select(*columns).where(RegencySetting.regency_code == regency_code)
    ).one_or_none()
    return (found.zone, Words.of(*found[1:])) if found else (Zone.WIB, Words())


def regencies_of(province: str) -> Sequence[Row[str, WilayahKind, str, str]]:
    """The regencies and cities (code, kind, name, province) of a province; none without one."""
    return _regencies(Wilayah.code.startswith(f"{province}.", autoescape=True)) if province else ()


KIND_WORDS = {"kota": WilayahKind.KOTA, "kabupaten": WilayahKind.KABUPATEN, "kab": WilayahKind.KABUPATEN}
NEAR = 0.75
"""How much of a name a misspelt one has in common with it: "monokwari" with "manokwari" 0.89."""


def regencies_named(words: str) -> Sequence[Row[str, WilayahKind, str, str]]:
    """The regencies and cities whose name holds these words; "kota" and "kabupaten" choose the kind."""
    typed = words_of(words)
    kinds = KIND_WORDS if len(typed) > 1 else {}
    conditions = [
        Wilayah.kind == kinds[word] if word in kinds else Wilayah.sort_name.contains(word, autoescape=True)
        for word in typed
    ]
    return _regencies(*conditions)


def regencies_like(words: str) -> Sequence[Row[str, WilayahKind, str, str]]:
    """The few regencies and cities whose name is nearest to a word misspelt; none if nothing is near."""
    names = sa.select(Wilayah.sort_name).where(Wilayah.level == Level.REGENCY, Wilayah.valid_until.is_(None))
    typed = " ".join(word for word in words_of(words) if word not in KIND_WORDS)
    return _regencies(Wilayah.sort_name.in_(get_close_matches(typed, db.session.scalars(names), cutoff=NEAR)))


def _regencies(*conditions: sa.ColumnElement[bool]) -> Sequence[Row[str, WilayahKind, str, str]]:
    province = aliased(Wilayah)
    return db.session.execute(
        sa.select(Wilayah.code, Wilayah.kind, Wilayah.name, province.name.label("province"))
        .join(province, province.id == Wilayah.parent_id)
        .where(Wilayah.level == Level.REGENCY, Wilayah.valid_until.is_(None), *conditions)
        .order_by(Wilayah.sort_name, Wilayah.kind, Wilayah.code)
        .limit(PAGE_SIZE)
    ).all()


def count_below(code: str) -> dict[WilayahKind, int]:
    """How many valid places of each kind lie below a regency."""
    counts = (
        sa.select(Wilayah.kind, sa.func.count().label("number"))
        .where(Wilayah.code.between(f"{code}.", f"{code}.~"), Wilayah.valid_until.is_(None))
        .group_by(Wilayah.kind)
    )
    return {row.kind: row.number for row in db.session.execute(counts)}


def administered_regencies(user: User) -> Sequence[Row[str, WilayahKind, str]]:
    """The regencies (code, kind, name) that were set up in the user's administered places."""
    ways = [
        RegencySetting.regency_code == code if "." in code else Wilayah.code.startswith(code, autoescape=True)
        for code in sorted(user.administered)
    ]
    return db.session.execute(
        sa.select(Wilayah.code, Wilayah.kind, Wilayah.name)
        .join(RegencySetting, RegencySetting.regency_code == Wilayah.code)
        .where(sa.or_(sa.false(), *ways))
        .order_by(Wilayah.code)
        .limit(PAGE_SIZE)
    ).all()
