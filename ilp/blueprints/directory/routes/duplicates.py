"""People who stand in the directory twice: found, looked at side by side, joined or told apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, url_for

from ilp.blueprints.directory import bp
from ilp.blueprints.directory.sheets import doubles
from ilp.core.clock import today
from ilp.core.errors import Forbidden, NotFound
from ilp.models.directory import Person, PersonMerge
from ilp.models.privacy import SeenPage
from ilp.policy.access import access_merge, access_person
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.queries import duplicates as found
from ilp.queries.duplicates import Pair
from ilp.queries.persons import positions_held
from ilp.services import merging
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download_rows
from ilp.web.views import shows_personal
from ilp.web.writing import writing


@bp.get("/orang/ganda")
@requires(Action.DIRECTORY_EDIT)
def list_duplicates() -> Response:
    pairs = found.duplicates(me())
    return page("directory/duplicates.html", pairs=pairs, held=_held(pairs))


@bp.get("/orang/ganda.xlsx")
@requires(Action.DIRECTORY_EDIT)
def duplicates_sheet() -> Response:
    pairs = found.duplicates(me())
    most = f"Paling banyak {found.SHOWN} pasangan menurut nama dan {found.SHOWN} menurut nomor HP"
    return download_rows(doubles(_held(pairs)), pairs, most)


def _held(pairs: Sequence[Pair]) -> dict[int, list[Any]]:
    """What the people of some pairs hold today."""
    people = {person.id for pair in pairs for person in (pair.one, pair.other)}
    return positions_held(people, today(me().zone))


@bp.get("/orang/<id:person_id>/gabung/<id:other_id>")
@requires(Action.PERSON_MERGE, access_person)
def preview_merge(person: Person, other_id: int) -> Response:
    """What passes from the other record to this one; nothing changes yet. Nobody is joined with himself."""
    other = _other(other_id)
    if other.id == person.id:
        raise NotFound
    for shown in (person, other):
        shows_personal(SeenPage.PERSON, shown.id)
    return page(
        "directory/merge.html",
        person=person,
        other=other,
        moving=found.moving(person.id, other.id),
        fits=found.may_be_one(person, other),
        held=positions_held({person.id, other.id}, today(me().zone)),
    )


@bp.post("/orang/<id:person_id>/gabung/<id:other_id>")
@requires(Action.PERSON_MERGE, access_person)
def merge(person: Person, other_id: int) -> Response:
    other, location = _other(other_id), url_for("directory.show_person", person_id=person.id)
    with writing() as result:
        result.location = location
        merging.merge(actor=me(), kept=person, gone=other)
    return done(location, "digabung")


@bp.post("/orang/<id:person_id>/gabung/<id:other_id>/bukan")
@requires(Action.PERSON_MERGE, access_person)
def keep_apart(person: Person, other_id: int) -> Response:
    other, location = _other(other_id), url_for("directory.list_duplicates")
    with writing() as result:
        result.location = location
        merging.keep_apart(actor=me(), one=person, other=other)
    return done(location, "bukan-ganda")


@bp.post("/orang/gabungan/<id:merge_id>/pisahkan")
@requires(Action.PERSON_MERGE, access_merge)
def unmerge(merge: PersonMerge) -> Response:
    location = url_for("directory.show_person", person_id=merge.person_id)
    with writing() as result:
        result.location = location
        merging.unmerge(actor=me(), made=merge)
    return done(location, "dipisahkan")


def _other(person_id: int) -> Person:
    """The other record; it must be the user's to join, too."""
    other = access_person(me(), person_id)
    if not allowed(me(), Action.PERSON_MERGE, other):
        raise Forbidden
    return other
