"""`python -m bench.wall --db postgresql --size nasional --url ...`: how long pages take, and their plans.

Each page is asked for in this process, so that its time is the application's and the database's together.
Each of its statements is looked at as the database, just as it is, carries it out: listed is what reads a
table from end to end, and what reads more rows than a page has use for.
"""

from __future__ import annotations

import gc
import sys
import textwrap
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import click
from flask import Flask
from werkzeug.test import run_wsgi_app

from bench import sites
from bench.acts import OVERSEEN, PAGES, Act, acts, overseen
from bench.client import Answer, Line, Visitor
from bench.commands import POSITIVE, Names, end_tidily
from bench.counting import count, environ, fetched
from bench.landmarks import Landmarks, landmarks
from bench.plans import explained_steps
from bench.report import markdown
from bench.sites import Site
from ilp.application import create_app
from ilp.core.config import Config
from ilp.core.db import db
from tests.support.plans import reads, scans

WARMING = 12
"""Requests before the first that is measured: by then PostgreSQL has made a plan to keep, if it keeps one."""
SMALL = 1_000
"""Rows of a table that may be read whole: the index for the day when it has grown is what ./test asks for."""
MANY = 10_000
"""Rows that one step of a page never needs to read, by whichever index: then it is the wrong one."""
SHOWN = 300
"""Characters of a statement, by which one knows it."""
HEAD = ("page", "wall ms", "SQL", "rows", "read", "too much")


class Within(Line):
    """The application in this process, asked as a browser would ask a server."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app.config["ILP"].port)
        self._app = app

    def ask(self, request: bytes) -> Answer:
        body, status, headers = run_wsgi_app(self._app.wsgi_app, environ(request))
        head = "".join(f"\r\n{name}: {value}" for name, value in headers)
        return Answer(int(status[:3]), head.encode("latin-1"), b"".join(body))


@dataclass
class Figures:
    """What was found of a page; `took` in milliseconds, one after the other."""

    label: str
    took: Sequence[float]
    statements: int = 0
    rows: int = 0
    read: int | None = None
    """Rows that the database went through, where it tells."""
    faults: Sequence[str] = ()

    def row(self) -> list[str]:
        return [
            self.label,
            f"{median(self.took):.1f}",
            str(self.statements),
            str(self.rows),
            "-" if self.read is None else f"{self.read:,}",
            str(len(self.faults) or "none"),
        ]


@click.command()
@sites.options
@click.option(
    "--only", type=Names([*PAGES, *OVERSEEN]), default="", help="Pages by name: desk,search,auditor-reports."
)
@click.option(
    "--times", type=POSITIVE, default=30, show_default=True, help="Requests of a page; their median counts."
)
def main(db: str, size: str, url: str | None, only: tuple[str, ...], times: int) -> None:
    """Measures every page over a seeded database, and explains its statements there."""
    end_tidily()
    with sites.opened(db, size, url) as site:
        found = list(measured(site, only, times))
    click.echo(f"{db}, {size}, median of {times}\n")
    click.echo("\n".join(markdown(HEAD, [page.row() for page in found])))
    for page in found:
        for fault in page.faults:
            click.echo(f"\n{page.label}: {textwrap.shorten(fault, SHOWN)}")


def measured(site: Site, only: Sequence[str], times: int) -> list[Figures]:
    """All pages, or those of these names. Raises RuntimeError if one is refused.

    They are timed first: once something listens to statements, these no longer take the short way to the
    driver (`core.statements`), but for what they read that makes no difference.
    """
    app = create_app(Config.from_environment(site.environment()))
    with _app_session(app):
        marks = landmarks(db.session.connection())
    line = Within(app)
    pages = [act for act in [*acts(marks), *overseen(marks)] if act.kind != "post"]
    chosen = [act for act in pages if not only or act.name in only]
    asked = dict(zip((act.label for act in chosen), _requests(chosen, marks, line), strict=True))
    gc.freeze()  # as the product's web server does
    with _progress(chosen, "Wall time") as bar:
        found = [Figures(act.label, _took(line, act, asked[act.label], times)) for act in bar]
    watched = _watch_sqlite if site.url.startswith("sqlite") else _watch_postgresql
    _close_pool(app)
    with (
        fetched() as rows,
        _progress([*zip(chosen, found, strict=True)], "Plans") as bar,
        watched(app) as plans,
    ):
        for act, page in bar:
            request = asked[page.label]
            for _ in range(WARMING):
                act.ask(line, request)
            with plans(page):
                page.statements, page.rows = count(app, request, rows)
    _close_pool(app)
    return found


Watch = Callable[[Figures], AbstractContextManager[None]]
"""Watches what runs inside, and writes down what it read."""


@contextmanager
def _watch_sqlite(app: Flask) -> Iterator[Watch]:
    @contextmanager
    def plans(page: Figures) -> Iterator[None]:
        with reads() as statements:
            yield
        with _app_session(app):
            page.faults = scans(statements)

    yield plans


@contextmanager
def _watch_postgresql(app: Flask) -> Iterator[Watch]:
    with explained_steps() as steps:

        @contextmanager
        def plans(page: Figures) -> Iterator[None]:
            steps.clear()
            yield
            page.read = sum(step.rows for step in steps)
            page.faults = [
                str(step) for step in steps if step.rows > (SMALL if step.how == "Seq Scan" else MANY)
            ]

        yield plans


def _close_pool(app: Flask) -> None:
    with _app_session(app):
        db.engine.dispose()


@contextmanager
def _app_session(app: Flask) -> Iterator[None]:
    """For work of our own between requests: inside of it they would share its context."""
    with app.app_context():
        yield
        db.session.remove()


def _requests(chosen: Sequence[Act], marks: Landmarks, line: Within) -> Iterator[bytes]:
    """One request of each page, by whoever looks at it."""
    visitors = {"": Visitor(line)}
    for act in chosen:
        if act.who not in visitors:
            visitors[act.who] = Visitor.logged_in(line, act.who, marks.password)
        yield act.prepare(visitors[act.who])(0)


def _took(line: Within, act: Act, request: bytes, times: int) -> list[float]:
    """Milliseconds of each time."""
    found = []
    for _ in range(WARMING + times):
        begun = time.perf_counter()
        act.ask(line, request)
        found.append((time.perf_counter() - begun) * 1000)
    return found[WARMING:]


def _progress(things: Sequence[Any], label: str) -> Any:
    return click.progressbar(things, label=label, file=sys.stderr)


if __name__ == "__main__":
    main()
