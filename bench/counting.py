"""`python -m bench.counting app`: SQL statements and fetched rows of requests, in a process of its own.

Reads JSON from standard input, a list of raw requests by name, and writes [statements, rows] by name. Of
each list the last request is counted; those before it warm the application.
"""

from __future__ import annotations

import importlib
import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.pool import Pool
from werkzeug.test import run_wsgi_app

from tests.support.queries import counted


@contextmanager
def fetched() -> Iterator[list[int]]:
    """Counts the rows that the driver hands over on connections opened inside."""
    rows = [0]

    def one_more(made: Any) -> Any:
        rows[0] += 1
        return made

    def for_psycopg(cursor: Any) -> Any:
        return lambda values: one_more(tuple(values))

    def watch(connection: Any, record: Any) -> None:
        sqlite = type(connection).__module__.startswith("sqlite3")
        connection.row_factory = (lambda cursor, row: one_more(row)) if sqlite else for_psycopg

    sa.event.listen(Pool, "connect", watch)
    try:
        yield rows
    finally:
        sa.event.remove(Pool, "connect", watch)


def count(app: Flask, request: bytes, rows: list[int]) -> tuple[int, int]:
    """Statements and rows of one request; `rows` is what `fetched` counts."""
    rows[0] = 0
    with counted() as statements:
        run_wsgi_app(app.wsgi_app, environ(request))
    return len(statements), rows[0]


def environ(request: bytes) -> dict[str, Any]:
    """A WSGI environment of a raw HTTP request."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    path, _, query = target.partition("?")
    headers = {
        name.upper().replace("-", "_"): value for name, value in (line.split(": ", 1) for line in lines)
    }
    host, _, port = headers["HOST"].partition(":")
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": headers.get("CONTENT_TYPE", ""),
        "CONTENT_LENGTH": headers.get("CONTENT_LENGTH", ""),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.version": (1, 0),
        **{f"HTTP_{name}": value for name, value in headers.items()},
    }


def main() -> None:
    asked: dict[str, list[str]] = json.load(sys.stdin)
    found = {}
    with fetched() as rows:
        app: Flask = importlib.import_module(sys.argv[1]).app
        for name, requests in asked.items():
            *warming, last = [request.encode("latin-1") for request in requests]
            for one in warming:
                run_wsgi_app(app.wsgi_app, environ(one))
            found[name] = count(app, last, rows)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
