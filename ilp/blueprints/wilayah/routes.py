"""The register of places: public reference for everybody who is logged in."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request

from ilp.blueprints.wilayah import bp
from ilp.core.errors import NotFound
from ilp.models.wilayah import Words
from ilp.policy.actions import Action
from ilp.queries import offices
from ilp.queries import wilayah as queries
from ilp.web.arguments import text_argument
from ilp.web.htmx import page
from ilp.web.places import chosen_place, is_code
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import Column, Sheet, download_rows

PLACES = Sheet(
    "Daftar wilayah",
    (
        Column("Nama", lambda row: row.name, 32),
        Column("Kode", lambda row: row.code, 16),
        Column("Jenis", lambda row: row.kind.label, 14, extra=True),
    ),
)


@bp.get("/")
@requires(Action.WILAYAH_READ)
def index() -> Response:
    return _place_page((), queries.children())


@bp.get("/<wilayah:code>")
@requires(Action.WILAYAH_READ)
def show(code: str) -> Response:
    crumbs = queries.breadcrumb(code)
    if not crumbs or crumbs[-1].code != code:
        raise NotFound
    return _place_page(crumbs, queries.children(code))


@bp.get("/daftar.xlsx")
@requires(Action.WILAYAH_READ)
def sheet() -> Response:
    """The places directly below one, or the provinces."""
    code = text_argument("induk", 13)
    crumbs = queries.breadcrumb(code) if is_code(code) else ()
    if code and (not crumbs or crumbs[-1].code != code):
        raise NotFound
    return download_rows(PLACES, queries.children(code), crumbs[-1].full_name if crumbs else "Indonesia")


def _place_page(crumbs: Sequence[queries.Place], children: Sequence[queries.Child]) -> Response:
    """A place, or the nation when there are no crumbs."""
    place = crumbs[-1] if crumbs else None
    return page(
        "wilayah/show.html",
        place=place,
        crumbs=crumbs,
        called=place.words.said if place else Words().said,
        children=children,
        headings=PLACES.headings,
        one_kind=len({child.kind for child in children}) == 1,
        aliases=queries.aliases(place.id) if place else (),
        offices=offices.count_at(me(), place.code) if place else 0,
    )


@bp.get("/_pilihan")
@requires(Action.WILAYAH_READ)
def pick() -> Response:
    """The picker one level further: `induk` is what its selects lead down from."""
    root = text_argument("induk", 13)
    if root and not is_code(root):
        raise NotFound
    levels = queries.picker(chosen_place(request.args, root), root, me().words)
    return page("wilayah/_picker.html", levels=levels, root=root)
