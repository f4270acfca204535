"""Fills a migrated database with years of work of one regency, a province, or the nation.

The same size, day and version of the product give the same rows, but for the salts of the trail and the
verification codes of papers, which are random by design. Regions are imported and offices set up by the
product's own services; the landmarks are told by its own verbs; all else is loaded in bulk under every
constraint and trigger. The trail has the acts of meetings and tasks, not one entry for each mark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from bench.landmarks import PROVINCE, REGENCY
from bench.seed import cast, meetings, places, story, tasks
from bench.seed.bulk import Bulk
from bench.seed.shares import shares
from bench.seed.trail import Trail
from ilp.core.clock import to_utc
from ilp.core.db import db, transaction
from ilp.core.demo import PASSWORD
from ilp.core.passwords import hash_password
from ilp.models.accounts import Account
from ilp.models.meetings import Attendance, Meeting
from ilp.models.tasks import Assignment
from ilp.models.wilayah import Level, Wilayah
from ilp.policy.user import SYSTEM
from ilp.services.wilayah import set_up_regency

Progress = Callable[[int, int], Any]


@dataclass(frozen=True)
class Size:
    """Which regencies (by the beginning of their codes), and how much of each kind they have together."""

    code: str
    meetings: int
    attendance: int
    assignments: int


SIZES = {
    "kabupaten": Size(REGENCY, 600, 15_000, 20_000),
    "provinsi": Size(PROVINCE, 38 * 600, 38 * 15_000, 38 * 20_000),
    "nasional": Size("", 100_000, 2_500_000, 8_000_000),
}


@dataclass(frozen=True)
class Part:
    """What one regency gets."""

    place: Wilayah
    meetings: int
    attendance: int
    assignments: int


def seed(size: Size, *, on: date, progress: Progress | None = None) -> None:
    """Fills the database of the current application, whose regions are imported, up to a day.

    Calls `progress(done, total)` after each regency. Refuses (ValueError) a database with accounts, and
    a day that is yet to come.
    """
    if db.session.scalar(sa.select(sa.exists().where(Account.id.is_not(None)))):
        raise ValueError("Basis data sudah berisi akun.")
    parts = _parts(size)
    people = places.People(
        password_hash=hash_password(PASSWORD),
        since=on.replace(year=on.year - meetings.YEARS - 1, day=1),
        opened_at=to_utc(on - timedelta(days=365 * (meetings.YEARS + 1)), time(8)),
    )
    _fill_provinces(people, parts)
    for done, part in enumerate(parts, start=1):
        _fill(people, part, on)
        if progress:
            progress(done, len(parts))
    with transaction():
        db.session.execute(sa.text("ANALYZE"))


def _parts(size: Size) -> list[Part]:
    """The regencies in the order of their codes, each with an equal share."""
    found = db.session.scalars(
        sa.select(Wilayah)
        .where(Wilayah.level == Level.REGENCY, Wilayah.code.startswith(size.code, autoescape=True))
        .order_by(Wilayah.code)
    ).all()
    db.session.expunge_all()
    equal = [1] * len(found)
    numbers = zip(
        shares(size.meetings, equal),
        shares(size.attendance, equal),
        shares(size.assignments, equal),
        strict=True,
    )
    return [Part(place, *each) for place, each in zip(found, numbers, strict=True)]


def _fill_provinces(people: places.People, parts: Sequence[Part]) -> None:
    codes = sorted({part.place.code[:2] for part in parts})
    with transaction():
        bulk = Bulk(db.session.connection())
        for place in db.session.scalars(
            sa.select(Wilayah).where(Wilayah.code.in_(codes)).order_by(Wilayah.code)
        ).all():
            places.fill_province(bulk, people, place)
        bulk.finish()


def _fill(people: places.People, part: Part, on: date) -> None:
    """One regency, in three transactions: its places, its landmarks if it has them, and its years of work."""
    with transaction():
        set_up_regency(actor=SYSTEM, code=part.place.code)
        bulk = Bulk(db.session.connection())
        places.fill_regency(bulk, people, part.place)
        bulk.finish()
    if part.place.code == REGENCY:
        story.fill(on)
    with transaction():
        _work(part, on)


def _work(part: Part, on: date) -> None:
    """Meetings and tasks up to the share of the regency, counting those that are there."""
    code, chance = part.place.code, Random(part.place.code)
    who, trail, bulk = cast.read(part.place, on), Trail(code), Bulk(db.session.connection())
    planned = meetings.plan(
        bulk,
        who,
        count=part.meetings - _count(Meeting.id, Meeting.regency_code == code),
        attendance=part.attendance
        - _count(
            Attendance.id,
            Attendance.meeting_id.in_(sa.select(Meeting.id).where(Meeting.regency_code == code)),
        ),
        on=on,
    )
    meetings.write(bulk, who, trail, planned, chance)
    left = part.assignments - _count(Assignment.id, Assignment.regency_code == code)
    tasks.write(bulk, who, trail, planned, count=left, on=on, chance=chance)
    meetings.write_minutes(bulk, who, planned)
    trail.write(bulk)
    bulk.finish()


def _count(column: Any, where: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count(column)).where(where)) or 0
