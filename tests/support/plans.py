"""How the database would go about a statement: no page may read through a table that grows.

SQLite is asked for its plan as it stands; PostgreSQL with `enable_seqscan` off, so that a sequential scan is
left only where no index serves. What is really done on a full nation `bench.plans` looks at.

To walk through an index is to read its table through, unless a LIMIT ends the walk. SQLite's plans do not
tell which walk that is: all in a statement with a LIMIT anywhere are let pass, but those whose rows are
sorted or grouped before the first of them is given away. PostgreSQL walks through the tables of a test
because they are small, and is not asked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from ilp.core.db import db

STEADY = frozenset({"regency_setting"})
"""Tables that a page may read whole: one row for each regency that was set up."""
READS = ("SELECT", "WITH")
SCAN = re.compile(r"SCAN (?P<name>\w+)(?P<index> USING (COVERING )?INDEX \w+)?( LEFT-JOIN)?$")
BUILT = re.compile(r"SEARCH (?P<name>\w+) USING AUTOMATIC ")
"""An index for this one statement, for which SQLite reads what it is of from end to end."""
GATHERED = re.compile(r"USE TEMP B-TREE FOR (ORDER|GROUP) BY$")


class Statement(NamedTuple):
    text: str
    parameters: Any


@contextmanager
def reads() -> Iterator[list[Statement]]:
    """Collects every read that runs inside, with its parameters."""
    statements: list[Statement] = []

    def note(connection: Any, cursor: Any, text: str, parameters: Any, *rest: Any) -> None:
        if text.lstrip().upper().startswith(READS):
            statements.append(Statement(text, parameters))

    sa.event.listen(Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(Engine, "before_cursor_execute", note)


def scans(statements: Sequence[Statement]) -> list[str]:
    """What would be read from end to end, each with its statement; empty if all is well."""
    connection = db.session.connection()
    plan = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    return [f"{scan}:\n{one.text}" for one in statements for scan in plan(connection, one)]


def _sqlite(connection: sa.Connection, one: Statement) -> Iterator[str]:
    steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {one.text}", one.parameters).all()
    gathered = {above for _, above, _, detail in steps if GATHERED.match(detail)}
    tables = _tables(one.text)
    for _, above, _, detail in steps:
        found = SCAN.match(detail) or BUILT.match(detail)
        if found is None or tables.get(found["name"], "") in STEADY | {""}:
            continue
        walk = found.groupdict().get("index") is not None
        if not walk or "LIMIT" not in one.text or above in gathered:
            yield detail


def _postgresql(connection: sa.Connection, one: Statement) -> Iterator[str]:
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON, COSTS OFF) {one.text}", one.parameters)
    plan = found.scalar_one()
    connection.exec_driver_sql("SET LOCAL enable_seqscan = on")
    for node in nodes((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]):
        if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in STEADY:
            yield f"Seq Scan on {node['Relation Name']}, {node.get('Filter', 'no filter')}"


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from nodes(below)


def _tables(text: str) -> dict[str, str]:
    """The tables of a statement by the names it gives them."""
    found: dict[str, str] = {}
    for name in db.metadata.tables:
        for alias in re.findall(rf'\b{name}\b"?(?:\s+(?:AS )?(\w+))?', text):
            found |= {name: name, alias: name}
    return found
