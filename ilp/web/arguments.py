"""What the query string of an address says, under the same input rule as the forms."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from flask import request

from ilp.core.enums import LabelledEnum
from ilp.core.errors import NotFound
from ilp.web.forms import CONTROL, INT32, clean

Member = TypeVar("Member", bound=LabelledEnum)


def text_argument(name: str, longest: int = 80) -> str:
    """A line of text, cleaned and cut; nothing when it is not there."""
    return CONTROL.sub(" ", clean(request.args.get(name, "")))[:longest].strip()


def number_argument(name: str) -> int | None:
    """An id, by the rule of the path converter, or nothing. Raises NotFound for anything else."""
    text = request.args.get(name, "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) <= INT32):
        raise NotFound
    return int(text)


def member_argument(name: str, members: type[Member]) -> Member | None:
    """A filter: a member of a closed list, or nothing. Raises NotFound: any other word leads nowhere."""
    text = request.args.get(name, "")
    if not text:
        return None
    if text not in set(members):
        raise NotFound
    return members(text)


def day_argument(name: str) -> date | None:
    """A day between 2000 and 2100 as a date input sends it, or nothing. Raises NotFound for anything else."""
    text = request.args.get(name, "")
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise NotFound from error
    if not 2000 <= day.year <= 2100:
        raise NotFound
    return day
