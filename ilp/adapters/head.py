"""The head of a letter as a picture, to be looked at while it is edited: set in a child process.

Papers are rendered by the job process alone. This is no paper: it answers somebody who waits, in a
process of its own, so that no web process loads the typesetter or stands still for long. An emblem came from
outside, so that process has the limits of the sandbox, and nothing of our environment.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from threading import BoundedSemaphore

from ilp.adapters import sandbox
from ilp.core.config import ROOT
from ilp.core.papers.parts import Letterhead

SECONDS = 20
FONT_FILES = 16 * sandbox.MEBIBYTE
"""The typesetter writes the fonts out for its libraries."""
AT_ONCE = BoundedSemaphore(1)
KEPT = 16
"""Pictures that a web process keeps: somebody who types looks at the same one again."""


class NoPicture(Exception):
    """This head cannot be drawn within bounds. The message is for the log only."""


def picture(head: Letterhead, *, number: str, paper: str, files: Mapping[str, bytes]) -> bytes:
    """PNG of the upper part of a letter with this head; `files` holds the emblem by its fingerprint.

    Raises NoPicture if the child process fails or takes too long.
    """
    asked = {
        "head": head,
        "number": number,
        "paper": paper,
        "files": {name: base64.b64encode(data).decode() for name, data in files.items()},
    }
    return _drawn(json.dumps(asked, sort_keys=True))


@lru_cache(maxsize=KEPT)
def _drawn(asked: str) -> bytes:
    command = [sys.executable, "-m", "ilp.adapters.head"]
    with AT_ONCE:
        try:
            child = subprocess.run(  # noqa: S603  (our own module)
                command,
                input=asked.encode(),
                capture_output=True,
                timeout=SECONDS,
                check=False,
                cwd=ROOT,
                env={},
            )
        except subprocess.TimeoutExpired as error:
            raise NoPicture("it took too long") from error
    if child.returncode != 0:
        raise NoPicture(child.stderr.decode(errors="replace")[-400:])
    return child.stdout


def main() -> None:
    sandbox.limit(SECONDS, FONT_FILES)
    from ilp.adapters import pdf  # noqa: PLC0415  (the typesetter, only in the child)

    asked = json.load(sys.stdin)
    files = {name: base64.b64decode(data) for name, data in asked["files"].items()}
    sys.stdout.buffer.write(
        pdf.head_picture(asked["head"], number=asked["number"], paper=asked["paper"], files=files)
    )


if __name__ == "__main__":
    main()
