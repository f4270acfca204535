"""Reading the register of documents and what belongs to it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from ilp.core.db import db
from ilp.models.directory import Letterhead, Office


def letterhead(office: Office) -> Letterhead | None:
    """How an office's papers begin; read once, then kept with the office for the transaction."""
    if "letterhead" in sa.inspect(office).unloaded:
        set_committed_value(office, "letterhead", db.session.get(Letterhead, office.id))
    return office.letterhead
