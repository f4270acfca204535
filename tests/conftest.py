"""What every test may use: the product on SQLite and on PostgreSQL, and people who use it."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from ilp.core.db import db, transactional
from tests.support.browser import Browser
from tests.support.databases import SERVER, Database, base_template, copy, demo_template
from tests.support.postgres import Cluster

FOLDER = "ILP_TEST_FOLDER"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--db", choices=("sqlite", "postgresql", "both"), default="both", help="database to test on"
    )
    parser.addoption("--long", action="store_true", help="many more examples in the fuzz tests")


def pytest_configure(config: pytest.Config) -> None:
    """The main process owns the folder of templates and the cluster; workers find them by environment."""
    if hasattr(config, "workerinput"):
        return
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="ilp-test-")
    if config.getoption("--db") != "sqlite":
        config.stash[CLUSTER] = Cluster()
        os.environ[SERVER] = config.stash[CLUSTER].url("").rstrip("/")


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    if CLUSTER in config.stash:
        config.stash[CLUSTER].stop()
    shutil.rmtree(os.environ.pop(FOLDER, ""), ignore_errors=True)


CLUSTER: pytest.StashKey[Cluster] = pytest.StashKey()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--db")
        engines = ("sqlite", "postgresql") if chosen == "both" else (chosen,)
        if chosen == "both" and metafunc.definition.get_closest_marker("browser"):
            engines = ("sqlite",)
        metafunc.parametrize("engine", engines, scope="session")


@pytest.fixture(scope="session")
def template(engine: str) -> Database:
    """The demo's regencies, offices, people and logins, before anything happened. Never written to."""
    return base_template(engine, Path(os.environ[FOLDER]))


@pytest.fixture(scope="session")
def events(template: Database) -> Database:
    """The whole demo with its five events. Never written to."""
    return demo_template(template, Path(os.environ[FOLDER]))


@pytest.fixture(scope="session")
def shared(template: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application per engine and worker; tests leave no trace in it."""
    yield from application(template, tmp_path_factory.mktemp("shared"))


@pytest.fixture(scope="session")
def shared_demo(events: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    yield from application(events, tmp_path_factory.mktemp("demo"))


def application(template: Database, folder: Path) -> Iterator[Flask]:
    """An application over a copy of a template, whose connections are closed at the end."""
    app = copy(template, a_name(), folder).app()
    yield app
    with app.app_context():
        db.engine.dispose()


def a_name() -> str:
    return f"ilp_{uuid.uuid4().hex[:12]}"


@pytest.fixture
def app(shared: Flask) -> Iterator[Flask]:
    """The application on the base, inside one outer transaction that is rolled back after the test."""
    yield from rolled_back(shared)


@pytest.fixture
def demo(shared_demo: Flask) -> Iterator[Flask]:
    """The application on the whole demo, rolled back after the test."""
    yield from rolled_back(shared_demo)


def rolled_back(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        engine = db.engine
        connection = transactional(engine)
        outer = connection.begin()
        db.engines[None] = connection
        db.session.remove()
        db.session.configure(join_transaction_mode="create_savepoint")
        try:
            yield app
        finally:
            db.session.remove()
            db.engines[None] = engine
            outer.rollback()
            connection.close()


@pytest.fixture
def committed(template: Database, tmp_path: Path) -> Iterator[Database]:
    """A base of one's own, for tests that commit, use several processes or kill some."""
    database = copy(template, a_name(), tmp_path)
    yield database
    database.close()


@pytest.fixture
def committed_demo(events: Database, tmp_path: Path) -> Iterator[Database]:
    """The whole demo of one's own."""
    database = copy(events, a_name(), tmp_path)
    yield database
    database.close()


@pytest.fixture
def as_user(app: Flask) -> Callable[[str], Browser]:
    """Somebody of the demo, logged in: `as_user("setda.malang").get("/rapat/")`."""
    return lambda username: Browser(app, username)


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """Somebody who is not logged in."""
    return Browser(app)
