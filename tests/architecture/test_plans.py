"""A statement that reads a table through is told apart from one that does not."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from ilp.core.db import db
from tests.support.plans import reads, scans

THROUGH = {
    "a table": "SELECT title FROM meeting",
    "a filter": "SELECT id FROM meeting AS m WHERE m.title > 'x'",
    "outer join": "SELECT o.id FROM office o LEFT JOIN meeting m ON m.title > o.name WHERE o.id = 1",
    "join without an index": (
        "SELECT o.id FROM office AS o JOIN meeting AS m ON m.title = o.name WHERE o.regency_code = '35.07'"
    ),
    "outer join without an index": (
        "SELECT o.id FROM office AS o LEFT JOIN meeting AS m ON m.title = o.name"
        " WHERE o.regency_code = '35.07' LIMIT 5"
    ),
}
WALKS = {
    "all of an index": "SELECT count(*) FROM meeting",
    "all in the order of an index": "SELECT title FROM meeting ORDER BY id",
    "all sorted for a few": "SELECT id FROM meeting ORDER BY regency_code || id LIMIT 5",
}
BOUNDED = {
    "by key": "SELECT title FROM meeting WHERE id = 1",
    "a few in order": "SELECT title FROM meeting ORDER BY office_id, starts_at, id LIMIT 5",
    "settings": "SELECT * FROM regency_setting",
    "join with what was gathered": (
        "WITH few AS MATERIALIZED (SELECT name, id FROM office WHERE regency_code = '35.07')"
        " SELECT few.id FROM few AS one JOIN few ON few.name = one.name"
    ),
    "outer join by key": "SELECT m.id FROM office o LEFT JOIN meeting m ON m.id = o.id WHERE o.id = 1",
}


def found(text: str) -> list[str]:
    with reads() as read:
        db.session.execute(sa.text(text)).all()
    return scans(read)


@pytest.mark.parametrize("text", THROUGH.values(), ids=THROUGH)
def test_what_reads_through_a_table_is_found(app: Flask, text: str) -> None:
    assert found(text)


@pytest.mark.parametrize("text", BOUNDED.values(), ids=BOUNDED)
def test_what_is_bounded_is_let_pass(app: Flask, text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", WALKS.values(), ids=WALKS)
def test_a_walk_through_an_index_is_found_on_sqlite(app: Flask, text: str) -> None:
    if db.session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL walks through what is small")
    assert found(text)
