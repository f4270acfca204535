"""People: looking them up, what they hold and held, and what is known of them."""

from __future__ import annotations

from flask import Response, request, url_for

from ilp.blueprints.directory import bp
from ilp.blueprints.directory.forms import PersonForm
from ilp.blueprints.directory.sheets import PERSONS
from ilp.core.clock import today
from ilp.core.paging import BATCH, Key
from ilp.models.directory import Person
from ilp.models.privacy import SeenPage
from ilp.policy.access import access_person
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.queries import persons as found
from ilp.queries.duplicates import merges_of
from ilp.services import persons
from ilp.web.arguments import text_argument
from ilp.web.htmx import done, page, page_or_block
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download
from ilp.web.views import shows_personal
from ilp.web.writing import writing


@bp.get("/orang/")
@requires(Action.DIRECTORY_READ)
def list_persons() -> Response:
    search = text_argument("cari")
    after = Key.parse(request.args.get("setelah"), str)
    return page_or_block(
        "directory/persons.html",
        block="person_list",
        page=found.person_page(me(), on=today(me().zone), search=search, after=after),
        search=search,
    )


@bp.get("/orang/daftar.xlsx")
@requires(Action.DIRECTORY_READ)
def persons_sheet() -> Response:
    search, on = text_argument("cari"), today(me().zone)
    return download(
        PERSONS,
        lambda after: found.person_page(me(), on=on, search=search, after=after, size=BATCH),
        f"memuat “{search}”" if search else "",
    )


@bp.get("/orang/<id:person_id>")
@requires(Action.DIRECTORY_READ, access_person)
def show_person(person: Person) -> Response:
    """Somebody with every position held; number and address only for who may write to one of the offices."""
    edits = allowed(me(), Action.PERSON_EDIT, person)
    held = [term.position.office for term in person.appointments]
    contact = edits or any(allowed(me(), Action.DIRECTORY_CONTACT, office) for office in held)
    if contact:
        shows_personal(SeenPage.PERSON, person.id)
    return page(
        "directory/person.html",
        person=person,
        on=today(me().zone),
        contact=contact,
        accounts=found.account_names(person.id) if edits else [],
        merges=merges_of(person.id) if allowed(me(), Action.PERSON_MERGE, person) else [],
    )


@bp.route("/orang/<id:person_id>/ubah", methods=["GET", "POST"])
@requires(Action.PERSON_EDIT, access_person)
def edit_person(person: Person) -> Response:
    form = PersonForm(obj=person)
    shows_personal(SeenPage.PERSON, person.id)
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            persons.edit_person(actor=me(), person=person, **form.payload())
            result.location = url_for("directory.show_person", person_id=person.id)
        if not form.refused:
            return done(result.location)
    return page("directory/person_form.html", status=form.status, person=person, form=form)
