"""The floor is frozen, the schema is not: what it reads and writes must still be there."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bench import floor_sql
from ilp.core.db import db

STATEMENTS = {name: found for name, found in vars(floor_sql).items() if isinstance(found, sa.TextClause)}
LISTS = {"tasks", "rows"}


@pytest.mark.parametrize("name", STATEMENTS)
def test_the_database_understands_every_statement(app, name):
    statement = STATEMENTS[name]
    names = statement.compile().params
    explained = sa.text(f"EXPLAIN {statement.text}").bindparams(*statement._bindparams.values())
    values = {key: [0] if key in LISTS else None for key in names}
    assert db.session.execute(explained, values).all()
