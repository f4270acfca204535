"""Groups of offices and positions: those the product knows, and those an office keeps for inviting."""

from __future__ import annotations

from typing import Any

from flask import Response, url_for

from ilp.blueprints.directory import bp
from ilp.blueprints.directory.forms import GroupForm, MembersForm
from ilp.blueprints.directory.sheets import GROUPS, MEMBERS
from ilp.core.clock import today
from ilp.core.errors import Forbidden
from ilp.models.directory import Office, OfficeGroup
from ilp.policy.access import access_group, access_office
from ilp.policy.actions import Action
from ilp.policy.rules import group_offices
from ilp.policy.scope import Condition, within
from ilp.queries import directory as found
from ilp.services import groups
from ilp.web.arguments import text_argument
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download_rows
from ilp.web.writing import writing


@bp.get("/kelompok/")
@requires(Action.GROUP_CREATE)
def list_groups() -> Response:
    return _list(GroupForm())


@bp.get("/kelompok/daftar.xlsx")
@requires(Action.GROUP_CREATE)
def groups_sheet() -> Response:
    return download_rows(GROUPS, found.saved_groups(group_offices(me())))


@bp.post("/kelompok/")
@requires(Action.GROUP_CREATE)
def create_group() -> Response:
    form = GroupForm()
    if form.validate():
        office = _own_office()
        with form.absorbing(), writing() as result:
            group = groups.create_group(actor=me(), office=office, **form.payload())
            result.location = url_for("directory.show_group", group_id=group.id)
        if not form.refused:
            return done(result.location)
    return _list(form)


@bp.get("/kelompok/<id:group_id>")
@requires(Action.GROUP_EDIT, access_group)
def show_group(group: OfficeGroup) -> Response:
    return _show(group, GroupForm(formdata=None, data={"name": group.name}))


@bp.get("/kelompok/<id:group_id>/daftar.xlsx")
@requires(Action.GROUP_EDIT, access_group)
def members_sheet(group: OfficeGroup) -> Response:
    return download_rows(MEMBERS, found.members_of(group.id, today(me().zone)), group.name)


@bp.post("/kelompok/<id:group_id>/ubah")
@requires(Action.GROUP_EDIT, access_group)
def rename_group(group: OfficeGroup) -> Response:
    form = GroupForm()
    return _change(group, form, groups.rename_group, **(form.payload() if form.validate() else {}))


@bp.post("/kelompok/<id:group_id>/tambah")
@requires(Action.GROUP_EDIT, access_group)
def add_members(group: OfficeGroup) -> Response:
    form = MembersForm()
    ids = form.position_id.data or [] if form.validate() else []
    return _change(group, form, groups.add_members, position_ids=ids, scope=_around(group.office))


@bp.post("/kelompok/<id:group_id>/keluarkan")
@requires(Action.GROUP_EDIT, access_group)
def remove_members(group: OfficeGroup) -> Response:
    form = MembersForm()
    ids = form.position_id.data or [] if form.validate() else []
    return _change(group, form, groups.remove_members, position_ids=ids)


@bp.post("/kelompok/<id:group_id>/hapus")
@requires(Action.GROUP_EDIT, access_group)
def delete_group(group: OfficeGroup) -> Response:
    office = group.office
    with writing() as result:
        groups.delete_group(actor=me(), group=group, office=office)
        result.location = url_for("directory.list_groups")
    return done(result.location)


def _change(group: OfficeGroup, form: Any, verb: Any, **arguments: Any) -> Response:
    office, location = group.office, url_for("directory.show_group", group_id=group.id)
    if not form.errors:
        with form.absorbing(), writing() as result:
            verb(actor=me(), group=group, office=office, **arguments)
            result.location = location
        if not form.refused:
            return done(location)
    return _show(access_group(me(), group.id), form)


def _own_office() -> Office:
    """The office that a new group belongs to: the first in which one calls meetings."""
    offices = group_offices(me())
    if not offices:
        raise Forbidden
    return access_office(me(), offices[0])


def _around(office: Office) -> Condition:
    """The directory from which an office invites: its regency, or its province above that."""
    return within(Office, office.regency_code or office.province_code)


def _list(form: GroupForm) -> Response:
    office = _own_office()
    return page(
        "directory/groups.html",
        status=form.status,
        form=form,
        office=office,
        computed=found.groups(office.regency_code) if office.regency_code else [],
        saved=found.saved_groups(group_offices(me())),
    )


def _show(group: OfficeGroup, form: Any) -> Response:
    search = text_argument("cari")
    members = found.members_of(group.id, today(me().zone))
    return page(
        "directory/group.html",
        status=form.status,
        group=group,
        form=form if isinstance(form, GroupForm) else GroupForm(formdata=None, data={"name": group.name}),
        refused=form if isinstance(form, MembersForm) else None,
        members=members,
        known={seat.position_id for seat in members},
        search=search,
        positions=found.find_positions(_around(group.office), search, today(me().zone)) if search else [],
    )
