"""Looking up offices and officials, within one's reach."""

from __future__ import annotations

from flask import Response, request

from ilp.blueprints.directory import bp
from ilp.blueprints.directory.pages import position_page
from ilp.blueprints.directory.sheets import OFFICES
from ilp.core.clock import today
from ilp.core.errors import NotFound
from ilp.core.paging import BATCH, PAGE_SIZE, Key, Page
from ilp.models.directory import Office
from ilp.models.facilities import FACILITY_OF
from ilp.models.privacy import SeenPage
from ilp.policy.access import access_office
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.policy.user import User, covers
from ilp.queries import offices, wilayah
from ilp.web.arguments import text_argument
from ilp.web.htmx import page, page_or_block
from ilp.web.places import chosen_place, is_code
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download
from ilp.web.views import shows_personal


def root_of(user: User) -> str | None:
    """The place whose subtree holds all that a user may look through; None without any place of one's own."""
    places = user.places | user.administered
    if not places:
        return None
    return next((above for above in sorted(places) if all(covers(above, code) for code in places)), "")


def place_argument(root: str | None) -> str:
    """The place to look in: a code in the address, or what the picker's selects lead to."""
    code = text_argument("wilayah", 13)
    if code and not is_code(code):
        raise NotFound
    chosen = root if root is None else chosen_place(request.args, root)
    return code if chosen == root else chosen or ""


@bp.get("/")
@requires(Action.DIRECTORY_READ)
def index() -> Response:
    root = root_of(me())
    code, kind, search = _chosen(root)
    found = _found(code, kind, search, Key.parse(request.args.get("setelah"), int), PAGE_SIZE)
    return page_or_block(
        "directory/list.html",
        block="office_list",
        page=found,
        filters={
            "cari": search or None,
            "jenis": kind or None,
            "wilayah": code or None,
            "arsip": "" if "arsip" in request.args else None,
        },
        groups=offices.KIND_GROUPS,
        levels=[]
        if root is None
        else wilayah.picker(code if code.startswith(root) else root, root, me().words)[:2],
        root=root,
    )


@bp.get("/daftar.xlsx")
@requires(Action.DIRECTORY_READ)
def sheet() -> Response:
    code, kind, search = _chosen(root_of(me()))
    place = wilayah.breadcrumb(code)
    return download(
        OFFICES,
        lambda after: _found(code, kind, search, after, BATCH),
        place[-1].full_name if place else "",
        offices.KIND_GROUPS[kind][0] if kind else "",
        "diarsipkan" if "arsip" in request.args else "",
        f"memuat “{search}”" if search else "",
    )


def _chosen(root: str | None) -> tuple[str, str, str]:
    """Place, kind and words in the address. Raises NotFound for what is no such filter."""
    code, kind, search = place_argument(root), text_argument("jenis"), text_argument("cari")
    if kind and kind not in offices.KIND_GROUPS:
        raise NotFound
    return code, kind, search


def _found(code: str, kind: str, search: str, after: Key | None, size: int) -> Page:
    return offices.office_page(
        me(),
        on=today(me().zone),
        search=search,
        kinds=offices.KIND_GROUPS[kind][1] if kind else (),
        code=code,
        archived="arsip" in request.args,
        after=after,
        size=size,
    )


@bp.get("/<id:office_id>")
@requires(Action.DIRECTORY_READ, access_office)
def show(office: Office) -> Response:
    facility = offices.facility_of(office.id) if office.kind in FACILITY_OF else None
    positions, on = offices.positions_of(office.id), today(me().zone)
    if allowed(me(), Action.DIRECTORY_CONTACT, office):
        shown = [term for each in positions for term in each.present(on) if term.phone]
        for holder in {term.appointment.person_id for term in shown}:
            shows_personal(SeenPage.OFFICE, holder)
    return page(
        "directory/show.html",
        office=office,
        on=on,
        crumbs=wilayah.breadcrumb(office.wilayah_code),
        positions=positions,
        letterhead=offices.letterhead_of(office.id),
        parent=offices.name_of(office.parent_id) if office.parent_id else "",
        facility_id=facility[0] if facility else None,
        example=bool(facility and facility[1]),
        grants=offices.grants_of(office.id) if allowed(me(), Action.DIRECTORY_EDIT, office) else None,
    )


@bp.get("/<id:office_id>/jabatan/<id:position_id>")
@requires(Action.DIRECTORY_READ, access_office)
def show_position(office: Office, position_id: int) -> Response:
    """Who holds a position, who held it on a day (`?pada=2026-03-01`), and for administrators the changes."""
    return position_page(office, position_id)
