"""What a web server does not load: it would be in its start, and in the memory of each of its workers."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

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


def test_it_compiles_no_address_before_it_is_asked_for_one(template: Database) -> None:
    written = "[rule for rule in app.url_map.iter_rules() if 'Route' not in rule._build.__qualname__]"
    found = loaded(f"from app import app; assert not {written}", template)
    assert "ilp.application" in found


def test_its_settings_do_not_load_the_application(template: Database) -> None:
    """That is for app.py to do, while nobody looks for garbage."""
    found = loaded("import ilp.cli.gunicorn", template)
    assert [name for name in found if name.startswith(("ilp.application", "ilp.models", "sqlalchemy"))] == []


@pytest.mark.parametrize("username", ["setda.malang", "camat.kepanjen", "auditor.jatim"])
def test_a_server_that_has_just_started_answers_with_every_page_and_each_time_alike(
    committed_demo: Database, username: str
) -> None:
    line = [sys.executable, "-m", "tests.support.fresh_application", username]
    environment = os.environ | committed_demo.environment()
    asked = subprocess.run(line, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert (asked.stdout, asked.returncode) == ("", 0), asked.stderr[-4000:]
