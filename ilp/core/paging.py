"""Paging by key: a page starts after a (moment, id), so its cost does not grow with its depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ilp.core.errors import NotFound

PAGE_SIZE = 50
LONGEST = 200
"""Characters of a text that a list is sorted by."""
BATCH = 1000
"""Rows read at once where a whole list is written out."""


@dataclass(frozen=True)
class Key:
    """Where a page begins: the sort value and the id of the last row before it."""

    at: datetime | date | int | str
    id: int

    def __str__(self) -> str:
        return f"{self.at if isinstance(self.at, int | str) else self.at.isoformat()}~{self.id}"

    @classmethod
    def parse(cls, text: str | None, kind: type[date] | type[int] | type[str] = datetime) -> Key | None:
        """Reads what `str()` wrote. Raises NotFound for anything else: such an address leads nowhere."""
        if not text:
            return None
        at, _, number = text.rpartition("~")
        try:
            if issubclass(kind, str):
                return cls(_line(at), _whole(number))
            if issubclass(kind, int):
                return cls(_whole(at), _whole(number))
            moment = kind.fromisoformat(at)
            if isinstance(moment, datetime) and moment.tzinfo is None:
                raise ValueError(at)
            return cls(moment, _whole(number))
        except ValueError as error:
            raise NotFound from error


def _line(text: str) -> str:
    if not text.isprintable() or len(text) > LONGEST:
        raise ValueError(text)
    return text


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or int(text) > 2**31 - 1:
        raise ValueError(text)
    return int(text)


@dataclass(frozen=True)
class Page:
    """Rows of one page and the keys of its neighbours (None at the ends)."""

    rows: Sequence[Any]
    after: Key | None = None
    first: bool = True
