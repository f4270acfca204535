"""Dividing a number without losing any of it."""

from __future__ import annotations

from collections.abc import Sequence


def shares(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts in proportion to the weights that add up to the total exactly."""
    whole, before, parts = sum(weights), 0, []
    passed = 0
    for weight in weights:
        passed += weight
        upto = total * passed // whole
        parts.append(upto - before)
        before = upto
    return parts
