"""The rows of an import as an Excel file, with the verdict on each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ilp.core.cells import returned
from ilp.models.imports import ImportKind, Verdict
from ilp.services.importers import IMPORTERS
from ilp.services.importers.base import ROW_HEADING, ImportColumn
from ilp.web.session import me
from ilp.web.sheets import Column, Sheet


def rows_sheet_of(kind: ImportKind, columns: Sequence[ImportColumn]) -> Sheet:
    """A column for each that the file had. Rows are (number, cells, verdict or None, findings)."""
    return Sheet(
        f"Baris impor {kind.label}",
        (
            Column(ROW_HEADING, lambda row: row.number, 8),
            Column("Putusan", lambda row: row.verdict.label.capitalize() if row.verdict else "", 14),
            *(_cells(column) for column in columns),
            Column("Catatan", lambda row: _remarks(IMPORTERS[kind].columns, row.findings or {}), 70),
        ),
    )


def _cells(column: ImportColumn) -> Column:
    return Column(column.heading, lambda row: returned(row.cells.get(column.key, "")), column.width)


def _remarks(columns: Sequence[ImportColumn], findings: dict[str, Any]) -> str:
    """What the page says below the cells."""
    said = []
    for column in columns:
        verdict, message = findings.get(column.key, (Verdict.SAME, ""))
        if message or verdict not in (Verdict.SAME, Verdict.NEW):
            said.append(f"{me().words.said(column.heading)}: {message or Verdict(verdict).label}")
    return "; ".join(said)
