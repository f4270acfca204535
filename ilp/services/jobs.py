"""Long work: asked for in the transaction that needs it, done by the job process.

The `job` table is the truth. Whoever works on a job holds its lease, and renews it with every step; within a
transaction of the work's own, by what is told the queue. When the process dies, the lease runs out (or is
released by its successor) and the work begins again, so every handler must bear being run twice.
"""

from __future__ import annotations

import hashlib
import logging
import os
import socket
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa

from ilp.adapters import queue
from ilp.core.clock import now
from ilp.core.db import after_commit, db, is_writing, transaction
from ilp.core.errors import RuleViolation
from ilp.models.jobs import Job, JobKind, JobState
from ilp.policy.user import User

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 5
FIRST_PAUSE = timedelta(seconds=10)
STOPPED = "Pekerjaan ini terhenti karena kesalahan pada sistem. Ulangi, atau hubungi pengelola."

Progress = Callable[[int, str], None]
"""Says how many steps are done and which one follows."""
Handler = Callable[[int, Progress], None]
"""Does the work on the target with this id."""


class LeaseLost(Exception):
    """Another process has taken the job over: this one must not go on."""


# --- asking -----------------------------------------------------------------------------------------
def enqueue(*, actor: User, kind: JobKind, target_id: int, total: int = 1, at: datetime | None = None) -> Job:
    """A job that exists exactly if the transaction commits; only then is the job process woken.

    With `at` it waits for that moment; the sweep of the job process finds it.
    """
    job = Job(
        kind=kind,
        target_id=target_id,
        total=total,
        run_after=at or now(),
        created_at=now(),
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


def enqueue_anew(*, actor: User, kind: JobKind, target_id: int, total: int = 1) -> Job:
    """`enqueue` for work that may have been done, or given up, before."""
    over = Job.state.in_([JobState.DONE, JobState.FAILED])
    db.session.execute(sa.delete(Job).where(Job.kind == kind, Job.target_id == target_id, over))
    return enqueue(actor=actor, kind=kind, target_id=target_id, total=total)


def retry(*, kind: JobKind, target_id: int) -> None:
    """Gives a job that has stopped, or waits for its next attempt, all its attempts again, at once.

    One that is being worked on is left alone.
    """
    idle = Job.state.in_([JobState.QUEUED, JobState.FAILED])
    db.session.execute(
        sa.update(Job)
        .where(Job.kind == kind, Job.target_id == target_id, idle)
        .values(state=JobState.QUEUED, attempts=0, error="", run_after=now(), finished_at=None)
    )
    after_commit(queue.wake)


def progress_of(job: Job) -> tuple[int, str]:
    """How many steps of a job are done, and which one follows, as it was shown or told last."""
    told = queue.told(job.id) if job.state is JobState.RUNNING else None
    return (told.done, told.step) if told else (job.done, job.step)


# --- working ----------------------------------------------------------------------------------------
def perform(job_id: int, handlers: Mapping[JobKind, Handler]) -> bool:
    """Claims a job and does it; False if it is not due or somebody else has it.

    A handler that fails is tried again later, five times in all; the last failure stays with the job, in a
    sentence for people.
    """
    owner = owner_of(os.getpid())
    claimed = _claim(job_id, owner)
    if claimed is None:
        return False
    kind, target_id = claimed
    queue.forget(job_id)  # what was told by a process that died over it
    try:
        _do(job_id, owner, partial(handlers[kind], target_id, partial(_proceed, job_id, owner)))
        queue.forget_own(job_id)
    except LeaseLost:
        log.warning("job %s was taken over", job_id)
    return True


def _do(job_id: int, owner: str, act: Callable[[], None]) -> None:
    """Does the work and says what became of it. Raises LeaseLost if that is for another to say."""
    try:
        act()
        _finish(job_id, owner)
    except LeaseLost:
        raise
    except Exception as error:
        log.exception("job %s failed", job_id)
        _fail(job_id, owner, error.message if isinstance(error, RuleViolation) else STOPPED)


def due(at: datetime | None = None, *, most: int | None = None) -> list[int]:
    """The first jobs to be worked on: waiting ones whose time has come, running ones whose lease ran out.

    Papers come before mail, so that a mail server that does not answer keeps nobody from a paper.
    """
    order = (Job.kind != JobKind.RENDER_DOCUMENT, Job.id)
    return list(
        db.session.scalars(sa.select(Job.id).where(_claimable(at or now())).order_by(*order).limit(most))
    )


def release_dead() -> None:
    """Frees the jobs of processes of this machine that are no more, without waiting for their leases.

    For a process that works on nothing: what bears its own number was held by a dead one, or by itself until
    the database went away.
    """
    ours = sa.select(Job.lease_owner).where(
        Job.state == JobState.RUNNING, Job.lease_owner.startswith(owner_of(""))
    )
    dead = [owner for owner in db.session.scalars(ours) if not _lives(int(owner.rpartition(":")[2]))]
    if dead:
        with transaction():  # by their owners: meanwhile another process may have taken over a job of theirs
            held = sa.update(Job).where(Job.state == JobState.RUNNING, Job.lease_owner.in_(dead))
            freed = db.session.scalars(held.values(lease_until=now()).returning(Job.id)).all()
        for job_id in freed:
            queue.forget(job_id)


def _claimable(at: datetime) -> sa.ColumnElement[bool]:
    waiting = sa.and_(Job.state == JobState.QUEUED, Job.run_after <= at)
    return sa.or_(waiting, sa.and_(_run_out(at), Job.id.not_in(_going_on(at))))


def _run_out(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Job.state == JobState.RUNNING, Job.lease_until <= at)


def _going_on(at: datetime) -> list[int]:
    """Those of which the queue was told within a lease that they go on, whatever their rows say."""
    told = {key: queue.told(key) for key in db.session.scalars(sa.select(Job.id).where(_run_out(at)))}
    return [key for key, said in told.items() if said is not None and said.at + LEASE > at]


def _claim(job_id: int, owner: str) -> tuple[JobKind, int] | None:
    """One conditional UPDATE that only one process can win; a job that keeps killing them is given up."""
    at = now()
    mine = sa.update(Job).where(Job.id == job_id, _claimable(at))
    with transaction():
        spent = mine.where(Job.attempts >= MAX_ATTEMPTS)
        db.session.execute(spent.values(state=JobState.FAILED, error=STOPPED, finished_at=at, lease_owner=""))
        won = db.session.execute(
            mine.values(
                state=JobState.RUNNING,
                attempts=Job.attempts + 1,
                done=0,
                error="",
                lease_owner=owner,
                lease_until=at + LEASE,
            ).returning(Job.kind, Job.target_id)
        ).one_or_none()
    return (won.kind, won.target_id) if won else None


def _proceed(job_id: int, owner: str, done: int, step: str) -> None:
    """Shows how far the work has come, and renews the lease. Raises LeaseLost if it is no longer ours.

    Inside a transaction of the work's own nothing can be shown before its end: the queue is told meanwhile,
    and whoever would take the job over asks it.
    """
    if is_writing():
        queue.tell(job_id, done, step)
        return
    with transaction():
        _keep(job_id, owner, done=done, step=step, lease_until=now() + LEASE)
    queue.forget_own(job_id)  # not before: until the row has a lease again, it is what keeps others away


def _finish(job_id: int, owner: str) -> None:
    with transaction():
        _keep(job_id, owner, state=JobState.DONE, done=Job.total, step="", finished_at=now(), lease_owner="")


def _fail(job_id: int, owner: str, sentence: str) -> None:
    """Back to the queue with a growing pause, or given up after the last attempt."""
    with transaction():
        attempts = db.session.scalar(sa.select(Job.attempts).where(Job.id == job_id)) or 0
        given_up = attempts >= MAX_ATTEMPTS
        _keep(
            job_id,
            owner,
            state=JobState.FAILED if given_up else JobState.QUEUED,
            error=sentence,
            run_after=now() + FIRST_PAUSE * 4 ** (attempts - 1),
            finished_at=now() if given_up else None,
            lease_owner="",
        )


def _keep(job_id: int, owner: str, **values: object) -> None:
    held = sa.update(Job).where(Job.id == job_id, Job.lease_owner == owner).values(**values).returning(Job.id)
    if db.session.scalar(held) is None:
        raise LeaseLost


def owner_of(pid: int | str) -> str:
    """How a process of this machine signs its leases: by a digest of the name, however long it is."""
    return f"{hashlib.sha256(socket.gethostname().encode()).hexdigest()[:28]}:{pid}"


def _lives(pid: int) -> bool:
    """Whether another process with this number exists on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return pid != os.getpid()
