from __future__ import annotations

from datetime import date, datetime, time, timedelta

from flask import Response, request, url_for

from ilp.blueprints.audit import bp
from ilp.blueprints.audit.forms import FilterForm
from ilp.core.clock import to_utc
from ilp.core.paging import Key
from ilp.policy.actions import Action
from ilp.queries.audit import entries_page
from ilp.web.htmx import page_or_block
from ilp.web.requires import requires
from ilp.web.session import me


@bp.get("/")
@requires(Action.AUDIT_READ)
def index() -> Response:
    form = FilterForm(request.args)
    form.validate()
    chosen = {name: value for name, value in form.payload().items() if value and not form[name].errors}
    found = entries_page(
        me(),
        after=Key.parse(request.args.get("sesudah")),
        action=chosen.get("perbuatan", ""),
        subject=chosen.get("tentang", ""),
        since=_midnight(chosen.get("dari")),
        until=_midnight(chosen.get("sampai"), timedelta(days=1)),
    )
    older = url_for("audit.index", **chosen, sesudah=str(found.after)) if found.after else None
    newest = None if found.first else url_for("audit.index", **chosen)
    return page_or_block(
        "audit/list.html",
        block="entries",
        status=form.status,
        form=form,
        entries=found.rows,
        older=older,
        newest=newest,
        filtered=bool(chosen),
    )


def _midnight(day: date | None, later: timedelta = timedelta()) -> datetime | None:
    return to_utc(day + later, time(), me().zone) if day else None
