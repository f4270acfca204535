from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.core.errors import TooMany
from ilp.models.accounts import RateLimit
from ilp.services import throttle
from tests.support.databases import Database

LIMIT = throttle.Limit("coba", 3, timedelta(minutes=10))


def test_misses_are_counted_down_to_refusal(app) -> None:
    counter = LIMIT.of("a")
    assert [throttle.miss(counter) for _ in range(3)] == [2, 1, 0]
    with pytest.raises(TooMany) as refused:
        throttle.check(counter)
    assert 590 <= refused.value.retry_after <= 600


def test_hits_are_not_counted(app) -> None:
    for _ in range(100):
        throttle.check(LIMIT.of("a"))
    assert throttle.miss(LIMIT.of("a")) == 2


def test_the_window_begins_with_the_first_miss_and_passes(app) -> None:
    counter = LIMIT.of("a")
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(3):
            throttle.miss(counter)
            clock.shift(180)
        with pytest.raises(TooMany) as refused:
            throttle.check(counter)
        assert refused.value.retry_after == 60
        clock.shift(61)
        throttle.check(counter)
        assert throttle.miss(counter) == 2


def test_the_narrowest_of_several_counters_decides(app) -> None:
    wide = throttle.Limit("lebar", 50, timedelta(hours=1)).of("a")
    for _ in range(3):
        throttle.miss(LIMIT.of("a"), wide)
    assert throttle.miss(wide) == 46
    with pytest.raises(TooMany):
        throttle.check(wide, LIMIT.of("a"))
    throttle.check(wide, LIMIT.of("b"))


def test_what_has_passed_is_swept_away(app) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        throttle.miss(LIMIT.of("a"))
        clock.shift(601)
        throttle.miss(LIMIT.of("b"))
    assert db.session.scalars(sa.select(RateLimit.key)).all() == ["coba:b"]


def test_a_rolled_back_act_does_not_forget_the_miss(app) -> None:
    throttle.miss(LIMIT.of("a"))
    with pytest.raises(ZeroDivisionError), transaction():
        raise ZeroDivisionError
    assert throttle.miss(LIMIT.of("a")) == 1


def test_a_miss_inside_another_transaction_is_a_mistake(app) -> None:
    with transaction(), pytest.raises(RuntimeError):
        throttle.miss(LIMIT.of("a"))


def test_of_many_guesses_at_once_only_so_many_are_judged(committed: Database) -> None:
    app = committed.app()

    def guess(_: int) -> int | None:
        with app.app_context():
            try:
                return throttle.take(LIMIT.of("a"), throttle.Limit("lebar", 50, timedelta(hours=1)).of("b"))
            except TooMany:
                return None
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        judged = [left for left in pool.map(guess, range(24)) if left is not None]
    assert sorted(judged) == [0, 1, 2]


def test_a_right_guess_is_given_back_and_a_refused_one_not_counted(app) -> None:
    counter = LIMIT.of("a")
    for _ in range(10):
        assert throttle.take(counter) == 2
        throttle.give_back(counter)
    assert [throttle.take(counter) for _ in range(3)] == [2, 1, 0]
    for _ in range(5):
        with pytest.raises(TooMany) as refused:
            throttle.take(counter)
        assert 590 <= refused.value.retry_after <= 600
    throttle.give_back(counter)
    assert throttle.take(counter) == 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "?"),
        ("bukan alamat", "?"),
    ],
)
def test_a_network_is_an_address_or_its_64(address: str, network: str) -> None:
    assert throttle.network(address) == network


PROCESS = """
from datetime import timedelta
from ilp.application import create_app
from ilp.services import throttle
with create_app().app_context():
    for _ in range(20):
        throttle.miss(throttle.Limit("proses", 100, timedelta(hours=1)).of("a"))
"""


def test_two_processes_share_one_count(committed: Database) -> None:
    environment = committed.environment()
    running = [
        subprocess.Popen([sys.executable, "-c", PROCESS], env=environment, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    for process in running:
        _, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors.decode()[-2000:]
    with committed.app().app_context():
        left = throttle.miss(throttle.Limit("proses", 100, timedelta(hours=1)).of("a"))
    assert left == 100 - 41
