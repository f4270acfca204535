"""Who looked at whose data: noted after the answer, once a day, and shown to the right people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError

from ilp.core.clock import now, today
from ilp.core.db import db, transaction
from ilp.models.accounts import Account
from ilp.models.directory import Appointment, Office, OfficeKind, Person, Position
from ilp.models.documents import Document, DocumentKind
from ilp.models.privacy import SeenPage, ViewLog
from ilp.services import privacy
from tests.factories.directory import head_of, holder_of, make_person, make_transfer
from tests.factories.meetings import make_called
from tests.support.browser import Browser, visible_text
from tests.support.databases import Database
from tests.support.people import user_named
from tests.support.queries import counted

AsUser = Callable[[str], Browser]


def views() -> list[tuple[SeenPage, int]]:
    db.session.rollback()
    return [tuple(row) for row in db.session.execute(sa.select(ViewLog.page, ViewLog.record_id))]


def kepanjen() -> Office:
    place = (Office.kind == OfficeKind.KECAMATAN, Office.wilayah_code == "35.07.13")
    return db.session.scalars(sa.select(Office).where(*place)).one()


def camat() -> Person:
    """The camat of Kepanjen, with a phone number and an account of his own."""
    person = db.session.scalars(
        sa.select(Person)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Position, Position.id == Appointment.position_id)
        .where(Position.office_id == kepanjen().id, Position.is_head)
    ).first()
    with transaction():
        person.phone = "+6281200000007"
        account = db.session.scalars(sa.select(Account).where(Account.username == "camat.kepanjen")).one()
        account.person_id = person.id
    return person


def test_a_look_is_noted_after_the_answer_once_a_day(committed: Database) -> None:
    app = committed.app()
    with app.app_context():
        browser, path = Browser(app, "setda.malang"), f"/direktori/{kepanjen().id}"
        with time_machine.travel(now(), tick=False) as clock:
            with counted() as page:
                answer = browser.get(path)
                assert not [s for s in page if "view_log" in s], "not among the statements of the page"
            assert views() == []
            answer.close()
            seen = views()
            assert (SeenPage.OFFICE, holder_of(head_of("Kecamatan Kepanjen"), today()).id) in seen
            browser.get(path).close()
            assert views() == seen
            clock.shift(timedelta(days=1))
            sign_in_again = Browser(app, "setda.malang")
            sign_in_again.get(path).close()
            assert len(views()) == 2 * len(seen)


def test_only_where_phones_are_shown(app: Flask, as_user: AsUser) -> None:
    """The camat sees his office without numbers of others; a foreign office is not seen at all."""
    as_user("camat.kepanjen").get(f"/direktori/{kepanjen().id}").close()
    as_user("camat.guguak-panjang").get(f"/direktori/{kepanjen().id}", status=404).close()
    assert views() == []


def test_lists_of_a_meeting_and_signed_papers_are_noted(demo: Flask) -> None:
    browser = Browser(demo, "pokjanal.gunungmas")
    paper = db.session.scalars(
        sa.select(Document.id).where(
            Document.kind == DocumentKind.COMMITMENT, Document.issued_at.is_not(None)
        )
    ).first()
    browser.get(f"/dokumen/{paper}/berkas.pdf").close()
    assert (SeenPage.PAPER, paper) in views()
    meeting = make_called(user_named("setda.malang")).id
    browser = Browser(demo, "setda.malang")
    browser.get(f"/rapat/{meeting}/undangan").close()
    browser.get(f"/rapat/{meeting}/kehadiran/daftar").close()
    assert {(SeenPage.INVITATIONS, meeting), (SeenPage.ATTENDANCE, meeting)} <= set(views())


def test_two_who_are_compared_are_both_noted(app: Flask, as_user: AsUser) -> None:
    one = camat().id
    other = db.session.scalars(
        sa.select(Appointment.person_id)
        .join(Position, Position.id == Appointment.position_id)
        .join(Office, Office.id == Position.office_id)
        .where(Office.regency_code == "35.07", Appointment.person_id != one)
        .limit(1)
    ).one()
    as_user("admin").get(f"/direktori/orang/{one}/gabung/{other}").close()
    assert sorted(views()) == sorted([(SeenPage.PERSON, one), (SeenPage.PERSON, other)])


def test_a_note_that_fails_leaves_the_page_alone(
    app: Flask, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(**seen: object) -> None:
        raise OperationalError("INSERT", {}, Exception("the database is away"))

    monkeypatch.setattr(privacy, "note_view", away)
    as_user("setda.malang").get(f"/direktori/{kepanjen().id}").close()
    assert views() == []


def test_the_owner_reads_who_looked(app: Flask, as_user: AsUser) -> None:
    camat()
    own = as_user("camat.kepanjen")
    assert "belum ada yang membuka" in visible_text(own.get("/akun/saya"))
    as_user("setda.malang").get(f"/direktori/{kepanjen().id}").close()
    for path in ("/akun/saya", "/data-pribadi/saya"):
        told = visible_text(own.get(path))
        assert "setda.malang" in told
        assert "Halaman kantor di direktori" in told


def test_ones_own_looks_and_those_of_long_ago_do_not_count(app: Flask, as_user: AsUser) -> None:
    person, setda = camat(), user_named("setda.malang").account_id
    with transaction():
        for days, account in ((400, setda), (20, user_named_id("camat.kepanjen"))):
            look = {"page": SeenPage.OFFICE, "record_id": person.id, "account_id": account}
            db.session.add(ViewLog(day=now().date() - timedelta(days=days), **look))
    assert "Belum ada yang melihat" in visible_text(as_user("camat.kepanjen").get("/data-pribadi/saya"))


def test_a_look_on_the_day_of_a_change_is_at_whoever_was_shown(app: Flask, as_user: AsUser) -> None:
    before, admin = camat(), user_named("admin")
    as_user("setda.malang").get(f"/direktori/{kepanjen().id}").close()
    heir = make_person(admin, kepanjen(), phone="+6281200009999")
    make_transfer(admin, head_of("Kecamatan Kepanjen"), heir, today())
    overseer = as_user("auditor.jatim")
    assert "setda.malang" in visible_text(overseer.get(f"/data-pribadi/orang/{before.id}"))
    assert "setda.malang" not in visible_text(overseer.get(f"/data-pribadi/orang/{heir.id}"))


def user_named_id(username: str) -> int:
    return db.session.scalars(sa.select(Account.id).where(Account.username == username)).one()


@pytest.mark.parametrize(
    ("username", "status"),
    [
        ("auditor.jatim", 200),
        ("admin", 200),
        ("setda.malang", 403),
        ("setda.blitar", 404),
        ("camat.kepanjen", 403),
    ],
)
def test_others_read_it_only_if_they_oversee_the_place(
    app: Flask, as_user: AsUser, username: str, status: int
) -> None:
    as_user(username).get(f"/data-pribadi/orang/{camat().id}", status=status)


def test_the_page_costs_the_same_however_many_looked(app: Flask, as_user: AsUser) -> None:
    person, costs = camat(), []
    browser = as_user("admin")
    setda = user_named_id("setda.malang")
    for start in (0, 100):
        with transaction():
            db.session.add_all(
                ViewLog(
                    page=SeenPage.PERSON,
                    record_id=person.id,
                    day=now().date() - timedelta(days=start + n),
                    account_id=setda,
                )
                for n in range(100)
            )
        with counted() as statements:
            page = browser.get(f"/data-pribadi/orang/{person.id}")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 5
    older = page.soup.find("a", rel="next")  # type: ignore[attr-defined]
    assert len(browser.get(older["href"]).soup.select("tbody tr")) == 50  # type: ignore[attr-defined]
