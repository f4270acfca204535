"""What every template may use: macros that are written once, and templates compiled once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, FileSystemLoader

from ilp.core.enums import LabelledEnum
from ilp.web.context import PURE, UI, Compiled


class Door(LabelledEnum):
    OPEN = "open", "Pintu terbuka"


class Case(LabelledEnum):
    OPEN = "open", "Perkara berjalan"


def test_members_of_two_lists_that_are_equal_keep_their_own_words(app: Flask) -> None:
    ui = app.jinja_env.globals["ui"]
    assert Door.OPEN == Case.OPEN
    assert "Pintu terbuka" in ui.badge(Door.OPEN)
    assert "Perkara berjalan" in ui.badge(Case.OPEN)


def test_what_is_typed_is_escaped_and_kept_apart_from_what_is_markup(app: Flask) -> None:
    ui = app.jinja_env.globals["ui"]
    assert "&lt;b&gt;" in ui.due("<b>", "late")


@pytest.mark.parametrize("name", PURE)
def test_a_macro_that_is_written_once_says_the_same_for_the_same_arguments(app: Flask, name: str) -> None:
    """It takes no block and reads nothing of the page it stands on."""
    modules = [
        app.jinja_env.get_template(template).module
        for template in app.jinja_env.list_templates()
        if template.startswith(f"{UI}/")
    ]
    macro = next(getattr(module, name) for module in modules if hasattr(module, name))
    assert not macro.caller
    assert not macro.catch_kwargs


def rendered(folder: Path, compiled: Compiled) -> str:
    (folder / "page.html").write_text("{{ 1 + 1 }}")
    environment = Environment(loader=FileSystemLoader(folder), bytecode_cache=compiled, autoescape=True)
    return environment.get_template("page.html").render()


def test_templates_are_kept_compiled(tmp_path: Path) -> None:
    assert rendered(tmp_path, Compiled(tmp_path / "kept")) == "2"
    assert list((tmp_path / "kept").rglob("*.cache"))


def test_a_disk_that_takes_nothing_costs_no_page(tmp_path: Path) -> None:
    compiled = Compiled(tmp_path / "kept")
    shutil.rmtree(tmp_path / "kept")
    assert rendered(tmp_path, compiled) == "2"
