"""Photograph pages of a running product at phone and desktop width.

    python scripts/screenshots.py --url http://127.0.0.1:8000 --login setda.malang --paths / /rapat/

Signs in with the demo password (or `--password`), follows each path and writes `<path>-<width>[-gelap].png`
to `--out`. Says on the way what a page does wrong: an answer that is no 200, an error on the console,
sideways scrolling.
"""

from __future__ import annotations

import argparse
import re
import shutil
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, StorageState, sync_playwright

WIDTHS = (360, 1280)
HEIGHT = 800
CHROMIUM = """
    --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync
"""


def main() -> None:
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM.split())
        state = sign_in(browser, options) if options.login else None
        for scheme in ("light", "dark") if options.dark else ("light",):
            for width in options.widths:
                context = browser.new_context(
                    viewport={"width": width, "height": HEIGHT},
                    color_scheme=scheme,
                    locale="id-ID",
                    storage_state=state,
                )
                for path in options.paths:
                    photograph(context, options.url + path, options.out / name(path, width, scheme), width)
        browser.close()


def sign_in(browser: Browser, options: argparse.Namespace) -> StorageState:
    """The cookies of a signed-in user, through the login page like anybody."""
    page = browser.new_page()
    page.goto(f"{options.url}/masuk")
    page.fill("input[autocomplete=username]", options.login)
    page.fill("input[type=password]", options.password)
    page.click("main form button.main")
    page.wait_for_load_state()
    if "/masuk" in page.url:
        raise SystemExit(f"{options.login} cannot sign in: {page.inner_text('main')}")
    return page.context.storage_state()


def photograph(context: BrowserContext, url: str, file: Path, width: int) -> None:
    """The whole page, in a window as high as the page, so that bars stay at its foot."""

    def tell(message: ConsoleMessage) -> None:
        if message.type == "error":
            print(f"{url}: {message.text}")

    page = context.new_page()
    page.on("console", tell)
    answer = page.goto(url, wait_until="networkidle")
    if answer and answer.status != 200:
        print(f"{url}: answered {answer.status}")
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        print(f"{url}: scrolls sideways at {width}")
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=str(file))
    page.close()
    print(file)


def name(path: str, width: int, scheme: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "meja-kerja"
    return f"{words}-{width}{'-gelap' if scheme == 'dark' else ''}.png"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Photograph pages of a running product.")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--login")
    parser.add_argument("--password", default="contoh-ilp-2024")
    parser.add_argument("--paths", nargs="+", default=["/"])
    parser.add_argument("--widths", nargs="+", type=int, default=list(WIDTHS))
    parser.add_argument("--dark", action="store_true", help="in the dark colours too")
    parser.add_argument("--out", type=Path, default=Path("shots"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
