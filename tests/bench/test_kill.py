"""What the kill runner reads in a log that several processes wrote."""

from __future__ import annotations

import pytest

from bench.kill.installation import Installation
from tests.support.databases import Database

HEAD = "2026-11-26 08:00:00,000 ERROR ilp.web.errors: {} error\n"
FRAMES = (
    'Traceback (most recent call last):\n  File "db.py", line 1, in ask\n    cursor.execute()\n    ~~~~~^^\n'
)
CAUSED = "\nThe above exception was the direct cause of the following exception:\n\n"
MEANWHILE = "\nDuring handling of the above exception, another exception occurred:\n\n"
SHUTDOWN = "psycopg.errors.AdminShutdown: terminating connection due to administrator command\n"
AWAY = f"sqlalchemy.exc.OperationalError: ({SHUTDOWN.strip()})\n[SQL: SELECT 1]\n"
MISTAKE = "KeyError: 'row'\n"


@pytest.fixture
def mistakes(tmp_path):
    def read(*blocks):
        (tmp_path / "kill.log").write_text("".join(blocks))
        return Installation(Database("postgresql", "", tmp_path), 8500, None).mistakes()

    return read


@pytest.mark.parametrize(
    "raised",
    [
        SHUTDOWN,
        "psycopg.errors.CrashShutdown: terminating connection because of crash of another server process\n",
        "psycopg.errors.CannotConnectNow: the database system is starting up\n",
        "psycopg.errors.ConnectionFailure\n",
        "psycopg.OperationalError: server closed the connection unexpectedly\n\tThis probably means\n",
        f"{SHUTDOWN}{CAUSED}{FRAMES}{AWAY}",
        "sqlalchemy.exc.OperationalError: (sqlite3.OperationalError) database is locked\n",
    ],
)
def test_what_a_killed_database_causes_is_no_mistake(mistakes, raised):
    assert mistakes(HEAD.format("database"), FRAMES, raised) == []


@pytest.mark.parametrize("first", [[FRAMES, MISTAKE, FRAMES, SHUTDOWN], [FRAMES, AWAY, FRAMES, MISTAKE]])
def test_a_mistake_is_found_beside_the_trace_of_another_worker(mistakes, first):
    log = [HEAD.format("database"), FRAMES, SHUTDOWN, HEAD.format("unexpected"), *first]
    assert mistakes(*log) == ["ilp.web.errors: unexpected error: KeyError: 'row'"]


def test_what_was_raised_on_the_way_is_not_counted_but_what_came_of_it(mistakes):
    log = [HEAD.format("database"), FRAMES, MISTAKE, MEANWHILE, FRAMES, AWAY]
    assert mistakes(*log) == []
    log = [HEAD.format("database"), FRAMES, SHUTDOWN, MEANWHILE, FRAMES, "StopIteration\n"]
    assert mistakes(*log) == ["ilp.web.errors: database error: StopIteration"]


def test_a_database_that_is_away_must_not_escape_the_product(mistakes):
    assert mistakes("[2026-11-26] [1] [ERROR] Error handling request /\n", FRAMES, SHUTDOWN) == [
        f"Error handling request: {SHUTDOWN.strip()}"
    ]
