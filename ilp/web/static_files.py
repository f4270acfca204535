"""Static files, answered before Flask is asked: compressed ahead, kept for ever under their hashed names."""

from __future__ import annotations

from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from ilp.web.security import POLICY, STEADY

HASHED = r"/static/build/.+\.[0-9a-f]{12}\.\w+$"


def add_headers(headers: Any, path: str, url: str) -> None:
    for name, value in (POLICY, *STEADY.items()):
        headers[name] = value


def init_app(app: Flask) -> None:
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=app.static_folder,
        prefix="static/",
        allow_all_origins=False,
        immutable_file_test=HASHED,
        add_headers_function=add_headers,
    )
