"""`flask dokumen ...`: finishing what the job process has left."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from ilp.core.db import db, transaction
from ilp.models.documents import Document, DocumentStatus
from ilp.models.jobs import Job, JobKind, JobState
from ilp.services import issuing, jobs

cli = AppGroup("dokumen", help="Dokumen resmi.")


@cli.command("ulangi")
def repeat() -> None:
    """Menyelesaikan semua dokumen yang dipesan tetapi belum terbit; boleh diulang kapan saja."""
    jobs.release_dead()
    with transaction():
        waiting = db.session.execute(
            sa.select(Document.id, Job.id)
            .join(Job, sa.and_(Job.kind == JobKind.RENDER_DOCUMENT, Job.target_id == Document.id))
            .where(Document.status == DocumentStatus.RESERVED)
            .order_by(Document.id)
        ).all()
        for document_id, _ in waiting:
            jobs.retry(kind=JobKind.RENDER_DOCUMENT, target_id=document_id)
    with click.progressbar(waiting, label="Dokumen") as bar:
        for _, job_id in bar:
            jobs.perform(job_id, {JobKind.RENDER_DOCUMENT: issuing.finish})
    failed = db.session.scalars(
        sa.select(Job.error).where(Job.id.in_([row[1] for row in waiting]), Job.state != JobState.DONE)
    ).all()
    click.echo(f"{len(waiting) - len(failed)} dokumen selesai, {len(failed)} belum.")
    for sentence in failed:
        click.echo(f"  {sentence or 'Sedang dikerjakan proses lain.'}")
