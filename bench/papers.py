"""`python -m bench.papers MEETING NUMBER`: what a PDF costs from the claimed job to the stored file.

Sets the newest papers of a meeting again and again and writes JSON: seconds per paper, and how much of
that passed inside WeasyPrint (reading the page, laying it out, writing the file). The first paper of each
kind only warms.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
import weasyprint
from sqlalchemy.orm import undefer

from ilp.application import create_app
from ilp.core.db import db, transaction
from ilp.models.directory import Office
from ilp.models.documents import Document, DocumentStatus
from ilp.models.jobs import Job, JobKind, JobState
from ilp.models.meetings import Meeting
from ilp.policy.user import User
from ilp.services import documents, jobs
from ilp.worker import HANDLERS


@contextmanager
def timed() -> Iterator[list[float]]:
    """The seconds that pass inside WeasyPrint, as one sum."""
    spent = [0.0]
    inside = [False]

    def watched(function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            if inside[0]:
                return function(*args, **kwargs)
            inside[0], begun = True, time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                inside[0] = False
                spent[0] += time.perf_counter() - begun

        return call

    calls = ((weasyprint.HTML, "__init__"), (weasyprint.HTML, "render"), (weasyprint.Document, "write_pdf"))
    for owner, name in calls:
        setattr(owner, name, watched(getattr(owner, name)))
    yield spent


def again(document_id: int) -> int:
    """Reserves the next version of a paper with the same content; the id of its job."""
    with transaction():
        old = db.session.scalars(
            sa.select(Document).where(Document.id == document_id).options(undefer(Document.content))
        ).one()
        new = documents.reserve(
            actor=User(old.created_by_id, "bench", "Bench"),
            kind=old.kind,
            office=db.session.get_one(Office, old.office_id),
            title=old.title,
            content=old.content,  # type: ignore[arg-type]
            letter_date=old.letter_date,
            meeting=db.session.get_one(Meeting, old.meeting_id),
        )
        db.session.flush()
        key = new.id
    found = db.session.scalar(
        sa.select(Job.id).where(Job.kind == JobKind.RENDER_DOCUMENT, Job.target_id == key)
    )
    db.session.rollback()
    return found or 0


def _perform(job: int) -> None:
    if not jobs.perform(job, HANDLERS) or db.session.get_one(Job, job).state is not JobState.DONE:
        raise RuntimeError(f"job {job} was not done")
    db.session.rollback()


def main() -> None:
    meeting_id, number = int(sys.argv[1]), int(sys.argv[2])
    with create_app().app_context(), timed() as inside:
        papers = db.session.execute(
            sa.select(Document.kind, sa.func.max(Document.id))
            .where(Document.meeting_id == meeting_id, Document.status == DocumentStatus.ISSUED)
            .group_by(Document.kind)
        ).all()
        found = {}
        for kind, key in papers:
            first, *waiting = [again(key) for _ in range(number + 1)]
            _perform(first)
            inside[0], begun = 0.0, time.perf_counter()
            for job in waiting:
                _perform(job)
            elapsed = time.perf_counter() - begun
            found[kind.value] = {"seconds": elapsed / number, "weasyprint": inside[0] / number}
        db.session.remove()
        db.engine.dispose()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
