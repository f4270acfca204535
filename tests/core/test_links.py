from __future__ import annotations

import pytest

from ilp.core.links import make_token, read_token


def test_the_same_link_twice_has_the_same_token(app) -> None:
    assert make_token("password", 17, 3) == make_token("password", 17, 3)


def test_a_token_says_whose_and_which_it_is(app) -> None:
    assert read_token("password", make_token("password", 17, 3)) == (17, 3)


@pytest.mark.parametrize("purpose", ["guest", ""])
def test_a_token_serves_one_purpose(app, purpose: str) -> None:
    assert read_token(purpose, make_token("password", 17, 3)) is None


def test_every_changed_letter_kills_a_token(app) -> None:
    token = make_token("password", 17, 3)
    for at, letter in enumerate(token):
        like = "89" if letter.isdigit() else "AB"
        other = like.replace(letter, "")[0]
        assert read_token("password", f"{token[:at]}{other}{token[at + 1 :]}") is None, at


@pytest.mark.parametrize(
    "token", ["", "17", "17-3", "0-1-" + "a" * 22, "17-3-" + "a" * 22, "a" * 5000, "²-1-x"]
)
def test_what_is_no_token_is_none(app, token: str) -> None:
    assert read_token("password", token) is None


def test_a_token_has_128_bits(app) -> None:
    assert len(make_token("password", 17, 3).split("-", 2)[2]) == 22
