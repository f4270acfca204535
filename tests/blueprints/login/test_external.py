"""Logging in by a login service: against a real small one, truthful and lying."""

from __future__ import annotations

import time
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
import sqlalchemy as sa
from joserfc.jwk import RSAKey

from ilp.adapters import oidc
from ilp.core.config import Config, ConfigError
from ilp.core.db import db, transaction
from ilp.models.accounts import Account, ExternalLogin, LoginSession
from ilp.models.audit import AuditEntry
from ilp.models.directory import Person
from ilp.policy.user import SYSTEM
from ilp.services import accounts
from tests.support.browser import Browser
from tests.support.provider import Provider, provider

EMAIL = "setda@contoh.example"
REFUSED = "tidak memberi jawaban yang dapat dipercaya"


@pytest.fixture
def service(app, monkeypatch) -> Provider:
    """The login service, configured, and setda.malang with an address that it has verified."""
    oidc.forget()
    with provider() as running:
        running.claims |= {"email": EMAIL, "email_verified": True}
        config = Config.from_environment(
            {
                "ILP_INSTANCE": str(app.config["ILP"].instance),
                "DATABASE_URL": app.config["ILP"].database_url,
                **running.environment(),
            }
        )
        monkeypatch.setitem(app.config, "ILP", config)
        with transaction():
            give_address("setda.malang")
        yield running


def account(username: str) -> Account:
    return db.session.scalars(sa.select(Account).where(Account.username == username)).one()


def give_address(username: str) -> None:
    db.session.execute(sa.update(Person).where(Person.id == account(username).person_id).values(email=EMAIL))


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *words: object) -> None:
        return None


def at_the_service(address: str) -> str:
    """What a browser does there: it is sent back with a code."""
    with pytest.raises(HTTPError) as sent:
        build_opener(Stay).open(address, timeout=10)
    assert sent.value.code == 302
    back = urlsplit(sent.value.headers["Location"])
    sent.value.close()
    return f"{back.path}?{back.query}"


def come(browser: Browser, *, status: int = 303, target: str = "") -> str:
    """There and back; where one lands, or what the page says."""
    asked = browser.get(f"/masuk/sso{f'?next={target}' if target else ''}", status=303)
    answer = browser.get(at_the_service(asked.location), status=status)
    return answer.location or answer.text


def test_the_button_stands_there_only_where_a_service_is(service: Provider, visitor: Browser) -> None:
    assert "Masuk dengan SSO Contoh" in visitor.get("/masuk").text


def test_without_a_service_there_is_no_such_page(visitor: Browser) -> None:
    assert "SSO" not in visitor.get("/masuk").text
    visitor.get("/masuk/sso", status=404)
    visitor.get("/masuk/sso/kembali?state=a&code=b", status=404)


def test_a_verified_address_binds_once_and_the_subject_is_known_ever_after(
    service: Provider, app, visitor: Browser
) -> None:
    assert come(visitor, target="/akun/saya") == "/akun/saya"
    assert "setda.malang" in visitor.get("/akun/saya").text
    bound = db.session.scalars(sa.select(ExternalLogin)).one()
    assert (bound.account_id, bound.subject) == (account("setda.malang").id, "pegawai-1")
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "account:bind")).one()
    assert EMAIL not in str(entry.changes)
    service.claims = {"sub": "pegawai-1", "email": "baru@contoh.example", "email_verified": True}
    later = Browser(app)
    assert come(later) == "/"
    assert "setda.malang" in later.get("/akun/saya").text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ExternalLogin)) == 1


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "x", "email": "orang@lain.example", "email_verified": True},
        {"sub": "x", "email": EMAIL, "email_verified": False},
        {"sub": "x", "email": EMAIL},
        {"sub": "x"},
    ],
)
def test_nobody_gets_an_account_this_way(service: Provider, visitor: Browser, claims: dict) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Account))
    service.claims = claims
    page = come(visitor, status=422)
    assert "surat elektronik" in page
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ExternalLogin)) == 0


def test_an_address_of_two_accounts_binds_neither(service: Provider, visitor: Browser) -> None:
    with transaction():
        give_address("dinkes.malang")
    assert "Belum ada satu akun" in come(visitor, status=422)


def test_a_bound_account_is_not_taken_by_another_subject(service: Provider, app, visitor: Browser) -> None:
    come(visitor)
    service.claims = {"sub": "penyusup", "email": EMAIL, "email_verified": True}
    assert "Belum ada satu akun" in come(Browser(app), status=422)


def test_who_was_unbound_is_bound_anew(service: Provider, app, visitor: Browser) -> None:
    come(visitor)
    with transaction():
        accounts.unbind(actor=SYSTEM, account=account("setda.malang"))
    assert visitor.get("/", status=303).location.startswith("/masuk")
    service.claims = {"sub": "pegawai-baru", "email": EMAIL, "email_verified": True}
    come(Browser(app))
    assert db.session.scalars(sa.select(ExternalLogin.subject)).all() == ["pegawai-baru"]


def test_a_suspended_account_stays_out(service: Provider, app, visitor: Browser) -> None:
    come(visitor)
    with transaction():
        accounts.suspend(actor=SYSTEM, account=account("setda.malang"))
    assert "dibekukan" in come(Browser(app), status=422)
    last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (last.action, last.changes["attempt"]) == ("account:refused", "login_suspended")


def test_a_suspended_account_is_not_bound_either(service: Provider, visitor: Browser) -> None:
    with transaction():
        accounts.suspend(actor=SYSTEM, account=account("setda.malang"))
    assert "dibekukan" in come(visitor, status=422)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ExternalLogin)) == 0
    last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert (last.action, last.changes["attempt"]) == ("account:refused", "login_suspended")


def test_pressing_the_button_asks_the_service_once(service: Provider, visitor: Browser, app) -> None:
    for _ in range(3):
        Browser(app).get("/masuk/sso", status=303)
    assert service.described == 1


def test_a_service_that_failed_is_left_alone_for_a_while(service: Provider, visitor: Browser) -> None:
    service.metadata = {"issuer": "https://lain.example"}
    for _ in range(3):
        assert REFUSED in visitor.get("/masuk/sso", status=422).text
    assert service.described == 1


PAST = int(time.time()) - 3600


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "https://lain.example"},
        {"aud": "aplikasi-lain"},
        {"aud": ["simpul", "aplikasi-lain"]},
        {"nonce": "dari-pertanyaan-lain"},
        {"nonce": None},
        {"exp": PAST, "iat": PAST - 300},
        {"exp": None},
        {"sub": None},
    ],
    ids=["issuer", "audience", "audiences", "nonce", "no-nonce", "old", "no-end", "no-subject"],
)
def test_a_token_that_does_not_fit_opens_nothing(service: Provider, visitor: Browser, lies: dict) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(LoginSession))
    service.lies = lies
    assert REFUSED in come(visitor, status=422)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == before


def test_a_token_signed_by_somebody_else_opens_nothing(service: Provider, visitor: Browser) -> None:
    service.signs_with = RSAKey.generate_key(2048, {"kid": "satu"})
    assert REFUSED in come(visitor, status=422)


def test_a_service_that_calls_itself_otherwise_is_not_asked(service: Provider, visitor: Browser) -> None:
    service.metadata = {"issuer": "https://lain.example"}
    assert REFUSED in visitor.get("/masuk/sso", status=422).text


def test_an_answer_to_another_question_opens_nothing(service: Provider, app, visitor: Browser) -> None:
    asked = visitor.get("/masuk/sso", status=303)
    back = at_the_service(asked.location)
    assert REFUSED in Browser(app).get(back, status=422).text, "a browser that never asked"
    assert REFUSED in visitor.get(back.replace("state=", "state=x"), status=422).text
    assert REFUSED in visitor.get(back, status=422).text, "the question was forgotten with the first answer"


def test_a_code_is_good_once_even_with_the_right_question(service: Provider, visitor: Browser) -> None:
    asked = visitor.get("/masuk/sso", status=303)
    back = at_the_service(asked.location)
    service.asked.clear()
    assert REFUSED in visitor.get(back, status=422).text


def test_a_visitor_who_says_no_comes_back_to_the_login_page(service: Provider, visitor: Browser) -> None:
    visitor.get("/masuk/sso", status=303)
    page = visitor.get("/masuk/sso/kembali?error=access_denied", status=422)
    assert REFUSED in page.text
    assert page.soup.find("input", {"name": "username"})


def test_a_service_that_is_away_is_said(service: Provider, visitor: Browser, app, monkeypatch) -> None:
    config = Config.from_environment(
        {
            "ILP_INSTANCE": str(app.config["ILP"].instance),
            "DATABASE_URL": app.config["ILP"].database_url,
            **service.environment(),
            "ILP_OIDC_ISSUER": "http://127.0.0.1:9",
        }
    )
    monkeypatch.setitem(app.config, "ILP", config)
    assert REFUSED in visitor.get("/masuk/sso", status=422).text


@pytest.mark.parametrize(
    "over",
    [{"ILP_OIDC_ISSUER": "http://sso.contoh.go.id"}, {"ILP_OIDC_CLIENT_ID": ""}, {"ILP_OIDC_ISSUER": ""}],
)
def test_a_half_or_open_configuration_is_refused(tmp_path, over: dict[str, str]) -> None:
    given = {"ILP_OIDC_ISSUER": "https://sso.contoh.go.id", "ILP_OIDC_CLIENT_ID": "simpul"}
    with pytest.raises(ConfigError):
        Config.from_environment({"ILP_INSTANCE": str(tmp_path), **given, **over})
