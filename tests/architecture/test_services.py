"""Every public verb of a service takes its actor by keyword and leaves an entry; only one module commits."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ilp.core.config import ROOT

SERVANTS = {"__init__", "audit", "jobs", "throttle", "files"}
SERVE_A_VERB = {
    "accounts.account_of_link",
    "accounts.authenticate",
    "accounts.reauthenticate",
    "accounts.recognise",
    "accounts.resume",
    "accounts.tell_of_roles",
    "directory.judge_term",
    "directory.too_far",
    "second_factor.again",
    "second_factor.verify",
    "setup.check_code",
    "meetings.tell",
    "notifications.notify",
    "numbering.assign",
    "numbering.take",
    "numbering.type_in",
    "transfers.judge",
    "transfers.look_ahead",
}
"""They know the actor of the verb they serve, which leaves the entry; refusals of passwords are counted."""
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


def homes(tree: ast.Module, module: str) -> dict[str, str]:
    """In which service the bare names of a module are at home: their own, or the one they come from."""
    found = {node.name: module for node in tree.body if isinstance(node, ast.FunctionDef)}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ilp.services."):
            found |= {name.asname or name.name: str(node.module).split(".")[-1] for name in node.names}
    return found


def calls(function: ast.FunctionDef, home: dict[str, str]) -> set[str]:
    """What a function calls, as `service.name`."""
    found = set()
    for node in ast.walk(function):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in home:
            found.add(f"{home[called.id]}.{called.id}")
        elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            found.add(f"{called.value.id}.{called.attr}")
    return found


@pytest.fixture(scope="module")
def leaves_an_entry() -> set[str]:
    """Functions of the services that record in the trail, themselves or through what they call."""
    graph = {}
    for path in (ROOT / "ilp" / "services").glob("*.py"):
        tree = ast.parse(path.read_text())
        home = homes(tree, path.stem)
        graph |= {
            f"{path.stem}.{node.name}": calls(node, home)
            for node in tree.body
            if isinstance(node, ast.FunctionDef)
        }
    known = {"audit.record"}
    while more := {name for name, called in graph.items() if called & known} - known:
        known |= more
    return known


@pytest.mark.parametrize("path", SERVICES, ids=lambda p: p.stem)
def test_every_verb_leaves_an_entry(path: Path, leaves_an_entry: set[str]) -> None:
    verbs = {
        f"{path.stem}.{function.name}"
        for function in public_functions(path)
        if "actor" in [a.arg for a in function.args.kwonlyargs]
    }
    assert verbs - SERVE_A_VERB <= leaves_an_entry


def test_only_the_database_module_commits() -> None:
    others = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "ilp").rglob("*.py")
        if ".commit(" in path.read_text() and path.relative_to(ROOT / "ilp").as_posix() != "core/db.py"
    ]
    assert others == []
