from __future__ import annotations

from flask import Response

from ilp.blueprints.facilities import bp
from ilp.policy.actions import Action
from ilp.web.htmx import page
from ilp.web.requires import requires


@bp.get("/")
@requires(Action.FACILITY_READ)
def index() -> Response:
    return page("facilities/index.html")
