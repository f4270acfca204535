"""Lists of large tables, one page by key, in one bounded statement.

What a list shows is given as *ways*: conditions that are each answered by one index, such as the ways of
being visible (`policy.scope.branches`). Each is a branch of its own, walked in order and cut; UNION drops
what is found twice. One OR of them all would be read from end to end.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from ilp.core.db import db
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.policy.scope import Condition, branches
from ilp.policy.user import User


def ids_of(
    model: Any, ways: Sequence[Condition], *order: Any, where: Collection[Condition] = (), size: int
) -> sa.CompoundSelect[int]:
    """The ids of rows found in any of these ways, the first `size` of each; nothing without a way."""
    return sa.union(
        *(
            sa.select(sa.select(model.id).where(way, *where).order_by(*order).limit(size).subquery().c.id)
            for way in ways or [sa.false()]
        )
    )


def count_of(
    model: Any, ways: Sequence[Condition], *, where: Collection[Condition] = (), most: int
) -> sa.ScalarSelect[int]:
    """How many rows are found in any of these ways, at most `most`, to be one column of a statement."""
    some = ids_of(model, ways, where=where, size=most).limit(most).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def visible_page(
    user: User,
    model: Any,
    statement: sa.Select[*tuple[Any, ...]],
    sort: InstrumentedAttribute[Any],
    *,
    ways: Sequence[Condition] | None = None,
    where: Collection[Condition] = (),
    after: Key | None = None,
    size: int = PAGE_SIZE,
    ascending: bool = False,
) -> Page:
    """The rows of `statement` (which selects from `model` and whatever it joins) that the user may see.

    `ways` may narrow how they are found; each must imply that the row is visible. Ordered by `sort` and the
    id, starting after a key. The first two columns of every row must be the id and the sort value.
    """
    order = (sort.asc(), model.id.asc()) if ascending else (sort.desc(), model.id.desc())
    conditions = [*where]
    if after is not None:
        here, key = (
            sa.tuple_(sort, model.id),
            sa.tuple_(sa.literal(after.at, sort.type), sa.literal(after.id)),
        )
        conditions.append(here > key if ascending else here < key)
    found = branches(model, user) if ways is None else ways
    ids = ids_of(model, found, *order, where=conditions, size=size + 1)
    rows = db.session.execute(statement.where(model.id.in_(ids)).order_by(*order).limit(size + 1)).all()
    more = len(rows) > size
    last = Key(rows[size - 1][1], rows[size - 1][0]) if more else None
    return Page(rows[:size], last, after is None)
