"""The queue that wakes the job process. It carries ids, and how far work has come whose row cannot say so.

The `job` table is the truth about the work: what the queue forgets is found there.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from ilp.core.clock import now
from ilp.core.config import Config, current

log = logging.getLogger(__name__)
HEARTBEAT = "heartbeat"
PROGRESS = "progress-"
_spoken: set[int] = set()
"""Jobs of which this process has told something."""


class Told(NamedTuple):
    """How far a job has come, and when that was said."""

    done: int
    step: str
    at: datetime


def connect(config: Config, work: Callable[[int | None], None]) -> Any:
    """The queue beside the database (in a file of its own with SQLite), whose task `run` does `work(job_id)`.

    Makes its tables. Only the job process ever calls `work`; without an id it does whatever is due.
    """
    from huey import PostgresHuey, SqliteHuey  # noqa: PLC0415 (brings a driver along that most workers never need)

    if config.is_sqlite:
        huey = SqliteHuey("ilp", filename=str(_file(config)), results=False)
    else:
        dsn = config.database_url.replace("postgresql+psycopg:", "postgresql:")
        huey = PostgresHuey("ilp", dsn=dsn, results=False)

    @huey.task(name="run")
    def run(job_id: int | None = None) -> None:
        work(job_id)

    huey.run = run
    return huey


def wake(job_id: int | None = None) -> None:
    """Lets the job process know of a job, or of several. Never fails: what it misses, the sweeper finds."""
    try:
        huey = _sender(current())
        huey.run(job_id)
        huey.storage.close()
    except Exception:
        log.warning("job %s was not announced", job_id or "", exc_info=True)


def prepare(config: Config) -> None:
    """Makes the queue's tables, before several processes would want to at once.

    Where SQLite's file lies, it is left at that: to look inside, Huey would be loaded, a tenth of a start.
    """
    if not (config.is_sqlite and _file(config).exists()):
        _sender(config).storage.close()


def beat() -> None:
    """The job process says that it lives."""
    huey = _sender(current())
    huey.put(HEARTBEAT, now().isoformat())
    huey.storage.close()


def last_beat() -> datetime | None:
    """When the job process last said so."""
    huey = _sender(current())
    try:
        said = huey.get(HEARTBEAT, peek=True)
        return datetime.fromisoformat(said) if said else None
    finally:
        huey.storage.close()


def tell(job_id: int, done: int, step: str) -> None:
    """Says how far a job has come, and that it goes on, whose transaction keeps it from saying so in its row.

    Never fails.
    """
    _spoken.add(job_id)
    try:
        huey = _sender(current())
        huey.put(f"{PROGRESS}{job_id}", (done, step, now()))
        huey.storage.close()
    except Exception:
        log.warning("how far job %s has come was not told", job_id, exc_info=True)


def told(job_id: int) -> Told | None:
    """What was told of a job last; nothing if the queue is silent: then its lease counts. Never fails."""
    try:
        huey = _sender(current())
        said = huey.get(f"{PROGRESS}{job_id}", peek=True)
        huey.storage.close()
        return Told(*said) if said else None
    except Exception:
        log.warning("what was told of job %s was not read", job_id, exc_info=True)
        return None


def forget(job_id: int) -> None:
    """The row speaks again, whoever has told something of the job. Never fails."""
    try:
        huey = _sender(current())
        huey.get(f"{PROGRESS}{job_id}")
        huey.storage.close()
        _spoken.discard(job_id)
    except Exception:
        log.warning("what was told of job %s stays", job_id, exc_info=True)


def forget_own(job_id: int) -> None:
    """`forget` for the one who holds the job: does nothing where this process has told nothing."""
    if job_id in _spoken:
        forget(job_id)


def _file(config: Config) -> Path:
    return config.instance / "queue.db"


@cache
def _sender(config: Config) -> Any:
    return connect(config, _refuse)


def _refuse(job_id: int | None) -> None:
    raise RuntimeError(f"job {job_id} belongs to the job process")
