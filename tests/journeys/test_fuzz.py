"""Whatever is sent, by whomever: no server error, and nothing changes beyond the sender's regency.

Every POST route gets 20 examples on SQLite and 5 on PostgreSQL, every GET route half as many, always
the same ones; `--long` sends 500 on either. Each is rolled back, so that all of them meet the same
records: two meetings in session, called and drafted ones, tasks of two kecamatan, commitments,
documents, and a little of the same in another regency.
"""

from __future__ import annotations

import contextvars
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from werkzeug.test import TestResponse

from ilp.cli.demo.accounts import LOGINS
from ilp.core.db import db, transaction
from ilp.models.meetings import RowKind
from ilp.policy.user import User
from ilp.services import meetings
from tests.conftest import rolled_back
from tests.factories.commitments import make_commitment, open_commitment
from tests.factories.documents import make_document
from tests.factories.meetings import make_called, make_draft, mark, seats_of
from tests.factories.minutes import make_meeting, make_row
from tests.factories.tasks import make_task, offices, submit
from tests.support import fuzz, places
from tests.support.browser import Browser
from tests.support.people import user_named
from tests.support.queries import counted

REVIEWED = Path(__file__).parents[1] / "architecture/routes.txt"
LINE = re.compile(r"(/.*?) +([A-Z,]+) +\S+ +\S+$")
NOBODY = "nobody"
OFTEN = (
    *("setda.malang", "notulis.malang", "pimpinan.malang", "dinkes.malang", "camat.kepanjen"),
    *("pokjanal.gunungmas", "admin"),
)
PEOPLE = (*OFTEN * 3, *(login.username for login in LOGINS), NOBODY)
DOOR = frozenset(("audit_entry", "audit_personal", "login_session", "account", "password_link"))
"""What somebody writes who logs in or sets a new password by a link: then already as that account."""


def addresses(verb: str) -> list[str]:
    """The reviewed addresses that take this verb."""
    found = map(LINE.match, REVIEWED.read_text().splitlines())
    return [line[1] for line in found if line and verb in line[2].split(",")]


@dataclass(frozen=True, repr=False)
class Ground:
    """The product with some records in it, everybody signed in, and what it held at the start."""

    app: Flask
    examples: int
    ids: fuzz.Ids
    users: dict[str, User | None]
    cookies: dict[str, str]
    tokens: dict[str, str]
    before: places.Contents

    def facts(self, address: str) -> dict[str, Any]:
        """What the examples for an address are made of."""
        endpoints = [rule.endpoint for rule in self.app.url_map.iter_rules() if rule.rule == address]
        blueprint = endpoints[0].partition(".")[0]
        return {"blueprint": blueprint, "ids": self.ids, "people": self.users, "often": PEOPLE}

    def each(self, requests: Any, examine: Callable[[fuzz.Request], None], share: int = 1) -> None:
        """Examines as many requests as the profile asks for, the same ones in every run."""
        count = max(self.examples // share, 1)
        chosen = settings(max_examples=count, derandomize=True, deadline=None, database=None)
        chosen(given(requests)(examine))()

    def send(self, method: str, request: fuzz.Request) -> tuple[TestResponse, list[str], places.Contents]:
        """The answer, the tables it wrote to, and what they hold after it; then all is undone."""
        savepoint = db.engines[None].begin_nested()
        headers = {**request.headers, "Cookie": self.cookies[request.username]}
        client = self.app.test_client(use_cookies=False)
        try:
            with counted() as statements:
                answer = contextvars.Context().run(
                    client.open,
                    request.path,
                    method=method,
                    data=request.body,
                    content_type=request.content_type,
                    headers=headers,
                )
                answer.close()
            return answer, statements, places.contents(db.engines[None], places.written(statements))
        finally:
            savepoint.rollback()


@pytest.fixture(scope="module")
def ground(shared: Flask, engine: str, pytestconfig: pytest.Config) -> Iterator[Ground]:
    long = 500 if pytestconfig.getoption("--long") else 0
    for app in rolled_back(shared):
        furnish()
        people = dict.fromkeys(PEOPLE)
        browsers = {name: Browser(app, None if name == NOBODY else name) for name in people}
        users = {name: None if name == NOBODY else user_named(name) for name in people}
        yield Ground(
            app=app,
            examples=long or (20 if engine == "sqlite" else 5),
            ids=fuzz.Ids(),
            users=users,
            tokens={name: browser.csrf() for name, browser in browsers.items()},
            cookies={name: cookie_of(browser) for name, browser in browsers.items()},
            before=started(),
        )


def started() -> places.Contents:
    """What the database holds, and nothing of it open any more."""
    db.session.commit()
    db.session.remove()
    return places.contents(db.engines[None], places.LOCATED)


def cookie_of(browser: Browser) -> str:
    name = browser.app.config["SESSION_COOKIE_NAME"]
    cookie = browser.client.get_cookie(name)
    assert cookie is not None
    return f"{name}={cookie.value}"


def furnish() -> None:
    """Something of every kind in Malang, and a little in Blitar."""
    setda, camat, blitar = (user_named(name) for name in ("setda.malang", "camat.kepanjen", "setda.blitar"))
    meeting = make_meeting(setda)
    make_row(setda, meeting)
    make_row(setda, meeting, "Orientasi dilaksanakan di tiap kecamatan.", RowKind.DECISION, 1)
    attended = make_draft(setda, groups=["rsud"])
    with transaction():
        meetings.open_meeting(actor=setda, meeting=attended)
    mark(setda, attended, seats_of(attended)[0])
    make_called(setda)
    make_draft(setda, groups=["rsud"])
    task = make_task(setda, [camat.grants[0].office_id, *offices("kecamatan", "35.07")[:1]])
    make_task(setda, [camat.grants[0].office_id])
    submit(task, camat, "35.07.13")
    open_commitment(setda)
    make_commitment(setda, title="Rancangan komitmen")
    make_document(setda)
    make_row(blitar, make_meeting(blitar))
    make_task(blitar)
    make_document(blitar)


@pytest.mark.parametrize("address", addresses("POST"))
def test_no_form_breaks_anything_or_reaches_beyond_its_sender(ground: Ground, address: str) -> None:
    requests = fuzz.posts(address, tokens=ground.tokens, **ground.facts(address))

    def examine(request: fuzz.Request) -> None:
        answer, _, after = ground.send("POST", request)
        assert answer.status_code < 500, answer.status
        user = ground.users[request.username]
        for table, held in after.items():
            if user is None and table in DOOR:
                continue
            for regency in {*held, *ground.before[table]} - {""}:
                if not places.reaches(user, regency):
                    same = held.get(regency) == ground.before[table].get(regency)
                    assert same, f"{request.username} changed {table} in {regency}"

    ground.each(requests, examine)


@pytest.mark.parametrize("address", addresses("GET"))
def test_no_question_breaks_anything_or_writes(ground: Ground, address: str) -> None:
    requests = fuzz.gets(address, **ground.facts(address))

    def examine(request: fuzz.Request) -> None:
        answer, statements, _ = ground.send("GET", request)
        assert answer.status_code < 500 or address.startswith("/sehat"), answer.status
        assert places.written(statements) <= {"view_log"}, (
            "only who saw whose numbers is noted, after the answer"
        )

    ground.each(requests, examine, share=2)
