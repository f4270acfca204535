"""A meeting as its organiser, its minute-taker and its leader handle it; with or without JavaScript."""

from __future__ import annotations

from datetime import date

from playwright.sync_api import Locator, Page, expect


def press(page: Page, name: str) -> None:
    """A button, a link or a question of this name in the body of the page."""
    main = page.locator("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).or_(
        main.locator("summary", has_text=name)
    ).first.click()


def told(page: Page, words: str) -> None:
    """The page says what happened."""
    expect(page.get_by_role("status").filter(has_text=words).first).to_be_visible()


def call_after_pattern(page: Page, pattern: str, title: str, day: date) -> str:
    """A draft with the agenda and the list of another meeting; its address."""
    page.goto("/rapat/?saring=selesai")
    page.get_by_role("link", name=pattern).click()
    press(page, "Pakai sebagai pola")
    return save_as(page, title, day)


def save_as(page: Page, title: str, day: date) -> str:
    page.get_by_label("Judul rapat").fill(title)
    page.get_by_label("Tanggal", exact=True).fill(day.isoformat())
    press(page, "Simpan, lanjut ke agenda")
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    return page.url.removesuffix("/agenda").partition("?")[0].removesuffix("/agenda")


def add_item(page: Page, title: str) -> None:
    page.get_by_label("Butir acara").fill(title)
    press(page, "Tambah butir")
    expect(page.get_by_role("heading", name=title)).to_be_visible()


def invite_group(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()
    expect(page.locator(".chip[data-s=accepted]").filter(has_text=name)).to_be_visible()


def invite_contact(page: Page, name: str, title: str) -> None:
    page.get_by_label("Nama lengkap dengan gelar").fill(name)
    page.get_by_label("Jabatan", exact=True).fill(title)
    press(page, "Undang kontak ini")
    expect(page.locator("#daftar").get_by_text(name)).to_have_count(1)


def search_seat(page: Page, words: str) -> None:
    """Somebody stands at the attendance desk; the first that fits is at hand."""
    page.get_by_label("Nama, jabatan, atau instansi").fill(words)
    page.get_by_role("button", name="Cari").click()
    expect(page.locator(".desk-results mark").first).to_be_visible()


def was_noted(page: Page, words: str) -> None:
    expect(page.locator(".desk-last")).to_contain_text(words)


def writing(page: Page) -> Locator:
    """The editor of the row being written."""
    return page.locator(".minute.editing")


def write_row(page: Page, kind: str, text: str) -> Locator:
    """A note or a decision under the item that is open for writing; the row as it then stands."""
    page.locator(".add").get_by_role("link", name=kind).click()
    expect(writing(page).get_by_role("radio", name=kind)).to_be_checked()
    writing(page).get_by_label("Isi baris").fill(text)
    writing(page).get_by_role("button", name="Simpan").click()
    row = page.locator(".minute:not(.editing)").filter(has_text=text)
    expect(row).to_be_visible()
    return row


def make_task(page: Page, decision: Locator, group: str, due: date) -> None:
    """The task that follows from a decision, for every office of a group."""
    decision.get_by_role("link", name="Jadikan tugas").click()
    writing(page).get_by_label(group).check()
    writing(page).get_by_label("Tenggat").fill(due.isoformat())
    writing(page).get_by_role("button", name="Simpan").click()
    expect(page.locator(".task-row").filter(has_text=group.removeprefix("Semua "))).to_be_visible()
    basis = page.locator(".decision-row").and_(decision)
    expect(basis).to_contain_text("1 tugas turunan")
    expect(basis).not_to_contain_text("Belum berpenanggung jawab")
