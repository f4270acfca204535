"""Reading the register of places. Names are public reference: no scope applies."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Row

from ilp.core.db import db
from ilp.core.errors import NotFound
from ilp.models.wilayah import Level, Wilayah, WilayahKind


def find(code: str) -> Wilayah:
    """The place with this code. Raises NotFound."""
    found = db.session.scalars(sa.select(Wilayah).where(Wilayah.code == code)).one_or_none()
    if found is None:
        raise NotFound
    return found


def _ancestors(code: str) -> list[str]:
    """`35.07.13` -> `35`, `35.07`, `35.07.13`."""
    segments = code.split(".")
    return [".".join(segments[:depth]) for depth in range(1, len(segments) + 1)]


def breadcrumb(code: str) -> Sequence[Wilayah]:
    """The place and those above it, from the province down: one statement. Empty for the nation."""
    if not code:
        return ()
    return db.session.scalars(
        sa.select(Wilayah).where(Wilayah.code.in_(_ancestors(code))).order_by(Wilayah.code)
    ).all()


def children(code: str = "") -> Sequence[Row[str, str, WilayahKind]]:
    """Valid places directly below a code (the provinces for the nation), by name."""
    parent = sa.select(Wilayah.id).where(Wilayah.code == code).scalar_subquery()
    below = Wilayah.parent_id == parent if code else Wilayah.level == Level.PROVINCE
    return db.session.execute(
        sa.select(Wilayah.code, Wilayah.name, Wilayah.kind)
        .where(below, Wilayah.valid_until.is_(None))
        .order_by(Wilayah.sort_name, Wilayah.code)
    ).all()
