"""`python -m bench --db sqlite --size kabupaten`: measures, prints the table, keeps the figures as JSON."""

from __future__ import annotations

import json
import os
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bench import sites
from bench.acts import ACTS
from bench.commands import POSITIVE, SECONDS, Names, end_tidily, ports
from bench.measure import Bench, Plan
from bench.report import PARTS, table
from bench.servers import refuse_taken
from bench.sites import HOME

BASE = "kabupaten"
"""What a larger size is compared with."""
PORTS = 3


@click.command()
@sites.options
@click.option("--only", type=Names([*ACTS, *PARTS]), default="", help="Rows by name: meeting,poll,weight.")
@click.option("--rounds", type=POSITIVE, default=Plan.rounds)
@click.option("--secs", "seconds", type=SECONDS, default=Plan.seconds, help="Seconds of one run.")
@click.option("--requests", type=POSITIVE, default=Plan.requests, help="Requests before memory is looked at.")
@click.option(
    "--edits",
    type=POSITIVE,
    default=Plan.edits,
    help="Edits of one row before it is compared with a fresh one.",
)
@click.option("--port", type=ports(PORTS), default=Plan.port, help="The first of three ports.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the JSON goes.")
def main(db: str, size: str, url: str | None, out: Path | None, **plan: Any) -> None:
    """Measures the product against the floor over a seeded database."""
    end_tidily()
    wanted = Plan(**plan)
    if size == BASE and "growth" in wanted.only:
        raise click.UsageError(f"growth compares a larger --size with a {BASE}.")
    for port in range(wanted.port, wanted.port + PORTS):
        refuse_taken(port)
    results = {"db": db, "size": size, "at": datetime.now(UTC).isoformat(timespec="minutes"), **machine()}
    with ExitStack() as stack:
        bench = Bench(stack.enter_context(sites.opened(db, size, url)), wanted, say)
        if size != BASE and wanted.wants("growth"):
            bench.base = Bench(stack.enter_context(sites.opened(db, BASE)), wanted, say)
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


if __name__ == "__main__":
    main()
