from __future__ import annotations

from flask import Response, send_from_directory, url_for

from ilp.blueprints.help import bp
from ilp.core.errors import NotFound
from ilp.policy.actions import Action
from ilp.web.guides import GUIDES, PICTURES, read_guide
from ilp.web.htmx import page
from ilp.web.requires import requires


@bp.get("/")
@requires(Action.HELP_READ)
def index() -> Response:
    guides = {name: read_guide(name, url_for("help.index")) for name in GUIDES}
    return page("help/list.html", guides=guides, names=GUIDES)


@bp.get(f"/<any({', '.join(GUIDES)}):name>")
@requires(Action.HELP_READ)
def show(name: str) -> Response:
    return page("help/show.html", guide=read_guide(name, url_for("help.index")))


@bp.get("/gambar/<name>")
@requires(Action.HELP_READ)
def picture(name: str) -> Response:
    if not name.endswith(".png"):
        raise NotFound
    return send_from_directory(PICTURES, name)
