"""From what was raised to what is answered, once for the whole product."""

from __future__ import annotations

import logging

from flask import Flask, Response, current_app, make_response, redirect, render_template, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from ilp.core.db import db
from ilp.core.errors import Clash, Forbidden, NotFound, RuleViolation, TooMany
from ilp.services import accounts
from ilp.web.addresses import page_before
from ilp.web.carried import carry, resend_page
from ilp.web.extensions import login
from ilp.web.htmx import is_htmx
from ilp.web.requires import PUBLIC
from ilp.web.session import CSRF, be_nobody, client_address, me_or_none
from ilp.web.writing import Repeated

log = logging.getLogger(__name__)
WATCHED = frozenset({"accounts", "settings"})
"""Blueprints by which somebody might take over an account or a place."""
PAGES = frozenset({400, 403, 404, 405, 409, 413, 422, 429, 500, 503})


def answer(status: int, sentence: str = "", *, typed: bool = True, back: str = "") -> Response:
    """The error page of a status, or its one line for an htmx request.

    A refusal tells what becomes of what was typed, or of nothing `typed` the way `back` to where the button
    stood. That of a mistake of ours asks nobody who is there: the database may be what is away.
    """
    if status >= 500:
        be_nobody()
    name = status if status in PAGES else (400 if status < 500 else 500)
    template = "errors/fragment.html" if is_htmx() else f"errors/{name}.html"
    return make_response(
        render_template(template, status=status, sentence=sentence, typed=typed, back=back), status
    )


def on_http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    response = answer(error.code or 500)
    allow = getattr(error, "valid_methods", None)
    if allow:
        response.headers["Allow"] = ", ".join(allow)
    return response


def on_csrf(error: CSRFError) -> Response:
    """The session is over, or the page is older than it: either way what was typed is given back."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "policy_action", None) != PUBLIC and not current_user.is_authenticated:
        return make_response(login.unauthorized())
    carried = None if is_htmx() else carry()
    if carried is None or not current_user.is_authenticated:
        return answer(400, "Halaman ini sudah terlalu lama terbuka. Muat ulang, lalu kirim sekali lagi.")
    return resend_page(carried, status=400)


def on_rule(error: RuleViolation) -> Response:
    if set(request.form) - {CSRF, "kunci"}:
        return answer(422, error.message)
    return answer(422, error.message, typed=False, back=page_before())


def on_clash(error: Clash) -> Response:
    return answer(409, error.message)


def note_attempt() -> None:
    """Tries at other people's accounts and at settings go into the trail, however they were refused."""
    user = me_or_none()
    if user is not None and request.method == "POST" and request.blueprint in WATCHED:
        accounts.note_refusal(actor=user, account=None, attempt=f"{request.endpoint} {request.path}"[:200])


def on_not_found(error: NotFound) -> Response:
    note_attempt()
    return answer(404, str(error))


def on_forbidden(error: Forbidden) -> Response:
    user = me_or_none()
    log.info("refused: %s, account %s", request.endpoint, user.account_id if user else "nobody")
    note_attempt()
    return answer(403)


def on_too_many(error: TooMany) -> Response:
    log.warning("too many misses: %s, from %s", request.endpoint, client_address())
    response = answer(429)
    response.headers["Retry-After"] = str(error.retry_after)
    return response


def on_repeated(error: Repeated) -> Response:
    if is_htmx():
        response = make_response("", 200)
        response.headers["HX-Redirect"] = error.location
        return response
    return make_response(redirect(error.location, 303))


def on_stale(error: StaleDataError) -> Response:
    return answer(409, "Data ini baru saja diubah orang lain. Muat ulang halaman, lalu ulangi.")


def on_database(error: DBAPIError) -> Response:
    """A database that is away or locked is a matter of waiting; anything else is our mistake."""
    log.error("database error", exc_info=error)
    return answer(503 if isinstance(error, OperationalError) else 500)


def on_bug(error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    return answer(500)


def give_back(error: BaseException | None = None) -> None:
    """Ends the database session of a request, whose answer stands already.

    A database that went away meanwhile takes nothing from it.
    """
    try:
        db.session.remove()
    except OperationalError:
        log.warning("the database went away while a request ended", exc_info=True)
        db.session.registry.clear()


def init_app(app: Flask) -> None:
    app.teardown_appcontext(give_back)
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(CSRFError, on_csrf)
    app.register_error_handler(RuleViolation, on_rule)
    app.register_error_handler(Clash, on_clash)
    app.register_error_handler(NotFound, on_not_found)
    app.register_error_handler(Forbidden, on_forbidden)
    app.register_error_handler(TooMany, on_too_many)
    app.register_error_handler(Repeated, on_repeated)
    app.register_error_handler(StaleDataError, on_stale)
    app.register_error_handler(DBAPIError, on_database)
    app.register_error_handler(Exception, on_bug)
