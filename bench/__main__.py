"""`python -m bench --db sqlite --size kabupaten`: measures, prints the table, keeps the figures as JSON."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa

from bench.measure import Bench, Plan
from bench.report import table
from bench.seed import SIZES
from bench.servers import Site
from ilp.core.config import ROOT
from tests.support.postgres import DURABLE, Cluster

HOME = ROOT / "instance" / "bench"
BASE = "kabupaten"
"""What a larger size is compared with."""


@click.command()
@click.option("--db", type=click.Choice(["sqlite", "postgresql"]), default="sqlite")
@click.option("--size", type=click.Choice(list(SIZES)), default="kabupaten")
@click.option("--url", help="A PostgreSQL database of one's own; it is seeded if empty, and written to.")
@click.option("--only", default="", help="Rows by name: meeting,poll,weight,edits,memory,start,writers,pdf.")
@click.option("--rounds", default=3)
@click.option("--secs", "seconds", default=2.0, help="Seconds of one run.")
@click.option("--requests", default=10_000, help="Requests before memory is looked at.")
@click.option("--edits", default=5_000, help="Edits of one row before it is compared with a fresh one.")
@click.option("--port", default=8200, help="The first of three ports.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the JSON goes.")
def main(db: str, size: str, url: str | None, only: str, out: Path | None, **plan: Any) -> None:
    """Measures the product against the floor over a seeded database."""
    wanted = Plan(only=tuple(filter(None, only.split(","))), **plan)
    results = {"db": db, "size": size, "at": datetime.now(UTC).isoformat(timespec="minutes"), **machine()}
    with ExitStack() as stack:
        open_site = postgresql if db == "postgresql" else sqlite
        bench = Bench(stack.enter_context(open_site(size, url)), wanted, say)
        if size != BASE and wanted.wants("growth"):
            bench.base = Bench(stack.enter_context(open_site(BASE)), wanted, say)
        stack.callback(keep, results, out or HOME / f"{db}-{size}.json")
        bench.measure(results)


def keep(results: dict[str, Any], out: Path) -> None:
    """Prints the table and writes the figures: those there are, also of a run that was broken off."""
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=1))
    click.echo("{db}, {size}, {at}, {cores} cores, {memory_gb} GB\n".format(**results))
    click.echo(table(results))
    say(str(out))


def say(what: str) -> None:
    click.echo(f"... {what}", err=True)


def machine() -> dict[str, int]:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {"cores": os.cpu_count() or 0, "memory_gb": round(pages / 2**30)}


@contextmanager
def sqlite(size: str, url: str | None = None) -> Iterator[Site]:
    """A copy of the seeded file, so that what a run writes does not reach the next. Refuses an address."""
    if url:
        raise click.UsageError("--url is for PostgreSQL.")
    seeded = HOME / f"sqlite-{size}"
    kept = Site(f"sqlite:///{seeded / 'ilp.db'}", seeded)
    if not (seeded / "ilp.db").exists():
        fill(size, kept)
    bring_up(kept)
    copy = HOME / f"run-{size}"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(seeded, copy)
    yield Site(f"sqlite:///{copy / 'ilp.db'}", copy)
    shutil.rmtree(copy)


@contextmanager
def postgresql(size: str, url: str | None = None) -> Iterator[Site]:
    """A cluster of our own for this run, or the database at `url`."""
    home = HOME / f"postgresql-{size}"
    if url:
        site = Site(url, home)
        if _is_empty(url):
            fill(size, site)
        bring_up(site)
        yield site
        return
    cluster = Cluster(DURABLE)
    try:
        with sa.create_engine(
            _driver(cluster.url("postgres")), isolation_level="AUTOCOMMIT"
        ).connect() as one:
            one.exec_driver_sql("CREATE DATABASE bench")
        shutil.rmtree(home, ignore_errors=True)
        site = Site(cluster.url("bench"), home, cluster.pid)
        fill(size, site)
        yield site
    finally:
        cluster.stop()


def fill(size: str, site: Site) -> None:
    """Seeds a database. Raises CalledProcessError, with nothing kept of a SQLite file, if that fails."""
    site.instance.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", "bench.seed", "--size", size], cwd=ROOT, env=site.environment(), check=True
        )
    except BaseException:
        shutil.rmtree(site.instance, ignore_errors=True)
        raise


def bring_up(site: Site) -> None:
    """Takes data seeded by an earlier version to the present schema."""
    line = [sys.executable, "-m", "flask", "--app", "app", "basisdata", "naik"]
    subprocess.run(line, cwd=ROOT, env=site.environment(), check=True)  # noqa: S603 - our own command


def _is_empty(url: str) -> bool:
    engine = sa.create_engine(_driver(url))
    try:
        return not sa.inspect(engine).has_table("account")
    finally:
        engine.dispose()


def _driver(url: str) -> str:
    return url.replace("postgresql://", "postgresql+psycopg://")


if __name__ == "__main__":
    main()
