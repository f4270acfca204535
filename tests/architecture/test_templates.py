"""House rules of the templates, read with Jinja's own parser and from the text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from ilp.core.config import ROOT

FOLDER = ROOT / "ilp" / "templates"
PAGES = sorted(p for p in FOLDER.rglob("*.html") if "pdf" not in p.parts and "mail" not in p.parts)
PARSER = Environment(extensions=["jinja2.ext.do"])


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_that_extends_has_nothing_at_its_top(path: Path) -> None:
    """A block rendered alone does not see top-level imports, sets and macros of its page."""
    tree = PARSER.parse(path.read_text())
    if not any(isinstance(node, nodes.Extends) for node in tree.body):
        return
    stray = [
        type(node).__name__
        for node in tree.body
        if isinstance(node, nodes.Import | nodes.FromImport | nodes.Assign | nodes.Macro)
    ]
    assert stray == []


FORBIDDEN = {
    "an inline style": r"\sstyle=",
    "an inline script": r"<script(?![^>]*\bsrc=)",
    "a style element": r"<style",
    "an inline event": r"\son[a-z]+=|hx-on",
    "a js: value": r"[\"']js:",
    "unescaped text": r"\|\s*safe\b",
    "another origin": r"(?:src|href)=[\"']https?://",
    "somebody called Anda": r"\b[Aa]nda\b",
}


@pytest.mark.parametrize("path", PAGES, ids=name)
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_contains(path: Path, what: str) -> None:
    found = re.search(FORBIDDEN[what], path.read_text())
    assert found is None, f"{name(path)}: {found.group(0) if found else ''}"


def test_every_template_is_used() -> None:
    """Rendered by a route, included, extended or imported somewhere."""
    everything = "\n".join(
        p.read_text()
        for p in [*FOLDER.rglob("*.html"), *FOLDER.rglob("*.txt"), *(ROOT / "ilp").rglob("*.py")]
    )
    special = ("errors/", "ui/", "pdf/", "mail/")
    unused = [name(p) for p in PAGES if not name(p).startswith(special) and name(p) not in everything]
    assert unused == []
