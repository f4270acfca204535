"""The visit is noted after the answer, rarely, and never by the page's own transaction."""

from __future__ import annotations

import sqlalchemy as sa
import time_machine

from ilp.core.clock import now
from ilp.core.db import db
from ilp.models.accounts import LoginSession
from ilp.web.devices import describe
from tests.support.browser import Browser
from tests.support.databases import Database
from tests.support.queries import counted


def seen() -> object:
    db.session.rollback()
    return db.session.scalars(sa.select(LoginSession.last_seen_at).order_by(LoginSession.id.desc())).first()


def test_a_visit_is_noted_at_most_every_ten_minutes(committed: Database) -> None:
    app = committed.app()
    with app.app_context():
        browser = Browser(app, "camat.kepanjen")
        first = seen()
        with time_machine.travel(now(), tick=False) as clock:
            clock.shift(9 * 60)
            browser.get("/akun/sandi")
            assert seen() == first
            clock.shift(2 * 60)
            with counted() as statements:
                browser.get("/akun/sandi").close()
            assert seen() == now()
            assert [s.split()[0] for s in statements] == ["SELECT", "UPDATE"]
            with counted() as statements:
                browser.get("/akun/sandi").close()
            assert [s.split()[0] for s in statements] == ["SELECT"]


def test_a_session_idle_for_twelve_hours_is_over(as_user) -> None:
    browser = as_user("camat.kepanjen")
    with time_machine.travel(now(), tick=False) as clock:
        clock.shift(12 * 3600 + 60)
        browser.get("/akun/saya", status=303)


def test_a_device_is_named_as_its_owner_would() -> None:
    phone = "Mozilla/5.0 (Linux; Android 14; SM-A556E) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"
    assert describe(phone) == "Chrome di HP Android"
    assert describe("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/150.0") == "Firefox di Windows"
    assert describe("") == "Peramban lain"
