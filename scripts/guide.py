"""Take the pictures of the user's guide from a running product that holds the demo.

    python scripts/guide.py --url http://127.0.0.1:8000

Signs in through the login page, walks to each page of SHOTS by the links a user would press, and writes
`docs/gambar/<name>-<width>.png`, in few colours and at most 120 kB. It opens the meeting of the day and a
commitment for signing, so that there is one to photograph; run it on a demo of its own.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
from argparse import Namespace
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, StorageState, sync_playwright
from screenshots import CHROMIUM, sign_in

Name = str | re.Pattern[str]

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "gambar"
LARGEST = 120_000
COLOURS = (128, 64, 32, 16)
DESKTOP, PHONE = 1280, 360
TALLEST = {DESKTOP: 860, PHONE: 1000}

TODAY = "Rapat persiapan lokakarya mini tribulanan"
KICKOFF = "Kick Off Integrasi Pelayanan Kesehatan Primer (ILP) Kabupaten Malang"
MONITORING = "Setiap kecamatan melaporkan monitoring ILP"
CODE = re.compile(r"^\w{4}-\w{4}-\w{4}$")
COMMITMENT = "Penyelenggaraan ILP Kabupaten Malang"


@dataclass(frozen=True)
class Shot:
    """A picture: who sees it, where the walk starts, what is pressed on the way, and what is added then."""

    name: str
    login: str
    width: int
    start: str
    press: tuple[Name, ...] = ()
    then: str = ""
    seen: str = "main"
    """What has to have come before the picture is taken."""


SHOTS = (
    Shot("masuk", "", PHONE, "/masuk"),
    Shot("meja-kerja", "setda.malang", DESKTOP, "/"),
    Shot("rapat-baru", "setda.malang", DESKTOP, "/rapat/?saring=selesai", (KICKOFF, "Pakai sebagai pola")),
    Shot("surat-undangan", "setda.malang", DESKTOP, "/rapat/", ("Rapat koordinasi lintas",), "/undangan"),
    Shot("presensi", "notulis.malang", PHONE, "/rapat/", (TODAY,), "/kehadiran?cari=dinas+kes"),
    Shot("rapat", "setda.malang", DESKTOP, "/rapat/?saring=selesai", (KICKOFF,)),
    Shot("menulis", "notulis.malang", DESKTOP, "/rapat/", (TODAY, "Tugas"), seen=".editing [type=date]"),
    Shot("keaslian", "setda.malang", PHONE, "/rapat/?saring=selesai", (KICKOFF, "Notula", CODE)),
    Shot("lapor", "camat.kepanjen", PHONE, "/", (MONITORING,)),
    Shot("periksa", "setda.malang", DESKTOP, "/tugas/?tampil=periksa", (MONITORING,)),
    Shot("matriks", "setda.malang", DESKTOP, "/tugas/matriks"),
    Shot(
        "pokjanal", "pokjanal.gunungmas", DESKTOP, "/pokjanal/", ("Pokjanal Posyandu Kabupaten Gunung Mas",)
    ),
    Shot("komitmen", "pokjanal.gunungmas", DESKTOP, "/komitmen/", ("Komitmen Bersama",)),
    Shot("tanda-tangan", "pimpinan.malang", PHONE, "/komitmen/", (COMMITMENT, "Baca dan tanda tangani")),
    Shot("penerapan", "dinkes.lumajang", DESKTOP, "/capaian/"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the pictures of the user's guide.")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--password", default="contoh-ilp-2024")
    parser.add_argument("--only", nargs="+", help="names of pictures to take; without it all of them")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM.split())

        @cache
        def state(login: str) -> StorageState | None:
            known = Namespace(url=options.url, login=login, password=options.password)
            return sign_in(browser, known) if login else None

        secretary = visit(browser, options.url, state("setda.malang"), DESKTOP)
        open_meeting(secretary)
        open_commitment(secretary)
        for shot in SHOTS:
            if not options.only or shot.name in options.only:
                page = visit(browser, options.url, state(shot.login), shot.width)
                walk(page, shot)
                file = FOLDER / f"{shot.name}-{shot.width}.png"
                file.write_bytes(small(photograph(page, shot.width)))
                print(f"{file.name}: {file.stat().st_size // 1000} kB")
                page.context.close()
        browser.close()


def visit(browser: Browser, url: str, state: StorageState | None, width: int) -> Page:
    context = browser.new_context(
        base_url=url, viewport={"width": width, "height": 800}, locale="id-ID", storage_state=state
    )
    return context.new_page()


def open_meeting(page: Page) -> None:
    """The meeting of the day in session; nothing to do if it is already."""
    page.goto("/rapat/")
    press(page, TODAY)
    button = page.get_by_role("button", name="Buka rapat")
    if button.is_visible():
        button.click()
        page.wait_for_load_state("networkidle")


def open_commitment(page: Page) -> None:
    """A commitment that waits for one signature; nothing to do if it is there already."""
    page.goto("/komitmen/")
    if page.get_by_role("link", name=COMMITMENT).count():
        return
    press(page, "Komitmen baru")
    page.get_by_label("Judul").fill(COMMITMENT)
    page.get_by_label("Pembukaan").fill(
        "Kami yang bertanda tangan di bawah ini menyatakan dukungan bagi ILP di Kabupaten Malang."
    )
    press(page, "Simpan naskah")
    press(page, "Tambah butir")
    page.get_by_label("Isi butir").fill("Menerapkan ILP di 39 Puskesmas.")
    press(page, "Simpan butir")
    press(page, "Tambah penandatangan")
    press(page, "Pimpinan")
    page.get_by_label("Sekretaris Daerah").first.check()
    press(page, "Tambah ke daftar")
    if "/penandatangan" in page.url:
        page.go_back()
    question = page.locator("details.confirm").filter(has_text="Buka penandatanganan")
    question.locator("summary").click()
    question.get_by_role("button", name="Buka penandatanganan").click()
    page.wait_for_load_state("networkidle")


def walk(page: Page, shot: Shot) -> None:
    page.goto(shot.start, wait_until="networkidle")
    for name in shot.press:
        press(page, name)
    if shot.then:
        page.goto(page.url.partition("?")[0] + shot.then, wait_until="networkidle")
    page.locator(shot.seen).first.wait_for()


def press(page: Page, name: Name) -> None:
    """The button or link of this name, the last of several: tabs of the same word come before it."""
    main = page.locator("main")
    main.get_by_role("link", name=name).or_(main.get_by_role("button", name=name)).last.click()
    page.wait_for_load_state("networkidle")


def photograph(page: Page, width: int) -> bytes:
    """The top of the page, no higher than a picture in the guide may be."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(height, TALLEST[width])})
    page.evaluate("scrollTo(0, 0)")
    return page.screenshot(animations="disabled")


def small(picture: bytes) -> bytes:
    """The same picture with as many colours as fit into the largest size."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in COLOURS:
        out = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            break
    return out.getvalue()


if __name__ == "__main__":
    main()
