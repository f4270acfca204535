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

PERSONAL = ("prefix", "name", "suffix", "sex", "nip", "rank", "phone", "email")
"""The fields of `PersonForm`."""
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


@bp.route("/orang/baru", methods=["GET", "POST"])
@requires(Action.DIRECTORY_EDIT)
def new_person() -> Response:
    """Somebody who is to take a position (`?jabatan=17`) and is not in the directory yet; stores nothing."""
    position, newcomer = position_argument(), PersonForm(data={"name": text_argument("nama", 120)})
    if newcomer.validate_on_submit() and _is_nobody_yet(newcomer):
        person = _unstored(newcomer)
        return _terms_page(position, person, _proposal(position, person))
    return _newcomer_page(position, newcomer)


@bp.post("/mutasi/pratinjau")
@requires(Action.DIRECTORY_EDIT)
def preview_transfer() -> Response:
    """What will pass to the successor; nothing changes yet."""
    position, newcomer = position_argument(), _newcomer()
    if newcomer is not None and not newcomer.validate():
        return _newcomer_page(position, newcomer)
    person = _unstored(newcomer) if newcomer is not None else _chosen_person()
    form = _form(position, person)
    if form.validate():
        with form.absorbing():
            transfers.judge(actor=me(), position=position, person=person, **form.terms())
    day = form.starts_on.data
    if form.refused or day is None:
        return _terms_page(position, person, form)
    return page(
        "directory/transfer_preview.html",
        position=position,
        person=person,
        form=form,
        holders=position_in(position.office_id, position.id).present(day),
        passing=found.passing(position, day),
        keeps=found.kept_by_holders(me(), position.id, person.id, day),
        roles=found.roles_of_holders(position.office_id, position.id, today(me().zone)),
        accounts=account_names(person.id) if newcomer is None else [],
        typed=_typed(),
    )


@bp.post("/mutasi")
@requires(Action.DIRECTORY_EDIT)
def record_transfer() -> Response:
    position, newcomer = position_argument(), _newcomer()
    if newcomer is not None and not newcomer.validate():
        return _newcomer_page(position, newcomer)
    person = _unstored(newcomer) if newcomer is not None else _chosen_person()
    form, office, location = _form(position, person), position.office, _address(position)
    if form.validate():
        with form.absorbing(), writing() as result:
            heir = person
            if newcomer is not None:
                heir = directory.add_person(actor=me(), office=office, **newcomer.payload())
            transfers.transfer(actor=me(), office=office, position=position, person=heir, **form.payload())
            result.location = location
        if not form.refused:
            return done(location, "mutasi")
    return _terms_page(position_argument(), person, form)


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


def _chosen_person() -> Person:
    return access_person(me(), number_argument("orang") or 0)


def _newcomer() -> PersonForm | None:
    """What was typed of somebody new, where the address names nobody."""
    return None if request.args.get("orang") else PersonForm()


def _is_nobody_yet(newcomer: PersonForm) -> bool:
    """Refuses beside the field a NIP that the table would refuse in the end."""
    with newcomer.absorbing():
        if newcomer.nip.data and nip_is_known(newcomer.nip.data):
            raise RuleViolation(NIP_TAKEN, "nip")
    return not newcomer.refused


def _unstored(newcomer: PersonForm) -> Person:
    """Somebody new as the pages show him; no row of the database."""
    return Person(**newcomer.payload())


def _typed() -> dict[str, str]:
    """What was typed of somebody new, to go along into the next form."""
    if request.args.get("orang"):
        return {}
    return {name: request.form[name] for name in PERSONAL if request.form.get(name)}


def _newcomer_page(position: Position, newcomer: PersonForm) -> Response:
    return page("directory/person_new.html", status=newcomer.status, position=position, form=newcomer)


def _form(position: Position, person: Person, **options: Any) -> TransferForm:
    return TransferForm(found.terms_elsewhere(me(), person.id, position.id, today(me().zone)), **options)


def _proposal(position: Position, person: Person) -> TransferForm:
    """From today on, and whoever moves leaves what was held before."""
    day = today(me().zone)
    terms = found.terms_elsewhere(me(), person.id, position.id, day)
    return TransferForm(terms, formdata=None, data={"starts_on": day, "leaves": [row.id for row in terms]})


def _terms_page(position: Position, person: Person, form: TransferForm) -> Response:
    return page(
        "directory/transfer.html",
        status=form.status,
        position=position,
        person=person,
        form=form,
        typed=_typed(),
        holders=position_in(position.office_id, position.id).present(today(me().zone)),
    )


def _address(position: Position) -> str:
    return url_for("directory.show_position", office_id=position.office_id, position_id=position.id)
