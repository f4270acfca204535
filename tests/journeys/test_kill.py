"""kill -9 at every step of a paper's way, with real processes: nothing is lost, doubled, or left for good."""

from __future__ import annotations

import io
import os
import random
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pytest
import sqlalchemy as sa

from ilp.adapters import storage
from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.models.audit import AuditEntry
from ilp.models.documents import Document, DocumentFile, DocumentStatus, Number, Series
from ilp.models.jobs import Job, JobState
from ilp.services.jobs import LEASE, MAX_ATTEMPTS, owner_of
from ilp.worker import work
from tests.factories.documents import job_of, make_document
from tests.support.people import user_named
from tests.support.processes import kill, process, wait_for, worker

WRITER = """
from ilp.application import create_app
from tests.factories.documents import make_document
from tests.support.people import user_named
with create_app().app_context():
    actor = user_named("setda.malang")
    print("ready", flush=True)
    while True:
        print(make_document(actor).id, flush=True)
"""


@pytest.fixture
def app(committed):
    app = committed.app()
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def document(app):
    return make_document(user_named("setda.malang")).id


def fresh(model, key):
    """The row as it stands now, without holding a transaction open."""
    found = db.session.get(model, key, populate_existing=True)
    db.session.rollback()
    return found


def job_state(document_id):
    found = db.session.execute(
        sa.select(Job.state, Job.done, Job.step).where(Job.target_id == document_id)
    ).one()
    db.session.rollback()
    return found


def is_issued(document_id):
    found = db.session.scalar(sa.select(Document.status).where(Document.id == document_id))
    db.session.rollback()
    return found is DocumentStatus.ISSUED


def kept_files(app):
    """What has its final name; a killed process may leave an unfinished file that nobody will ask for."""
    found = app.config["ILP"].files.rglob("*")
    return {path for path in found if path.is_file() and not path.name.startswith(".")}


def finish(committed, *ids):
    with worker(committed) as process:
        for one in ids:
            wait_for(lambda one=one: is_issued(one), f"document {one} to be issued")
        wait_for(lambda: job_state(ids[-1]).state is JobState.DONE, "the job to be done")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def check(*ids):
    """One file each that opens, issued once, and no number without its document."""
    for one in ids:
        files = db.session.execute(
            sa.select(DocumentFile.sha256, DocumentFile.pages).where(DocumentFile.document_id == one)
        ).all()
        acts = db.session.scalars(
            sa.select(AuditEntry.action).where(AuditEntry.subject == "document", AuditEntry.subject_id == one)
        ).all()
        assert len(files) == 1
        pdf = pypdfium2.PdfDocument(io.BytesIO(storage.get(files[0].sha256)))
        assert len(pdf) == files[0].pages
        pdf.close()
        assert acts == ["document:reserve", "document:issue"]
    visible = sa.select(Document.number_id).where(Document.number_id.is_not(None))
    burnt = db.session.scalars(sa.select(Number.text).where(Number.id.not_in(visible), ~Number.typed)).all()
    assert burnt == []


@contextmanager
def holding(document_id) -> Iterator[None]:
    """Keeps the last transaction from beginning (SQLite: any writing; PostgreSQL: of this row)."""
    with transaction():
        db.session.execute(sa.select(Document.id).where(Document.id == document_id).with_for_update())
        yield


def test_killed_before_it_began(committed, app, document):
    assert fresh(Document, document).status is DocumentStatus.RESERVED
    with worker(committed) as process:
        kill(process)
    assert fresh(Document, document).number_id is not None
    finish(committed, document)
    check(document)


def test_killed_while_the_pages_are_set(committed, app, document):
    for _ in range(3):
        with worker(committed) as process:
            wait_for(lambda: job_state(document).step == "Menyusun halaman", "the work to begin")
            kill(process)
        assert fresh(Document, document).status is DocumentStatus.RESERVED
    finish(committed, document)
    check(document)


def test_killed_between_storing_the_bytes_and_issuing(committed, app, document):
    before = kept_files(app)
    with worker(committed) as process:
        wait_for(lambda: job_state(document).step == "Menyusun halaman", "the work to begin")
        with holding(document):
            wait_for(lambda: kept_files(app) - before, "the bytes to be stored")
            kill(process)
    assert fresh(Document, document).status is DocumentStatus.RESERVED
    finish(committed, document)
    check(document)
    assert len(kept_files(app) - before) == 1


def test_killed_at_any_moment_again_and_again(committed, app):
    chance = random.Random(4)
    ids = [make_document(user_named("setda.malang")).id for _ in range(6)]
    for _ in range(MAX_ATTEMPTS - 1):
        with worker(committed) as process:
            wait_for(
                lambda: (
                    is_issued(ids[-1])
                    or any(job_state(one).state is JobState.RUNNING for one in ids if not is_issued(one))
                ),
                "work",
            )
            with pytest.raises(Exception, match="timed out"):
                process.wait(chance.uniform(0, 0.6))
            kill(process)
    finish(committed, *ids)
    check(*ids)


def test_a_writer_killed_at_any_moment_burns_no_number(committed, app):
    chance, acknowledged = random.Random(9), []
    with transaction():
        before = db.session.scalar(sa.select(sa.func.max(Document.id))) or 0
    for _ in range(4):
        with process(committed, "-c", WRITER) as child:
            assert child.stdout.readline().strip() == "ready"
            acknowledged += [int(child.stdout.readline()) for _ in range(chance.randint(2, 6))]
            kill(child)
    rows = db.session.execute(
        sa.select(Document.id, Number.text)
        .join(Number, Number.id == Document.number_id)
        .where(Document.id > before)
    ).all()
    jobs = set(db.session.scalars(sa.select(Job.target_id).where(Job.target_id.in_([r.id for r in rows]))))
    counts = sorted(int(row.text.split("/")[1]) for row in rows)
    last = db.session.scalar(sa.select(sa.func.max(Series.last)).where(Series.year == 2026))
    assert set(acknowledged) <= {row.id for row in rows} == jobs
    assert counts == list(range(counts[0], counts[0] + len(counts)))
    assert counts[-1] == last
    check()


def test_what_it_had_to_leave_when_the_database_died_is_swept_up_before_its_lease_ends(
    committed, app, document
):
    """Nobody could give the job back while the database was away, so its lease still runs."""
    with transaction():
        job = job_of(db.session.get_one(Document, document))
        job.state, job.attempts = JobState.RUNNING, 1
        job.lease_owner, job.lease_until = owner_of(os.getpid()), now() + LEASE
    work(app)
    assert job_state(document).state is JobState.DONE
    check(document)


def test_a_polite_end_finishes_the_work_at_hand(committed, app, document):
    with worker(committed) as process:
        wait_for(lambda: job_state(document).step == "Menyusun halaman", "the work to begin")
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    assert is_issued(document)
    check(document)


def test_the_operator_finishes_what_was_left(committed, app, document):
    with worker(committed) as process:
        wait_for(lambda: job_state(document).step == "Menyusun halaman", "the work to begin")
        kill(process)
    result = app.test_cli_runner().invoke(args=["dokumen", "ulangi"])
    assert "1 dokumen selesai, 0 belum." in result.output
    assert is_issued(document)
    assert job_of(fresh(Document, document)).state is JobState.DONE
    check(document)
