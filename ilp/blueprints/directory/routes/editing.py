"""What an administrator does in the directory: offices, positions, and changes of officials."""

from __future__ import annotations

from flask import Response, request, url_for

from ilp.blueprints.directory import bp
from ilp.blueprints.directory.forms import AppointmentForm, EndForm, OfficeEditForm, OfficeForm, PositionForm
from ilp.blueprints.directory.pages import appointment_form, position_page
from ilp.blueprints.directory.routes.reading import root_of
from ilp.core.errors import NotFound
from ilp.models.directory import Office, Person
from ilp.policy.access import access_office, access_person
from ilp.policy.actions import Action
from ilp.queries import offices, wilayah
from ilp.services import directory, transfers
from ilp.web.htmx import done, page
from ilp.web.places import chosen_place
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.writing import writing


@bp.get("/baru")
@requires(Action.DIRECTORY_EDIT)
def new() -> Response:
    form = OfficeForm(formdata=None, data=request.args)
    return _office_form(form, chosen_place(request.args, root_of(me()) or ""))


@bp.post("/baru")
@requires(Action.DIRECTORY_EDIT)
def create() -> Response:
    form = OfficeForm()
    code = chosen_place(request.form, root_of(me()) or "")
    if not me().administers(code) or (code and not wilayah.exists(code)):
        raise NotFound
    if form.validate():
        with form.absorbing(), writing() as result:
            office = directory.add_office(actor=me(), wilayah_code=code, **form.payload())
            result.location = url_for("directory.show", office_id=office.id)
        if not form.refused:
            return done(result.location)
    return _office_form(form, code)


def _office_form(form: OfficeForm, code: str) -> Response:
    root = root_of(me()) or ""
    levels = wilayah.picker(code, root, me().words)
    return page("directory/new.html", status=form.status, form=form, levels=levels, root=root)


@bp.route("/<id:office_id>/ubah", methods=["GET", "POST"])
@requires(Action.DIRECTORY_EDIT, access_office)
def edit(office: Office) -> Response:
    form = OfficeEditForm(offices.parents_for(me(), office), obj=office)
    code = office.wilayah_code
    if request.method == "POST":
        code = chosen_place(request.form, root_of(me()) or "")
        if not me().administers(code) or (code and not wilayah.exists(code)):
            raise NotFound
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            directory.edit_office(actor=me(), office=office, wilayah_code=code, **form.payload())
            result.location = url_for("directory.show", office_id=office.id)
        if not form.refused:
            return done(result.location)
    root = root_of(me()) or ""
    return page(
        "directory/edit.html",
        status=form.status,
        office=office,
        form=form,
        levels=wilayah.picker(code, root, me().words),
        root=root,
        bound=office.kind in directory.BOUND,
    )


@bp.post("/<id:office_id>/arsipkan")
@requires(Action.DIRECTORY_EDIT, access_office)
def archive(office: Office) -> Response:
    with writing() as result:
        directory.archive_office(actor=me(), office=office)
        result.location = url_for("directory.show", office_id=office.id)
    return done(result.location, "diarsipkan")


@bp.post("/<id:office_id>/pulihkan")
@requires(Action.DIRECTORY_EDIT, access_office)
def restore(office: Office) -> Response:
    with writing() as result:
        directory.restore_office(actor=me(), office=office)
        result.location = url_for("directory.show", office_id=office.id)
    return done(result.location, "dipulihkan-arsip")


@bp.get("/<id:office_id>/jabatan/baru")
@requires(Action.DIRECTORY_EDIT, access_office)
def new_position(office: Office) -> Response:
    return page("directory/position_form.html", office=office, form=PositionForm())


@bp.post("/<id:office_id>/jabatan/baru")
@requires(Action.DIRECTORY_EDIT, access_office)
def add_position(office: Office) -> Response:
    form = PositionForm()
    if form.validate():
        with form.absorbing(), writing() as result:
            directory.add_position(actor=me(), office=office, **form.payload())
            result.location = url_for("directory.show", office_id=office.id)
        if not form.refused:
            return done(result.location)
    return page("directory/position_form.html", status=form.status, office=office, form=form)


@bp.post("/<id:office_id>/jabatan/<id:position_id>/pejabat")
@requires(Action.DIRECTORY_EDIT, access_office)
def appoint(office: Office, position_id: int) -> Response:
    position = offices.position_in(office.id, position_id).position
    form = appointment_form(office)
    if form.validate():
        with form.absorbing(), writing() as result:
            person = _person(form, office)
            transfers.transfer(actor=me(), office=office, position=position, person=person, **form.term())
            result.location = url_for("directory.show", office_id=office.id)
        if not form.refused:
            return done(result.location)
    return position_page(office, position_id, form)


def _person(form: AppointmentForm, office: Office) -> Person:
    """The one chosen from the list (which holds only people of this office), or a new one."""
    if form.person_id.data is not None:
        return access_person(me(), form.person_id.data)
    return directory.add_person(actor=me(), office=office, **form.person())


@bp.post("/<id:office_id>/jabatan/<id:position_id>/masa/<id:appointment_id>/akhiri")
@requires(Action.DIRECTORY_EDIT, access_office)
def end_term(office: Office, position_id: int, appointment_id: int) -> Response:
    entry = offices.position_in(office.id, position_id)
    form = EndForm()
    if form.validate():
        with form.absorbing(), writing() as result:
            directory.end_appointment(
                actor=me(),
                office=office,
                appointment=entry.term(appointment_id),
                ends_on=form.payload()["ends_on"],
            )
            result.location = url_for("directory.show", office_id=office.id)
        if not form.refused:
            return done(result.location)
    return position_page(office, position_id, ending=form)


@bp.post("/<id:office_id>/jabatan/<id:position_id>/arsipkan")
@requires(Action.DIRECTORY_EDIT, access_office)
def archive_position(office: Office, position_id: int) -> Response:
    position = offices.position_in(office.id, position_id).position
    with writing() as result:
        directory.archive_position(actor=me(), office=office, position=position)
        result.location = url_for("directory.show", office_id=office.id)
    return done(result.location)
