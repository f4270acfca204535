"""Every address is reviewed: it stands in routes.txt with the action it asks for, or the test fails.

After a reviewed change: `python -m tests.architecture.test_routes` writes the file anew.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from flask import Flask

from ilp.application import create_app
from ilp.core.config import Config
from ilp.policy.actions import Action
from ilp.policy.rules import RULES
from ilp.web.requires import PUBLIC
from tests.support.browser import Browser
from tests.support.queries import counted

REVIEWED = Path(__file__).with_name("routes.txt")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return make(tmp_path_factory.mktemp("routes"))


def make(instance: Path) -> Flask:
    return create_app(Config.from_environment({"ILP_INSTANCE": str(instance)}))


def listed(app: Flask) -> list[str]:
    """One line a rule: verbs, address, action, and the getter that fetches what it is about."""
    lines = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        view = app.view_functions[rule.endpoint]
        verbs = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        getter = getattr(view, "policy_getter", None)
        action = getattr(view, "policy_action", "BELUM DINYATAKAN")
        lines.append(f"{rule.rule:<58} {verbs:<5} {action:<22} {getter.__name__ if getter else '-'}".rstrip())
    return sorted(lines)


def test_every_view_declares_its_action(product: Flask) -> None:
    undeclared = [name for name, view in product.view_functions.items() if not hasattr(view, "policy_action")]
    assert undeclared == ["static"]


def test_every_declared_action_exists_and_every_action_has_a_rule(product: Flask) -> None:
    declared = {v.policy_action for v in product.view_functions.values() if hasattr(v, "policy_action")}
    assert declared - {PUBLIC} <= set(Action)
    assert set(RULES) == set(Action)
    assert sorted(Action, key=str) == list(Action), "actions stand in alphabetical order"


def test_every_route_was_reviewed(product: Flask) -> None:
    assert listed(product) == REVIEWED.read_text().splitlines()


def test_an_address_with_an_id_fetches_its_object_by_a_getter(product: Flask) -> None:
    """Or says here why it needs none: the verb itself looks only among what is the user's own."""
    own = {"accounts.end_device"}
    bare = [
        rule.endpoint
        for rule in product.url_map.iter_rules()
        if "<id:" in rule.rule
        and product.view_functions[rule.endpoint].policy_getter is None  # type: ignore[attr-defined]
        and product.view_functions[rule.endpoint].policy_action != PUBLIC  # type: ignore[attr-defined]
    ]
    assert set(bare) <= own


@pytest.mark.parametrize(
    "username", ["setda.malang", "camat.kepanjen", "mitra.blitar", "auditor.jatim", "admin"]
)
def test_looking_changes_nothing(app: Flask, username: str) -> None:
    """Every address without an id in it, asked for by GET: nothing fails and nothing is written."""
    browser = Browser(app, username)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and not rule.arguments:
            with counted() as statements:
                answer = browser.send("GET", rule.rule)
            assert answer.status_code in (200, 303, 403, 404, 410, 503), rule.rule
            assert not [s for s in statements if not s.lstrip().upper().startswith(("SELECT", "WITH"))], (
                rule.rule
            )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        REVIEWED.write_text("\n".join(listed(make(Path(folder)))) + "\n")
