"""Headers of every answer, the names we answer to, and the rule that an undeclared view is closed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request
from werkzeug.exceptions import BadRequest
from werkzeug.middleware.proxy_fix import ProxyFix

from ilp.core.config import Config, current
from ilp.core.errors import Forbidden

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CSP = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data: blob:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "manifest-src 'self'; "
    "worker-src 'self'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
    "base-uri 'none'; "
    "object-src 'none'"
)


STEADY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}
"""What every answer says, whatever it is."""
POLICY = ("Content-Security-Policy", CSP)


class SecurityHeaders:
    """Adds our headers to whatever Flask answers, where an answer is a plain list of them.

    A view may tighten the content policy, nothing else; none may let a page be kept. What may be kept is
    static, and answered before.
    """

    def __init__(self, inside: WSGIApplication, *, https: bool) -> None:
        self.inside = inside
        secure = {"Strict-Transport-Security": "max-age=31536000"} if https else {}
        self.ours = [*(STEADY | {"Cache-Control": "no-store"} | secure).items()]
        self.names = frozenset(name.lower() for name, _ in self.ours)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            theirs = [header for header in headers if header[0].lower() not in self.names]
            policy = () if any(header[0] == POLICY[0] for header in theirs) else (POLICY,)
            return start_response(status, [*theirs, *policy, *self.ours], *error)

        return self.inside(environ, start)


def refuse_foreign_hosts() -> None:
    """Only our own names: nothing we send ever echoes another (Werkzeug's list knows no IPv6 address)."""
    if _host_name(request.host) not in current().hosts:
        raise BadRequest


@lru_cache(maxsize=64)
def _host_name(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def close_undeclared() -> None:
    """A view that declares no action answers 403 to everybody."""
    view = current_app.view_functions.get(request.endpoint or "")
    if view is not None and request.endpoint != "static" and not hasattr(view, "policy_action"):
        raise Forbidden


def init_app(app: Flask) -> None:
    config: Config = app.config["ILP"]
    app.wsgi_app = SecurityHeaders(app.wsgi_app, https=config.https)  # type: ignore[method-assign]
    proxies = config.proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies)  # type: ignore[method-assign]
    app.before_request(refuse_foreign_hosts)
    app.before_request(close_undeclared)
