"""Databases for tests: one template per engine (migrated, regions, demo), copied where a test commits."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from flask import Flask

from ilp import create_app
from ilp.cli.database import alembic_config
from ilp.cli.demo import seed
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

    def environment(self, **more: str) -> dict[str, str]:
        return {"DATABASE_URL": self.url, "ILP_INSTANCE": str(self.instance), "ILP_DEMO": "1", **more}

    def app(self, **more: str) -> Flask:
        app = create_app(Config.from_environment(self.environment(**more)))
        app.testing = True
        return app


@contextmanager
def only_once(folder: Path, name: str) -> Iterator[bool]:
    """True for the first of several processes to come, which does the work; the others wait and get False."""
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / f"{name}.done"
        yield not done.exists()
        done.touch()


def fill(database: Database) -> None:
    """Migrates, imports the regions of the demo's provinces, and seeds the demo."""
    app = database.app()
    with app.app_context():
        command.upgrade(alembic_config(), "head")
        places = [
            place
            for place in read_package()
            if place.code.split(".")[0] in PROVINCES or "." not in place.code
        ]
        import_codes(places)
        seed()
        db.session.remove()
        db.engine.dispose()


def sqlite_template(folder: Path) -> Database:
    instance = folder / "template-sqlite"
    database = Database("sqlite", f"sqlite:///{instance / 'ilp.db'}", instance)
    with only_once(folder, "sqlite") as first:
        if first:
            fill(database)
    return database


def postgresql_template(folder: Path, server: str) -> Database:
    instance = folder / "template-postgresql"
    database = Database("postgresql", f"{server}/ilp_template", instance)
    with only_once(folder, "postgresql") as first:
        if first:
            execute(server, "CREATE DATABASE ilp_template")
            fill(database)
    return database


def blank(engine: str, name: str, folder: Path) -> Database:
    """A database of one's own with the schema and nothing in it."""
    instance = folder / name
    server = os.environ.get(SERVER, "")
    if engine == "postgresql":
        execute(server, f"CREATE DATABASE {name}")
    url = f"sqlite:///{instance / 'ilp.db'}" if engine == "sqlite" else f"{server}/{name}"
    database = Database(engine, url, instance)
    app = database.app()
    with app.app_context():
        command.upgrade(alembic_config(), "head")
        db.engine.dispose()
    return database


def copy(template: Database, name: str, folder: Path) -> Database:
    """A database of one's own with the same contents and files."""
    instance = folder / name
    shutil.copytree(template.instance, instance)
    if template.engine == "sqlite":
        return Database("sqlite", f"sqlite:///{instance / 'ilp.db'}", instance)
    server = template.url.rsplit("/", 1)[0]
    execute(server, f"CREATE DATABASE {name} TEMPLATE ilp_template")
    return Database("postgresql", f"{server}/{name}", instance)


def execute(server: str, statement: str) -> None:
    engine = sa.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
