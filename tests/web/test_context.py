"""What every template may use: macros that are written once."""

from __future__ import annotations

import pytest
from flask import Flask

from ilp.core.enums import LabelledEnum
from ilp.web.context import PURE, UI


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
