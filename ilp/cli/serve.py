"""`flask jalankan`: makes the database ready, then runs web server and job process until told to stop."""

from __future__ import annotations

import contextvars
import ctypes
import multiprocessing
import multiprocessing.context
import os
import runpy
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import with_appcontext

from ilp.adapters import queue
from ilp.cli import demo
from ilp.cli.database import is_latest, to_version
from ilp.cli.demo import accounts
from ilp.core.config import Config, current
from ilp.core.db import db
from ilp.core.demo import PASSWORD
from ilp.models.wilayah import Wilayah
from ilp.services import setup
from ilp.services.wilayah import import_codes, read_package

WEB = [sys.executable, "-m", "gunicorn", "-c", "python:ilp.cli.gunicorn", "app:app"]
JOBS = [sys.executable, "-m", "ilp.worker"]
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
PATIENCE = 40
"""Seconds for a child to finish what it is doing; gunicorn takes up to 30."""
PAUSE = 2
"""Seconds between two starts of the job process, lest one that cannot live be started without end."""
KERNEL = ctypes.CDLL(None)
DIE_WITH_PARENT, NAME = 1, 15
"""PR_SET_PDEATHSIG and PR_SET_NAME of prctl(2)."""
Child = multiprocessing.context.ForkProcess


@click.command("jalankan")
@with_appcontext
def serve() -> None:
    """Menyiapkan basis data, lalu menjalankan server web dan proses pekerjaan."""
    config = current()
    _refuse_taken_port(config)
    preparing = _forked(prepare, config)
    preparing.join()
    sys.exit(preparing.exitcode or run(config))


def prepare(config: Config) -> None:
    """Everything a first start needs; a later one finds it done.

    In a process of its own: what it takes to import a nation is given back when it ends.
    """
    click.echo("Memeriksa skema basis data")
    if not is_latest():
        to_version("head")
    if not db.session.scalar(sa.select(sa.exists().where(Wilayah.id.is_not(None)))):
        places = read_package()
        with click.progressbar(length=len(places), label="Mengimpor wilayah") as bar:
            import_codes(places, lambda done, total: bar.update(done - bar.pos))
    if config.demo:
        with click.progressbar(length=len(demo.PARTS), label="Mengisi data contoh") as bar:
            demo.seed(lambda done, total: bar.update(done - bar.pos))
    queue.prepare(config)


def run(config: Config) -> int:
    """Runs both programs until a signal comes or the web server ends, then ends them. 0 if asked to stop.

    The web server comes first and has the machine to itself until it answers; the job process follows then.
    Whatever becomes of that one, people can go on working: it is started again, and its jobs are taken up.
    """
    stopping = _listen()
    server, worker, begun = _start("ilp-web", WEB), None, 0.0
    try:
        while not stopping and server.is_alive():
            if worker is None and _answers(config):
                announce(config)
                worker, begun = _start("ilp-pekerjaan", JOBS), time.monotonic()
            elif worker is not None and not worker.is_alive() and time.monotonic() - begun > PAUSE:
                click.echo(f"Proses pekerjaan berhenti (kode {worker.exitcode}); dijalankan lagi.", err=True)
                worker, begun = _start("ilp-pekerjaan", JOBS), time.monotonic()
            time.sleep(0.05 if worker is None else 0.2)
        if not stopping:
            click.echo(f"Server web berhenti (kode {server.exitcode}).", err=True)
    finally:
        _end([child for child in (server, worker) if child is not None])
    return 0 if stopping else 1


def _start(name: str, line: Sequence[str]) -> Child:
    """Runs a program in a fork: what is loaded here is neither loaded nor kept in memory once more.

    A signal that comes meanwhile waits until whoever it is meant for can hear it.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
    try:
        return _forked(_apart, name, line)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)


def _forked(act: Callable[..., None], *arguments: Any) -> Child:
    db.session.remove()
    db.engine.dispose()  # no two processes may speak over one connection
    child = multiprocessing.get_context("fork").Process(target=_bound, args=(os.getpid(), act, *arguments))
    child.start()
    return child


def _bound(parent: int, act: Callable[..., None], *arguments: Any) -> None:
    """Should we be killed, the child ends, too."""
    KERNEL.prctl(DIE_WITH_PARENT, signal.SIGTERM)
    if os.getppid() == parent:
        act(*arguments)


def _apart(name: str, line: Sequence[str]) -> None:
    """In a session of its own: Ctrl-C reaches it through us only."""
    os.setsid()
    KERNEL.prctl(NAME, name.encode())
    for number in STOPPING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
    sys.argv[:] = line[2:]
    nothing_of_ours = contextvars.Context()  # no application context, for one: it would be everybody's
    nothing_of_ours.run(runpy.run_module, line[2], run_name="__main__", alter_sys=True)


def announce(config: Config) -> None:
    """The address, and who can log in while the demo is on."""
    click.secho(f"\nSimpul ILP siap di {config.url}", bold=True)
    if config.demo:
        for login in accounts.LOGINS:
            click.echo(f"  {login.username:<22}{login.note}")
        click.echo(f"Kata sandi semua akun contoh: {PASSWORD}")
    elif setup.is_open():
        click.echo("Belum ada akun. Buka alamat itu di peramban, lalu isi kode ini untuk memulai:")
        click.secho(f"  {setup.terminal_code()}", bold=True)
    click.echo("Ctrl-C untuk berhenti.")


def _listen() -> list[int]:
    """The signals that have asked us to stop, as they come in."""
    received: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        received.append(number)

    for number in STOPPING:
        signal.signal(number, note)
    return received


def _end(children: Sequence[Child]) -> None:
    for child in children:
        child.terminate()
    until = time.monotonic() + PATIENCE
    for child in children:
        child.join(max(0, until - time.monotonic()))
        if child.is_alive():
            child.kill()
            child.join()


def _answers(config: Config) -> bool:
    """Whether the web server takes requests."""
    with socket.socket() as probe:
        return probe.connect_ex((config.bind, config.port)) == 0


def _refuse_taken_port(config: Config) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.bind, config.port))
        except OSError as error:
            raise click.ClickException(
                f"Port {config.port} tidak dapat dipakai ({error.strerror}). Setel PORT ke angka lain."
            ) from error
