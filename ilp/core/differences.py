"""Where two texts differ, by words: what a reader needs to choose between them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

Piece = tuple[str, bool]
"""A stretch of text, and whether the other text says something else there."""

WORDS = re.compile(r"\S+|\s+")


def differences(text: str, other: str) -> list[Piece]:
    """`text` in stretches; joined they give it back unchanged.

    >>> differences("lewat Dana Desa 2025", "lewat APBDes 2025")
    [('lewat ', False), ('Dana Desa', True), (' 2025', False)]
    """
    words, others = WORDS.findall(text), WORDS.findall(other)
    matcher = SequenceMatcher(None, words, others)
    stretches = [(words[a:b], tag != "equal") for tag, a, b, _, _ in matcher.get_opcodes()]
    return [("".join(stretch), differs) for stretch, differs in _joined(stretches)]


def _joined(stretches: list[tuple[list[str], bool]]) -> list[tuple[list[str], bool]]:
    """A blank that happens to be the same between two differing words differs with them."""
    joined: list[tuple[list[str], bool]] = []
    for at, (stretch, differs) in enumerate(stretches):
        between = 0 < at < len(stretches) - 1 and not "".join(stretch).strip()
        if joined and joined[-1][1] == (differs or between):
            joined[-1] = ([*joined[-1][0], *stretch], differs or between)
        elif stretch:
            joined.append((stretch, differs or between))
    return joined
