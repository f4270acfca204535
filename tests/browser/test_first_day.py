"""The first day, from nothing: an empty installation, a code in the terminal, and a browser."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from ilp.core.clock import now
from ilp.services.wilayah import import_codes, read_package
from tests.conftest import a_name
from tests.support.chromium import DESKTOP, PATIENCE, PHONE, complaint
from tests.support.databases import Database, blank, copy, run_in
from tests.support.processes import answers, process, wait_for

pytestmark = pytest.mark.browser
PASSWORD = "kuda meja biru lari"


@pytest.fixture(scope="module")
def country(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Database:
    """The whole country, and nobody in it."""
    database = blank(engine, a_name(), tmp_path_factory.mktemp("country"))
    run_in(database, lambda: import_codes(read_package()))
    return database


@pytest.fixture
def opening(country: Database, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The address of an empty installation, and the code that its terminal shows."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    database = copy(country, a_name(), tmp_path)
    arguments = ("-m", "flask", "--app", "app", "jalankan")
    with process(database, *arguments, PORT=str(port), ILP_DEMO="0") as server:
        wait_for(lambda: server.poll() is not None or answers(port), "the product to answer")
        for line in server.stdout or ():
            if found := re.fullmatch(r"\s+([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})\n", line):
                break
        assert found
        yield f"http://127.0.0.1:{port}", found[1]
        server.terminate()
        server.wait(40)


@pytest.mark.parametrize(
    ("search", "place", "zone", "words", "width", "scripts"),
    [
        ("manokwari", "Kabupaten Manokwari", "WIT", ("Distrik", "Kampung"), PHONE, True),
        ("kota tegal", "Kota Tegal", "WIB", ("Kecamatan", "Desa"), DESKTOP, False),
    ],
    ids=["manokwari", "tegal"],
)
def test_an_office_begins(  # noqa: PLR0917 (the story has so many turns)
    opening: tuple[str, str],
    new_context: Callable[..., BrowserContext],
    search: str,
    place: str,
    zone: str,
    words: tuple[str, str],
    width: int,
    scripts: bool,
) -> None:
    address, code = opening
    complaints: list[str] = []
    context = new_context(
        base_url=address,
        viewport={"width": width, "height": 800},
        locale="id-ID",
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("console", lambda message: complaints.extend(complaint(message)))
    page.goto("/")
    page.get_by_label("Kode").fill(code.lower())
    page.get_by_role("button", name="Lanjutkan").click()
    page.get_by_label("Cari kabupaten atau kota").fill(search)
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name=place, exact=True).click()
    expect(page.get_by_label("Zona waktu").locator("option:checked")).to_have_text(zone)
    expect(page.get_by_label("Sebutan kecamatan")).to_have_value(words[0])
    expect(page.get_by_label("Sebutan desa")).to_have_value(words[1])
    describe(page)
    enrol(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Meja kerja")
    expect(page.get_by_text(f"PEMERINTAH {place.upper()}")).to_be_visible()
    page.get_by_role("link", name="5 langkah lagi").click()
    expect(page.get_by_role("heading", name="Bagikan akun")).to_be_visible()
    page.goto("/direktori/?jenis=kecamatan")
    expect(page.get_by_role("link", name=re.compile(f"^{words[0]} ")).first).to_be_visible()
    page.goto("/mulai")
    expect(page.get_by_role("heading", level=1)).to_have_text("Meja kerja")
    assert not complaints


def describe(page: Page) -> None:
    """The last form of the first day, sent."""
    page.get_by_label("Alamat pada kop").fill("Jalan Contoh Nomor 1")
    page.get_by_label("Nama lengkap").fill("Yosina Contoh")
    page.get_by_label("Nama pengguna").fill("admin.pertama")
    page.get_by_label("Kata sandi baru", exact=True).fill(PASSWORD)
    page.get_by_label("Kata sandi baru, sekali lagi").fill(PASSWORD)
    page.get_by_label("Saya juga bekerja sebagai sekretariat").check()
    page.get_by_role("button", name="Dirikan dan masuk").click()


def enrol(page: Page) -> None:
    """Before anything else an administrator's phone learns its key."""
    page.get_by_role("button", name="Siapkan kode masuk").click()
    expect(page.locator(".qr svg")).to_be_visible()
    shown = page.get_by_text("Ketik kunci ini").inner_text()
    phone = pyotp.TOTP(re.sub(r"[^A-Z2-7]", "", shown.rpartition(":")[2]))
    page.get_by_label("Kode").fill(phone.at(now()))
    page.get_by_label("Kata sandi").fill(PASSWORD)
    page.get_by_role("button", name="Aktifkan").click()
    expect(page.locator("ol code")).to_have_count(10)
    page.get_by_role("link", name="Sudah saya simpan").click()
