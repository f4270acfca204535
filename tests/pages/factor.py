"""The page on which an account's phone learns its key."""

from __future__ import annotations

import re

import pyotp

from ilp.core.clock import now
from ilp.core.demo import PASSWORD
from tests.support.browser import Browser

PAGE = "/akun/kode-masuk"


def enrol(browser: Browser, password: str = PASSWORD) -> tuple[pyotp.TOTP, list[str]]:
    """Somebody's phone, and the ten codes for the day it is lost."""
    if f"{PAGE}/siapkan" in browser.get(PAGE).text:
        browser.post(f"{PAGE}/siapkan", page=PAGE)
    page = browser.get(PAGE)
    key = re.search(r"kunci ini: ([A-Z2-7 ]+)", page.soup.get_text())
    assert key
    assert page.soup.select_one(".qr svg")
    phone = pyotp.TOTP(key[1].replace(" ", ""))
    shown = browser.post(PAGE, {"code": phone.at(now()), "password": password}, page=PAGE, status=200)
    return phone, [code.text for code in shown.soup.select("ol code")]
