"""What each role may do: the rules themselves, said in sentences."""

from __future__ import annotations

from flask import Response

from ilp.blueprints.accounts import bp
from ilp.policy.actions import Action
from ilp.policy.overview import overview
from ilp.web.htmx import page
from ilp.web.requires import requires


@bp.get("/peran")
@requires(Action.ACCOUNT_SELF)
def roles() -> Response:
    return page("accounts/roles.html", roles=overview())
