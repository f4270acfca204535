"""What the pages of this blueprint share."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from flask import Response, request
from markupsafe import Markup, escape

from ilp.core.indonesian import sort_key
from ilp.models.directory import Constituency
from ilp.models.documents import DocumentKind
from ilp.models.meetings import Meeting
from ilp.queries import documents
from ilp.queries import meetings as queries
from ilp.web.forms import CONTROL, clean
from ilp.web.htmx import page, page_or_block
from ilp.web.session import me

MOST_WORDS = 6
LONGEST_SEARCH = 80


def meeting_page(
    template: str,
    meeting: Meeting,
    tab: str,
    *,
    status: int = 200,
    block: str = "",
    head: queries.Head | None = None,
    **context: Any,
) -> Response:
    """A page of one meeting with its head and tabs; `tab` is the one that is open."""
    context |= {"meeting": meeting, "tab": tab, "head": head or queries.head(me(), meeting)}
    if block:
        return page_or_block(template, block=block, status=status, **context)
    return page(template, status=status, **context)


def paper_of(meeting: Meeting, kind: DocumentKind) -> Any:
    """The paper of a kind that counts, or the one under way, as `documents/_link.html` shows it."""
    found = documents.of_meeting(me(), meeting.id)
    return next((document for document in found if document.kind == kind), None)


def by_constituency(
    seats: Sequence[Any], shown: Callable[[Any], Any] = lambda seat: seat
) -> list[tuple[Constituency, list[Any]]]:
    """Seats in protocol order under their constituency, each as it is `shown`."""
    groups = groupby(seats, key=lambda seat: seat.constituency)
    return [(unsur, [shown(seat) for seat in rows]) for unsur, rows in groups]


def searched() -> tuple[str, list[str]]:
    """What somebody looks for, as typed and as the words that names are compared with."""
    text = CONTROL.sub(" ", clean(request.values.get("cari", "")))[:LONGEST_SEARCH].strip()
    return text, sort_key(text).split()[:MOST_WORDS]


def marked(text: str, words: Sequence[str]) -> Markup:
    """A text with the words that were looked for marked in it."""
    if not words:
        return escape(text)
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    parts = re.split(f"({pattern})", text, flags=re.IGNORECASE)
    pieces = (
        Markup("<mark>{}</mark>").format(part) if at % 2 else escape(part) for at, part in enumerate(parts)
    )
    return Markup("").join(pieces)
