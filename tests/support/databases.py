"""Databases for tests: templates per engine, copied where a test commits."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from flask import Flask

from ilp.application import create_app
from ilp.cli.database import alembic_config
from ilp.cli.demo import BASE, EVENTS
from ilp.core.config import Config
from ilp.core.db import db
from ilp.services.wilayah import import_codes, read_package

SERVER = "ILP_TEST_POSTGRESQL"
"""Where the main process tells its workers of the cluster."""

PROVINCES = ("13", "35", "62")
"""The provinces of the five events; the whole country is imported once, in its own test."""


@dataclass(frozen=True)
class Database:
    """Where an application lives: its database address and its instance folder."""

    engine: str
    url: str
    instance: Path
    opened: list[Flask] = field(default_factory=list, compare=False)

    def environment(self, **more: str) -> dict[str, str]:
        return {"DATABASE_URL": self.url, "ILP_INSTANCE": str(self.instance), "ILP_DEMO": "1", **more}

    def app(self, **more: str) -> Flask:
        app = create_app(Config.from_environment(self.environment(**more)))
        app.testing = True
        self.opened.append(app)
        return app

    def close(self) -> None:
        """Gives back the connections of every application opened on it."""
        for app in self.opened:
            with app.app_context():
                db.session.remove()
                db.engine.dispose()


@contextmanager
def only_once(folder: Path, name: str) -> Iterator[bool]:
    """True for the first of several processes to come, which does the work; the others wait and get False."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / f"{name}.done"
        yield not done.exists()
        done.touch()


def run_in(database: Database, *acts: Callable[[], object]) -> None:
    """Does something inside an application over this database, and closes every connection."""
    app = database.app()
    with app.app_context():
        for act in acts:
            act()
        db.session.remove()
        db.engine.dispose()


def migrate() -> None:
    command.upgrade(alembic_config(), "head")


def import_provinces() -> None:
    """The regions of the demo's provinces."""
    places = read_package()
    import_codes([p for p in places if p.code.split(".")[0] in PROVINCES or "." not in p.code])


def located(engine: str, name: str, folder: Path) -> Database:
    """Where a database of this name has its place; nothing is made."""
    instance = folder / f"{name}-{engine}"
    server = os.environ.get(SERVER, "")
    url = f"sqlite:///{instance / 'ilp.db'}" if engine == "sqlite" else f"{server}/{name}"
    return Database(engine, url, instance)


def blank(engine: str, name: str, folder: Path) -> Database:
    """A database of one's own with the schema and nothing in it."""
    database = located(engine, name, folder)
    if engine == "postgresql":
        execute(f"CREATE DATABASE {name}")
    run_in(database, migrate)
    return database


def copy(template: Database, name: str, folder: Path) -> Database:
    """A database of one's own with the same contents and files."""
    database = located(template.engine, name, folder)
    shutil.copytree(template.instance, database.instance)
    if template.engine == "postgresql":
        execute(f"CREATE DATABASE {name} TEMPLATE {template.url.rsplit('/', 1)[1]}")
    return database


def base_template(engine: str, folder: Path) -> Database:
    """Regions, offices, people, logins and facilities of the five regencies; nothing has happened yet."""
    with only_once(folder, f"base-{engine}") as first:
        if first:
            run_in(blank(engine, "ilp_base", folder), import_provinces, *BASE)
    return located(engine, "ilp_base", folder)


def demo_template(base: Database, folder: Path) -> Database:
    """The base with the five events."""
    with only_once(folder, f"demo-{base.engine}") as first:
        if first:
            run_in(copy(base, "ilp_demo", folder), *EVENTS)
    return located(base.engine, "ilp_demo", folder)


def execute(statement: str) -> None:
    """Runs a statement on the test cluster, outside any transaction."""
    engine = sa.create_engine(f"{os.environ[SERVER]}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
