"""A list as an Excel file: the rows of the page by the same query and filter, read on to the end.

A `Sheet` stands beside the routes of its blueprint and says what a row becomes; `download` reads page after
page of the very query that the list shows, so nobody's file holds what his list does not.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from flask import Response, request, send_file, url_for

from ilp.adapters import sheets
from ilp.adapters.sheets import Cell, Heading, Leaf
from ilp.core.clock import Zone, local, now
from ilp.core.indonesian import clock, long_date, number
from ilp.core.paging import Key, Page
from ilp.web.session import me

MOST = 10_000
"""Rows of one file; what is cut off is said at its end."""
WHOLE = MOST + 1
"""Rows to ask for where the page shows only the first of them: if one is too many, the file says so."""
CUT = f"Berkas ini memuat {number(MOST)} baris pertama. Persempit saringannya untuk melihat selebihnya."
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PLACES = frozenset({"setelah", "sebelum", "kabar", "buka"})
"""Arguments of a page that say which part of a list it shows, not which list."""


@dataclass(frozen=True)
class Column:
    """A column: its word, what it says of a row, its width. For `extra` ones the page has no room."""

    heading: str
    value: Callable[[Any], Cell | datetime]
    width: int = 18
    extra: bool = False


@dataclass(frozen=True)
class Sheet:
    """What a list is called, and its columns."""

    title: str
    columns: tuple[Column, ...]

    @property
    def headings(self) -> list[str]:
        """The columns that the page shows, too."""
        return [column.heading for column in self.columns if not column.extra]


def download(sheet: Sheet, read: Callable[[Key | None], Page], *about: str) -> Response:
    """The file of a list that `read` gives page by page; `about` says by which filter."""
    return download_rows(sheet, _through(read), *about)


def _through(read: Callable[[Key | None], Page]) -> Iterator[Any]:
    after: Key | None = None
    while True:
        page = read(after)
        yield from page.rows
        after = page.after
        if after is None:
            return


def download_rows(sheet: Sheet, rows: Iterable[Any], *about: str) -> Response:
    """The file of rows that are read in some other way."""
    leaf = Leaf(
        name="Daftar",
        headings=[Heading(me().words.said(column.heading), column.width) for column in sheet.columns],
        rows=_lines(sheet, iter(rows)),
        above=heading_lines(sheet.title, *about),
    )
    return send_sheets([leaf], f"{sheet.title} {local(now(), me().zone):%Y-%m-%d}")


def send_sheets(leaves: Sequence[Leaf], name: str) -> Response:
    """An Excel file to be kept; its rows pass through the disk, only the packed file is held."""
    out = io.BytesIO()
    sheets.write(out, leaves)
    out.seek(0)
    return send_file(out, mimetype=MEDIA_TYPE, as_attachment=True, download_name=f"{_plain(name)}.xlsx")


def heading_lines(title: str, *about: str) -> list[str]:
    """The lines above a table: whose it is, what it shows, by which filter, and when."""
    at = local(now(), me().zone)
    made = f"Keadaan {long_date(at)} pukul {clock(at)} {me().zone.label}"
    chosen = ", ".join(filter(None, about))
    return [*filter(None, (me().kop, me().office_name)), title, *([chosen] if chosen else []), made]


def sheet_address(endpoint: str, **values: Any) -> str:
    """The address of a list's file, with the filter of the page at hand."""
    unused = PLACES | values.keys()
    chosen = urlencode([pair for pair in request.args.items(multi=True) if pair[0] not in unused])
    path = url_for(endpoint, **values)
    return f"{path}{'&' if '?' in path else '?'}{chosen}" if chosen else path


def _lines(sheet: Sheet, rows: Iterator[Any]) -> Iterator[Sequence[Cell]]:
    for row in islice(rows, MOST):
        yield [_cell(column.value(row)) for column in sheet.columns]
    if next(rows, None) is not None:
        yield []
        yield [CUT]


def wall_clock(moment: datetime, zone: Zone) -> datetime:
    """A stored moment as the clock on the wall of that zone shows it, to the minute; a cell knows no zone."""
    return local(moment, zone).replace(tzinfo=None, second=0, microsecond=0)


def _cell(value: Cell | datetime) -> Cell:
    """Stored moments on the clock of whoever asks; one without a zone is on the clock its list has chosen."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return wall_clock(value, me().zone)
    return value


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9. -]+", " ", name).strip()
