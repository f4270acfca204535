from __future__ import annotations

from playwright.sync_api import Page, expect

from ilp.core.demo import PASSWORD


def fill_in(page: Page, username: str) -> None:
    """The login form, sent."""
    page.get_by_label("Nama pengguna").fill(username)
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()


def sign_in(page: Page, username: str) -> None:
    page.goto("/masuk")
    fill_in(page, username)
    expect(page.locator(".masthead, .account-menu").first).to_be_attached()
