"""The register of places: public reference for everybody who is logged in."""

from __future__ import annotations

from flask import Response, request

from ilp.blueprints.wilayah import bp
from ilp.core.errors import NotFound
from ilp.policy.actions import Action
from ilp.queries import offices
from ilp.queries import wilayah as queries
from ilp.web.arguments import text_argument
from ilp.web.htmx import page
from ilp.web.places import chosen_place, is_code
from ilp.web.requires import requires
from ilp.web.session import me


@bp.get("/")
@requires(Action.WILAYAH_READ)
def index() -> Response:
    return page(
        "wilayah/show.html", place=None, crumbs=(), children=queries.children(), aliases=(), offices=0
    )


@bp.get("/<wilayah:code>")
@requires(Action.WILAYAH_READ)
def show(code: str) -> Response:
    crumbs = queries.breadcrumb(code)
    if not crumbs or crumbs[-1].code != code:
        raise NotFound
    return page(
        "wilayah/show.html",
        place=crumbs[-1],
        crumbs=crumbs,
        children=queries.children(code),
        aliases=queries.aliases(crumbs[-1].id),
        offices=offices.count_at(me(), code),
    )


@bp.get("/_pilihan")
@requires(Action.WILAYAH_READ)
def pick() -> Response:
    """The picker one level further: `induk` is what its selects lead down from."""
    root = text_argument("induk", 13)
    if root and not is_code(root):
        raise NotFound
    levels = queries.picker(chosen_place(request.args, root), root)
    return page("wilayah/_picker.html", levels=levels, root=root)
