from __future__ import annotations

from flask import Response

from ilp.blueprints.reports import bp
from ilp.policy.actions import Action
from ilp.web.htmx import page
from ilp.web.requires import requires


@bp.get("/")
@requires(Action.REPORT_READ)
def index() -> Response:
    return page("reports/index.html")
