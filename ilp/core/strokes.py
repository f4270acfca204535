"""From what a signature pad sends to one SVG path drawn by us. Nothing else of the client's is kept.

The pad sends JSON: a list of strokes, each a list of `[x, y]` in whole pixels of the pad:
`[[[12, 80], [14, 71], [19, 66]], [[60, 20], [61, 20]]]`.
"""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from math import dist
from typing import Any

from ilp.core.errors import RuleViolation
from ilp.core.papers.parts import Stroke

MAX_STROKES = 64
MAX_POINTS = 5_000
MAX_CHARACTERS = 64 * 1024
MAX_PIXEL = 16_384
MIN_INK = 60
"""Pixels the pen must have travelled: less is a dot or a slip, not a signature."""

SIZE = 1_000
"""The longer side of a drawn signature, in units of its own path."""

Point = tuple[int, int]
Strokes = list[list[Point]]


def read_strokes(text: str) -> Strokes:
    """The strokes in the pad's JSON.

    Refuses (RuleViolation on the field `strokes`) what is too much, not of the form above, outside the pad,
    or no signature at all: an empty pad, a dot.
    """
    if len(text) > MAX_CHARACTERS:
        raise _refusal("Goresan terlalu panjang. Hapus lalu gores lebih singkat.")
    try:
        raw = json.loads(text or "[]")
    except (ValueError, RecursionError):
        raise _refusal("Goresan tidak terbaca. Muat ulang halaman lalu gores kembali.") from None
    strokes = [_points(stroke) for stroke in _list(raw)]
    if len(strokes) > MAX_STROKES or sum(map(len, strokes)) > MAX_POINTS:
        raise _refusal("Goresan terlalu panjang. Hapus lalu gores lebih singkat.")
    if sum(_length(stroke) for stroke in strokes) < MIN_INK:
        raise _refusal("Tanda tangan belum digores. Gores pada bidang yang tersedia, atau ketik nama.")
    return strokes


def strokes_sha256(strokes: Strokes) -> str:
    """The fingerprint of what was drawn: SHA-256 of its JSON without spaces."""
    return hashlib.sha256(json.dumps(strokes, separators=(",", ":")).encode()).hexdigest()


def draw(strokes: Strokes) -> Stroke:
    """One smooth path through all strokes, in a box trimmed to it, with a pen that prints at about 0.35 mm.

    The same strokes always give the same path; only figures and the letters M, Q, L reach it.
    """
    xs, ys = zip(*(point for stroke in strokes for point in stroke), strict=True)
    left, top, scale = min(xs), min(ys), SIZE / max(max(xs) - min(xs), max(ys) - min(ys))
    sized = [[(round((x - left) * scale), round((y - top) * scale)) for x, y in stroke] for stroke in strokes]
    width, height = round((max(xs) - left) * scale), round((max(ys) - top) * scale)
    pen = max(1, round(max(width, height * 2.6) / 85))
    return {
        "d": "".join(_path(_thinned(stroke)) for stroke in sized),
        "box": f"{-pen} {-pen} {width + 2 * pen} {height + 2 * pen}",
        "pen": pen,
    }


def _refusal(message: str) -> RuleViolation:
    return RuleViolation(message, field="strokes")


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise _refusal("Goresan tidak terbaca. Muat ulang halaman lalu gores kembali.")
    return value


def _points(value: Any) -> list[Point]:
    points = [tuple(_list(point)) for point in _list(value)]
    for point in points:
        if len(point) != 2 or not all(type(c) is int and 0 <= c <= MAX_PIXEL for c in point):
            raise _refusal("Goresan tidak terbaca. Muat ulang halaman lalu gores kembali.")
    return points


def _length(stroke: list[Point]) -> float:
    return sum(dist(a, b) for a, b in pairwise(stroke))


def _thinned(stroke: list[Point]) -> list[Point]:
    """Without points closer than 6 units to the one before: a slow hand sends hundreds that nobody sees."""
    kept = stroke[:1]
    for point in stroke[1:]:
        if dist(point, kept[-1]) >= 6:
            kept.append(point)
    return kept


def _path(stroke: list[Point]) -> str:
    """A quadratic curve through the mid-points; a single point becomes a dot of the pen's width."""
    if not stroke:
        return ""
    curves = [f"Q{ax} {ay} {(ax + bx) // 2} {(ay + by) // 2}" for (ax, ay), (bx, by) in pairwise(stroke[1:])]
    (x, y), (end_x, end_y) = stroke[0], stroke[-1]
    return f"M{x} {y}{''.join(curves)}L{end_x} {end_y}"
