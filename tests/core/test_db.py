"""One way to write: nothing is lost, nothing is half there, and the lock is taken at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from ilp.core.db import (
    AFTER_COMMIT,
    Moment,
    after_commit,
    columns_of,
    db,
    entity,
    execute,
    locked,
    renewed,
    transaction,
)
from ilp.core.statements import prepared
from ilp.models.accounts import RateLimit
from ilp.models.jobs import Job, JobKind
from tests.support.databases import Database
from tests.support.queries import counted

SOON = datetime(2030, 1, 1, tzinfo=UTC)


def add(key: str) -> None:
    db.session.add(RateLimit(key=key, hits=1, expires_at=SOON))


def present(key: str) -> bool:
    return db.session.get(RateLimit, key) is not None


def test_everything_inside_is_written_once(app: Flask) -> None:
    with transaction():
        add("kept")
    assert present("kept")


def test_an_error_inside_undoes_all_of_it(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012
        add("lost")
        db.session.flush()
        _ = 1 / 0
    assert not present("lost")


def test_transactions_do_not_nest(app: Flask) -> None:
    with transaction(), pytest.raises(RuntimeError), transaction():
        pass


def test_what_is_left_for_after_the_commit_runs_only_then(app: Flask) -> None:
    ran: list[str] = []
    with transaction():
        after_commit(lambda: ran.append("woken"))
        assert ran == []
    assert ran == ["woken"]
    with pytest.raises(ZeroDivisionError), transaction():  # noqa: PT012
        after_commit(lambda: ran.append("never"))
        _ = 1 / 0
    assert ran == ["woken"]
    assert AFTER_COMMIT not in db.session.info or db.session.info[AFTER_COMMIT] == []


def test_a_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        Moment().process_bind_param(datetime(2024, 10, 15, 9), sa.create_engine("sqlite://").dialect)


def test_moments_come_back_aware_and_equal(app: Flask) -> None:
    with transaction():
        add("moment")
    db.session.expire_all()
    row = db.session.get(RateLimit, "moment")
    assert row is not None
    assert row.expires_at == SOON
    assert row.expires_at.tzinfo is not None


def test_eight_writers_lose_no_update(committed: Database) -> None:
    """Reads and then writes, 8 × 20 times: without the lock at the beginning most would be lost."""
    app = committed.app()
    with app.app_context(), transaction():
        add("count")

    def work() -> None:
        for _ in range(20):
            with app.app_context(), transaction():
                row = locked(db.session.get_one(RateLimit, "count"))
                row.hits = row.hits + 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert db.session.get_one(RateLimit, "count").hits == 161
        db.engine.dispose()


def test_sqlite_is_as_safe_as_it_gets(committed: Database) -> None:
    if committed.engine != "sqlite":
        return
    app = committed.app()
    with app.app_context():
        pragmas = {
            name: db.session.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
        db.session.remove()
        db.engine.dispose()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_what_is_not_written_yet_is_not_read_over(app: Flask) -> None:
    with transaction():
        add("changed")
    row = db.session.get_one(RateLimit, "changed")
    with transaction():
        row.hits = 7
        columns = db.session.connection().execute(sa.select(RateLimit.hits)).one()
        with pytest.raises(RuntimeError, match="unwritten"):
            renewed(row, columns)


def test_a_row_read_past_the_orm_is_an_object_like_any_other(app: Flask) -> None:
    with transaction():
        db.session.add(Job(kind=JobKind.SEND_MAIL, target_id=1, created_at=SOON, run_after=SOON))
    db.session.remove()
    columns = columns_again()
    job = entity(Job, columns)
    assert (job.kind, job.target_id, job.created_at) == (JobKind.SEND_MAIL, 1, SOON)
    assert job is entity(Job, columns) is db.session.get(Job, job.id)
    assert not db.session.dirty
    with transaction():
        locked(job).done = 1
    job.done = 2
    db.session.rollback()
    with counted() as asked:
        assert entity(Job, columns_again()).done == 1
        assert not sa.inspect(job).expired_attributes & set(columns._mapping)
    assert len(asked) == 1
    assert (job.done, db.session.scalar(sa.select(Job.done))) == (1, 1)


def columns_again() -> sa.Row[tuple[Any, ...]]:
    return execute(sa.select(*columns_of(Job)), {}).one()


def test_what_is_written_past_the_orm_is_committed_with_the_rest(committed: Database) -> None:
    """Also as the first act of a transaction: it has to begin one, and none of before goes on."""
    add_one = prepared(lambda: sa.insert(RateLimit).inline())
    app = committed.app()
    with app.app_context():
        for key in "abc":
            assert not present(key)  # on the connection that stays
            with transaction():
                execute(add_one(), {"key": key, "hits": 1, "expires_at": SOON})
        with db.engine.connect() as other:
            assert other.scalars(sa.select(RateLimit.key).order_by(RateLimit.key)).all() == ["a", "b", "c"]


def test_what_is_undone_to_a_savepoint_is_undone_past_the_orm_too(committed: Database) -> None:
    with committed.app().app_context():
        with transaction():
            add("kept")
            db.session.flush()
            inner = db.session.begin_nested()
            execute(sa.insert(RateLimit), {"key": "undone", "hits": 1, "expires_at": SOON})
            inner.rollback()
        assert present("kept")
        assert not present("undone")


def test_postgresql_neither_compiles_for_a_page_nor_starts_processes(app: Flask) -> None:
    if db.session.get_bind().dialect.name != "postgresql":
        pytest.skip("SQLite does neither")
    shown = [
        db.session.scalar(sa.text(f"SHOW {name}")) for name in ("jit", "max_parallel_workers_per_gather")
    ]
    assert shown == ["off", "0"]
