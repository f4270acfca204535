"""How a due date is shown: the words, and whether they are urgent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from ilp.core.indonesian import due_words, short_date

SOON = 3


@dataclass(frozen=True)
class Due:
    """`urgency` is 'late' (red), 'soon' (orange, with a clock) or nothing."""

    text: str
    urgency: str | None = None


@lru_cache(maxsize=1024)
def due_on(day: date, today: date, *, waiting: bool = True) -> Due:
    """Lateness concerns only what still waits for the assigned office; all else shows the plain date."""
    if not waiting:
        return Due(short_date(day))
    days = (day - today).days
    if days < 0:
        return Due(due_words(day, today), "late")
    return Due(due_words(day, today), "soon" if days <= SOON else None)
