"""Users of the demo as the policy sees them, for tests of services and queries."""

from __future__ import annotations

import secrets

from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.models.accounts import Account, LoginSession
from ilp.policy.user import User
from ilp.queries.accounts import session_user


def user_named(username: str) -> User:
    """The user behind a demo login, read the way a request reads it."""
    account = db.session.query(Account).filter_by(username=username).one()
    key = secrets.token_hex(32)
    with transaction():
        db.session.add(
            LoginSession(account_id=account.id, token_hash=key, created_at=now(), last_seen_at=now())
        )
    found = session_user(key, now())
    assert found is not None
    return found[0]
