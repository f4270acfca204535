from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, send_from_directory, url_for

from ilp.blueprints.help import bp
from ilp.core.errors import NotFound
from ilp.policy.actions import Action
from ilp.web.guides import GUIDES, PICTURES
from ilp.web.htmx import page
from ilp.web.requires import requires

if TYPE_CHECKING:
    from ilp.web.guide_text import Guide


@bp.get("/")
@requires(Action.HELP_READ)
def index() -> Response:
    guides = {name: _read(name) for name in GUIDES}
    return page("help/list.html", guides=guides, names=GUIDES)


@bp.get(f"/<any({', '.join(GUIDES)}):name>")
@requires(Action.HELP_READ)
def show(name: str) -> Response:
    return page("help/show.html", guide=_read(name))


@bp.get("/gambar/<name>")
@requires(Action.HELP_READ)
def picture(name: str) -> Response:
    if not name.endswith(".png"):
        raise NotFound
    return send_from_directory(PICTURES, name)


def _read(name: str) -> Guide:
    from ilp.web.guide_text import read_guide  # noqa: PLC0415 (brings a renderer along that no other page needs)

    return read_guide(name, url_for("help.index"))
