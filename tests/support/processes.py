"""Real processes over a committed database: started, watched from outside, killed without a warning."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from ilp.core.config import ROOT
from tests.support.databases import Database

PATIENCE = 60
"""Seconds to wait for what must happen."""


def wait_for(condition: Callable[[], Any], what: str) -> Any:
    """Asks until it holds, and gives what it gave."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := condition():
            return found
        time.sleep(0.01)
    raise AssertionError(f"waited {PATIENCE} s for {what}")


@contextmanager
def process(database: Database, *arguments: str, **more: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process of the product with this database; what is left of it at the end is killed."""
    log = (database.instance / "process.log").open("a")
    child = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=os.environ | database.environment(**more),
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    try:
        yield child
    finally:
        child.kill()
        child.wait()
        child.stdout.close()  # type: ignore[union-attr]
        log.close()


def worker(database: Database) -> Any:
    """The job process."""
    return process(database, "-m", "ilp.worker")


def kill(child: subprocess.Popen[str]) -> None:
    """As a power cut would."""
    child.send_signal(signal.SIGKILL)
    child.wait()


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
