"""What a web server does not load: it would be in its start, and in the memory of each of its workers."""

from __future__ import annotations

import os
import subprocess
import sys

from ilp.core.config import ROOT
from tests.support.databases import Database

ELSEWHERE = ("alembic", "authlib", "huey", "mistune", "PIL", "pypdfium2", "segno", "weasyprint", "xlsxwriter")
"""Libraries that work now and then, or in other processes."""


def loaded(code: str, template: Database) -> list[str]:
    """The modules in memory after `code` has run in a process of its own."""
    line = [sys.executable, "-c", f"import sys; {code}; print(*sys.modules)"]
    environment = os.environ | template.environment()
    return subprocess.run(
        line, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    ).stdout.split()


def test_a_web_server_loads_only_what_it_works_with(template: Database) -> None:
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[template.engine]
    unwanted = ("ilp.cli.", f"sqlalchemy.dialects.{other}", *ELSEWHERE)
    found = loaded("import app", template)
    assert "ilp.blueprints" in found
    assert [name for name in found if name.startswith(unwanted)] == []


def test_what_it_has_not_loaded_is_missing_to_no_search(template: Database) -> None:
    """PostgreSQL's words for it are SQLAlchemy's only once its dialect is there."""
    needed = "from ilp.queries.search import Findable, search; from tests.support.people import user_named"
    ask = "search(user_named('setda.malang'), 'kepanjen', tuple(Findable))"
    found = loaded(f"import app; app.app.app_context().push(); {needed}; {ask}", template)
    assert "ilp.queries.search" in found


def test_its_settings_do_not_load_the_application(template: Database) -> None:
    """That is for app.py to do, while nobody looks for garbage."""
    found = loaded("import ilp.cli.gunicorn", template)
    assert [name for name in found if name.startswith(("ilp.application", "ilp.models", "sqlalchemy"))] == []
