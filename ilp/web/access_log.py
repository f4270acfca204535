"""What the access log may say of a request: its route, never its path, in which there can be a secret."""

from __future__ import annotations

from flask import Flask, Response, request

ROUTE = "ilp.route"


def note_route(response: Response) -> Response:
    request.environ[ROUTE] = request.url_rule.rule if request.url_rule else "-"
    return response


def init_app(app: Flask) -> None:
    app.after_request(note_route)
