"""Bodies in scope, who sits in them, and giving their tasks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from ilp.core.db import db
from ilp.models.pokjanal import CoordinationBody
from ilp.models.tasks import Assignment, Task, TaskOrigin
from tests.factories.tasks import due
from tests.support.browser import Browser, visible_text
from tests.support.queries import counted

Login = Callable[[str], Browser]


@pytest.fixture
def body(app: Flask) -> int:
    found = db.session.scalar(sa.select(CoordinationBody.id).where(CoordinationBody.wilayah_code == "62.10"))
    assert found is not None
    return found


def names(browser: Browser) -> list[str]:
    return [a.text for a in browser.get("/pokjanal/").soup.select("tbody a")]


def test_the_list_holds_what_lies_in_the_own_place(as_user: Login) -> None:
    assert "Pokjanal Posyandu Kabupaten Gunung Mas" in names(as_user("pokjanal.gunungmas"))
    assert all("Malang" not in name for name in names(as_user("pokjanal.gunungmas")))
    assert names(as_user("camat.kurun"))


def test_a_body_shows_its_decree_its_seats_and_its_tasks(as_user: Login, body: int) -> None:
    page = as_user("pokjanal.gunungmas").get(f"/pokjanal/{body}")
    text = visible_text(page)
    assert "Surat keputusan" in text
    assert len(page.soup.select("#anggota li")) > 0
    assert page.soup.select_one(f'a[href="/pokjanal/{body}/tugas/baru"]')


@pytest.mark.parametrize(
    ("who", "reading", "giving"),
    [
        ("pokjanal.gunungmas", 200, 200),
        ("camat.kurun", 404, 404),
        ("lurah.tampang", 404, 404),
        ("setda.malang", 404, 404),
        ("admin", 404, 404),
    ],
)
def test_who_reads_a_body_and_who_gives_its_tasks(
    as_user: Login, body: int, who: str, reading: int, giving: int
) -> None:
    seated = {"camat.kurun"}
    allowed = (reading, 200) if who in seated else reading
    as_user(who).get(f"/pokjanal/{body}", status=allowed)
    as_user(who).get(f"/pokjanal/{body}/tugas/baru", status=(giving, 403))


def test_a_task_goes_to_the_kecamatan_that_are_ticked(as_user: Login, body: int) -> None:
    browser, form = as_user("pokjanal.gunungmas"), f"/pokjanal/{body}/tugas/baru"
    some = browser.form(form, form)["offices"][:3]
    browser.post(
        form, {"title": "Perbarui SK Pokjanal", "due_on": due(9).isoformat(), "offices": some}, page=form
    )
    task = db.session.scalars(sa.select(Task).order_by(Task.id.desc())).first()
    assert task is not None
    assert (task.origin, task.body_id, task.addressed_to) == (TaskOrigin.BODY, body, "3 dari 12 kecamatan")
    rows = sa.select(sa.func.count()).where(Assignment.task_id == task.id)
    assert db.session.scalar(rows) == 3


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"offices": []}, "Pilih paling sedikit satu kantor"),
        ({"offices": ["1"]}, "Pilih hanya dari daftar."),
        ({"division": "Bidang khayalan"}, "Pilih salah satu dari daftar."),
        ({"title": ""}, "perlu diisi"),
    ],
)
def test_what_cannot_be_given_says_why(
    as_user: Login, body: int, fields: dict[str, Any], sentence: str
) -> None:
    browser, form = as_user("pokjanal.gunungmas"), f"/pokjanal/{body}/tugas/baru"
    given = {"title": "Perbarui SK", "due_on": due(9).isoformat(), **fields}
    assert sentence in visible_text(browser.post(form, given, page=form, status=422))


@pytest.mark.parametrize("page", ["/pokjanal/", "/pokjanal/{body}", "/pokjanal/{body}/tugas/baru"])
def test_pages_cost_at_most_eight_statements(as_user: Login, body: int, page: str) -> None:
    browser = as_user("pokjanal.gunungmas")
    browser.get("/")
    with counted() as statements:
        browser.get(page.format(body=body))
    assert len(statements) <= 8, "\n".join(statements)


def test_a_page_that_does_not_exist_leads_nowhere(as_user: Login) -> None:
    as_user("pokjanal.gunungmas").get("/pokjanal/?setelah=x", status=404)
