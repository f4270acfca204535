"""Paging by key: a page starts after a (moment, id), so its cost does not grow with its depth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ilp.core.errors import NotFound

PAGE_SIZE = 50


@dataclass(frozen=True)
class Key:
    """Where a page begins: the sort value and the id of the last row before it."""

    at: datetime | date
    id: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"

    @classmethod
    def parse(cls, text: str | None, kind: type[date] = datetime) -> Key | None:
        """Reads what `str()` wrote. Raises NotFound for anything else: such an address leads nowhere."""
        if not text:
            return None
        at, _, number = text.partition("~")
        try:
            if not (number.isascii() and number.isdigit()) or int(number) > 2**31 - 1:
                raise ValueError(number)
            moment = kind.fromisoformat(at)
            if isinstance(moment, datetime) and moment.tzinfo is None:
                raise ValueError(at)
            return cls(moment, int(number))
        except ValueError as error:
            raise NotFound from error


@dataclass(frozen=True)
class Page:
    """Rows of one page and the keys of its neighbours (None at the ends)."""

    rows: Sequence[Any]
    after: Key | None = None
    first: bool = True
