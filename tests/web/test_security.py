"""What every answer carries, whatever it says: headers, cookies, hosts, verbs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

import pytest
from flask import Flask, request
from werkzeug.test import TestResponse

from ilp.core.config import Config, ConfigError
from ilp.core.demo import PASSWORD as DEMO_PASSWORD
from ilp.web.extensions import csrf
from ilp.web.requires import PUBLIC
from ilp.web.security import STEADY
from tests.support.browser import Browser
from tests.support.databases import Database

PAGES = ("/masuk", "/", "/akun/saya", "/tidak/ada", "/lupa-sandi", "/sandi/x", "/sehat")


def directives(answer: TestResponse) -> dict[str, list[str]]:
    parts = [part.split() for part in answer.headers["Content-Security-Policy"].split(";")]
    return {part[0]: part[1:] for part in parts}


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("username", [None, "camat.kepanjen"])
def test_every_answer_is_hardened(app: Flask, path: str, username: str | None) -> None:
    check_headers(Browser(app, username).send("GET", path))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/masuk", 400),
        ("DELETE", "/masuk", 405),
        ("OPTIONS", "/masuk", 405),
        ("TRACE", "/", 405),
        ("POST", "/akun/saya", 405),
        ("GET", "/akun/0", 404),
        ("GET", "/akun/99999999999", 404),
        ("GET", "/akun/²", 404),
        ("GET", "/../../etc/passwd", 404),
        ("GET", "/static/../../etc/passwd", 404),
        ("GET", "/static/%2e%2e/%2e%2e/etc/passwd", 404),
        ("GET", "/%00", 404),
        ("GET", "/%ff%fe", 404),
    ],
)
def test_odd_requests_get_a_hardened_refusal(visitor: Browser, method: str, path: str, status: int) -> None:
    answer = visitor.send(method, path)
    assert answer.status_code == status
    check_headers(answer)


def check_headers(answer: TestResponse) -> None:
    policy = directives(answer)
    assert policy["default-src"] == ["'none'"]
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["form-action"] == ["'self'"]
    words = {word for sources in policy.values() for word in sources}
    assert not any("unsafe" in w or "*" in w or "http" in w for w in words)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    for name in ("Content-Security-Policy", "Cache-Control", *STEADY):
        assert len(answer.headers.getlist(name)) == 1, name
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "host", ["jahat.example", "127.0.0.1.jahat.example", "localhost.jahat.example", "", "a b"]
)
@pytest.mark.parametrize("path", ["/masuk", "/", "/sandi/x", "/tidak/ada"])
def test_a_forged_host_is_refused_and_not_echoed(visitor: Browser, host: str, path: str) -> None:
    answer = visitor.send("GET", path, headers={"Host": host})
    assert answer.status_code == 400
    assert "jahat" not in answer.text + str(answer.headers)
    check_headers(answer)


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_the_machine_itself_has_three_names(visitor: Browser, host: str) -> None:
    assert visitor.send("GET", "/masuk", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL"])
def test_forwarded_names_are_not_believed(visitor: Browser, header: str) -> None:
    answer = visitor.send("GET", "/akun/saya", headers={header: "jahat.example"})
    assert "jahat" not in answer.text + str(answer.headers)


@pytest.fixture
def https(committed: Database) -> Flask:
    return committed.app(ILP_URL="https://ilp.contoh.go.id", ILP_DEMO="1")


def test_over_https_the_cookie_is_bound_to_the_host(https: Flask) -> None:
    client = https.test_client()
    at = {"base_url": "https://ilp.contoh.go.id"}
    page = client.get("/masuk?sebagai=camat.kepanjen", **at)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    form = {"csrf_token": token, "username": "camat.kepanjen", "password": DEMO_PASSWORD}
    answer = client.post("/masuk", data=form, headers={"Referer": "https://ilp.contoh.go.id/masuk"}, **at)
    assert answer.status_code == 303
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-ilp=")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert attribute in cookie
    assert "Domain" not in cookie
    assert len(cookie) < 1024
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert client.get("/masuk", base_url="https://127.0.0.1").status_code == 400
    unreferred = client.post("/masuk", data=form, **at)
    assert unreferred.status_code == 400


def test_a_proxy_is_believed_only_when_it_is_configured(committed: Database) -> None:
    for proxies, expected in (("0", "127.0.0.1"), ("1", "198.51.100.7")):
        app = committed.app(ILP_PROKSI=proxies)
        seen = []
        app.before_request_funcs.setdefault(None, []).append(lambda seen=seen: seen.append(remote()))
        app.test_client().get("/masuk", headers={"X-Forwarded-For": "203.0.113.1, 198.51.100.7"})
        assert seen == [expected]


def remote() -> str | None:
    return request.remote_addr


def test_a_view_without_a_declared_action_is_closed(committed: Database) -> None:
    app = committed.app()
    app.add_url_rule("/lupa-menyatakan", "undeclared", lambda: "rahasia")
    app.add_url_rule("/terbuka", "declared", declared)
    answer = app.test_client().get("/lupa-menyatakan")
    assert answer.status_code == 403
    assert "rahasia" not in answer.text
    assert app.test_client().get("/terbuka").text == "terbuka"


def declared() -> str:
    return "terbuka"


declared.policy_action = PUBLIC  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("environment", "starts"),
    [
        ({"ILP_URL": "http://ilp.contoh.go.id", "ILP_DEMO": "0"}, False),
        ({"ILP_URL": "http://ilp.contoh.go.id", "ILP_DEMO": "0", "ILP_IZINKAN_HTTP": "1"}, True),
        ({"ILP_URL": "https://ilp.contoh.go.id", "ILP_DEMO": "0"}, True),
        ({"ILP_URL": "https://ilp.contoh.go.id/jalur"}, False),
        ({"ILP_URL": "ilp.contoh.go.id"}, False),
        ({"ILP_URL": "http://[::1]:8000", "ILP_DEMO": "0"}, True),
    ],
)
def test_no_start_without_https_on_a_real_network(
    tmp_path, environment: dict[str, str], starts: bool
) -> None:
    with nullcontext() if starts else pytest.raises(ConfigError):
        Config.from_environment({"ILP_INSTANCE": str(tmp_path), **environment})


@pytest.mark.parametrize("sender", ["", "simpul", "simpul@", "Simpul <simpul@contoh.example>"])
def test_no_start_with_mail_that_has_no_sender(tmp_path, sender: str) -> None:
    mail = {"ILP_INSTANCE": str(tmp_path), "ILP_SMTP": "smtp://127.0.0.1"}
    with pytest.raises(ConfigError, match="ILP_SMTP_DARI"):
        Config.from_environment({**mail, "ILP_SMTP_DARI": sender})
    Config.from_environment({**mail, "ILP_SMTP_DARI": "simpul@contoh.example"})


@pytest.mark.parametrize("name", ["PORT", "ILP_PROKSI"])
@pytest.mark.parametrize("value", ["abc", "-1", "1.5", "99999"])
def test_no_start_with_a_number_that_is_none(tmp_path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} harus berupa angka .* bukan {value}"):
        Config.from_environment({"ILP_INSTANCE": str(tmp_path), name: value})


@pytest.mark.parametrize(
    "url", ["foo", "mysql://ilp@localhost/ilp", "sqlite://", "sqlite:///", "postgresql:"]
)
def test_no_start_with_a_database_of_another_kind(tmp_path, url: str) -> None:
    with pytest.raises(ConfigError, match="DATABASE_URL harus"):
        Config.from_environment({"ILP_INSTANCE": str(tmp_path), "DATABASE_URL": url})


def test_nobody_else_on_the_machine_reads_the_instance(tmp_path) -> None:
    instance = tmp_path / "instance"
    instance.mkdir(mode=0o755)
    Config.from_environment({"ILP_INSTANCE": str(instance)})
    assert instance.stat().st_mode & 0o077 == 0
    assert (instance / "secret.key").stat().st_mode & 0o077 == 0


def test_processes_that_start_at_once_share_one_whole_secret(tmp_path) -> None:
    with ThreadPoolExecutor(8) as pool:
        environments = [{"ILP_INSTANCE": str(tmp_path)}] * 8
        keys = {config.secret_key for config in pool.map(Config.from_environment, environments)}
    assert keys == {(tmp_path / "secret.key").read_text()}
    assert list(tmp_path.glob(".secret-*")) == []


def test_no_view_is_exempt_from_the_csrf_value(app: Flask) -> None:
    """Forms do not ask for it themselves."""
    assert app.config["WTF_CSRF_CHECK_DEFAULT"]
    assert app.config["WTF_CSRF_ENABLED"]
    assert not csrf._exempt_views
    assert not csrf._exempt_blueprints
