"""Lists of large tables, one page by key, in one bounded statement.

What a list shows is given as *ways*: conditions that are each answered by one index, such as the ways of
being visible (`policy.scope.branches`). Each is a branch of its own, walked in order and cut; UNION drops
what is found twice. One OR of them all would be read from end to end.

A list is prepared like any statement: a builder of its `page_statement` for a `Reach` and what was chosen,
run by `page_of` with `values_of` the user and the values it is bound to (see `queries.meetings`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from ilp.core.db import execute
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.core.statements import bound
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


def page_statement(
    model: Any,
    ways: Sequence[Condition],
    statement: sa.Select[*tuple[Any, ...]],
    sort: InstrumentedAttribute[Any],
    *,
    where: Collection[Condition] = (),
    turned: bool = False,
    size: int = PAGE_SIZE,
    ascending: bool = False,
) -> sa.Select[*tuple[Any, ...]]:
    """What reads a page of `statement` (which selects from `model` and whatever it joins), for `page_of`.

    To be put together once (`core.statements.prepared`): who looks is a `Reach` in the `ways`, what differs
    is `bound`, and `turned` says whether the page starts after a key. Each way must imply that the row is
    visible. Ordered by `sort` and the id; the first two columns must be the id and the sort value.
    """
    order = (sort.asc(), model.id.asc()) if ascending else (sort.desc(), model.id.desc())
    conditions = [*where]
    if turned:
        here = sa.tuple_(sort, model.id)
        key = sa.tuple_(bound("after_at", sort.type), bound("after_id", model.id.type))
        conditions.append(here > key if ascending else here < key)
    ids = ids_of(model, ways, *order, where=conditions, size=size + 1)
    return statement.where(model.id.in_(ids)).order_by(*order).limit(size + 1)


def page_of(
    statement: sa.Select[*tuple[Any, ...]],
    values: Mapping[str, Any],
    *,
    after: Key | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """Runs a `page_statement` with its values; `after` is the key if it was `turned`, `size` its size."""
    key = {} if after is None else {"after_at": after.at, "after_id": after.id}
    rows = execute(statement, {**values, **key}).all()
    more = len(rows) > size
    last = Key(rows[size - 1][1], rows[size - 1][0]) if more else None
    return Page(rows[:size], last, after is None)


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
    """A page of what the user may see, put together for this one time; for lists seldom looked at."""
    found = branches(model, user) if ways is None else ways
    turned = after is not None
    page = page_statement(
        model, found, statement, sort, where=where, turned=turned, size=size, ascending=ascending
    )
    return page_of(page, {}, after=after, size=size)
