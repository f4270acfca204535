"""What was typed into a form that could not be taken: carried along, never lost, never sent by itself.

A session that ended, or a CSRF value that did, must not cost an hour of minutes. The fields go into
hidden inputs of the page that answers (no files, no passwords), and one button sends them again
with a fresh CSRF token and the same key. Nothing is carried from another site's form.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from werkzeug.datastructures import MultiDict

from ilp.core.config import current
from ilp.queries.accounts import username_of_session
from ilp.services.accounts import token_hash
from ilp.web.addresses import path_at_home
from ilp.web.session import CSRF, cookie_token

LONGEST = 100_000
PREFIX = "isian."
TARGET = "tujuan"
OWNER = "milik"


@dataclass(frozen=True)
class Carried:
    """The fields of a form, the address it was meant for, and the user name of whoever typed them."""

    target: str
    fields: tuple[tuple[str, str], ...]
    owner: str = ""
    with_files: bool = False

    def hidden(self) -> list[tuple[str, str]]:
        """Names and values of the hidden inputs by which the login page takes it further."""
        named = [(PREFIX + name, value) for name, value in self.fields]
        return [(TARGET, self.target), (OWNER, self.owner), *named]


def carry() -> Carried | None:
    """What the present POST carries, or None: from another site, or too much of it."""
    if not _from_our_own_page():
        return None
    fields = tuple(
        (name, value)
        for name, value in request.form.items(multi=True)
        if name != CSRF and "password" not in name and not name.startswith(PREFIX)
    )
    if sum(len(name) + len(value) for name, value in fields) > LONGEST:
        return None
    token = cookie_token()
    owner = username_of_session(token_hash(token)) if token else None
    return Carried(request.full_path.rstrip("?"), fields, owner or "", bool(request.files))


def carried_in(form: MultiDict[str, str]) -> Carried | None:
    """What the login page was given to carry, if anything."""
    target = path_at_home(form.get(TARGET, ""))
    if not target or len(form) > 2000:
        return None
    fields = tuple(
        (name.removeprefix(PREFIX), value)
        for name, value in form.items(multi=True)
        if name.startswith(PREFIX) and name != PREFIX + CSRF
    )
    return Carried(target, fields, form.get(OWNER, ""))


def _from_our_own_page() -> bool:
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return origin in (None, current().url, request.host_url.rstrip("/")) and site in ("same-origin", "none")


def resend_page(carried: Carried, *, status: int) -> Response:
    """The page that holds what was typed and offers, with one button, to send it again."""
    return make_response(render_template("login/resend.html", carried=carried), status)
