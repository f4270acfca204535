"""Logging in by the browser: sessions, guesses, links, and what was typed when a session ended."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from ilp.core import demo
from ilp.core.db import db, transaction
from ilp.core.demo import PASSWORD as DEMO_PASSWORD
from ilp.models.accounts import Account, LoginSession, PasswordLink
from ilp.policy.user import SYSTEM
from ilp.services import accounts
from tests.support.browser import Browser, visible_text

NEW = "kuda meja biru lari"
AsUser = Callable[[str], Browser]


def log_in(browser: Browser, username: str, password: str = DEMO_PASSWORD, **fields: str) -> TestResponse:
    status = fields.pop("status", (303, 422))
    return browser.post(
        "/masuk", {"username": username, "password": password, **fields}, page="/masuk", status=status
    )


def cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("ilp")
    assert found is not None
    return found.value


def with_cookie(app: Flask, value: str) -> Browser:
    browser = Browser(app)
    browser.client.set_cookie("ilp", value)
    return browser


def account(username: str) -> Account:
    return db.session.scalars(sa.select(Account).where(Account.username == username)).one()


def link(username: str = "camat.kepanjen") -> str:
    with transaction():
        return accounts.issue_password_link(actor=SYSTEM, account=account(username))


# --- logging in and out -----------------------------------------------------------------------------


def test_log_in_leads_to_where_one_wanted_to_go(visitor: Browser) -> None:
    asked = visitor.get("/akun/perangkat?a=1", status=303)
    assert asked.location == "/masuk?next=/akun/perangkat?a%3D1"
    page = visitor.get(asked.location)
    assert "Masuk dahulu" in page.text
    answer = visitor.post(
        "/masuk", {"username": "Camat.Kepanjen ", "password": DEMO_PASSWORD}, page=asked.location
    )
    assert answer.location == "/akun/perangkat?a=1"
    assert "perangkat ini" in visitor.get("/akun/perangkat").text


def test_who_is_logged_in_is_not_asked_again(as_user: AsUser) -> None:
    assert as_user("camat.kepanjen").get("/masuk?next=/akun/saya", status=303).location == "/akun/saya"


@pytest.mark.parametrize(
    "target",
    [
        "https://jahat.example/",
        "//jahat.example",
        "/\\jahat.example",
        "\\\\jahat.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "http:jahat.example",
        "/\t/jahat.example",
        "/\n/jahat.example",
        " //jahat.example",
        "jahat.example",
        "",
    ],
)
def test_a_redirect_stays_at_home(visitor: Browser, target: str) -> None:
    answer = log_in(visitor, "camat.kepanjen", next=target)
    assert answer.location == "/"


def test_the_cookie_holds_a_token_and_a_csrf_value_only(visitor: Browser) -> None:
    log_in(visitor, "camat.kepanjen")
    visitor.get("/akun/saya")
    with visitor.client.session_transaction() as session:
        assert set(session) == {"_user_id", "_permanent", "csrf_token"}
    assert len(cookie(visitor)) < 400


def test_log_in_gives_a_new_session_and_a_new_csrf_value(visitor: Browser) -> None:
    visitor.get("/masuk")
    with visitor.client.session_transaction() as session:
        session["_user_id"] = "token-yang-ditanam"
        before = session["csrf_token"]
    log_in(visitor, "camat.kepanjen")
    with visitor.client.session_transaction() as session:
        assert session["_user_id"] != "token-yang-ditanam"
        assert session.get("csrf_token") != before


def test_an_old_cookie_is_dead_after_logging_out(app: Flask, visitor: Browser) -> None:
    log_in(visitor, "camat.kepanjen")
    visitor.get("/akun/saya")
    stolen = cookie(visitor)
    assert with_cookie(app, stolen).get("/akun/saya").status_code == 200
    answer = visitor.post("/keluar", page="/akun/saya")
    assert answer.location == "/masuk?kabar=keluar"
    assert "sudah keluar" in visitor.get(answer.location).text
    with_cookie(app, stolen).get("/akun/saya", status=303)


def test_an_old_cookie_is_dead_after_a_new_password(app: Flask, visitor: Browser) -> None:
    log_in(visitor, "camat.kepanjen")
    other = Browser(app)
    log_in(other, "camat.kepanjen")
    form = {"old_password": DEMO_PASSWORD, "new_password": NEW, "repeated_password": NEW}
    answer = visitor.post("/akun/sandi", form, page="/akun/sandi")
    assert answer.location == "/akun/saya?kabar=sandi"
    assert "Perangkat lain sudah dikeluarkan" in visitor.get(answer.location).text
    other.get("/akun/saya", status=303)
    assert log_in(other, "camat.kepanjen", NEW).status_code == 303


def test_log_out_by_get_does_nothing(as_user: AsUser) -> None:
    browser = as_user("camat.kepanjen")
    browser.get("/keluar", status=405)
    browser.get("/akun/saya")


# --- guesses ----------------------------------------------------------------------------------------


def test_an_unknown_user_gets_the_same_page(visitor: Browser) -> None:
    known = log_in(visitor, "camat.kepanjen", "salah-sekali")
    unknown = log_in(visitor, "camat.tidakada", "salah-sekali")
    assert known.status_code == unknown.status_code == 422
    assert visible_text(known) == visible_text(unknown)
    assert len(known.data) == len(unknown.data)
    assert "salah-sekali" not in known.text


def test_thirty_guesses_are_refused_after_ten(visitor: Browser) -> None:
    form = visitor.form("/masuk", "/masuk") | {"username": "camat.kepanjen", "password": "salah-sekali"}
    answers = [
        visitor.send("POST", "/masuk", data=form, headers={"X-Forwarded-For": f"192.0.2.{n}"})
        for n in range(30)
    ]
    assert [a.status_code for a in answers] == [422] * 10 + [429] * 20
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900
    assert "Terlalu banyak percobaan" in answers[-1].text


def test_bad_input_is_told_beside_its_field(visitor: Browser) -> None:
    assert "perlu diisi" in log_in(visitor, "", "").text
    assert "Terlalu panjang" in log_in(visitor, "a" * 81, "x").text
    assert "Terlalu panjang" in log_in(visitor, "a", "x" * 129).text
    assert "tidak dapat dibaca" in log_in(visitor, "a\x00b", "x").text


# --- the demo ---------------------------------------------------------------------------------------


def test_the_demo_shows_its_logins_and_one_tap_fills_the_form(visitor: Browser) -> None:
    page = visitor.get("/masuk")
    assert DEMO_PASSWORD in page.text
    chips = [a["href"] for a in page.soup.select(".demo-logins a")]  # type: ignore[attr-defined]
    assert sorted(chip.partition("=")[2] for chip in chips) == sorted(demo.LOGINS)
    form = visitor.form("/masuk?sebagai=lurah.tampang", "/masuk")
    assert visitor.send("POST", "/masuk", data=form).status_code == 303
    assert "lurah.tampang" in visitor.get("/akun/saya").text


# --- forgotten passwords and links --------------------------------------------------------------------


def test_forgotten_passwords_are_a_matter_of_the_office(visitor: Browser) -> None:
    page = visitor.get("/lupa-sandi")
    assert "Pengelola Simpul" in page.text
    assert page.soup.find("form") is None  # type: ignore[attr-defined]


def test_a_link_is_used_by_post_and_leaves_the_address_at_once(visitor: Browser) -> None:
    token = link()
    page = visitor.get(f"/sandi/{token}")
    assert "camat.kepanjen" not in page.text
    moved = visitor.post(f"/sandi/{token}", page=f"/sandi/{token}")
    assert moved.location == "/sandi"
    form = visitor.get("/sandi")
    assert "camat.kepanjen" in form.text
    assert token not in form.text
    answer = visitor.post("/sandi", {"new_password": NEW, "repeated_password": NEW}, page="/sandi")
    assert answer.location == "/masuk?kabar=sandi-baru"
    assert log_in(visitor, "camat.kepanjen", NEW).status_code == 303
    with visitor.client.session_transaction() as session:
        assert token not in str(dict(session))


def test_preview_robots_use_nothing_up(app: Flask, visitor: Browser) -> None:
    token = link()
    before = db.session.execute(sa.select(PasswordLink.__table__)).all()
    for method in ("GET", "HEAD", "GET"):
        robot = Browser(app)
        assert robot.send(method, f"/sandi/{token}").status_code == 200
    assert db.session.execute(sa.select(PasswordLink.__table__)).all() == before
    visitor.post(f"/sandi/{token}", page=f"/sandi/{token}")


@pytest.mark.parametrize("end", ["A", "x-y", ""])
def test_a_tampered_link_is_dead(visitor: Browser, end: str) -> None:
    token = link()[:-3] + end
    answer = visitor.post(f"/sandi/{token}", page=f"/sandi/{token}", status=410)
    assert "tidak berlaku lagi" in answer.text


def test_a_used_link_is_dead(app: Flask, visitor: Browser) -> None:
    token = link()
    visitor.post(f"/sandi/{token}", page=f"/sandi/{token}")
    late = Browser(app)
    late.post(f"/sandi/{token}", page=f"/sandi/{token}")
    form = late.form("/sandi", "/sandi") | {
        "new_password": "rumah tepi sungai",
        "repeated_password": "rumah tepi sungai",
    }
    visitor.post("/sandi", {"new_password": NEW, "repeated_password": NEW}, page="/sandi")
    assert late.send("POST", "/sandi", data=form).status_code == 410
    visitor.post(f"/sandi/{token}", page=f"/sandi/{token}", status=410)


def test_a_weak_or_mistyped_new_password_is_refused_and_the_link_lives(visitor: Browser) -> None:
    token = link()
    visitor.post(f"/sandi/{token}", page=f"/sandi/{token}")
    weak = {"new_password": "Password1234", "repeated_password": "Password1234"}
    assert "sering ditebak" in visitor.post("/sandi", weak, page="/sandi", status=422).text
    mistyped = {"new_password": NEW, "repeated_password": NEW + "x"}
    assert "belum sama" in visitor.post("/sandi", mistyped, page="/sandi", status=422).text
    visitor.post("/sandi", {"new_password": NEW, "repeated_password": NEW}, page="/sandi")


def test_guessing_links_is_refused_after_ten(visitor: Browser) -> None:
    form = visitor.form("/sandi/x", "/sandi/x")
    tokens = [f"5-1-{'a' * 21}{n:x}" for n in range(12)]
    statuses = [visitor.send("POST", f"/sandi/{t}", data=form).status_code for t in tokens]
    assert statuses == [410] * 10 + [429] * 2


# --- what was typed when a session ended ----------------------------------------------------------------


def end_session(browser: Browser) -> None:
    with transaction():
        db.session.execute(sa.update(LoginSession).values(ended_at=sa.func.now()))
    db.session.expire_all()


TYPED = {
    "username": "camat.baru",
    "role": "leader",
    "office_id": "1",
    "note": 'Baris "satu" & <dua>\nçæ',
    "old_password": "rahasia-sekali",
}


def test_a_post_after_the_session_ended_is_carried_over_the_login(as_user: AsUser) -> None:
    browser = as_user("admin")
    fields = browser.form("/akun/baru?kantor=kepanjen", "/akun/baru") | TYPED
    end_session(browser)
    page = browser.send("POST", "/akun/baru", data=fields)
    assert page.status_code == 401
    assert "Isian terakhir tersimpan" in page.text
    assert "rahasia-sekali" not in page.text
    log = form_of(page, "/masuk") | {"password": DEMO_PASSWORD}
    assert log["username"] == "admin"
    held = browser.send("POST", "/masuk", data=log)
    assert held.status_code == 200
    assert "Isian Bapak/Ibu tersimpan" in held.text
    again = form_of(held, "/akun/baru")
    assert again["note"] == TYPED["note"]
    assert again["kunci"] == fields["kunci"]
    assert again["csrf_token"] != fields["csrf_token"]
    assert db.session.scalar(sa.select(sa.exists().where(Account.username == "camat.baru"))) is False
    sent = browser.send("POST", "/akun/baru", data=again)
    assert sent.status_code in (303, 422)


def test_what_one_typed_is_given_to_nobody_else(as_user: AsUser) -> None:
    browser = as_user("admin")
    fields = browser.form("/akun/baru?kantor=kepanjen", "/akun/baru") | TYPED
    end_session(browser)
    page = browser.send("POST", "/akun/baru", data=fields)
    log = form_of(page, "/masuk") | {"username": "setda.malang", "password": DEMO_PASSWORD}
    answer = browser.send("POST", "/masuk", data=log)
    assert answer.status_code == 303
    assert "Baris" not in answer.text


def test_an_expired_csrf_value_gives_the_fields_back(as_user: AsUser) -> None:
    browser = as_user("admin")
    fields = browser.form("/akun/baru?kantor=kepanjen", "/akun/baru") | TYPED | {"csrf_token": "basi"}
    page = browser.send("POST", "/akun/baru", data=fields)
    assert page.status_code == 400
    again = form_of(page, "/akun/baru")
    assert again["note"] == TYPED["note"]
    assert "old_password" not in again
    assert browser.send("POST", "/akun/baru", data=again).status_code in (303, 422)


def test_nothing_is_carried_from_another_site(as_user: AsUser, visitor: Browser) -> None:
    browser = as_user("admin")
    for headers in ({"Origin": "https://jahat.example"}, {"Sec-Fetch-Site": "cross-site"}):
        forged = browser.send("POST", "/akun/baru", data=TYPED, headers=headers)
        assert forged.status_code == 400
        assert "Baris" not in forged.text
        unknown = visitor.send("POST", "/akun/baru", data=TYPED, headers=headers)
        assert unknown.status_code == 401
        assert "Baris" not in unknown.text


def test_too_much_is_not_carried(as_user: AsUser) -> None:
    browser = as_user("admin")
    page = browser.send("POST", "/akun/baru", data={"note": "x" * 100_001, "csrf_token": "basi"})
    assert page.status_code == 400
    assert len(page.data) < 50_000


def test_an_htmx_request_after_the_session_ended_is_told_in_one_line(visitor: Browser) -> None:
    for method in ("GET", "POST"):
        answer = visitor.send(
            method, "/akun/baru", headers={"HX-Request": "true", "HX-Request-Type": "partial"}
        )
        assert answer.status_code == 401
        assert "HX-Redirect" not in answer.headers
        assert re.search(r"Sesi Bapak/Ibu berakhir", answer.text)
        assert "<html" not in answer.text


def form_of(answer: TestResponse, action: str) -> dict[str, str]:
    soup = BeautifulSoup(answer.text, "html.parser")
    form = soup.find("form", action=action)
    assert form is not None, visible_text(answer)
    return {str(f["name"]): str(f.get("value", "")) for f in form.find_all("input") if f.get("name")}
