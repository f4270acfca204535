"""What goes wrong while somebody types: a session that ran out, a lost line, a double click, two writers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from ilp.core.clock import today
from tests.pages import meetings
from tests.pages.login import fill_in
from tests.pages.meetings import press
from tests.support.chromium import PHONE, Visit

pytestmark = pytest.mark.browser

PLANNED = "Rapat koordinasi lintas program dan lintas sektor ILP"


def open_minutes(page: Page) -> str:
    """The minutes of a planned meeting; its address."""
    page.goto("/rapat/")
    page.get_by_role("link", name=PLANNED, exact=True).click()
    expect(page.get_by_role("heading", level=1, name=PLANNED)).to_be_visible()
    page.goto(page.get_by_role("link", name="Tulis di butir 1").get_attribute("href") or "")
    expect(page.locator(".add").first).to_be_visible()
    return page.url.partition("?")[0].partition("#")[0]


def begin_row(page: Page, text: str) -> None:
    page.locator(".add").first.get_by_role("link", name="Catatan").click()
    meetings.writing(page).get_by_label("Isi baris").fill(text)


def test_what_was_typed_comes_back_after_the_session_ran_out(visit: Visit) -> None:
    page = visit()
    page.goto("/masuk")
    fill_in(page, "notulis.malang")
    page.wait_for_url("**/")
    open_minutes(page)
    page.get_by_role("link", name="Tulis di butir 2").click()
    expect(page.get_by_role("link", name="Tulis di butir 1")).to_be_visible()
    typed = "Baris yang ditulis lama sekali."
    begin_row(page, typed)
    page.context.clear_cookies()
    meetings.writing(page).get_by_role("button", name="Simpan").click()
    toast = page.locator(".toast").filter(has_text="Sesi Bapak/Ibu berakhir. Isian terakhir tersimpan.")
    toast.get_by_role("link", name="Masuk kembali").click()
    fill_in(page, "notulis.malang")
    expect(page.get_by_text("Isian terakhir dibuka kembali")).to_be_visible()
    expect(meetings.writing(page).get_by_label("Isi baris")).to_have_value(typed)
    meetings.writing(page).get_by_role("button", name="Simpan").click()
    expect(page.locator(".minute:not(.editing)").filter(has_text=typed)).to_have_count(1)


def test_what_was_sent_comes_back_after_the_session_ran_out_without_scripts(visit: Visit) -> None:
    page = visit(java_script_enabled=False)
    page.goto("/masuk")
    fill_in(page, "setda.malang")
    page.wait_for_url("**/")
    page.goto("/komitmen/baru")
    page.get_by_label("Judul").fill("Komitmen yang ditulis lama sekali")
    page.context.clear_cookies()
    press(page, "Simpan naskah")
    expect(page.get_by_text("Sesi Bapak/Ibu berakhir")).to_be_visible()
    fill_in(page, "setda.malang")
    press(page, "Lanjutkan menyimpan")
    expect(page.get_by_label("Judul")).to_have_value("Komitmen yang ditulis lama sekali")


def test_escape_gives_the_focus_back_to_what_opened_the_editor(visit: Visit) -> None:
    page = visit("notulis.malang")
    open_minutes(page)
    begin_row(page, "Baris yang kemudian diubah.")
    meetings.writing(page).get_by_role("button", name="Simpan").click()
    expect(meetings.writing(page).get_by_label("Isi baris")).to_have_value("")
    page.keyboard.press("Escape")
    expect(page.locator(".add").first.get_by_role("link", name="Catatan")).to_be_focused()
    change = (
        page.locator(".minute")
        .filter(has_text="Baris yang kemudian diubah.")
        .get_by_role("link", name="Ubah")
    )
    change.click()
    expect(meetings.writing(page).get_by_label("Isi baris")).to_be_focused()
    page.keyboard.press("Escape")
    expect(change).to_be_focused()


def test_a_lost_line_is_told_and_nothing_is_lost(visit: Visit) -> None:
    page = visit("notulis.malang")
    open_minutes(page)
    typed = "Baris tanpa jaringan."
    begin_row(page, typed)
    page.context.set_offline(True)
    meetings.writing(page).get_by_role("button", name="Simpan").click()
    expect(page.locator(".toast").filter(has_text="Jaringan terputus").first).to_be_visible()
    expect(meetings.writing(page).get_by_label("Isi baris")).to_have_value(typed)
    page.context.set_offline(False)
    meetings.writing(page).get_by_role("button", name="Simpan").click()
    expect(page.locator(".minute:not(.editing)").filter(has_text=typed)).to_have_count(1)


def test_a_double_click_leaves_one_record(visit: Visit) -> None:
    page = visit("setda.malang")
    title = "Rapat yang disimpan dengan klik ganda"
    page.goto("/rapat/baru")
    page.get_by_label("Judul rapat").fill(title)
    page.get_by_label("Tanggal", exact=True).fill((today() + timedelta(days=5)).isoformat())
    page.get_by_label("Mulai").fill("09:00")
    page.get_by_label("Tempat").fill("Pendopo")
    page.get_by_role("button", name="Simpan, lanjut ke agenda").dblclick()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()
    page.goto("/rapat/?saring=draf")
    expect(page.get_by_role("link", name=title)).to_have_count(1)


def test_a_double_click_on_a_row_leaves_one_row(visit: Visit) -> None:
    page = visit("notulis.malang")
    open_minutes(page)
    typed = "Baris dengan klik ganda."
    begin_row(page, typed)
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    meetings.writing(page).get_by_role("button", name="Simpan").dblclick()
    rows = page.locator(".minute:not(.editing)").filter(has_text=typed)
    expect(rows).to_have_count(1)
    expect(meetings.writing(page).get_by_label("Isi baris")).to_have_value("")
    assert len(sent) == 1
    page.reload()
    expect(rows).to_have_count(1)


def test_two_people_at_one_row_lose_nothing(visit: Visit) -> None:
    first, second = visit("notulis.malang"), visit("setda.malang", PHONE)
    address = open_minutes(first)
    begin_row(first, "Baris bersama.")
    meetings.writing(first).get_by_role("button", name="Simpan").click()
    row = first.locator(".minute:not(.editing)").filter(has_text="Baris bersama.")
    edit = f"{address}/baris/{(row.get_attribute('id') or '').removeprefix('baris-')}/ubah"
    for page in (first, second):
        page.goto(edit)
    for page, words in ((first, "Baris bersama, kata notulis."), (second, "Baris bersama, kata setda.")):
        meetings.writing(page).get_by_label("Isi baris").fill(words)
        meetings.writing(page).get_by_role("button", name="Simpan").click()
        if page is first:
            expect(page.locator(".minute:not(.editing)").filter(has_text=words)).to_be_visible()
    clash = second.locator(".clash")
    expect(clash).to_contain_text("diubah dua orang pada waktu yang sama")
    for words in ("kata notulis", "kata setda"):
        expect(clash).to_contain_text(words)
    press(second, "Gabungkan")
    second.get_by_label("Naskah gabungan").fill("Baris bersama, kata keduanya.")
    second.get_by_role("button", name="Simpan gabungan").click()
    expect(second.locator(".minute:not(.editing)").filter(has_text="kata keduanya")).to_be_visible()
    first.goto(address)
    expect(first.locator(".minute").filter(has_text="kata keduanya")).to_have_count(1)
    expect(first.locator(".clash")).to_have_count(0)
