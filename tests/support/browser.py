"""A test client that behaves like a person with a browser, and looks at every page it gets."""

from __future__ import annotations

import contextvars
import re
import secrets
from collections import deque
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any
from urllib.parse import urldefrag, urlsplit

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from ilp.core.clock import now
from ilp.core.config import ROOT
from ilp.core.db import db, transaction
from ilp.models.accounts import Account, LoginSession
from ilp.services.accounts import token_hash

SUSPICIOUS = re.compile(r"\{\{|\{%|\bNone\b|\bundefined\b|<Markup|object at 0x")


def sign_in(client: FlaskClient, username: str) -> None:
    """Opens a session row for an account of the demo, without the cost of hashing a password."""
    token = secrets.token_urlsafe(32)
    account = db.session.query(Account).filter_by(username=username).one()
    with transaction():
        db.session.add(
            LoginSession(
                account_id=account.id, token_hash=token_hash(token), created_at=now(), last_seen_at=now()
            )
        )
    with client.session_transaction() as session:
        session["_user_id"] = token


def links(text: str) -> Iterator[str]:
    """Where a page leads, without leaving the house."""
    for anchor in BeautifulSoup(text, "html.parser").find_all("a", href=True):
        address = urldefrag(str(anchor["href"])).url
        if address.startswith("/") and not address.startswith(("//", "/static/")):
            yield address


class Browser:
    """`get` and `post` return the answer with `.soup`; every HTML page is inspected on the way.

    `post` fills in the real form of a page: fields not given keep what the page shows, CSRF and key
    come from the form, so CSRF stays on.
    """

    def __init__(self, app: Flask, username: str | None = None) -> None:
        self.app = app
        self.client = app.test_client()
        if username:
            sign_in(self.client, username)

    def get(self, path: str, *, status: int = 200, htmx: bool = False, **kwargs: Any) -> TestResponse:
        return self._open("GET", path, status, htmx=htmx, **kwargs)

    def post(
        self,
        path: str,
        data: dict[str, Any] | None = None,
        *,
        status: int | tuple[int, ...] = 303,
        htmx: bool = False,
        page: str | None = None,
        **kwargs: Any,
    ) -> TestResponse:
        """Sends a form; with `page`, the one on that page whose action is `path`, else only a CSRF token."""
        if page:
            fields = self.form(page, path)
        else:
            fields = {} if "csrf_token" in (data or {}) else {"csrf_token": self.csrf()}
        return self._open("POST", path, status, htmx=htmx, data={**fields, **(data or {})}, **kwargs)

    def form(self, page: str, action: str) -> dict[str, Any]:
        """What the form on a page would send as it stands."""
        soup = BeautifulSoup(self._fetch(page).text, "html.parser")
        forms = [
            f
            for f in soup.find_all("form", method=re.compile("post", re.IGNORECASE))
            if (f.get("action") or page) == action
        ]
        assert forms, f"{page} has no form for {action}"
        fields: dict[str, Any] = {}
        for field in forms[0].find_all(["input", "textarea", "select"]):
            name, kind = field.get("name"), field.get("type")
            if (
                not name
                or kind in ("file", "submit")
                or (kind in ("checkbox", "radio") and not field.has_attr("checked"))
            ):
                continue
            if field.name == "select":
                chosen = [o for o in field.find_all("option") if o.has_attr("selected")] or field.find_all(
                    "option"
                )[:1]
                value = chosen[0].get("value", "") if chosen else ""
            else:
                value = (
                    field.get("value", "")
                    if field.name == "input"
                    else field.text.removeprefix("\r").removeprefix("\n")
                )
            fields[name] = [*_as_list(fields[name]), value] if name in fields else value
        return fields

    def csrf(self) -> str:
        """A token of this session, read from any page of it."""
        soup = BeautifulSoup(
            self._fetch("/masuk").text if not self._signed_in() else self._fetch("/").text,
            "html.parser",
        )
        field = soup.find("input", {"name": "csrf_token"})
        if field:
            return str(field["value"])
        headers = soup.body.get("hx-headers:inherited", "") if soup.body else ""
        found = re.search(r'"X-CSRFToken":\s*"([^"]+)"', str(headers))
        assert found, "no CSRF token on the page"
        return found.group(1)

    def send(self, method: str, path: str, **kwargs: Any) -> TestResponse:
        """One request as it comes: nothing is filled in, expected or inspected."""
        return self._fetch(path, method=method, **kwargs)

    def _fetch(self, path: str, **kwargs: Any) -> TestResponse:
        """One request in a context of its own: Flask would reuse the test's, and with it the last user."""
        db.session.commit()
        return contextvars.Context().run(self.client.open, path, **kwargs)

    def _signed_in(self) -> bool:
        with self.client.session_transaction() as session:
            return "_user_id" in session

    def _open(
        self, method: str, path: str, status: int | tuple[int, ...], *, htmx: bool, **kwargs: Any
    ) -> TestResponse:
        headers = dict(kwargs.pop("headers", {}))
        if htmx:
            headers |= {"HX-Request": "true", "HX-Request-Type": "partial"}
        answer = self._fetch(path, method=method, headers=headers, **kwargs)
        db.session.expire_all()
        expected = status if isinstance(status, tuple) else (status,)
        assert answer.status_code in expected, (
            f"{method} {path}: {answer.status_code}\n{visible_text(answer)[:1500]}"
        )
        if answer.mimetype == "text/html" and answer.data:
            inspect_page(answer, fragment=htmx and "<html" not in answer.text[:200], path=path)
            answer.soup = BeautifulSoup(answer.text, "html.parser")  # type: ignore[attr-defined]
        return answer


def walk(browser: Browser, starts: Sequence[str], *, most: int) -> Iterator[tuple[str, TestResponse]]:
    """Asks for what is within reach, one address of each rule and at most so many: each with its answer.

    Fails where a link leads nowhere.
    """
    addresses = browser.app.url_map.bind("localhost")
    waiting, seen = deque(starts), {*starts}
    for _ in range(most):
        if not waiting:
            return
        address = waiting.popleft()
        with browser.send("GET", address) as answer:
            yield address, answer
            found = [answer.location] if answer.location else []
            found += links(answer.text) if answer.mimetype == "text/html" else []
        for path in found:
            try:
                rule, _ = addresses.match(urlsplit(path).path, return_rule=True)
            except HTTPException as nowhere:
                raise AssertionError(f"{address} leads to {path}, which is nowhere") from nowhere
            if rule.rule not in seen:
                seen.add(rule.rule)
                waiting.append(path)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def visible_text(answer: TestResponse) -> str:
    return " ".join(BeautifulSoup(answer.text, "html.parser").get_text(" ").split())


@cache
def drawn_pictures() -> frozenset[str]:
    """The ids in the sprite: line icons and shapes of states."""
    sprite = (ROOT / "ilp/static/vendor/sprite.svg").read_text()
    return frozenset(re.findall(r'<symbol id="([^"]+)"', sprite))


def inspect_page(answer: TestResponse, *, fragment: bool, path: str) -> None:
    """What must hold on every page: one h1, a title, unique ids, labelled inputs, CSRF in each POST form."""
    soup = BeautifulSoup(answer.text, "html.parser")
    if not fragment:
        assert soup.title is not None, f"{path}: no title"
        assert soup.title.text.strip(), f"{path}: empty title"
        assert len(soup.find_all("h1")) == 1, f"{path}: {len(soup.find_all('h1'))} h1"
    ids = [str(tag["id"]) for tag in soup.find_all(id=True)]
    assert len(ids) == len(set(ids)), f"{path}: ids twice: {sorted({i for i in ids if ids.count(i) > 1})}"
    for form in soup.find_all("form"):
        if str(form.get("method", "get")).lower() == "post":
            assert form.find("input", {"name": "csrf_token"}), (
                f"{path}: a form without CSRF: {form.get('action')}"
            )
    labels = {str(label.get("for")) for label in soup.find_all("label")}
    for field in soup.find_all(["input", "select", "textarea"]):
        if field.get("type") in ("hidden", "submit"):
            continue
        named = (
            field.get("aria-label")
            or field.get("aria-labelledby")
            or field.get("id") in labels
            or field.find_parent("label")
        )
        assert named, f"{path}: {field.get('name')} has no label"
    if not fragment:
        for tag in soup.find_all(attrs={"hx-target": re.compile("^#")}):
            assert str(tag["hx-target"])[1:] in ids, f"{path}: no {tag['hx-target']}"
    missing = {str(use["href"]).partition("#")[2] for use in soup.find_all("use")} - drawn_pictures()
    assert not missing, f"{path}: no picture is called {sorted(missing)}"
    assert not soup.find_all(style=True), f"{path}: inline style"
    assert not soup.find("script", src=False), f"{path}: inline script"
    text = soup.get_text(" ")
    found = SUSPICIOUS.search(text)
    assert not found, f"{path}: {text[max(0, found.start() - 40) : found.end() + 40]!r}"
