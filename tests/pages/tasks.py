"""A task in the hands of the office that reports and of the one that reviews."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page, expect

from tests.pages.meetings import press


def open_from_desk(page: Page, title: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=title).first.click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def add_photos(page: Page, photos: list[FilePayload]) -> None:
    page.locator("#lapor input[name=photos]").set_input_files(photos)


def report(page: Page, state: str, note: str) -> None:
    box = page.locator("#lapor")
    box.get_by_text(state, exact=True).click()
    box.get_by_label("Catatan").fill(note)
    press(page, "Kirim laporan")


def review(page: Page, verdict: str, reason: str = "") -> None:
    box = page.locator("#periksa")
    box.get_by_text(verdict, exact=True).click()
    box.get_by_label("Catatan pemeriksa").fill(reason)
    press(page, "Simpan hasil pemeriksaan")
