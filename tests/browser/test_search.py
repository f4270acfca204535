"""The search by keyboard alone: the key, the words, Enter, and the arrows."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.chromium import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_from_any_page_to_a_result_without_a_mouse(visit: Visit, width: int) -> None:
    page = visit("setda.malang", width)
    page.goto("/rapat/")
    page.keyboard.press("/")
    expect(page.locator("[name=cari]:focus")).to_be_visible()
    page.keyboard.type("camat kepanjen")
    page.keyboard.press("Enter")
    box, links = page.locator("main input[type=search]"), page.locator("[data-arrows] h3 a")
    expect(links.first).to_be_visible()
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(links.first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/direktori/orang/*")
