"""The report as Excel files: the rows behind its figures, and its table by kecamatan."""

from __future__ import annotations

from ilp.queries.reports import Part
from ilp.web.sheets import Column, Sheet


def sheet_of(part: Part) -> Sheet:
    """The rows behind a figure, as the list prints them; a decision has no state."""
    decisions = part is Part.DECISIONS
    columns = [
        Column("Keputusan" if decisions else "Perihal", lambda row: row.title, 60),
        Column("Rapat" if decisions else "Kantor", lambda row: row.note, 36),
        Column("Tenggat" if part is Part.TASKS else "Tanggal", lambda row: row.day, 12),
    ]
    if not decisions:
        columns.append(Column("Keadaan", lambda row: row.status.label.capitalize(), 14))
    return Sheet(part.label, tuple(columns))
