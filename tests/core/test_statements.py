"""What is run past SQLAlchemy says what SQLAlchemy would have said: the same rows, the same errors."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from ilp.core.db import db, execute, transaction
from ilp.core.statements import WAYS, bound, lasting, prepared, run
from ilp.models.accounts import RateLimit
from ilp.models.jobs import Job, JobKind
from tests.support.databases import Database
from tests.support.queries import counted

SOON = datetime(2030, 1, 1, tzinfo=UTC)
LIMIT: Any = RateLimit.__table__


@prepared
def _limits(least: int) -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(RateLimit.key, RateLimit.hits, RateLimit.expires_at)
        .where(RateLimit.hits >= least, RateLimit.key > bound("after"))
        .order_by(RateLimit.key)
        .limit(2)
    )


def _add(*keys: str) -> None:
    with transaction():
        for hits, key in enumerate(keys, start=1):
            db.session.add(RateLimit(key=key, hits=hits, expires_at=SOON))


def test_rows_are_those_of_sqlalchemy_each_time_with_its_own_values(app: Flask) -> None:
    _add("a", "b", "c", "d")
    long_way = db.session.connection().execute(_limits(2), {"after": ""}).all()
    for _ in range(3):
        rows = execute(_limits(2), {"after": ""}).all()
        assert rows == long_way
        assert [(row.key, row.hits, row.expires_at) for row in rows] == [("b", 2, SOON), ("c", 3, SOON)]
        assert rows[0]._mapping["key"] == "b"
        assert [row.key for row in execute(_limits(2), {"after": "c"})] == ["d"]
        assert execute(_limits(9), {"after": ""}).one_or_none() is None


def test_a_value_may_stand_in_several_places(app: Flask) -> None:
    _add("a")
    at = bound("at", LIMIT.c.expires_at.type)
    statement = prepared(
        lambda: sa.select(LIMIT.c.key).where(LIMIT.c.expires_at >= at, LIMIT.c.expires_at <= at)
    )()
    for _ in range(3):
        assert execute(statement, {"at": SOON}).scalars().all() == ["a"]


def test_members_of_lists_and_their_absence_come_back_as_such(app: Flask) -> None:
    kind = next(iter(JobKind))
    statement = prepared(
        lambda: sa.select(Job.kind, Job.lease_until, Job.arguments).where(Job.kind == kind)
    )()
    with transaction():
        db.session.add(Job(kind=kind, target_id=1, arguments={"a": [1]}, created_at=SOON, run_after=SOON))
    for _ in range(3):
        assert tuple(execute(statement, {}).one()) == (kind, None, {"a": [1]})


def test_it_is_run_past_sqlalchemy_from_the_second_time_on(app: Flask, monkeypatch: Any) -> None:
    statement = prepared(lambda: sa.select(LIMIT.c.key).where(LIMIT.c.key == bound("key")))()
    connection = db.session.connection()
    ran: list[str] = []
    plain = connection.execute
    monkeypatch.setattr(connection, "execute", lambda *args: ran.append("long way") or plain(*args))
    for _ in range(3):
        assert run(connection, statement, {"key": "nothing"}).all() == []
    assert ran == ["long way"]


def test_who_listens_hears_every_statement(app: Flask) -> None:
    execute(_limits(1), {"after": ""})
    with counted() as heard:
        for _ in range(3):
            execute(_limits(1), {"after": ""})
    assert len(heard) == 3


def test_a_forgotten_value_is_an_error_and_never_that_of_somebody_else(app: Flask) -> None:
    _add("a")
    for _ in range(2):
        assert execute(_limits(1), {"after": ""}).all()
    for wrong in ({}, {"before": ""}):
        for _ in range(2):
            with pytest.raises(StatementError):
                execute(_limits(1), wrong)


def test_what_is_derived_from_a_lasting_statement_is_another(app: Flask) -> None:
    """Else a condition that was added, perhaps a right, would not be asked."""
    _add("a", "b", "c")
    base = lasting(sa.select(LIMIT.c.key).order_by(LIMIT.c.key))
    for _ in range(2):
        assert execute(base, {}).scalars().all() == ["a", "b", "c"]
        assert execute(base.where(LIMIT.c.key == "c"), {}).scalars().all() == ["c"]
        assert execute(base.limit(1), {}).scalars().all() == ["a"]


def test_outside_of_a_transaction_sqlalchemy_begins_one(committed: Database) -> None:
    add = lasting(sa.insert(LIMIT).inline())
    with committed.app().app_context():
        for key in "ab":
            with db.engine.connect() as connection:
                run(connection, add, {"key": key, "hits": 1, "expires_at": SOON})
                assert connection.in_transaction()


def _of_both(after: str) -> Any:
    """Lists that are given and lists that are not, around values that stand between them."""
    kinds = LIMIT.c.hits.in_([1, 2, 3])
    days = bound("days", LIMIT.c.expires_at.type, many=True)
    return (
        sa.select(LIMIT.c.key)
        .where(LIMIT.c.key > after, kinds, LIMIT.c.key.in_(bound("keys", many=True)))
        .where(LIMIT.c.hits < bound("below"), LIMIT.c.expires_at.in_(days))
        .order_by(LIMIT.c.key)
    )


def test_a_list_may_have_any_length_and_any_members(app: Flask, monkeypatch: Any) -> None:
    _add("a", "b", "c")
    some = prepared(lambda: _of_both(""))()
    rest = {"below": 9, "days": [SOON]}
    for _ in range(2):
        for keys in (["a"], ["b"], ["a", "c"], ["b", "c"], [], ["a", "b", "c"]):
            assert execute(some, {"keys": keys, **rest}).scalars().all() == keys
        assert execute(some, {"keys": ["a", "b"], "below": 2, "days": [SOON]}).scalars().all() == ["a"]
        assert execute(some, {"keys": ["a"], "below": 9, "days": [SOON.replace(year=2031)]}).all() == []
        assert execute(some, {"keys": ["a"], "below": 9, "days": []}).all() == []
    monkeypatch.setattr(db.session.connection(), "execute", lambda *_: pytest.fail("the long way"))
    assert execute(some, {"keys": ["c", "b"], **rest}).scalars().all() == ["b", "c"]


def test_lists_of_many_lengths_are_kept_as_few(app: Flask) -> None:
    keys = [f"{n:02}" for n in range(70)]
    _add(*keys)
    some = prepared(
        lambda: sa.select(LIMIT.c.key).where(LIMIT.c.key.in_(bound("keys", many=True))).order_by(LIMIT.c.key)
    )()
    for _ in range(2):
        for length in range(len(keys)):
            assert fetched(some, keys[:length]) == keys[:length]
    assert fetched(some, set(keys[3:6])) == fetched(some, (key for key in keys[3:6])) == keys[3:6]
    assert len(_ways_of(some)) == 9  # of 0, 1, 2, 4, ... 128


def fetched(statement: Any, keys: Iterable[str]) -> list[str]:
    return list(execute(statement, {"keys": keys}).scalars())


def _ways_of(statement: Any) -> dict[Any, Any]:
    return statement.get_execution_options()["kept"].ways  # type: ignore[no-any-return]


def test_no_more_ways_are_kept_than_there_is_room_for(app: Flask, monkeypatch: Any) -> None:
    """What finds no room goes the long way each time, and no longer one."""
    _add("a")
    one = prepared(lambda: sa.select(LIMIT.c.key).where(LIMIT.c.key == bound("key")))()
    others = [{"key": "a", f"other_{n}": n} for n in range(WAYS + 2)]
    for values in others:
        assert execute(one, values).scalars().all() == ["a"]
    assert len(_ways_of(one)) == WAYS
    monkeypatch.setattr(sa.Select, "compile", lambda *_, **__: pytest.fail("compiled again"))
    for values in others:
        assert execute(one, values).scalars().all() == ["a"]


def test_an_insert_keeps_the_columns_it_is_given_and_no_fewer(app: Flask) -> None:
    add = lasting(sa.insert(LIMIT).returning(LIMIT.c.key))
    with transaction():
        connection = db.session.connection()
        for key in "abc":
            full = {"key": key, "hits": 1, "expires_at": SOON}
            assert run(connection, add, full).scalar_one() == key
        with pytest.raises(IntegrityError), connection.begin_nested():
            run(connection, add, {"key": "d", "hits": 1})  # without a day: not with that of another
    assert [row.expires_at for row in execute(_limits(1), {"after": ""})] == [SOON, SOON]


def test_a_refusal_of_the_database_is_explained_as_ever(app: Flask) -> None:
    add = lasting(sa.insert(LIMIT).inline())
    _add("taken")
    for _ in range(3):
        with pytest.raises(IntegrityError) as raised, transaction():
            run(db.session.connection(), add, {"key": "taken", "hits": 1, "expires_at": SOON})
        assert "rate_limit" in str(raised.value)
    assert len(execute(_limits(1), {"after": ""}).all()) == 1


def test_a_lock_that_is_not_given_is_a_matter_of_waiting(committed: Database) -> None:
    """SQLite only: whoever comes second is refused once its patience is over."""
    app = committed.app()
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            pytest.skip("another kind of lock")
        with closing(db.engine.raw_connection()) as first:
            first.execute("BEGIN IMMEDIATE")
            with closing(db.engine.raw_connection()) as second:
                second.execute("PRAGMA busy_timeout=10")  # and back into the pool, for the next to take
            with pytest.raises(OperationalError, match="locked"), transaction():
                db.session.connection()
            first.rollback()
        with transaction():
            db.session.connection()


def test_connections_that_are_gone_are_thrown_away(committed: Database) -> None:
    """PostgreSQL only: the request that meets it fails, and no other: all that the pool has goes with it."""
    app = committed.app()
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            pytest.skip("SQLite has no server")
        statement = prepared(lambda: sa.select(LIMIT.c.key).where(LIMIT.c.key == bound("key")))()
        for _ in range(2):
            assert execute(statement, {"key": "nothing"}).all() == []
        with closing(db.engine.raw_connection()) as another:  # stays in the pool
            pids = [another.driver_connection.info.backend_pid]
        pids.append(db.session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one())
        killer = sa.create_engine(db.engine.url, poolclass=sa.NullPool)
        with killer.connect() as other:
            for pid in pids:
                other.exec_driver_sql(f"SELECT pg_terminate_backend({pid})")
        with pytest.raises(OperationalError) as raised:
            execute(statement, {"key": "nothing"})
        assert raised.value.connection_invalidated
        for _ in range(3):
            db.session.remove()
            assert execute(statement, {"key": "nothing"}).all() == []
