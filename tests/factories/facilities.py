"""Facilities for tests: found in the demo, or many at once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.facilities import Facility, FacilityKind, FacilityStatus
from ilp.models.place import place_codes


def facility(code: str, kind: FacilityKind = FacilityKind.PUSKESMAS) -> Facility:
    """The first facility of a kind at a place."""
    found = sa.select(Facility).where(Facility.wilayah_code == code, Facility.kind == kind)
    return db.session.scalars(found.order_by(Facility.id).limit(1)).one()


def make_posyandu(count: int, code: str = "35.08.01", **over: Any) -> None:
    """So many more Posyandu in a kecamatan, all in progress."""
    rows = [
        {
            "kind": FacilityKind.POSYANDU,
            "name": f"Posyandu Uji {number}",
            "wilayah_code": code,
            "status": FacilityStatus.IN_PROGRESS,
            **place_codes(code),
            **over,
        }
        for number in range(count)
    ]
    with transaction():
        db.session.execute(sa.insert(Facility), rows)
