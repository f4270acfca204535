"""From cookie to user. The cookie holds a random token and the CSRF value, nothing else."""

from __future__ import annotations

import dataclasses
import hashlib
from typing import cast

from flask import g, request
from flask_login import UserMixin, current_user

from ilp.core.clock import now
from ilp.policy.user import User
from ilp.queries.accounts import session_user
from ilp.web.extensions import login


class LoggedIn(UserMixin):
    """What Flask-Login carries: our immutable user, known by its session token."""

    def __init__(self, user: User, token: str) -> None:
        self.user = user
        self.token = token

    def get_id(self) -> str:
        return self.token


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def client_device() -> str:
    return request.headers.get("User-Agent", "")[:200]


def client_address() -> str:
    return request.remote_addr or ""


@login.user_loader
def load_user(token: str) -> LoggedIn | None:
    found = session_user(token_hash(token), now())
    if found is None:
        return None
    user, g.last_seen = found
    return LoggedIn(dataclasses.replace(user, address=client_address(), device=client_device()), token)


def me() -> User:
    """The acting user of this request; only for views behind `requires`."""
    return cast(LoggedIn, current_user).user


def me_or_none() -> User | None:
    return me() if current_user.is_authenticated else None
