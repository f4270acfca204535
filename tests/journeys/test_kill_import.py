"""kill -9 while a long file is judged and while it is applied: the work begins anew and happens once."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.directory import Appointment, Office, OfficeKind, Position
from ilp.models.imports import ImportKind, ImportRow, ImportRun, ImportState, Verdict
from ilp.models.jobs import Job, JobKind
from ilp.models.wilayah import Words
from ilp.services import audit, imports
from tests.support.people import user_named
from tests.support.processes import kill, wait_for, worker
from tests.support.sheets import made

ROWS = 1_000


@pytest.fixture
def app(committed):
    app = committed.app()
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def value(column, *conditions):
    """As it stands now, without holding a transaction open."""
    found = db.session.scalar(sa.select(column).where(*conditions))
    db.session.rollback()
    return found


def test_a_file_of_many_rows_survives_two_deaths(app, committed):
    actor = user_named("admin")
    head = ["Kantor", "Jabatan", "Nama", "TMT"]
    names = db.session.scalars(
        sa.select(Office.name).where(Office.kind == OfficeKind.KECAMATAN, Office.regency_code == "35.07")
    ).all()
    rows = [[names[n % len(names)], f"Staf Contoh {n}", f"Contoh {n}", "1/3/2025"] for n in range(ROWS)]
    table = imports.read_table(ImportKind.OFFICIALS, "panjang.xlsx", made([head, *rows]), words=Words())
    with transaction():
        run = imports.receive(
            actor=actor, kind=ImportKind.OFFICIALS, place="35.07", name="panjang.xlsx", table=table
        ).id
    state, judged = (ImportRun.state, ImportRun.id == run), sa.func.count(ImportRow.id)
    done = (Job.done, Job.kind == JobKind.JUDGE_IMPORT)

    with worker(committed) as process:
        wait_for(lambda: value(*done) or value(*state) is ImportState.READY, "the first rows to be judged")
        kill(process)
    with worker(committed):
        wait_for(lambda: value(*state) is ImportState.READY, "all rows to be judged")
    assert value(judged, ImportRow.run_id == run, ImportRow.verdict == Verdict.NEW) == ROWS

    with transaction():
        imports.apply(actor=actor, run=db.session.get_one(ImportRun, run))
    with worker(committed) as process:
        wait_for(lambda: value(Job.attempts, Job.kind == JobKind.APPLY_IMPORT) == 1, "the work to begin")
        time.sleep(0.3)
        kill(process)
    began = value(sa.func.count(Position.id), Position.title.startswith("Staf Contoh"))
    assert began in (0, ROWS), "a part of the file was applied"
    with worker(committed):
        wait_for(lambda: value(*state) is ImportState.APPLIED, "the file to be applied")
    assert value(sa.func.count(Position.id), Position.title.startswith("Staf Contoh")) == ROWS
    held = (
        sa.select(Appointment.id).join(Appointment.position).where(Position.title.startswith("Staf Contoh"))
    )
    assert len(db.session.scalars(held).all()) == ROWS
    assert [chain for chain in audit.chains() if audit.verify_chain(chain)] == []
