"""Reading the roll-out: counts and lists by the same conditions, one facility with its story."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ilp.core.db import db
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.models.facilities import (
    Catchment,
    Facility,
    FacilityEvent,
    FacilityKind,
    FacilityStatus,
    RoadmapGoal,
)
from ilp.models.wilayah import Wilayah
from ilp.policy.scope import Condition, visible, visible_within, within
from ilp.policy.user import User
from ilp.queries.listing import visible_page


@dataclass(frozen=True)
class Filter:
    """Which facilities: of a regency or kecamatan, and whatever else is asked. `focus` None: either way."""

    code: str
    kind: FacilityKind | None = None
    status: FacilityStatus | None = None
    focus: bool | None = None

    def conditions(self) -> tuple[Condition, ...]:
        found = [within(Facility, self.code)]
        if self.kind is not None:
            found.append(Facility.kind == self.kind)
        if self.status is not None:
            found.append(Facility.status == self.status)
        if self.focus is not None:
            found.append(Facility.focus_on.is_not(None) if self.focus else Facility.focus_on.is_(None))
        return tuple(found)


@dataclass(frozen=True)
class Cell:
    """How many facilities of one kecamatan share kind, status and mark."""

    district_code: str
    kind: FacilityKind
    status: FacilityStatus
    focus: bool
    count: int
    examples: int


def cells(user: User, chosen: Filter) -> list[Cell]:
    """The counts of all facilities that a list with this filter shows: one statement."""
    marked = Facility.focus_on.is_not(None)
    rows = db.session.execute(
        sa.select(
            Facility.district_code,
            Facility.kind,
            Facility.status,
            marked,
            sa.func.count(),
            sa.func.count().filter(Facility.is_example),
        )
        .where(visible_within(Facility, user, chosen.code), *chosen.conditions())
        .group_by(Facility.district_code, Facility.kind, Facility.status, marked)
    )
    return [Cell(*row) for row in rows]


def facilities(user: User, chosen: Filter, after: Key | None = None, *, size: int = PAGE_SIZE) -> Page:
    """A page of the rows behind the counts, in the order of their ids."""
    village = aliased(Wilayah)
    statement: Any = (
        sa.select(
            Facility.id,
            Facility.id.label("key"),
            Facility.kind,
            Facility.name,
            Facility.status,
            Facility.status_on,
            Facility.focus_on,
            Facility.is_example,
            Wilayah.name.label("district_name"),
            village.name.label("village_name"),
        )
        .outerjoin(Wilayah, Wilayah.code == Facility.district_code)
        .outerjoin(village, sa.and_(village.code == Facility.wilayah_code, village.code != Wilayah.code))
    )
    return visible_page(
        user,
        Facility,
        statement,
        Facility.id,
        where=chosen.conditions(),
        after=after,
        size=size,
        ascending=True,
    )


def goal(regency_code: str, kind: FacilityKind) -> RoadmapGoal | None:
    """What a regency said it would reach with facilities of a kind; of several, the last."""
    return db.session.scalar(
        sa.select(RoadmapGoal)
        .where(RoadmapGoal.regency_code == regency_code, RoadmapGoal.kind == kind)
        .order_by(RoadmapGoal.year.desc())
        .limit(1)
    )


def steps_to_running(user: User, chosen: Filter) -> list[tuple[date, int]]:
    """The day and the number of facilities that run ILP since then, oldest first: one statement."""
    rows = db.session.execute(
        sa.select(Facility.status_on, sa.func.count())
        .where(
            visible_within(Facility, user, chosen.code),
            *chosen.conditions(),
            Facility.status == FacilityStatus.RUNNING,
        )
        .group_by(Facility.status_on)
        .order_by(Facility.status_on)
    )
    return [(day, count) for day, count in rows if day is not None]


def story(facility: Facility) -> Sequence[FacilityEvent]:
    """What was recorded of a facility, newest first."""
    return db.session.scalars(
        sa.select(FacilityEvent)
        .where(FacilityEvent.facility_id == facility.id)
        .order_by(FacilityEvent.id.desc())
        .limit(PAGE_SIZE)
    ).all()


def network(user: User, facility: Facility) -> Sequence[Any]:
    """The Puskesmas it belongs to, and the Pustu and Posyandu that belong to it: one statement."""
    near = Facility.parent_id == facility.id
    if facility.parent_id is not None:
        near = sa.or_(near, Facility.id == facility.parent_id)
    return db.session.execute(
        sa.select(Facility.id, Facility.kind, Facility.name, Facility.status, Facility.is_example)
        .where(visible(Facility, user), near)
        .order_by(Facility.id)
        .limit(PAGE_SIZE)
    ).all()


def catchment_of(facility: Facility) -> Sequence[Any]:
    """The desa and kelurahan a facility serves, with their kecamatan: code, name, name of the kecamatan."""
    district = aliased(Wilayah)
    return db.session.execute(
        sa.select(Wilayah.code, Wilayah.name, district.name)
        .join(Catchment, Catchment.wilayah_code == Wilayah.code)
        .join(district, district.id == Wilayah.parent_id)
        .where(Catchment.facility_id == facility.id)
        .order_by(Wilayah.code)
    ).all()


def villages_to_serve(facility: Facility, districts: Collection[str]) -> list[tuple[str, list[Any]]]:
    """The villages of some kecamatan, with what other Puskesmas serves each; one statement."""
    district = aliased(Wilayah)
    others = (
        sa.select(sa.func.max(Facility.name))
        .join(Catchment, Catchment.facility_id == Facility.id)
        .where(
            Catchment.wilayah_code == Wilayah.code,
            Facility.kind == FacilityKind.PUSKESMAS,
            Facility.id != facility.id,
        )
        .correlate(Wilayah)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(district.name, Wilayah.code, Wilayah.name, others)
        .join(district, district.id == Wilayah.parent_id)
        .where(district.code.in_(districts), Wilayah.valid_until.is_(None))
        .order_by(district.code, Wilayah.code)
    )
    found: dict[str, list[Any]] = {}
    for above, *village in rows:
        found.setdefault(above, []).append(village)
    return list(found.items())
