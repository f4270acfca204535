"""Doing in the test what the job process would do."""

from __future__ import annotations

from ilp.core.db import db
from ilp.services import jobs
from ilp.worker import HANDLERS


def run_jobs() -> None:
    """Performs every job that is due, in the test's own transaction."""
    db.session.commit()
    for job_id in jobs.due():
        jobs.perform(job_id, HANDLERS)
    db.session.expire_all()
