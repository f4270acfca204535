"""The register of tasks and its matrix as Excel files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ilp.blueprints.tasks.grid import OVERDUE, WORDS
from ilp.core.indonesian import short_date
from ilp.web.sheets import Column, Sheet

TASKS = Sheet(
    "Daftar tugas",
    (
        Column("Tugas", lambda row: row[0].title, 48),
        Column("Dari", lambda row: row[0].name, 32),
        Column("Asal", lambda row: row[0].origin.label, 18, extra=True),
        Column("Bidang", lambda row: row[0].division or "", 18, extra=True),
        Column("Kepada", lambda row: row[0].addressed_to or "", 24, extra=True),
        Column("Kemajuan", lambda row: row[1].accepted if row[1] else 0, 10),
        Column("Jumlah kantor", lambda row: row[1].total if row[1] else 0, 10, extra=True),
        Column("Tenggat", lambda row: row[0].due_on, 12),
    ),
)
"""Rows are (task, its progress or None)."""

ASSIGNMENTS = Sheet(
    "Daftar tugas",
    (
        Column("Tugas", lambda row: row[0].title, 48),
        Column("Kantor", lambda row: row[0].office_name, 32),
        Column("Asal", lambda row: row[0].origin.label, 18, extra=True),
        Column("Dari", lambda row: row[0].owner_name, 32, extra=True),
        Column("Keadaan", lambda row: row[0].status.label.capitalize(), 14),
        Column("Desa diterima", lambda row: row[1].accepted if row[1] else None, 10, extra=True),
        Column("Jumlah desa", lambda row: row[1].total if row[1] else None, 10, extra=True),
        Column("Tenggat", lambda row: row[0].due_on, 12),
    ),
)
"""Rows are (assignment, progress of the rows below it or None)."""


OFFICES = Sheet(
    "Kantor yang mengerjakan tugas",
    (
        Column("Kantor", lambda line: line.row.office_name, 36),
        Column("Di bawah", lambda line: line.above, 32, extra=True),
        Column("Keadaan", lambda line: line.row.status.label.capitalize(), 14),
        Column("Tenggat", lambda line: line.row.due_on, 12, extra=True),
        Column("Terlambat", lambda line: line.due.text if line.due.urgency == "late" else "", 20),
        Column("Desa diterima", lambda line: line.progress.accepted if line.progress else None, 10),
        Column("Jumlah desa", lambda line: line.progress.total if line.progress else None, 10),
        Column("Laporan", lambda line: line.row.submitted_at, 18),
    ),
)


def matrix_of(tasks: Sequence[Any], *, of_villages: bool) -> Sheet:
    """The matrix: a column for each task. Rows are those of `Matrix.lines`."""
    above = Column("Kecamatan", lambda row: row[1], 28)
    return Sheet(
        "Matriks penyelesaian",
        (
            *([above] if of_villages else []),
            Column("Desa/kelurahan" if of_villages else "Kecamatan", lambda row: row[0].name, 28),
            Column("Kode", lambda row: row[0].code, 14),
            Column("Diterima", lambda row: row[0].progress.accepted, 10),
            Column("Jumlah", lambda row: row[0].progress.total, 10),
            *(_cells(n, task) for n, task in enumerate(tasks)),
        ),
    )


def _cells(n: int, task: Any) -> Column:
    def said(row: Any) -> str:
        cell = row[0].cells[n]
        text = f"{WORDS.get(cell.status, '').capitalize()} {cell.text}".strip()
        return text + OVERDUE if cell.late else text

    return Column(f"{task.title} (tenggat {short_date(task.due_on)})", said, 24)
