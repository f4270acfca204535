"""Lists of large tables: what a user may see, one page by key, one bounded statement."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from ilp.core.db import db
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.policy.scope import Condition, branches
from ilp.policy.user import User


def visible_page(
    user: User,
    model: Any,
    statement: sa.Select[*tuple[Any, ...]],
    sort: InstrumentedAttribute[Any],
    *,
    where: tuple[Condition, ...] = (),
    after: Key | None = None,
    size: int = PAGE_SIZE,
    ascending: bool = False,
) -> Page:
    """The rows of `statement` (which selects from `model` and whatever it joins) that the user may see.

    Ordered by `sort` and the id, starting after a key. Each way of being visible (a place, my part)
    is its own branch, walked from an index and cut at one page; UNION drops what is found twice.
    The first two columns of every row must be the id and the sort value.
    """
    order = (sort.asc(), model.id.asc()) if ascending else (sort.desc(), model.id.desc())
    conditions = [*where]
    if after is not None:
        here, key = (
            sa.tuple_(sort, model.id),
            sa.tuple_(sa.literal(after.at, sort.type), sa.literal(after.id)),
        )
        conditions.append(here > key if ascending else here < key)
    found = [
        sa.select(
            sa.select(model.id).where(way, *conditions).order_by(*order).limit(size + 1).subquery().c.id
        )
        for way in branches(model, user)
    ]
    if not found:
        return Page([], None, after is None)
    ids = found[0] if len(found) == 1 else sa.union(*found)
    rows = db.session.execute(statement.where(model.id.in_(ids)).order_by(*order).limit(size + 1)).all()
    more = len(rows) > size
    last = Key(rows[size - 1][1], rows[size - 1][0]) if more else None
    return Page(rows[:size], last, after is None)
