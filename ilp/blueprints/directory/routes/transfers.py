"""Mutasi: from a position or a person, with a look at what passes on; carried out and undone as one act.

Somebody who is not in the directory yet is typed in on the way and goes along from form to form: stored with
the act, or not at all.
"""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from ilp.blueprints.directory import bp
from ilp.blueprints.directory.forms import PersonForm, TransferForm
from ilp.blueprints.directory.pages import position_argument
from ilp.core.clock import today
from ilp.core.errors import RuleViolation
from ilp.models.directory import NIP_TAKEN, Person, Position, Transfer
from ilp.policy.access import access_person, access_transfer
from ilp.policy.actions import Action
from ilp.policy.scope import administered
from ilp.queries import transfers as found
from ilp.queries.directory import find_positions
from ilp.queries.offices import position_in
from ilp.queries.persons import account_names, nip_is_known, person_page
from ilp.services import directory, transfers
from ilp.web.arguments import number_argument, text_argument
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.writing import writing

OFFERED = 12
"""Persons offered for one search."""


@bp.get("/mutasi")
@requires(Action.DIRECTORY_EDIT)
def transfer() -> Response:
    """Step by step by address: the position, the person, then from when and in what quality."""
    position, person = _position(), _person()
    if position is not None and person is not None:
        return _terms_page(position, person, _proposal(position, person))
    search, day = text_argument("cari"), today(me().zone)
    return page(
        "directory/transfer_choose.html",
        position=position,
        person=person,
        search=search,
        persons=person_page(me(), on=day, search=search, size=OFFERED).rows
        if search and person is None
        else [],
        positions=find_positions(administered(me()), search, day) if search and position is None else [],
    )


@bp.get("/orang/baru")
@requires(Action.DIRECTORY_EDIT)
def new_person() -> Response:
    """Somebody who is to take a position (`?jabatan=17`) and is not in the directory yet."""
    position, newcomer = position_argument(), PersonForm(data={"name": text_argument("nama", 120)})
    person = _unstored(newcomer)
    return _terms_page(position, person, _proposal(position, person), newcomer)


@bp.get("/mutasi/pratinjau")
@requires(Action.DIRECTORY_EDIT)
def reopen_transfer() -> Response:
    """The address of a look ahead opened by itself (reloaded, kept): what was typed is not in it."""
    position, person = position_argument(), _person()
    if person is None:
        return done(url_for("directory.new_person", jabatan=position.id), "")
    return done(url_for("directory.transfer", jabatan=position.id, orang=person.id), "")


@bp.post("/mutasi/pratinjau")
@requires(Action.DIRECTORY_EDIT)
def preview_transfer() -> Response:
    """What will pass to the successor; nothing changes yet. `ubah` gives back the form, as it was typed."""
    position = position_argument()
    person, form, newcomer = _typed(position)
    if "ubah" in request.form:
        return _terms_page(position, person, form, newcomer)
    roles = None
    if _is_valid(form, newcomer):
        with form.absorbing():
            roles = transfers.look_ahead(
                actor=me(), office=position.office, position=position, person=person, **form.terms()
            )
    day = form.starts_on.data
    if roles is None or day is None:
        return _terms_page(position, person, form, newcomer)
    return page(
        "directory/transfer_preview.html",
        position=position,
        person=person,
        form=form,
        newcomer=newcomer,
        holders=position_in(position.office_id, position.id).present(day),
        passing=found.passing(position, day),
        keeps=found.kept_by_holders(me(), position.id, person.id, day),
        roles=roles,
        accounts=account_names(person.id) if newcomer is None else [],
    )


@bp.post("/mutasi")
@requires(Action.DIRECTORY_EDIT)
def record_transfer() -> Response:
    position = position_argument()
    person, form, newcomer = _typed(position)
    office, location = position.office, _address(position)
    if _is_valid(form, newcomer):
        with form.absorbing(), writing() as result:
            heir = person
            if newcomer is not None:
                heir = directory.add_person(actor=me(), office=office, **newcomer.payload())
            transfers.transfer(actor=me(), office=office, position=position, person=heir, **form.payload())
            result.location = location
        if not form.refused:
            return done(location, "mutasi")
    return _terms_page(position_argument(), person, form, newcomer)


@bp.post("/mutasi/<id:transfer_id>/batalkan")
@requires(Action.DIRECTORY_EDIT, access_transfer)
def undo_transfer(transfer: Transfer) -> Response:
    location = _address(transfer.position)
    with writing() as result:
        result.location = location
        transfers.undo(actor=me(), made=transfer)
    return done(location, "mutasi-batal")


def _position() -> Position | None:
    return position_argument() if request.args.get("jabatan") else None


def _person() -> Person | None:
    number = number_argument("orang")
    return access_person(me(), number) if number is not None else None


def _typed(position: Position) -> tuple[Person, TransferForm, PersonForm | None]:
    """The successor and the terms that a form was sent with; whom the address does not name was typed in."""
    number = number_argument("orang")
    if number is not None:
        person = access_person(me(), number)
        return person, _form(position, person), None
    newcomer = PersonForm()
    person = _unstored(newcomer)
    return person, _form(position, person), newcomer


def _is_valid(form: TransferForm, newcomer: PersonForm | None) -> bool:
    """Whether all was typed rightly; a NIP that the table would refuse in the end is refused beside it."""
    valid = form.validate()
    if newcomer is None:
        return valid
    if newcomer.validate() and newcomer.nip.data:
        with newcomer.absorbing():
            if nip_is_known(newcomer.nip.data):
                raise RuleViolation(NIP_TAKEN, "nip")
    return valid and not newcomer.refused


def _unstored(newcomer: PersonForm) -> Person:
    """Somebody new as the pages show him; no row of the database."""
    return Person(**newcomer.payload())


def _form(position: Position, person: Person, **options: Any) -> TransferForm:
    return TransferForm(found.terms_elsewhere(me(), person.id, position.id, today(me().zone)), **options)


def _proposal(position: Position, person: Person) -> TransferForm:
    """From today on, and whoever moves leaves what was held before."""
    day = today(me().zone)
    terms = found.terms_elsewhere(me(), person.id, position.id, day)
    return TransferForm(terms, formdata=None, data={"starts_on": day, "leaves": [row.id for row in terms]})


def _terms_page(
    position: Position, person: Person, form: TransferForm, newcomer: PersonForm | None = None
) -> Response:
    return page(
        "directory/transfer.html",
        status=max(each.status for each in (form, newcomer) if each is not None),
        position=position,
        person=person,
        form=form,
        newcomer=newcomer,
        holders=position_in(position.office_id, position.id).present(today(me().zone)),
    )


def _address(position: Position) -> str:
    return url_for("directory.show_position", office_id=position.office_id, position_id=position.id)
