"""Writing from a form, exactly once: a repeat changes nothing and is led to the result."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
from flask import request

from ilp.core.clock import now
from ilp.core.db import db, execute, transaction
from ilp.core.statements import bound, lasting, prepared
from ilp.models.accounts import Submission
from ilp.web.session import me

KEY = re.compile(r"[0-9a-f]{32}")
KEEP = lasting(sa.insert(Submission.__table__).inline())  # type: ignore[arg-type]


class Repeated(Exception):
    """This very form was carried out before; `location` is where its result stands. Answered with 303."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


@dataclass
class Writing:
    """Set `location` (a path of ours) inside the block: where a repeat of this form will be led."""

    location: str = "/"


@contextmanager
def writing() -> Iterator[Writing]:
    """`transaction()` for a form with a hidden `kunci`: the key is kept together with what it did.

    Raises Repeated, with nothing changed, if this account has sent the same key before, also when
    both arrive at the same moment: a repeat is carried out and rolled back at the table of keys, or fails
    before. So forms that come once, nearly all, need not ask whether they came before.
    """
    key = request.form.get("kunci", "")
    keyed = KEY.fullmatch(key) is not None
    result = Writing()
    try:
        with transaction():
            yield result
            if keyed:
                db.session.flush()
                kept = {"key": key, "account_id": me().account_id, "location": result.location}
                execute(KEEP, kept | {"created_at": now()})
    except Exception:
        if keyed:  # whatever a repeat runs into, and be it only its own key, is for the first to answer
            _refuse_repeat(key)
        raise


def _refuse_repeat(key: str) -> None:
    location = execute(_location(), {"key": key, "account": me().account_id}).scalar()
    if location is not None:
        raise Repeated(location)


@prepared
def _location() -> sa.Select[str]:
    kept = Submission.__table__.c
    return sa.select(kept.location).where(kept.key == bound("key"), kept.account_id == bound("account"))
