"""Whether the product is well: what `/sehat` and the operator's monitoring go by."""

from __future__ import annotations

import logging
import shutil
import tempfile
from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from ilp.adapters import queue
from ilp.core.clock import now
from ilp.core.config import MEBIBYTE, current
from ilp.core.db import db
from ilp.services import jobs

log = logging.getLogger(__name__)

LONGEST_WAIT = timedelta(minutes=5)
LONGEST_SILENCE = timedelta(minutes=3)
LEAST_ROOM = 200 * MEBIBYTE


def examine() -> dict[str, bool]:
    """Each part by its name, and whether it is well. Never fails."""
    return {name: _well(name, part) for name, part in PARTS.items()}


def _well(name: str, part: Callable[[], bool]) -> bool:
    try:
        return part()
    except Exception:  # each part fails in ways of its own; whichever it is, it is not well
        log.exception("%s is not well", name)
        return False


def _database() -> bool:
    return db.session.scalar(sa.select(1)) == 1


def _jobs() -> bool:
    """The job process has been heard of, and nothing waits for it too long."""
    beat = queue.last_beat()
    return beat is not None and now() - beat < LONGEST_SILENCE and not jobs.due(now() - LONGEST_WAIT, most=1)


def _disk() -> bool:
    folder = current().instance
    with tempfile.TemporaryFile(dir=folder) as file:
        file.write(b"sehat")
    return shutil.disk_usage(folder).free > LEAST_ROOM


PARTS: dict[str, Callable[[], bool]] = {"basis data": _database, "pekerjaan": _jobs, "penyimpanan": _disk}
