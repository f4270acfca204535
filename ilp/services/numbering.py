"""Numbers of letters and decisions: per office and year, without a gap and never twice.

A number is taken inside the transaction that reserves its paper. The counter's row stays locked until the
commit, and a rollback gives the number back.
"""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import sqlalchemy as sa

from ilp.core import number_patterns
from ilp.core.clock import now
from ilp.core.db import db, insert
from ilp.core.errors import RuleViolation
from ilp.models.directory import Letterhead, Office
from ilp.models.documents import Number, NumberSource, Series, SeriesKind
from ilp.policy.user import User
from ilp.queries.documents import fields_of, letterhead


def take(*, actor: User, office: Office, letter_date: date) -> Number:
    """The next number of the office in the year of the letter, written after its letterhead's pattern.

    Steps over a number that somebody has typed in before.
    """
    year, number = letter_date.year, None
    while number is None:
        text = written(letterhead(office), _advance(office.id, SeriesKind.LETTER, year), letter_date)
        number = _register(actor, office.id, year, text, typed=False)
    return number


def type_in(*, actor: User, office: Office, letter_date: date, text: str) -> Number:
    """A number given elsewhere (the registry book of the office), exactly as typed.

    Refuses, beside the field `number_text`, one that the office has used in the year of the letter.
    """
    year = letter_date.year
    number = _register(actor, office.id, year, text, typed=True)
    if number is None:
        raise RuleViolation(f"Nomor {text} sudah dipakai pada {year}.", "number_text")
    return number


def assign(
    *, actor: User, office: Office, letter_date: date, number_source: NumberSource, number_text: str
) -> Number | None:
    """The number as chosen on a form: the next of the series, one typed in, or None for "nomor menyusul"."""
    if number_source is NumberSource.LATER:
        return None
    if number_source is NumberSource.SERIES:
        return take(actor=actor, office=office, letter_date=letter_date)
    if not number_text:
        raise RuleViolation("Ketik nomornya, atau pilih nomor urut berikutnya.", "number_text")
    return type_in(actor=actor, office=office, letter_date=letter_date, text=number_text)


def next_decision(office_id: int, year: int) -> int:
    """The next number of a decision of the office in a year."""
    return _advance(office_id, SeriesKind.DECISION, year)


def written(head: Letterhead | None, count: int, day: date) -> str:
    """`400.7/12/35.07.013/2024`, after the letterhead's pattern; what it does not know is left out."""
    return number_patterns.written(count=count, day=day, **fields_of(head))


def _advance(office_id: int, kind: SeriesKind, year: int) -> int:
    """Steps a counter on, or opens it at 1; its row is ours until the commit."""
    statement = insert(Series).values(office_id=office_id, kind=kind, year=year, last=1)
    return cast(
        int,
        db.session.scalar(
            statement.on_conflict_do_update(
                index_elements=["office_id", "kind", "year"], set_={"last": Series.last + 1}
            ).returning(Series.last)
        ),
    )


def _register(actor: User, office_id: int, year: int, text: str, *, typed: bool) -> Number | None:
    """A row in the register of numbers, or None if the number is in it already."""
    values: dict[str, Any] = {
        "office_id": office_id,
        "year": year,
        "text": text,
        "typed": typed,
        "taken_at": now(),
        "taken_by_id": actor.account_id,
    }
    statement: sa.Insert = insert(Number).values(values).on_conflict_do_nothing().returning(Number)
    return db.session.scalars(statement).one_or_none()
