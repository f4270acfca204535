"""Long work: asked for in the transaction that needs it, done by the job process."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa

from ilp.adapters import queue
from ilp.core.clock import now
from ilp.core.db import after_commit, db
from ilp.models.jobs import Job, JobKind
from ilp.policy.user import User


def enqueue(*, actor: User, kind: JobKind, target_id: int, total: int = 1) -> Job:
    """A job that exists exactly if the transaction commits; only then is the job process woken."""
    at = now()
    job = Job(
        kind=kind,
        target_id=target_id,
        total=total,
        run_after=at,
        created_at=at,
        account_id=actor.account_id,
    )
    db.session.add(job)
    db.session.flush()
    after_commit(partial(queue.wake, job.id))
    return job


def enqueue_all(*, actor: User, kind: JobKind, target_ids: Sequence[int]) -> None:
    """A job for each target, in one statement and with one waking."""
    if not target_ids:
        return
    at = now()
    common = {"kind": kind, "run_after": at, "created_at": at, "account_id": actor.account_id}
    db.session.execute(sa.insert(Job), [{**common, "target_id": target} for target in target_ids])
    after_commit(queue.wake)
