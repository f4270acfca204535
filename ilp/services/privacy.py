"""The duties of UU 27/2022 towards those whose data is kept: who looked at it is noted."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from ilp.core.db import db, insert, transaction
from ilp.models.privacy import SeenPage, ViewLog


def note_view(*, account_id: int, page: SeenPage, record_id: int, day: date) -> None:
    """Notes that an account looked at a page of a record on a day, in a transaction of its own.

    Once a day is enough: a repeat only reads, and waits for no lock.
    """
    seen = {"account_id": account_id, "page": page, "record_id": record_id, "day": day}
    noted = sa.select(ViewLog.id).filter_by(**seen)
    if db.session.scalar(noted) is None:
        with transaction():
            db.session.execute(insert(ViewLog).values(**seen).on_conflict_do_nothing())
