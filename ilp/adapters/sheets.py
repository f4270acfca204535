"""Writing Excel: texts, numbers and dates, each under its own type and never as a formula or a link.

Rows go to disk as they come (XlsxWriter's constant memory), so that a long list costs no more memory than a
short one. What to write is decided elsewhere; this module knows no table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from typing import IO, Any

Cell = str | int | Decimal | date | datetime | None
"""A moment must be local already: a sheet knows no zones."""

CHOICES = "Pilihan"
"""The sheet that holds the allowed values: a list inside a rule may be 255 letters at most."""
LONGEST_TEXT = 32_000
"""Excel refuses cells of more than 32,767 letters."""
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
FONT = {"font_name": "Arial", "font_size": 10, "valign": "top"}


@dataclass(frozen=True)
class Heading:
    """The head of a column: its word, width in letters, the values it may hold, a hint for filling it in."""

    text: str
    width: int = 18
    allowed: tuple[str, ...] = ()
    hint: str = ""


@dataclass(frozen=True)
class Leaf:
    """One sheet of a file: lines above the table, its columns, and its rows, which are read once."""

    name: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Cell]]
    above: Sequence[str] = ()
    empty_rows: int = 0
    """So many rows below the last are prepared to be filled in."""


def write(out: IO[bytes], leaves: Iterable[Leaf]) -> None:
    """Writes a file of these sheets into `out`, one after the other."""
    from xlsxwriter import Workbook  # noqa: PLC0415 (forty modules that most workers never need)

    leaves = list(leaves)
    choices = {h.text: h.allowed for leaf in leaves for h in leaf.headings if h.allowed}
    with Workbook(out, OPTIONS) as book:
        formats = _formats(book)
        for leaf in leaves:
            _write_leaf(book.add_worksheet(leaf.name[:31]), leaf, formats, list(choices))
        if choices:
            rows = zip_longest(*choices.values())
            page = book.add_worksheet(CHOICES)
            _write_leaf(page, Leaf(CHOICES, [Heading(text, 36) for text in choices], rows), formats, [])


def _formats(book: Any) -> dict[str, Any]:
    looks: dict[str, dict[str, Any]] = {
        "first": {"bold": True, "font_size": 12, "text_wrap": False},
        "above": {"font_color": "#444444"},
        "heading": {"bold": True, "bg_color": "#DCE9E4", "bottom": 1, "text_wrap": True},
        "text": {"text_wrap": True, "num_format": "@"},
        "number": {"num_format": "#,##0.##"},
        "whole": {"num_format": "#,##0"},
        "day": {"num_format": "dd/mm/yyyy", "align": "left"},
        "moment": {"num_format": "dd/mm/yyyy hh.mm", "align": "left"},
    }
    return {name: book.add_format(FONT | look) for name, look in looks.items()}


def _write_leaf(page: Any, leaf: Leaf, formats: dict[str, Any], choices: Sequence[str]) -> None:
    for number, heading in enumerate(leaf.headings):
        page.set_column(number, number, heading.width, formats["text"])
    for row, line in enumerate(leaf.above):
        page.write_string(row, 0, line, formats["above" if row else "first"])
    top = len(leaf.above) + 1 if leaf.above else 0
    for number, heading in enumerate(leaf.headings):
        page.write_string(top, number, heading.text, formats["heading"])
    last = top
    for last, cells in enumerate(leaf.rows, start=top + 1):
        for number, cell in enumerate(cells):
            _write_cell(page, last, number, cell, formats)
    for number, heading in enumerate(leaf.headings):
        _guide(page, (top + 1, number, last + leaf.empty_rows, number), heading, choices)
    page.freeze_panes(top + 1, 1)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _write_cell(page: Any, row: int, column: int, cell: Cell, formats: dict[str, Any]) -> None:
    """By type, never by content: a text that looks like a formula or a number stays a text."""
    match cell:
        case None | "":
            return
        case str():
            short = cell if len(cell) <= LONGEST_TEXT else f"{cell[:LONGEST_TEXT]} …"
            page.write_string(row, column, short, formats["text"])
        case datetime():
            page.write_datetime(row, column, cell, formats["moment"])
        case date():
            page.write_datetime(row, column, cell, formats["day"])
        case int():
            page.write_number(row, column, cell, formats["whole"])
        case Decimal():
            page.write_number(row, column, cell, formats["number"])


def _guide(page: Any, area: tuple[int, int, int, int], heading: Heading, choices: Sequence[str]) -> None:
    """The list of allowed values and the hint, for the cells of a column that are there to be filled in."""
    if area[2] < area[0] or not (heading.allowed or heading.hint):
        return
    rule: dict[str, Any] = {"validate": "any"}
    if heading.allowed:
        from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415 (as in `write`)

        column = xl_col_to_name(choices.index(heading.text), col_abs=True)
        source = f"={CHOICES}!{column}$2:{column}${len(heading.allowed) + 1}"
        rule = {"validate": "list", "source": source, "error_type": "warning"}
    if heading.hint:
        rule |= {"input_title": heading.text[:32], "input_message": heading.hint[:255]}
    page.data_validation(*area, rule)
