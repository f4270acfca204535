"""What stands in the database, regency by regency: to see that nothing changed where nothing may."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ilp.core.db import Base
from ilp.policy.user import User

WRITE = re.compile(r'\s*(?:INSERT\s+(?:OR \w+\s+)?INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)

Contents = dict[str, dict[str, frozenset[str]]]
"""By table and regency, its rows."""


def written(statements: Iterable[str]) -> set[str]:
    """The tables that statements write to, as far as their rows belong to a regency."""
    return {found[1] for s in statements if (found := WRITE.match(s))} & set(LOCATED)


def located() -> dict[str, sa.Select[tuple[str]]]:
    """For each table whose rows belong to a place: its rows, led by their regency."""
    found: dict[str, sa.Select[tuple[str]]] = {}
    for table in Base.metadata.sorted_tables:
        way: list[tuple[sa.Table, sa.FromClause]] = [(table, table)]
        seen = {table.name}
        while way:
            end, joined = way.pop(0)
            if "regency_code" in end.c:
                found[table.name] = sa.select(end.c.regency_code, *table.c).select_from(joined)
                break
            for key in sorted(end.foreign_keys, key=lambda k: bool(k.parent.nullable)):
                if key.column.table.name not in seen:
                    seen.add(key.column.table.name)
                    there = key.column.table
                    way.append((there, joined.join(there, key.parent == key.column)))
    return found


LOCATED = located()


def contents(connection: Connection, tables: Iterable[str]) -> Contents:
    """All rows of these tables, by regency."""
    result: Contents = {}
    for name in tables:
        rows: dict[str, set[str]] = defaultdict(set)
        for row in connection.execute(LOCATED[name]):
            rows[row[0]].add(repr(tuple(row)))
        result[name] = {code: frozenset(held) for code, held in rows.items()}
    return result


def homes(connection: Connection, table: sa.Table) -> dict[int, str]:
    """The regency of each row of a table, by id."""
    if table.name not in LOCATED:
        return {}
    regency = LOCATED[table.name].selected_columns[0]
    statement = LOCATED[table.name].with_only_columns(table.c.id, regency)
    return {row[0]: row[1] for row in connection.execute(statement)}


def reaches(user: User | None, regency: str) -> bool:
    """Whether some role of this user lies above, in or below a regency."""
    codes = [grant.wilayah_code for grant in user.grants] if user else []
    return any(code.startswith(regency) or regency.startswith(code) for code in codes)
