"""From a refused constraint to its Indonesian sentence, which stands beside the constraint in the model.

A constraint carries `info={"message": ..., "field": ...}`. PostgreSQL reports the name of every
constraint; SQLite reports the name of a CHECK but only `table.columns` of a UNIQUE, so the lookup
goes through the metadata.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ilp.core.errors import RuleViolation

UNIQUE = re.compile(r"UNIQUE constraint failed: (.+)$")
CHECK = re.compile(r"CHECK constraint failed: (\w+)")


def explain(error: IntegrityError, metadata: sa.MetaData) -> RuleViolation | None:
    """The violation to show for a refused row, or None for a constraint that only a bug can break."""
    for constraint in (c for table in metadata.tables.values() for c in table.constraints):
        if "message" in constraint.info and _is(constraint, error):
            return RuleViolation(constraint.info["message"], constraint.info.get("field"))
    return None


def _is(constraint: sa.Constraint, error: IntegrityError) -> bool:
    reported = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    if reported:
        return bool(reported == constraint.name)
    text = str(error.orig)
    if isinstance(constraint, sa.UniqueConstraint):
        found = UNIQUE.search(text)
        return bool(found) and found.group(1) == _columns(constraint)  # type: ignore[union-attr]
    found = CHECK.search(text)
    return bool(found) and found.group(1) == constraint.name  # type: ignore[union-attr]


def _columns(constraint: Any) -> str:
    return ", ".join(f"{constraint.table.name}.{column.name}" for column in constraint.columns)
