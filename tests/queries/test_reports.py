"""The report's figures and the lists behind them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from ilp.core.clock import Zone, today
from ilp.queries import reports
from ilp.queries.reports import Period, Place, Question, TaskState
from tests.factories.tasks import due, make_task, submit
from tests.support.people import user_named


def question(code: str = "35.07", day: date | None = None) -> Question:
    return Question(code, Period((day or today()).year), today(), Zone.WIB)


@pytest.mark.parametrize(
    ("quarter", "first", "after", "label"),
    [
        (None, date(2024, 1, 1), date(2025, 1, 1), "Tahun 2024"),
        (1, date(2024, 1, 1), date(2024, 4, 1), "Triwulan I 2024"),
        (4, date(2024, 10, 1), date(2025, 1, 1), "Triwulan IV 2024"),
    ],
)
def test_a_period_is_a_year_or_a_quarter(quarter: int | None, first: date, after: date, label: str) -> None:
    period = Period(2024, quarter)
    assert (period.starts_on, period.ends_before, period.label) == (first, after, label)


def test_states_add_up_and_each_lists_its_rows(app: Flask) -> None:
    setda, camat = user_named("setda.malang"), user_named("camat.kepanjen")
    late, asked = make_task(setda, due_on=due(-1)), question(day=due(-1))
    make_task(setda, due_on=due(0))
    before = kepanjen_in(reports.tasks_by_place(setda, asked))
    submit(late, camat, "35.07.13")
    places = reports.tasks_by_place(setda, asked)
    assert len([place for place in places if place.code]) == 33
    for state in TaskState:
        number = sum(place.counts[state] for place in places)
        rows = reports.tasks(setda, asked, state, None)
        assert len(rows.rows) == min(number, 50)
    kepanjen = kepanjen_in(places)
    assert kepanjen.name == "Kepanjen"
    assert kepanjen.total == before.total
    assert kepanjen.counts[TaskState.SUBMITTED] == before.counts[TaskState.SUBMITTED] + 1


def kepanjen_in(places: list[Place]) -> Place:
    (found,) = [place for place in places if place.code == "35.07.13"]
    return found


@pytest.mark.parametrize(
    ("username", "seen"),
    [
        ("camat.kepanjen", 1),
        ("puskesmas.kepanjen", 0),
        ("auditor.jatim", 33),
        ("setda.blitar", 0),
        ("mitra.blitar", 0),
    ],
)
def test_the_report_counts_one_s_own_reach(app: Flask, username: str, seen: int) -> None:
    before = counted_tasks(username)
    make_task(user_named("setda.malang"), due_on=due(0))
    assert counted_tasks(username) == before + seen


def counted_tasks(username: str) -> int:
    return sum(place.total for place in reports.tasks_by_place(user_named(username), question()))
