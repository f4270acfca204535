from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from werkzeug.routing import BuildError

from ilp.blueprints.notifications import bp
from ilp.blueprints.notifications.sheets import NOTIFICATIONS
from ilp.core.paging import BATCH, Key
from ilp.models.notifications import Notification
from ilp.policy.access import access_notification
from ilp.policy.actions import Action
from ilp.queries.notifications import told
from ilp.services import notifications
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download
from ilp.web.writing import writing


@bp.get("/")
@requires(Action.ACCOUNT_SELF)
def index() -> Response:
    rows = told(me().account_id or 0, Key.parse(request.args.get("setelah")))
    links = {row.id: _address(row.endpoint, row.arguments) for row in rows.rows}
    return page("notifications/list.html", page=rows, links=links)


@bp.get("/daftar.xlsx")
@requires(Action.ACCOUNT_SELF)
def sheet() -> Response:
    account_id = me().account_id or 0
    return download(NOTIFICATIONS, lambda after: told(account_id, after, BATCH))


@bp.post("/<id:notification_id>/buka")
@requires(Action.ACCOUNT_SELF, access_notification)
def open_one(notification: Notification) -> Response:
    """Leads to what it is about; from then on it counts as read."""
    with writing() as result:
        notifications.mark_read(notification.account_id, notification.id)
        result.location = _address(notification.endpoint, notification.arguments) or url_for(".index")
    return make_response(redirect(result.location, 303))


@bp.post("/baca-semua")
@requires(Action.ACCOUNT_SELF)
def read_all() -> Response:
    with writing() as result:
        notifications.mark_read(me().account_id or 0)
        result.location = url_for(".index")
    return done(result.location, "terbaca")


def _address(endpoint: str, arguments: Mapping[str, Any]) -> str:
    """Where a notification leads; nothing if that page is no more."""
    try:
        return url_for(endpoint, **arguments)
    except BuildError:
        return ""
