"""Words as a search knows them, and words that are nearly another. Pure functions."""

from __future__ import annotations

import re

from ilp.core.indonesian import sort_key

SHORTEST_FORGIVEN = 4
"""Letters of a typed word: with one missing, a word of five has four left."""


def words_of(text: str) -> list[str]:
    """The words of what somebody typed: small letters and digits, without accents, each once."""
    return list(dict.fromkeys(re.findall(r"[a-z0-9]+", sort_key(text))))


def nearly(typed: str, meant: str) -> bool:
    """Whether one wrong, missing, added or swapped letter stands between two different words.

    >>> nearly("kepanejn", "kepanjen")
    True
    >>> nearly("kepanjen", "kepanjen")
    False
    """
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    same = next((n for n, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), None)
    if same is None:
        return True  # one letter more at the end
    here, there = typed[same:], meant[same:]
    if len(here) == len(there):
        swapped = here[:2] == there[1::-1] and here[2:] == there[2:]
        return here[1:] == there[1:] or swapped
    shorter, longer = sorted((here, there), key=len)
    return shorter == longer[1:]


def halves(word: str) -> tuple[str, str]:
    """How a word begins and ends, with spaces around: one fault cannot lie in both.

    >>> halves("rapat")
    ('  ra', 'at  ')
    """
    return f"  {word[: (len(word) - 1) // 2]}", f"{word[(len(word) + 1) // 2 :]}  "
