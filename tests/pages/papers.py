"""Issued papers: waited for, downloaded, read, and checked in public."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import zxingcpp
from playwright.sync_api import Page, expect


def download(page: Page, address: str, kind: str) -> Path:
    """The PDF of this kind on a page, once the job process has issued it."""
    issued = page.locator(".document").filter(has_text=kind).get_by_role("link", name="Unduh PDF").first
    for _ in range(60):
        page.goto(address)
        if issued.is_visible():
            break
        page.wait_for_timeout(500)
    with page.expect_download() as started:
        issued.click()
    return Path(started.value.path())


def words_of(paper: Path) -> str:
    """All that is printed, as one line."""
    document = pypdfium2.PdfDocument(paper)
    text = " ".join(sheet.get_textpage().get_text_bounded() for sheet in document)
    document.close()
    return " ".join(text.split())


def address_in_qr(paper: Path) -> str:
    """What the QR of the last page says."""
    document = pypdfium2.PdfDocument(paper)
    picture = document[len(document) - 1].render(scale=3).to_pil()
    document.close()
    (symbol,) = zxingcpp.read_barcodes(picture)
    return str(symbol.text)


def check_file(page: Page, paper: Path) -> None:
    page.locator("input[type=file]").set_input_files(paper)
    page.get_by_role("button", name="Periksa berkas").click()
    page.wait_for_url("**/v/*?sidik=*")
    expect(page.locator(".verdict").first).to_be_visible()
