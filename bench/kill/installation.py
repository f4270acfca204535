"""The product as real processes over a seeded database of its own; each can be killed and started again."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy.exc import OperationalError

from bench.machine import tree
from bench.seed import Progress, small
from bench.servers import refuse_taken
from bench.sites import FLASK
from ilp.adapters import queue
from ilp.cli.serve import JOBS, WEB
from ilp.core.clock import now
from ilp.core.config import ROOT
from tests.support.databases import SERVER, Database, blank, run_in
from tests.support.postgres import DURABLE, Cluster
from tests.support.processes import answers, wait_for

ESCAPED = "Error handling request"
HEADS = re.compile(f"(ilp\\.web\\.errors: (?:unexpected|database) error|Exception on /|{ESCAPED})")
RAISED = re.compile(
    r"^ .*\n((?:\w+\.)*\w+)((?:: .*)?)$(?!\n\n(?:The above|During handling of))", re.MULTILINE
)
"""How a trace begins in the log, and how it ends: what was raised last, behind the lines of code."""
AWAY = {
    f"{kind.__module__}.{kind.__qualname__}"
    for error in (OperationalError, sqlite3.OperationalError, psycopg.OperationalError)
    for kind in (error, *error.__subclasses__())
}
"""What a database that was killed makes of a statement: AdminShutdown, CannotConnectNow and others."""


class Installation:
    """Its parts. `kill` and `start` take the name of a part: server, consumer, database.

    To be used within an application over its database.
    """

    def __init__(self, database: Database, port: int, cluster: Cluster | None) -> None:
        self.database, self.port, self.cluster = database, port, cluster
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def parts(self) -> list[str]:
        """What can be killed; SQLite dies with whoever has it open."""
        return ["server", "consumer", *(["database"] if self.cluster else [])]

    def start(self, part: str) -> float:
        """Starts a part and returns after how many seconds it was at work."""
        began, since = time.monotonic(), now()
        if part == "database":
            self._start_cluster()
        else:
            self._children[part] = self._spawn(WEB if part == "server" else JOBS)
        if part == "server":
            wait_for(lambda: answers(self.port), "the server to listen")
        if part == "consumer":
            wait_for(lambda: (queue.last_beat() or since) > since, "the job process to give a sign of life")
        return time.monotonic() - began

    def kill(self, part: str) -> None:
        """Kill -9 of a part with every process that belongs to it."""
        if part == "database" and self.cluster:
            root = self.cluster.pid
            for pid in tree(root):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            wait_for(lambda: not Path(f"/proc/{root}").exists(), "the database to be gone")
            return
        child = self._children.pop(part)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def mistakes(self) -> list[str]:
        """What the server's log calls an error, each kind once; a database that is away is none of its own.

        What escaped the product altogether always is: then people see the bare page of the web server.
        Several processes write the log, so behind a head there may be traces of others: each is looked at.
        """
        _, *parts = HEADS.split((self.database.instance / "kill.log").read_text())
        found = set()
        for head, block in zip(parts[::2], parts[1::2], strict=True):
            for kind, message in RAISED.findall(block):
                if head == ESCAPED or kind not in AWAY:
                    found.add(f"{head}: {kind}{message}")
        return sorted(found)

    def ended(self) -> list[str]:
        """Parts that were not killed and yet are no more."""
        return [part for part, child in self._children.items() if child.poll() is not None]

    def stop(self) -> None:
        """Ends what is left."""
        for part in list(self._children):
            self.kill(part)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One of the operator's commands."""
        return subprocess.run(  # noqa: S603 - our own program
            [*FLASK, *arguments],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def _environment(self) -> dict[str, str]:
        return os.environ | self.database.environment(PORT=str(self.port))

    def _spawn(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.database.instance / "kill.log").open("a") as log:
            return subprocess.Popen(  # noqa: S603 - our own programs
                command, cwd=ROOT, env=self._environment(), stdout=log, stderr=log, start_new_session=True
            )

    def _start_cluster(self) -> None:
        """The dead one's memory may be in use for a moment: then it is tried again."""

        def started() -> bool:
            try:
                self.cluster.start()  # type: ignore[union-attr]
            except subprocess.CalledProcessError:
                return False
            return True

        wait_for(started, "the database to start")


@contextmanager
def installed(engine: str, port: int, progress: Progress) -> Iterator[Installation]:
    """A small seeded installation in a folder of its own, thrown away at the end; nothing runs yet.

    Raises ClickException if the port is taken.
    """
    refuse_taken(port)
    folder = Path(tempfile.mkdtemp(prefix="ilp-kill-"))
    cluster = Cluster(DURABLE) if engine == "postgresql" else None
    if cluster:
        os.environ[SERVER] = cluster.url("").rstrip("/")
    made: Installation | None = None
    try:
        database = blank(engine, "ilp_kill", folder)
        run_in(database, lambda: small.fill(progress))
        made = Installation(database, port, cluster)
        yield made
    finally:
        if made is not None:
            made.stop()
        if cluster:
            cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
