"""One letter wrong, missing, added or swapped; never two."""

from __future__ import annotations

import pytest

from ilp.core.spelling import nearly, words_of


@pytest.mark.parametrize(
    "typed",
    "kepanxen kepanjn keapnjen kepannjen xepanjen kepanjex epanjen kepanje ekpanjen".split(),
)
def test_one_letter_is_forgiven(typed):
    assert nearly(typed, "kepanjen")
    assert nearly("kepanjen", typed)


@pytest.mark.parametrize("typed", ["kepanjen", "kxpxnjen", "kpnjen", "pekanjne", "kepanjenxx", "nejnapek"])
def test_none_and_two_are_not(typed):
    assert not nearly(typed, "kepanjen")


def test_words_are_small_letters_and_digits_each_once():
    assert words_of("  Rapat, RAPAT Koordinasi: 400.7/12 d'Été ") == [
        "rapat",
        "koordinasi",
        "400",
        "7",
        "12",
        "d",
        "ete",
    ]
