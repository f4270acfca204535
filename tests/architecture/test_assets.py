"""The build script: what templates ask for is there, and a style sheet finds its files under hashed names."""

from __future__ import annotations

import re

import pytest

from ilp.models.tasks import AssignmentStatus
from ilp.web.menu import ENTRIES
from scripts import assets

TEMPLATES = assets.ROOT / "ilp" / "templates"
NAMES = {"css/app.css": "build/css/app.1.css", "img/a.png": "build/img/a.2.png"}


def in_templates(pattern):
    texts = (path.read_text() for path in TEMPLATES.rglob("*.html"))
    return {found for text in texts for found in re.findall(pattern, text)}


def test_every_icon_asked_for_is_cut():
    asked = in_templates(r"\bicon\('([a-z0-9-]+)'") | {entry.icon for entry in ENTRIES}
    assert asked <= set(assets.ICONS.split())


def test_every_asset_asked_for_is_in_the_manifest():
    asked = in_templates(r"\basset\('([^']+)'\)")
    assert asked
    assert asked <= assets.hash_sources().keys()


@pytest.mark.parametrize("written", ["../img/a.png", '"../img/a.png"', " '../img/a.png' "])
def test_relative_url_is_pointed_at_the_hashed_file(written):
    sheet = assets.STATIC / "css" / "app.css"
    assert assets.with_hashed_urls(sheet, f"a{{b:url({written})}}", NAMES) == "a{b:url(../img/a.2.png)}"


def test_a_small_drawing_stands_in_the_sheet():
    sheet = assets.STATIC / "css" / "app.css"
    written = assets.with_hashed_urls(sheet, "a{b:url(../img/chevron.svg)}", assets.hash_sources())
    assert written.startswith('a{b:url("data:image/svg+xml,%3Csvg ')
    assert "#" not in written


@pytest.mark.parametrize(
    "kept", ["url(#hatch)", "url(asset:x.woff2)", 'url("data:image/svg+xml,%3Csvg/%3E")']
)
def test_other_addresses_stay(kept):
    assert assets.with_hashed_urls(assets.STATIC / "css" / "app.css", kept, NAMES) == kept


def test_the_style_sheet_finds_each_state_where_it_was_drawn():
    sheet = (assets.STATIC / "css" / "matrix.css").read_text()
    places = len(assets.STATES) - 1
    drawn = [(state, n * 100 // places) for n, state in enumerate(assets.STATES)]
    found = re.findall(r"\[data-s=(\w+)\] { --at: (\d+)% }", sheet)
    assert [("assigned", 0), *((state, int(at)) for state, at in found)] == drawn
    assert f"/{len(assets.STATES)}00%" in sheet
    assert set(assets.STATES) == set(AssignmentStatus)


def test_url_without_a_file_stops_the_build():
    with pytest.raises(SystemExit, match=re.escape("css/app.css: url(none.png) has no file")):
        assets.with_hashed_urls(assets.STATIC / "css" / "app.css", "url(none.png)", NAMES)
