"""What an account was told."""

from __future__ import annotations

import sqlalchemy as sa

from ilp.core.db import db
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.models.notifications import Notification


def told(account_id: int, after: Key | None, size: int = PAGE_SIZE) -> Page:
    """One page of an account's notifications, the newest first."""
    statement = (
        sa.select(
            Notification.id,
            Notification.created_at,
            Notification.text,
            Notification.endpoint,
            Notification.arguments,
            Notification.read_at,
        )
        .where(Notification.account_id == account_id)
        .order_by(Notification.id.desc())
        .limit(size + 1)
    )
    if after is not None:
        statement = statement.where(Notification.id < after.id)
    rows = db.session.execute(statement).all()
    more = len(rows) > size
    last = Key(rows[size - 1].created_at, rows[size - 1].id) if more else None
    return Page(rows[:size], last, after is None)
