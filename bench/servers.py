"""Starting what is measured: the product and the floor over one database, by the product's own web server."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click

from bench.client import Line
from bench.sites import FLASK, Site
from ilp.cli.serve import WEB
from ilp.core.config import ROOT

PATIENCE = 60
PRODUCT = WEB
FLOOR = [sys.executable, "-m", "gunicorn", "-c", "python:bench.floor_gunicorn", "bench.floor:app"]
ENTRY = [*FLASK, "jalankan"]
FIRST_PAGE = b"GET /v/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@dataclass(frozen=True)
class Server:
    """A running server: where it listens and the process at its root."""

    port: int
    pid: int
    started: float
    """Seconds from its start to its first page."""


@contextmanager
def serving(command: list[str], site: Site, port: int, *, workers: int) -> Iterator[Server]:
    """Runs a server until the block ends.

    Raises ClickException if its port is taken, RuntimeError if it does not answer within a minute.
    """
    refuse_taken(port)
    begun = time.perf_counter()
    with (site.instance / "bench.log").open("a") as log:
        child = subprocess.Popen(  # noqa: S603 - our own programs
            command,
            cwd=ROOT,
            env=site.environment(port) | {"GUNICORN_CMD_ARGS": f"--workers {workers}"},
            stdout=log,
            stderr=log,
        )
    try:
        _await_first_page(child, port)
        yield Server(port, child.pid, time.perf_counter() - begun)
    finally:
        child.terminate()
        child.wait(PATIENCE)


def refuse_taken(port: int) -> None:
    """Raises ClickException if somebody listens there: he would be measured in our place."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            raise click.ClickException(f"Port {port} is taken; --port takes another.")


def _await_first_page(child: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and child.poll() is None:
        try:
            if Line(port).ask(FIRST_PAGE).status < 500:
                return
        except OSError:
            time.sleep(0.01)
    raise RuntimeError(f"no answer on port {port}; see bench.log in the instance folder")
