"""The trail of the places that somebody oversees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Response, request, url_for

from ilp.blueprints.audit import bp
from ilp.blueprints.audit.forms import FilterForm
from ilp.blueprints.audit.routes.records import history_url
from ilp.blueprints.audit.sheets import ENTRIES
from ilp.core.clock import to_utc
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import plain_date
from ilp.core.paging import BATCH, Key, Page
from ilp.policy.actions import Action
from ilp.queries.audit import Filter, entries_page, names_in
from ilp.queries.offices import name_of
from ilp.web.arguments import number_argument
from ilp.web.deeds import deed, subject
from ilp.web.htmx import page_or_block
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download

SAID: dict[str, tuple[str, Callable[[Any], str]]] = {
    "perbuatan": ("perbuatan", deed),
    "tentang": ("tentang", subject),
    "pelaku": ("nama pelaku", str),
    "kantor": ("kantor", name_of),
    "dari": ("dari tanggal", plain_date),
    "sampai": ("sampai tanggal", plain_date),
}
"""The filter in words: what each of its parts is called, and how its value is said."""


@bp.get("/")
@requires(Action.AUDIT_READ)
def index() -> Response:
    contents = bool(me().audited)
    form, chosen = asked(contents=contents)
    found = entries_page(me(), wanted(chosen), after=Key.parse(request.args.get("setelah")))
    return page_or_block(
        "audit/list.html",
        block="entries",
        status=form.status,
        form=form,
        contents=contents,
        entries=found.rows,
        names=names_in(found.rows),
        link=history_url,
        older=url_for("audit.index", **chosen, setelah=str(found.after)) if found.after else None,
        newest=None if found.first else url_for("audit.index", **chosen),
        filtered=bool(chosen),
    )


@bp.get("/daftar.xlsx")
@requires(Action.AUDIT_READ)
def sheet() -> Response:
    form, chosen = asked(contents=bool(me().audited))
    if form.errors:
        raise RuleViolation(next(message for messages in form.errors.values() for message in messages))

    def read(after: Key | None) -> Page:
        found = entries_page(me(), wanted(chosen), after=after, size=BATCH)
        names = names_in(found.rows)
        return Page([(row, names) for row in found.rows], found.after)

    return download(ENTRIES, read, *map(_said, chosen, chosen.values()))


def _said(name: str, value: Any) -> str:
    called, word = SAID[name]
    return f"{called}: {word(value)}"


def asked(*, contents: bool) -> tuple[FilterForm, dict[str, Any]]:
    """The form of the address, and what it holds that can be used."""
    form = FilterForm(request.args, contents=contents)
    form.validate()
    chosen = {name: value for name, value in form.payload().items() if value and not form[name].errors}
    if office := number_argument("kantor"):
        chosen["kantor"] = office
    return form, chosen


def wanted(chosen: dict[str, Any]) -> Filter:
    """What the words of the address ask for."""
    return Filter(
        action=chosen.get("perbuatan", ""),
        subject=chosen.get("tentang", ""),
        actor=chosen.get("pelaku", ""),
        office_id=chosen.get("kantor"),
        since=_midnight(chosen.get("dari")),
        until=_midnight(chosen.get("sampai"), timedelta(days=1)),
    )


def _midnight(day: date | None, later: timedelta = timedelta()) -> datetime | None:
    return to_utc(day + later, time(), me().zone) if day else None
