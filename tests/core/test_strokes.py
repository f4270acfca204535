from __future__ import annotations

import json
import re

import pytest

from ilp.core.errors import RuleViolation
from ilp.core.strokes import draw, read_strokes, strokes_sha256

WAVE = [[[x, 60 + (x * 7) % 40] for x in range(10, 210, 10)], [[100, 20], [140, 24]], [[180, 30]]]


def test_strokes_become_one_path_of_figures() -> None:
    drawn = draw(read_strokes(json.dumps(WAVE)))

    assert re.fullmatch(r"[MQL0-9 ]+", drawn["d"])
    assert drawn["d"].count("M") == len(WAVE)
    left, top, width, height = map(int, drawn["box"].split())
    assert (left, top) == (-drawn["pen"], -drawn["pen"])
    assert 1000 <= max(width, height) <= 1050
    assert type(drawn["pen"]) is int


def test_the_same_hand_gives_the_same_path_and_fingerprint() -> None:
    first, second = read_strokes(json.dumps(WAVE)), read_strokes(json.dumps(WAVE, indent=2))

    assert draw(first) == draw(second)
    assert strokes_sha256(first) == strokes_sha256(second)
    assert strokes_sha256(first) != strokes_sha256(read_strokes(json.dumps(WAVE[:2])))


def test_a_larger_pad_gives_the_same_drawing() -> None:
    doubled = [[[2 * x, 2 * y] for x, y in stroke] for stroke in WAVE]

    assert draw(read_strokes(json.dumps(doubled))) == draw(read_strokes(json.dumps(WAVE)))


def test_a_slow_hand_does_not_make_a_long_path() -> None:
    slow = [[[10 + i // 10, 50 + (i // 10) % 30] for i in range(4000)]]

    assert len(draw(read_strokes(json.dumps(slow)))["d"]) < 8_000


@pytest.mark.parametrize("text", ["", "[]", "[[]]", "[[[50, 50]]]", "[[[50, 50], [52, 51]]]"])
def test_an_empty_pad_or_a_dot_is_no_signature(text: str) -> None:
    with pytest.raises(RuleViolation, match="belum digores") as refusal:
        read_strokes(text)
    assert refusal.value.field == "strokes"


@pytest.mark.parametrize(
    "text",
    [
        "nonsense",
        "{}",
        "1",
        "[1]",
        "[[1, 2]]",
        "[[[1, 2, 3], [200, 2, 3]]]",
        "[[[1.5, 2], [200, 2]]]",
        "[[[-1, 2], [200, 2]]]",
        "[[[true, 2], [200, 2]]]",
        "[[[1, 99999], [200, 2]]]",
        '[[["1", 2], [200, 2]]]',
        "[[[NaN, 2], [200, 2]]]",
        "[" * 30_000,
        f"[[[{'9' * 5000}, 2], [200, 2]]]",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(RuleViolation, match="tidak terbaca"):
        read_strokes(text)


@pytest.mark.parametrize(
    "strokes",
    [
        [[[0, 0], [100, 100]]] * 65,
        [[[i % 300, 50] for i in range(5001)]],
        [[[16000, 16000 - i % 90] for i in range(4900)]] * 2,
    ],
)
def test_too_much_ink_is_refused(strokes: list[list[list[int]]]) -> None:
    with pytest.raises(RuleViolation, match="terlalu panjang"):
        read_strokes(json.dumps(strokes))
