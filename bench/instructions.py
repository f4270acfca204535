"""`python -m bench.instructions app`: instructions of a request, in a process of its own under Valgrind.

A processor that is shared with others takes its time as it can; how many instructions a request takes, it
cannot change. Reads JSON from standard input, a list of raw requests by name, and writes millions by name: of
each list the first `WARMING` warm the application, the mean of the others counts. Neither the web server nor
the database's own processes are in it.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import run_wsgi_app

from bench.counting import environ

WARMING, MEASURED = 4, 6
MARK = "getpgid"
"""A call of the C library that nothing else makes: there Callgrind writes down its count and begins anew."""
INSIDE = "--inside"


def available() -> bool:
    """Whether this machine has Valgrind; the figure is left out where it has not."""
    return shutil.which("valgrind") is not None


def main() -> None:
    asked = sys.stdin.read()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "counted"
        subprocess.run(  # noqa: S603 - our own module
            [
                *("valgrind", "--tool=callgrind", f"--dump-before={MARK}", f"--callgrind-out-file={out}"),
                *(f"--log-file={out}.log", sys.executable, "-m", "bench.instructions", sys.argv[1], INSIDE),
            ],
            env=os.environ | {"PYTHONHASHSEED": "0"},
            input=asked,
            text=True,
            check=True,
        )
        # What came before the first mark, then by turns what was measured and what warmed the next.
        parts = [_total(Path(f"{out}.{2 * number}")) for number in range(1, len(json.loads(asked)) + 1)]
    print(json.dumps({name: part / MEASURED for name, part in zip(json.loads(asked), parts, strict=True)}))


def inside() -> None:
    """What runs under Valgrind. Raises RuntimeError if a request is refused: it would cost too little."""
    app: Flask = importlib.import_module(sys.argv[1]).app
    asked: dict[str, list[str]] = json.load(sys.stdin)
    for requests in asked.values():
        ready = [environ(request.encode("latin-1")) for request in requests]
        _run(app, ready[:WARMING])
        os.getpgid(0)
        _run(app, ready[WARMING:])
        os.getpgid(0)


def _run(app: Flask, requests: list[dict[str, Any]]) -> None:
    for request in requests:
        status = run_wsgi_app(app.wsgi_app, request)[1]
        if int(status[:3]) >= 400:
            raise RuntimeError(f"{request['PATH_INFO']} answers {status}")


def _total(dump: Path) -> float:
    """Millions of instructions in a dump of Callgrind."""
    found = re.findall(r"^(?:totals|summary): (\d+)", dump.read_text(), re.MULTILINE)
    return int(found[-1]) / 1e6


if __name__ == "__main__":
    if INSIDE in sys.argv:
        inside()
    else:
        main()
