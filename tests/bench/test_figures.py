"""What the bench makes of its measurements."""

from __future__ import annotations

import pytest

from bench.bars import AIM, BARS, MISSED, MUST, UNKNOWN, Bar
from bench.load import Round, paired, percentile


@pytest.mark.parametrize(
    ("share", "expected"), [(0.01, 1), (0.5, 50), (0.95, 95), (0.99, 99), (0.991, 100), (1, 100)]
)
def test_a_percentile_is_the_smallest_value_that_so_many_do_not_exceed(share, expected):
    assert percentile(range(1, 101), share) == expected


def test_a_percentile_of_one_value_is_that_value():
    assert percentile([7.5], 0.5) == percentile([7.5], 0.99) == 7.5


@pytest.mark.parametrize(
    ("value", "expected"), [(1.6, AIM), (1.61, MUST), (2.5, MUST), (2.51, MISSED), (None, UNKNOWN)]
)
def test_a_bar_names_the_best_bound_that_was_kept(value, expected):
    assert Bar("a page", must=2.5, aim=1.6).verdict(value) == expected


@pytest.mark.parametrize(("value", "expected"), [(0.5, AIM), (0.33, MUST), (0.32, MISSED)])
def test_a_bar_can_ask_for_at_least_so_much(value, expected):
    assert Bar("requests", must=0.33, aim=0.5, at_least=True).verdict(value) == expected


def test_no_aim_is_easier_than_what_must_be():
    for name, bar in BARS.items():
        assert bar.aim >= bar.must if bar.at_least else bar.aim <= bar.must, name


def measured(others=0.0, cpu_ms=1.0):
    return Round(10, 0, 2.0, [1.0] * 10, cpu_ms, 0.0, others)


def test_rounds_are_compared_with_those_beside_them():
    floor, product = ([measured(cpu_ms=ms) for ms in (n, n, 3 * n, 3 * n, n)] for n in (1, 2))
    product[0] = measured(cpu_ms=9)
    assert paired(product, floor, lambda one: one.cpu_ms) == [9, 2, 2, 2, 2]
    with pytest.raises(ValueError, match="longer"):
        paired(product[1:], floor, lambda one: one.cpu_ms)


def test_a_round_is_quiet_only_while_others_leave_the_machine_alone():
    assert measured(0.19).is_quiet
    assert not measured(0.2).is_quiet
    assert measured().per_second == 5
