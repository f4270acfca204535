"""Seeded databases to measure over: found or filled, and brought up to the present schema."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from bench.machine import parent
from bench.seed import SIZES
from ilp.core.config import ROOT
from tests.support.postgres import DURABLE, Cluster

HOME = ROOT / "instance" / "bench"
"""Where seeded files and figures are kept."""
FLASK = [sys.executable, "-m", "flask", "--app", "app"]
"""What one of the operator's commands begins with."""


@dataclass(frozen=True)
class Site:
    """A seeded database with its instance folder; `database` is the process of its server, if it has one."""

    url: str
    instance: Path
    database: int | None = None

    def environment(self, port: int = 8000) -> dict[str, str]:
        """What tells a process of ours to work with it, on this port."""
        return {
            **os.environ,
            "DATABASE_URL": self.url,
            "ILP_INSTANCE": str(self.instance),
            "ILP_DEMO": "1",
            "PORT": str(port),
            "ILP_URL": f"http://127.0.0.1:{port}",
        }


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Gives a command the options that say which database: `db`, `size` and `url`, as `opened` takes them."""
    for option in (
        click.option("--url", help="A PostgreSQL database of one's own: seeded if empty, and written to."),
        click.option("--size", type=click.Choice(list(SIZES)), default="kabupaten"),
        click.option("--db", type=click.Choice(["sqlite", "postgresql"]), default="sqlite"),
    ):
        command = option(command)
    return command


def opened(db: str, size: str, url: str | None = None) -> AbstractContextManager[Site]:
    """A database of this size for one run.

    Raises UsageError for an address that is not PostgreSQL's, and ClickException if nobody answers there or
    seeding breaks off.
    """
    if url and (db != "postgresql" or not _is_postgresql(url)):
        raise click.UsageError("--url is for PostgreSQL: --db postgresql --url postgresql://me@host/name.")
    return _postgresql(size, url) if db == "postgresql" else _sqlite(size)


def _is_postgresql(url: str) -> bool:
    try:
        return sa.make_url(url).get_backend_name() == "postgresql"
    except sa.exc.ArgumentError:
        return False


@contextmanager
def _sqlite(size: str) -> Iterator[Site]:
    """A copy of the seeded file, so that what a run writes does not reach the next."""
    seeded = HOME / f"sqlite-{size}"
    kept = Site(f"sqlite:///{seeded / 'ilp.db'}", seeded)
    if not (seeded / "ilp.db").exists():
        _fill(size, kept)
    _bring_up(kept)
    copy = HOME / f"run-{size}"
    shutil.rmtree(copy, ignore_errors=True)
    try:
        shutil.copytree(seeded, copy)
        yield Site(f"sqlite:///{copy / 'ilp.db'}", copy)
    finally:
        shutil.rmtree(copy, ignore_errors=True)


@contextmanager
def _postgresql(size: str, url: str | None) -> Iterator[Site]:
    """A cluster of our own for this run, or the database at `url`."""
    home = HOME / f"postgresql-{size}"
    if url:
        is_empty, server = _asked(url)
        site = Site(url, home, server)
        if is_empty:
            try:
                _fill(size, site)
            except (subprocess.CalledProcessError, KeyboardInterrupt) as error:
                raise click.ClickException(
                    "Seeding was broken off. Empty the database at --url before the next run, "
                    "which would take what is there for all of it."
                ) from error
        _bring_up(site)
        yield site
        return
    cluster = Cluster(DURABLE)
    try:
        engine = sa.create_engine(cluster.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as one:
            one.exec_driver_sql("CREATE DATABASE bench")
        shutil.rmtree(home, ignore_errors=True)
        site = Site(cluster.url("bench"), home, cluster.pid)
        _fill(size, site)
        yield site
    finally:
        cluster.stop()


def _fill(size: str, site: Site) -> None:
    """Seeds a database. Raises CalledProcessError if that fails; the instance folder is gone then."""
    site.instance.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "bench.seed", "--size", size], cwd=ROOT, env=site.environment(), check=True
        )
    except BaseException:
        shutil.rmtree(site.instance, ignore_errors=True)
        raise


def _bring_up(site: Site) -> None:
    """Takes data seeded by an earlier version to the present schema."""
    subprocess.run(  # noqa: S603 - our own command
        [*FLASK, "basisdata", "naik"], cwd=ROOT, env=site.environment(), check=True
    )


def _asked(url: str) -> tuple[bool, int | None]:
    """Whether a database is empty, and the process of its server if it runs on this machine.

    Raises ClickException if there is none.
    """
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            ours = connection.scalars(sa.text("SELECT pg_backend_pid()")).one()
            return not sa.inspect(connection).has_table("account"), parent(ours, of="postgres")
    except sa.exc.OperationalError as error:
        raise click.ClickException(f"No database at --url: {str(error.orig).splitlines()[0]}") from error
    finally:
        engine.dispose()
