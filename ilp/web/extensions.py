"""Flask extensions, made once and bound to the application in `create_app`.

Each is spared what it would look into at every request though there is nothing for it to find.
"""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_compress import Compress
from flask_login import LoginManager
from flask_wtf import CSRFProtect

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class _Compress(Compress):
    def after_request(self, response: Response | None) -> Response:
        """Only pages are compressed: neither redirects nor refusals, nor what says there is no news."""
        if response is not None and response.status_code != 200:
            return response
        return super().after_request(response)


class _CSRFProtect(CSRFProtect):
    def protect(self, *args: Any, **kwargs: Any) -> None:
        """Only forms are checked; who only reads is not asked for exemptions, which nobody has, first."""
        if request.method not in READING:
            super().protect(*args, **kwargs)


class _LoginManager(LoginManager):
    """Without telling browsers apart by their names, and without cookies that remember."""

    def _session_protection_failed(self) -> bool:
        return False

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


compress = _Compress()
csrf = _CSRFProtect()
login = _LoginManager()
