from __future__ import annotations

from datetime import date

from flask import Response, request, url_for

from ilp.blueprints.privacy import bp
from ilp.core.clock import today
from ilp.core.errors import NotFound
from ilp.core.indonesian import full_name
from ilp.core.paging import Key
from ilp.models.directory import Person
from ilp.policy.access import access_person
from ilp.policy.actions import Action
from ilp.queries import privacy as queries
from ilp.web.htmx import page
from ilp.web.requires import requires
from ilp.web.session import me


@bp.get("/saya")
@requires(Action.ACCOUNT_SELF)
def show_mine() -> Response:
    """Who looked at one's own data. NotFound for the account of an office, which is nobody's."""
    person_id = me().person_id
    if person_id is None:
        raise NotFound
    return _viewers(person_id, "Siapa melihat data saya", url_for("accounts.show_me"))


@bp.get("/orang/<id:person_id>")
@requires(Action.AUDIT_PERSON, access_person)
def show(person: Person) -> Response:
    name = full_name(person.prefix, person.name, person.suffix)
    back = url_for("directory.show_person", person_id=person.id)
    return _viewers(person.id, f"Siapa melihat data {name}", back)


def _viewers(person_id: int, title: str, back: str) -> Response:
    after = Key.parse(request.args.get("sesudah"), date)
    found = queries.viewers(person_id, today(me().zone), after=after)
    here = request.path
    return page(
        "privacy/viewers.html",
        title=title,
        back=back,
        views=found.rows,
        older=f"{here}?sesudah={found.after}" if found.after else None,
        newest=None if found.first else here,
    )
