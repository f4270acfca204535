"""What PostgreSQL really does: its own `auto_explain` tells of each statement the plan by which it was run.

That is more than EXPLAIN knows: a statement that comes again and again is soon run by a plan that was made
for any values, and the rows of each step are those that were read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import Pool

from tests.support.plans import nodes

TELLING = (
    "log_min_duration = 0",
    "log_analyze = on",
    "log_timing = off",
    "log_format = json",
    "log_level = notice",
)


@dataclass(frozen=True)
class Step:
    """A step of a plan that reads rows: which way, how many in all, and for which statement."""

    how: str
    where: str
    rows: int
    statement: str

    def __str__(self) -> str:
        return f"{self.how} on {self.where} reads {self.rows:,} rows: {self.statement}"


@contextmanager
def explained_steps() -> Iterator[list[Step]]:
    """Collects what connections opened inside carry out. Only a superuser may (InsufficientPrivilege)."""
    steps: list[Step] = []

    def hear(notice: Any) -> None:
        if (text := notice.message_primary).startswith("duration:"):
            steps.extend(_steps(json.loads(text[text.index("{") :])))

    def listen(connection: Any, record: Any) -> None:
        connection.add_notice_handler(hear)
        connection.execute("LOAD 'auto_explain'")
        for setting in TELLING:
            connection.execute(f"SET auto_explain.{setting}")
        connection.commit()

    sa.event.listen(Pool, "connect", listen)
    try:
        yield steps
    finally:
        sa.event.remove(Pool, "connect", listen)


def _steps(plan: dict[str, Any]) -> Iterator[Step]:
    for node in nodes(plan["Plan"]):
        where = node.get("Relation Name") or node.get("Index Name")
        if where is None or node["Node Type"] == "Bitmap Heap Scan":  # its index was read, and is counted
            continue
        read = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        yield Step(node["Node Type"], where, round(read * node["Actual Loops"]), plan["Query Text"])
