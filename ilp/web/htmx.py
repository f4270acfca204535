"""One address, one template: the whole page, or its block when htmx asks for a part."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, make_response, redirect, render_template, request
from jinja2_fragments.flask import render_block


def is_htmx() -> bool:
    return request.headers.get("HX-Request") == "true"


def wants_block() -> bool:
    """Htmx says `partial` for a swap inside a page; boosts and history restores want the page."""
    return is_htmx() and request.headers.get("HX-Request-Type") == "partial"


def page_or_block(template: str, *, block: str, status: int = 200, **context: Any) -> Response:
    """The page, or only its block, whose root element has the block's name in kebab case as id."""
    body = render_block(template, block, **context) if wants_block() else render_template(template, **context)
    response = make_response(body, status)
    response.vary.update(("HX-Request", "HX-Request-Type"))
    return response


def page(template: str, *, status: int = 200, **context: Any) -> Response:
    return make_response(render_template(template, **context), status)


def done(location: str, message: str = "tersimpan") -> Response:
    """After a write: 303 to where the result stands, with the key of a message from `messages.py`.

    Without a message where the page itself says what is going on, and renews it by itself.
    An htmx form that has no block of its own to swap is sent there as well.
    """
    path, hash_sign, anchor = location.partition("#")
    news = f"{'&' if '?' in path else '?'}kabar={message}" if message else ""
    target = f"{path}{news}{hash_sign}{anchor}"
    if is_htmx():
        response = make_response("", 200)
        response.headers["HX-Redirect"] = target
        return response
    return make_response(redirect(target, 303))


def toast(response: Response, text: str) -> Response:
    """Adds a short note for the page to show after an htmx swap."""
    response.headers["HX-Trigger"] = json.dumps({"toast": {"text": text}}, ensure_ascii=True)
    return response
