"""Taking an Excel file over in two steps: first every cell is judged, then what is without fault is applied.

The file is opened in a child process, its rows are kept as they were, and the job process judges them. What
is applied is judged again under the lock, in one transaction: it happens wholly or not at all, and whatever
dies in between begins anew. A row that is at fault once is not applied any more.
"""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ilp.core.cells import Raw, plain
from ilp.core.clock import now
from ilp.core.db import db, locked, transaction
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import number
from ilp.models.imports import RUN, ImportKind, ImportRow, ImportRun, ImportState, Verdict
from ilp.models.jobs import Job, JobKind, JobState
from ilp.models.wilayah import Words
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.policy.user import User
from ilp.queries import accounts
from ilp.queries import importers as standing
from ilp.queries import imports as queries
from ilp.services import audit, files, jobs
from ilp.services.importers import IMPORTERS
from ilp.services.importers.base import Importer, Met, Table, find_table
from ilp.services.jobs import Progress

MOST_ROWS = 5_000
BATCH = 250
SAVING = "Semua baris sudah dikerjakan, sekarang disimpan sekaligus."
NO_RIGHT = "Wewenang untuk impor ini sudah dicabut, jadi tidak ada yang diterapkan."


@dataclass(frozen=True)
class Received(Table):
    """The table of a file that was handed in, and what below it is none of its rows."""

    passed_over: list[str]


# --- the first step -------------------------------------------------------------------------------
def read_table(kind: ImportKind, name: str, data: bytes, *, words: Words) -> Received:
    """The table of a file, for `receive`; slow, so it comes before the transaction.

    Refuses, beside the file, what is no plain xlsx, holds no known headings or no rows, or over 5,000.
    """
    columns = IMPORTERS[kind].columns
    sheet = files.read_sheet(name, data)
    found = find_table(columns, sheet, words)
    missing = [words.said(c.heading) for c in columns if c.required and c.key not in found.columns]
    if missing:
        raise RuleViolation(
            f"Kolom {', '.join(missing)} tidak ditemukan. Pakai judul kolom seperti pada templat.", "file"
        )
    table = _without_signatures(found, sheet, {c.key for c in columns if c.required})
    if not table.rows:
        raise RuleViolation("Di bawah judul kolom belum ada baris yang terisi.", "file")
    if len(table.rows) > MOST_ROWS:
        raise RuleViolation(
            f"Berkas ini berisi {number(len(table.rows))} baris; paling banyak {number(MOST_ROWS)}. "
            "Bagi menjadi beberapa berkas.",
            "file",
        )
    return table


def _without_signatures(table: Table, sheet: Sequence[Sequence[Raw]], required: Collection[str]) -> Received:
    """The table without the lines of a signature below it, which are passed over.

    They come last, below an empty row, each a single text beside the columns that every row needs.
    """

    def filled(number: int) -> list[str]:
        return [plain(cell) for cell in sheet[number - 1] if plain(cell)]

    rows, end = table.rows, len(table.rows)
    while end and len(filled(rows[end - 1][0])) == 1 and rows[end - 1][1].keys().isdisjoint(required):
        end -= 1
    while end < len(rows) and filled(rows[end][0] - 1):
        end += 1
    told = [f"baris {number} “{filled(number)[0]}”" for number, _ in rows[end:]]
    return Received(table.columns, table.ignored, rows[:end], told)


def receive(*, actor: User, kind: ImportKind, place: str, name: str, table: Received) -> ImportRun:
    """Keeps the rows of a file as they were, and has them judged by the job process."""
    assert actor.account_id is not None  # noqa: S101 (somebody is logged in)
    run = ImportRun(
        kind=kind,
        account_id=actor.account_id,
        wilayah_code=place,
        file_name=files.clean_name(name),
        columns=table.columns,
        ignored=table.ignored[:20],
        passed_over=table.passed_over[:20],
        rows=len(table.rows),
        created_at=now(),
    )
    db.session.add(run)
    db.session.flush()
    db.session.execute(
        sa.insert(ImportRow),
        [{"run_id": run.id, "number": row, "cells": cells, "findings": {}} for row, cells in table.rows],
    )
    audit.record(actor, "import:receive", run, place=place, changes={"kind": kind, "rows": run.rows})
    jobs.enqueue(actor=actor, kind=JobKind.JUDGE_IMPORT, target_id=run.id, total=run.rows)
    return run


def judge(run_id: int, progress: Progress) -> None:
    """Says of every cell what it would do. The job process calls it; it changes nothing but the verdicts."""
    run = db.session.get_one(ImportRun, run_id)
    if run.state is not ImportState.JUDGING:
        return
    importer, rows = _importer(run), queries.cells_of(run_id)
    importer.expect([row.cells for row in rows])
    db.session.expunge_all()  # what was read stays as it was read, however often progress is told
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        judged = [_judged(row.id, importer.judge(row.number, row.cells)) for row in batch]
        with transaction():
            db.session.execute(sa.update(ImportRow), judged)
        done = start + len(batch)
        progress(done, "")
    with transaction():
        run = locked(db.session.get_one(ImportRun, run_id))
        if run.state is ImportState.JUDGING:
            run.state = RUN.move("judged", run.state)


def discard(*, actor: User, run: ImportRun) -> None:
    """Puts a file away without applying it. Refused while it is being worked on, unless that was given up."""
    locked(run)
    run.state = RUN.move("abandon" if _given_up(run) else "discard", run.state)
    audit.record(actor, "import:discard", run, place=run.wilayah_code, changes={"kind": run.kind})


def retry(*, actor: User, run: ImportRun) -> None:
    """Has the work on a file begun again that was given up. Refused for any other."""
    locked(run)
    job = _given_up(run)
    if job is None:
        raise RuleViolation(f"Berkas ini {run.state.label}; tidak ada yang perlu diulangi.")
    audit.record(actor, "import:retry", run, place=run.wilayah_code, changes={"kind": run.kind})
    jobs.retry(kind=job.kind, target_id=run.id)


def _given_up(run: ImportRun) -> Job | None:
    """The job that failed for good and left a file half way."""
    if run.state not in (ImportState.JUDGING, ImportState.APPLYING):
        return None
    job = queries.job_of(run)
    return job if job is not None and job.state is JobState.FAILED else None


def take_out(*, actor: User, kind: ImportKind, place: str) -> None:
    """Keeps in the trail that what stands in a place left the house as a filled template."""
    where = standing.place_named(place)
    audit.record(actor, "import:take_out", where, place=place, changes={"kind": kind})


# --- the second step ------------------------------------------------------------------------------
def apply(*, actor: User, run: ImportRun) -> None:
    """Has the rows without fault applied by the job process. Refused with nothing to apply.

    Asked again, from another window, it leaves the file to whoever applies it already.
    """
    locked(run)
    if run.state in (ImportState.APPLYING, ImportState.APPLIED):
        return
    run.state, run.error = RUN.move("apply", run.state), ""
    if not queries.any_to_apply(run):
        raise RuleViolation("Tidak ada baris yang dapat diterapkan: semua sama atau salah.")
    audit.record(actor, "import:start", run, place=run.wilayah_code, changes={"kind": run.kind})
    jobs.enqueue_anew(actor=actor, kind=JobKind.APPLY_IMPORT, target_id=run.id, total=run.rows)


def carry_out(run_id: int, progress: Progress) -> None:
    """Applies a file in one transaction.

    A refusal on the way takes all of it back and is kept with its row, which is at fault from then on: what
    remains can be applied at once.
    """
    progress(0, "")
    importer: Importer | None = None
    try:
        with transaction():
            run = locked(db.session.get_one(ImportRun, run_id))
            if run.state is not ImportState.APPLYING:
                return
            importer = _importer(run)
            with _collector_at_rest():
                _carry_out(run, importer, progress)
    except RuleViolation as violation:
        by_row = importer is not None and violation.__cause__ is None  # the database does not say which row
        with transaction():
            run = locked(db.session.get_one(ImportRun, run_id))
            run.state, run.error = RUN.move("refuse", run.state), violation.message[:500]
            if importer is not None and importer.number and by_row:
                _refuse(run, importer.number, violation)


def _refuse(run: ImportRun, number: int, violation: RuleViolation) -> None:
    """Leaves one row out from now on."""
    row = queries.row_of(run, number)
    keys = [column.key for column in IMPORTERS[run.kind].columns]
    key = violation.field if violation.field in keys else keys[0]
    row.verdict = Verdict.FAULT
    row.findings = {**row.findings, key: [Verdict.FAULT.value, violation.message]}
    run.error = (
        f"Baris {number}: {violation.message[:400]} Baris itu kini salah; "
        "baris selebihnya dapat diterapkan sekarang."
    )


def _carry_out(run: ImportRun, importer: Importer, progress: Progress) -> None:
    rows = [row for row in queries.cells_of(run.id) if row.verdict is not Verdict.FAULT]
    judged, applied, refused = [], 0, run.rows - len(rows)
    importer.expect([row.cells for row in rows])
    with audit.gathered():  # everybody waits for the lock meanwhile
        for done, row in enumerate(rows):
            if done % BATCH == 0:
                progress(run.rows - len(rows) + done, "")
            met = importer.judge(row.number, row.cells)
            judged.append(_judged(row.id, met))
            if met.faulty:
                refused += 1
            elif met.verdict is not Verdict.SAME:
                importer.carry_out(met)
                applied += 1
        importer.number = 0
        progress(run.rows, SAVING)
        importer.finish()
    if judged:
        db.session.execute(sa.update(ImportRow), judged)
    run.state, run.applied_at = RUN.move("applied", run.state), now()
    audit.record(
        importer.actor,
        "import:apply",
        run,
        place=run.wilayah_code,
        changes={"kind": run.kind, "applied": applied, "refused": refused},
    )


@contextmanager
def _collector_at_rest() -> Iterator[None]:
    """Python's collector walks again and again what waits to be written: a third of the time, for nothing."""
    was_at_work = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_at_work:
            gc.enable()


def _importer(run: ImportRun) -> Importer:
    """Made for whoever handed the file in, with the roles that account has now."""
    actor = accounts.user_of(run.account_id)
    if actor is None or not allowed(actor, Action.IMPORT_RUN, run):
        raise RuleViolation(NO_RIGHT)
    return IMPORTERS[run.kind](actor, run.wilayah_code)


def _judged(key: int, met: Met) -> dict[str, Any]:
    findings = {column: [verdict.value, sentence] for column, (verdict, sentence) in met.findings.items()}
    return {"id": key, "verdict": met.verdict, "findings": findings}
