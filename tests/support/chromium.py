"""Chromium as the tests start it, and what they expect of every page in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from playwright.sync_api import ConsoleMessage, Page

DESKTOP, PHONE = 1280, 360
PATIENCE = 30_000
"""Milliseconds a page may take on a busy machine."""

FLAGS = """
    --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
    --disable-component-update --disable-sync
"""
OPTIONS = {"executable_path": shutil.which("chromium"), "args": FLAGS.split()}

Visit = Callable[..., Page]
"""`visit("setda.malang", PHONE)`: a page of somebody's, watched."""


def complaint(message: ConsoleMessage) -> list[str]:
    """What the console says of a fault of ours; Chromium also notes there each refusal the tests provoke."""
    provoked = ("the server responded with a status of 4", "net::ERR_INTERNET", "Failed to fetch")
    if message.type not in ("error", "warning") or any(words in message.text for words in provoked):
        return []
    return [f"{message.text} ({message.location.get('url', '')})"]
