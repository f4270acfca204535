"""The guides and the pages that lead into them: every link arrives, and nothing in them runs."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from ilp.blueprints import MOUNTS
from ilp.web.guide_text import anchor, read_guide
from ilp.web.guides import GUIDES, HELPFUL, PICTURES, helpful
from tests.support.browser import Browser

BASE = "/bantuan/"
WITHOUT_HELP = {"gallery", "health", "help", "jobs", "login", "setup", "verification"}
"""Pages for nobody who is logged in, or that only show the work of others."""


@pytest.mark.parametrize("address", sorted(set(HELPFUL.values())))
def test_every_page_leads_to_a_part_that_is_there(address: str) -> None:
    name, part = address.split("#")
    assert part in read_guide(name, BASE).anchors


def test_every_part_of_the_product_has_help(app: Flask) -> None:
    assert {blueprint.name for blueprint, _ in MOUNTS} <= {*HELPFUL, *WITHOUT_HELP}
    assert {name for name in HELPFUL if "." in name} <= set(app.view_functions)
    assert helpful("meetings.show") != helpful("meetings.index") == HELPFUL["meetings"]
    assert helpful(None) == helpful("jobs.show") == ""


@pytest.mark.parametrize("name", GUIDES)
def test_every_link_and_picture_of_a_guide_arrives(name: str) -> None:
    soup = BeautifulSoup(read_guide(name, BASE).body, "html.parser")
    for link in soup.find_all("a", href=True):
        path, _, part = str(link["href"]).partition("#")
        assert path in ("", *(f"{BASE}{guide}" for guide in GUIDES)), path
        if part:
            assert part in read_guide(path.removeprefix(BASE) or name, BASE).anchors, link["href"]
    for picture in soup.find_all("img"):
        assert (PICTURES / str(picture["src"]).rpartition("/")[2]).is_file()
        assert picture["alt"]
        assert (picture["width"], picture["height"]) in {("1280", "860"), ("360", "1000")}


@pytest.mark.parametrize("name", GUIDES)
def test_the_text_is_marked_up_and_nothing_of_it_is_lost(name: str) -> None:
    body = read_guide(name, BASE).body
    assert not re.search(r"<script|&lt;img|\*\*|\]\(", body)
    assert "Anda" not in body


def test_headings_have_the_anchors_of_code_repositories() -> None:
    assert anchor("3. Memanggil rapat, dan menerbitkan undangan") == (
        "3-memanggil-rapat-dan-menerbitkan-undangan"
    )


# --- the pages --------------------------------------------------------------------------------------
def test_whoever_is_logged_in_reads_the_guides(app: Flask) -> None:
    browser = Browser(app, "camat.kepanjen")
    assert "Panduan pemakaian" in browser.get(BASE).text
    for name in GUIDES:
        page = browser.get(f"{BASE}{name}")
        assert len(page.soup.select("nav[aria-label='Daftar isi'] a")) >= 10  # type: ignore[attr-defined]
    with browser.get(f"{BASE}gambar/rapat-1280.png") as picture:
        assert picture.mimetype == "image/png"
    Browser(app).get(BASE, status=303)


@pytest.mark.parametrize(
    "path", ["lain", "panduan.md", "gambar/tidak-ada.png", "gambar/..%2fpanduan.md", "gambar/panduan.md"]
)
def test_nothing_else_is_served(app: Flask, path: str) -> None:
    Browser(app, "camat.kepanjen").get(f"{BASE}{path}", status=404)


def test_a_page_leads_to_its_help(app: Flask) -> None:
    browser = Browser(app, "setda.malang")
    for path, part in {"/": "2-meja-kerja", "/komitmen/": "13-komitmen-bersama"}.items():
        link = browser.get(path).soup.find("a", {"aria-label": "Bantuan untuk halaman ini"})  # type: ignore[attr-defined]
        assert link["href"] == f"{BASE}panduan#{part}"
