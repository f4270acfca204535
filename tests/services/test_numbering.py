from __future__ import annotations

import threading
from datetime import date

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.documents import Number, NumberSource
from ilp.policy.user import SYSTEM
from ilp.services import numbering
from tests.factories.documents import office_at
from tests.support.queries import counted

DAY = date(2031, 5, 4)
WRITERS = 32


def take(day=DAY):
    with transaction():
        return numbering.take(actor=SYSTEM, office=office_at("setda.malang"), letter_date=day).text


def type_in(text, day=DAY):
    with transaction():
        office = office_at("setda.malang")
        return numbering.type_in(actor=SYSTEM, office=office, letter_date=day, text=text).text


def test_numbers_follow_each_other_within_a_year_by_the_letterheads_pattern(app):
    head = office_at("setda.malang")
    first, second, other_year = take(), take(), take(date(2032, 1, 1))
    classification, count, *rest = first.split("/")
    assert (classification, count, rest[-1]) == ("400.7", "1", "2031")
    assert second == first.replace("/1/", "/2/", 1)
    assert other_year == first.replace("2031", "2032")
    assert head.regency_code == "35.07"


def test_a_number_is_taken_in_three_statements(app):
    take()
    office = office_at("setda.malang")
    with transaction():
        db.session.refresh(office)
        with counted() as statements:
            numbering.take(actor=SYSTEM, office=office, letter_date=DAY)
    assert len(statements) == 3


def test_a_rollback_gives_the_number_back(app):
    before = take()

    def take_and_fail():
        with transaction():
            numbering.take(actor=SYSTEM, office=office_at("setda.malang"), letter_date=DAY)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        take_and_fail()
    assert int(take().split("/")[1]) == int(before.split("/")[1]) + 1


def test_a_typed_number_is_kept_as_typed_and_refused_the_second_time_in_its_year(app):
    assert type_in("005/77/Um/2031") == "005/77/Um/2031"
    with pytest.raises(RuleViolation, match="Nomor 005/77/Um/2031 sudah dipakai pada 2031") as refused:
        type_in("005/77/Um/2031")
    assert refused.value.field == "number_text"
    assert type_in("005/77/Um/2031", date(2032, 2, 2)) == "005/77/Um/2031"


def test_the_series_steps_over_a_number_that_was_typed_in(app):
    first = take()
    taken = first.replace("/1/", "/2/", 1)
    type_in(taken)
    assert take() == first.replace("/1/", "/3/", 1)


def test_a_typed_number_may_not_be_empty(app):
    with pytest.raises(RuleViolation, match="Ketik nomornya"), transaction():
        numbering.assign(
            actor=SYSTEM,
            office=office_at("setda.malang"),
            letter_date=DAY,
            number_source=NumberSource.TYPED,
            number_text="",
        )


def test_decisions_are_counted_apart_from_letters(app):
    take()
    with transaction():
        office = office_at("setda.malang")
        counts = [numbering.next_decision(office.id, 2031) for _ in range(3)]
    assert counts == [1, 2, 3]


def test_32_writers_at_once_take_numbers_without_gap_or_double(committed):
    """The first use of the series is among them: nothing exists when they start."""
    app = committed.app()
    start, taken, faults = threading.Barrier(WRITERS), [], []

    def write():
        start.wait()
        try:
            with app.app_context():
                taken.append(take())
                db.session.remove()
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            faults.append(error)

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert sorted(int(text.split("/")[1]) for text in taken) == list(range(1, WRITERS + 1))
    with app.app_context():
        rows = db.session.scalar(sa.select(sa.func.count()).where(Number.year == DAY.year))
        db.session.remove()
        db.engine.dispose()
    assert rows == WRITERS
