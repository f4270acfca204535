"""Reading what was handed in: one's own files, and the rows of one with the verdict on each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ilp.core.db import db
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.models.imports import ImportKind, ImportRow, ImportRun, Verdict
from ilp.models.jobs import Job, JobKind
from ilp.models.wilayah import RegencySetting, Wilayah
from ilp.policy.user import User

LATEST = 20


def places() -> Sequence[Any]:
    """The regencies that are set up (id, code, kind, name), by code: one statement."""
    return db.session.execute(
        sa.select(Wilayah.id, Wilayah.code, Wilayah.kind, Wilayah.name)
        .select_from(RegencySetting)
        .join(Wilayah, Wilayah.code == RegencySetting.regency_code)
        .order_by(RegencySetting.regency_code)
    ).all()


def latest(user: User, kind: ImportKind | None = None) -> Sequence[ImportRun]:
    """The files the user's account handed in, the latest first."""
    mine = [ImportRun.account_id == user.account_id, *([ImportRun.kind == kind] if kind else [])]
    return db.session.scalars(
        sa.select(ImportRun).where(*mine).order_by(ImportRun.id.desc()).limit(LATEST)
    ).all()


def job_of(run: ImportRun) -> Job | None:
    """The job that is at work on a file, or was last."""
    kinds = (JobKind.JUDGE_IMPORT, JobKind.APPLY_IMPORT)
    return db.session.scalars(
        sa.select(Job).where(Job.kind.in_(kinds), Job.target_id == run.id).order_by(Job.id.desc()).limit(1)
    ).one_or_none()


def any_to_apply(run: ImportRun) -> bool:
    """Whether a file holds a row that would change something."""
    useful = ImportRow.verdict.in_([Verdict.NEW, Verdict.CHANGED, Verdict.WARNING])
    return bool(db.session.scalar(sa.select(sa.exists().where(ImportRow.run_id == run.id, useful))))


def cells_of(run_id: int) -> Sequence[Any]:
    """The rows of a file in their order (id, number, cells, verdict or None)."""
    columns = (ImportRow.id, ImportRow.number, ImportRow.cells, ImportRow.verdict)
    return db.session.execute(
        sa.select(*columns).where(ImportRow.run_id == run_id).order_by(ImportRow.number)
    ).all()


def row_of(run: ImportRun, number: int) -> ImportRow:
    """The row of a file under its number there."""
    return db.session.scalars(
        sa.select(ImportRow).where(ImportRow.run_id == run.id, ImportRow.number == number)
    ).one()


def counts(run: ImportRun) -> dict[Verdict, int]:
    """How many rows of a file there are of each verdict: one statement."""
    rows: Any = db.session.execute(
        sa.select(ImportRow.verdict, sa.func.count())
        .where(ImportRow.run_id == run.id, ImportRow.verdict.is_not(None))
        .group_by(ImportRow.verdict)
    )
    found = dict(rows.all())
    return {verdict: found.get(verdict, 0) for verdict in reversed(Verdict)}


def rows_of(
    run: ImportRun, verdict: Verdict | None, *, after: Key | None = None, size: int = PAGE_SIZE
) -> Page:
    """A page of the rows of a file in their order, of one verdict if it is given."""
    conditions = [ImportRow.run_id == run.id]
    if verdict is not None:
        conditions.append(ImportRow.verdict == verdict)
    if after is not None:
        conditions.append(ImportRow.number > after.id)
    rows = db.session.execute(
        sa.select(ImportRow.number, ImportRow.cells, ImportRow.verdict, ImportRow.findings)
        .where(*conditions)
        .order_by(ImportRow.number)
        .limit(size + 1)
    ).all()
    last = rows[size - 1].number if len(rows) > size else None
    return Page(rows[:size], Key(last, last) if last else None, after is None)
