"""The only place where files from outside are opened: in a child process with limits (sandbox.py).

A bomb, a broken file or a hostile one ends the child; the web process sees a `Refused` with a reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

SANDBOX = Path(__file__).with_name("sandbox.py")
SECONDS = 12
AT_ONCE = BoundedSemaphore(2)
"""How many children one web process keeps at the same time; the others wait."""


class Reason(StrEnum):
    """Why a file is not taken."""

    KIND = "kind"
    DAMAGED = "damaged"
    PIXELS = "pixels"
    ENCRYPTED = "encrypted"
    PAGES = "pages"
    ACTIVE = "active"
    OLD = "old"
    LARGE = "large"
    ROWS = "rows"
    COLUMNS = "columns"


class Refused(Exception):
    """A foreign file that is not taken; nothing of it was kept."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Photo:
    """A photograph encoded anew as JPEG, upright and without metadata, with a small preview."""

    image: bytes
    preview: bytes
    width: int
    height: int


def read_photo(data: bytes) -> Photo:
    """Reads JPEG, PNG or WebP of up to 50 million pixels. Raises Refused for anything else."""
    facts, body = _ask("photo", data)
    cut = facts["lengths"][0]
    return Photo(body[:cut], body[cut:], facts["width"], facts["height"])


def read_emblem(data: bytes) -> bytes:
    """An emblem encoded anew: PNG of at most 1,200 pixels, or SVG that only draws.

    Raises Refused for anything else, for what is larger than 50 million pixels, and for an SVG that
    declares entities.
    """
    return _ask("emblem", data)[1]


def check_paper(data: bytes) -> int:
    """The number of pages of a PDF that may be kept as it is.

    Raises Refused for what does not begin as a PDF, is encrypted, has over 300 pages, or carries
    scripts, programs, forms that send, or other files.
    """
    facts, _ = _ask("paper", data)
    return int(facts["pages"])


def read_sheet(data: bytes) -> list[list[str | int | float]]:
    """The cells of an Excel file (xlsx), row by row, as texts and numbers; days as 2025-03-01.

    Raises Refused for anything else, and for one beyond 5,200 rows, 100 columns or 50 MB when inflated.
    """
    _, body = _ask("sheet", data)
    rows: list[list[str | int | float]] = json.loads(body)
    return rows


def _ask(kind: str, data: bytes) -> tuple[dict[str, Any], bytes]:
    command = [sys.executable, "-I", str(SANDBOX), kind]
    with AT_ONCE:
        try:
            child = subprocess.run(  # noqa: S603  (our own file, a word of ours)
                command, input=data, capture_output=True, timeout=SECONDS, check=False, env={}
            )
        except subprocess.TimeoutExpired as error:
            raise Refused(Reason.DAMAGED) from error
    head, separator, body = child.stdout.partition(b"\n")
    if child.returncode != 0 or not separator:
        raise Refused(Reason.DAMAGED)
    facts = json.loads(head)
    if "refused" in facts:
        raise Refused(Reason(facts["refused"]))
    return facts, body
