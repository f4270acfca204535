"""Excel files as a person sees them: what stands above the table, its heads, and its rows."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook, load_workbook


@dataclass
class Opened:
    """The first sheet of a file."""

    above: list[str]
    headings: list[str]
    rows: list[dict[str, Any]]
    notes: list[str]
    cells: list[Any]


def opened(data: bytes) -> Opened:
    """Opens a file of ours: lines, an empty one, the heads, then rows up to a line that is not full."""
    page = load_workbook(io.BytesIO(data)).worksheets[0]
    lines = [list(row) for row in page.iter_rows()]
    top = next((n for n, line in enumerate(lines) if all(c.value is None for c in line)), -1)
    headings = [str(c.value) for c in lines[top + 1] if c.value is not None]
    below = [[c.value for c in line] for line in lines[top + 2 :]]
    end = next((n for n, line in enumerate(below) if not any(v is not None for v in line)), len(below))
    return Opened(
        above=[str(line[0].value) for line in lines[: max(top, 0)]],
        headings=headings,
        rows=[dict(zip(headings, line, strict=False)) for line in below[:end]],
        notes=[str(line[0]) for line in below[end + 1 :]],
        cells=[cell for line in lines for cell in line if cell.value is not None],
    )


def made(rows: list[list[Any]], *, name: str = "Lembar") -> bytes:
    """A file as somebody else's program writes it."""
    book = Workbook()
    page = book.active
    page.title = name
    for row in rows:
        page.append(row)
    for cell in (cell for line in page.iter_rows() for cell in line if isinstance(cell.value, str)):
        cell.data_type = "s"  # else a text that begins with = would be a formula
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
