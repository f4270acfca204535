"""Templates are compiled once, and print what Jinja would have printed."""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jinja2 import Environment as Plain
from jinja2 import FileSystemLoader, StrictUndefined, UndefinedError, pass_environment
from markupsafe import Markup, escape

from ilp.core.enums import LabelledEnum
from ilp.web.templating import Compiled, printed


class Letter(LabelledEnum):
    AND = "&", "Dan"


class Bold:
    def __html__(self) -> str:
        return "<b>"


@pytest.mark.parametrize("value", ["", "a & b", "<b>'\"", Markup("<b>"), Letter.AND, Bold(), 12, None, ["<"]])
def test_every_value_is_printed_as_it_would_be_escaped(value: Any) -> None:
    assert printed(value) == str(escape(value))


SOURCE = """{% macro link(text) %}<a title="{{ text }}">{{ text }}</a>{% endmacro %}
{% macro around(text) %}<p>{{ text }}{{ caller() }}</p>{% endmacro %}
{% set kept %}{{ typed }}&amp;{% endset %}{{ kept }} {{ link(typed) }} {{ link(typed) ~ typed }}
{% call around(typed) %}{{ typed }}{% endcall %} {{ typed | upper }} {{ typed | safe }} {{ kept | length }}
{% filter upper %}{{ typed }}{% endfilter %}{% autoescape false %}{{ typed }}{% endautoescape %}"""


def test_a_template_escapes_once_what_jinja_escapes_once(app: Flask) -> None:
    typed = "<script>\"&'"
    ours = app.jinja_env.from_string(SOURCE).render(typed=typed)
    assert ours == Plain(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(SOURCE).render(
        typed=typed
    )
    assert ours.count("<script>") == 2  # where the template says so, and nowhere else


class Row(dict[str, Any]):
    """Has attributes and keys, some of one name; counts what it was asked for."""

    calls = 0
    text = "attribute"

    @property
    def broken(self) -> str:
        raise AttributeError

    def opened(self) -> Row:
        Row.calls += 1
        return self


READING = """{{ row.text }} {{ row.other }} {{ row.broken }} {{ row.items().__len__() }}
{{ row.opened().opened().other }} {% for part in row.parts if part.other %}
{{ part.other.text }}{{ part.opened().text }}{{ loop.index }}{{ kept(part.other.text) }}{% endfor %}
{% macro of(row) %}{{ row.parts[0].other.text }}{% endmacro %}{{ of(row) }}{{ kept(row.other) }}
{{ row.parts | map(attribute='text') | join }}{% set space = namespace(at=row.text) %}{{ space.at }}
{{ told() }}"""


def test_a_template_reads_and_calls_what_jinja_reads_and_calls(app: Flask) -> None:
    row = Row(text="key", other="<key>", broken="mended")
    row["parts"] = [Row(other=Row(text=number)) for number in range(2)]
    plain, printed_by, calls = Plain(autoescape=True, trim_blocks=True, lstrip_blocks=True), [], []
    told = pass_environment(lru_cache(lambda environment: str(environment.trim_blocks)))
    for environment in (app.jinja_env, plain):
        Row.calls = 0
        text = environment.from_string(READING).render(row=row, kept=lru_cache(str.upper), told=told)
        printed_by.append(text)
        calls.append(Row.calls)
    assert printed_by[0] == printed_by[1]
    assert "attribute &lt;key&gt; mended 4" in printed_by[0]
    assert "attributeattribute2ATTRIBUTE" in printed_by[0]
    assert calls == [4, 4]


@pytest.mark.parametrize("source", ["{{ row.nothing }}", "{{ row.text.nothing }}", "{{ nothing.text }}"])
def test_an_attribute_that_is_not_there_is_an_error(app: Flask, source: str) -> None:
    with pytest.raises(UndefinedError, match="nothing"):
        app.jinja_env.from_string(source).render(row=Row())


def test_what_nobody_gave_is_an_error(app: Flask) -> None:
    assert app.jinja_env.undefined is StrictUndefined
    with pytest.raises(UndefinedError):
        app.jinja_env.from_string("{{ nothing }}").render()


def test_plain_text_is_not_escaped(app: Flask) -> None:
    for name, way in {"letter.txt": "str(", "page.html": "environment.printed("}.items():
        assert way in app.jinja_env.compile("{{ name }}", name, raw=True)


def rendered(folder: Path, compiled: Compiled) -> str:
    (folder / "page.html").write_text("{{ 1 + 1 }}")
    environment = Plain(loader=FileSystemLoader(folder), bytecode_cache=compiled, autoescape=True)
    return environment.get_template("page.html").render()


def test_templates_are_kept_compiled(tmp_path: Path) -> None:
    assert rendered(tmp_path, Compiled(tmp_path / "kept")) == "2"
    assert list((tmp_path / "kept").rglob("*.cache"))


def test_a_disk_that_takes_nothing_costs_no_page(tmp_path: Path) -> None:
    compiled = Compiled(tmp_path / "kept")
    shutil.rmtree(tmp_path / "kept")
    assert rendered(tmp_path, compiled) == "2"
