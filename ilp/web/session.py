"""From cookie to user. The cookie holds a random token and the CSRF value, nothing else."""

from __future__ import annotations

import dataclasses
import logging
from functools import partial
from typing import Any, cast

from flask import Flask, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import UserMixin, current_user, login_user
from sqlalchemy.exc import SQLAlchemyError

from ilp.core.clock import now
from ilp.policy.user import User
from ilp.queries.accounts import session_user
from ilp.services import accounts
from ilp.web.extensions import login

log = logging.getLogger(__name__)
CSRF = "csrf_token"


class SignedCookie(SecureCookieSessionInterface):
    """Flask's own, which makes its serializer anew for every request: once is enough, its key stays."""

    def __init__(self, app: Flask) -> None:
        self._serializer = super().get_signing_serializer(app)

    def get_signing_serializer(self, app: Flask) -> Any:
        return self._serializer


class LoggedIn(UserMixin):
    """What Flask-Login carries: our immutable user, known by its session token."""

    def __init__(self, user: User, token: str) -> None:
        self.user = user
        self.token = token

    def get_id(self) -> str:
        return self.token


def client_device() -> str:
    return request.headers.get("User-Agent", "")[:200]


def client_address() -> str:
    return request.remote_addr or ""


@login.user_loader
def load_user(token: str) -> LoggedIn | None:
    found = session_user(accounts.token_hash(token), now())
    if found is None:
        return None
    user, g.last_seen = found
    return LoggedIn(dataclasses.replace(user, address=client_address(), device=client_device()), token)


def me() -> User:
    """The acting user of this request; only for views behind `requires`."""
    return cast(LoggedIn, g._login_user).user  # noqa: SLF001 (where the gate has left whom it let in)


def me_or_none() -> User | None:
    return me() if current_user.is_authenticated else None


def visitor() -> User:
    """Somebody who is not logged in, as far as the trail can name him."""
    return User(None, "", "Pengunjung", address=client_address(), device=client_device())


def start(token: str) -> None:
    """Gives this browser a new session: nothing of an older one, not even its CSRF value, lives on."""
    forget()
    login_user(load_user(token))
    for name in ("_id", "_fresh"):
        session.pop(name, None)
    session.permanent = True


def forget() -> None:
    """Empties the cookie."""
    session.clear()
    g.pop(CSRF, None)


def be_nobody() -> None:
    """For the rest of this request nobody is logged in: whoever it was could not be read, or need not be."""
    g._login_user = login.anonymous_user()  # noqa: SLF001 (where Flask-Login keeps whom it has read)


def cookie_token() -> str | None:
    """The token the browser came with, whether or not it still opens anything."""
    return session.get("_user_id")


def touch_later(response: Response) -> Response:
    """Notes the visit once the answer is out of the house, at most every ten minutes."""
    seen = g.get("last_seen")
    user = me_or_none() if seen is not None else None
    if user is not None and user.session_id is not None and now() - seen > accounts.SEEN_EVERY:
        response.call_on_close(partial(_touch, current_app._get_current_object(), user.session_id))  # type: ignore[attr-defined]  # noqa: SLF001
    return response


def _touch(app: Flask, session_id: int) -> None:
    with app.app_context():
        try:
            accounts.touch(session_id, now())
        except SQLAlchemyError:
            log.warning("the visit of session %s was not noted", session_id, exc_info=True)


def init_app(app: Flask) -> None:
    app.session_interface = SignedCookie(app)
    app.after_request(touch_later)
