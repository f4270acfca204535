"""Where two texts differ, by words: what a reader needs to choose between them."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

Piece = tuple[str, bool]
"""A stretch of text, and whether the other text says something else there."""

WORDS = re.compile(r"\s*\S+|\s+$")


def differences(text: str, other: str) -> list[Piece]:
    """`text` in stretches; joined they give it back unchanged.

    >>> differences("lewat Dana Desa 2025", "lewat APBDes 2025")
    [('lewat', False), (' Dana Desa', True), (' 2025', False)]
    """
    words, others = WORDS.findall(text), WORDS.findall(other)
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    stretches = ((words[a:b], tag != "equal") for tag, a, b, _, _ in matcher.get_opcodes())
    return [("".join(stretch), differs) for stretch, differs in stretches if stretch]
