"""Every public verb of a domain service takes its actor by keyword; only one module commits."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ilp.core.config import ROOT

SERVANTS = {"__init__", "audit", "jobs", "throttle", "files"}
SERVICES = sorted(p for p in (ROOT / "ilp" / "services").glob("*.py") if p.stem not in SERVANTS)


def public_functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text())
    return [n for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]


@pytest.mark.parametrize("path", SERVICES, ids=lambda p: p.stem)
def test_verbs_take_keywords_and_an_actor(path: Path) -> None:
    for function in public_functions(path):
        arguments = [a.arg for a in function.args.kwonlyargs]
        if "actor" in [a.arg for a in function.args.args]:
            pytest.fail(f"{path.stem}.{function.name}: actor is not keyword-only")
        if "audit.record(" in (ast.get_source_segment(path.read_text(), function) or ""):
            assert "actor" in arguments, f"{path.stem}.{function.name} has no actor"


def test_only_the_database_module_commits() -> None:
    others = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "ilp").rglob("*.py")
        if ".commit(" in path.read_text() and path.relative_to(ROOT / "ilp").as_posix() != "core/db.py"
    ]
    assert others == []
