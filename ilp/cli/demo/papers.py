"""Finishes the papers of the events at once, each as of its day, so that a newcomer finds them issued."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from ilp.core.clock import as_of
from ilp.core.db import db
from ilp.models.documents import Document, DocumentStatus
from ilp.models.jobs import Job, JobKind
from ilp.services import issuing, jobs


def waiting() -> list[tuple[int, datetime]]:
    """The jobs of reserved papers, and when they were asked for."""
    return [
        (row.id, row.created_at)
        for row in db.session.execute(
            sa.select(Job.id, Job.created_at)
            .join(Document, sa.and_(Job.kind == JobKind.RENDER_DOCUMENT, Job.target_id == Document.id))
            .where(Document.status == DocumentStatus.RESERVED)
            .order_by(Job.id)
        )
    ]


def finish() -> None:
    """All papers asked for so far. What fails is left to the job process, which tries again."""
    for job_id, asked_at in waiting():
        with as_of(asked_at + timedelta(minutes=1)):
            jobs.perform(job_id, {JobKind.RENDER_DOCUMENT: issuing.finish})
