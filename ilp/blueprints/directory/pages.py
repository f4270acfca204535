"""What several routes share: the page of a position, with or without a form that was refused."""

from __future__ import annotations

from typing import Any

from flask import Response

from ilp.blueprints.directory.forms import AppointmentForm, EndForm
from ilp.core.clock import today
from ilp.core.errors import Forbidden, NotFound
from ilp.models.directory import Office, Position
from ilp.policy.access import access_position
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.queries import offices
from ilp.queries.transfers import done_since, last_transfer
from ilp.web.arguments import day_argument, number_argument
from ilp.web.htmx import page
from ilp.web.session import me


def position_argument() -> Position:
    """The position that an address is about (`?jabatan=17`), in an office the user administers.

    Raises NotFound for one that the user may not know of, Forbidden for one that is only to be looked at.
    """
    number = number_argument("jabatan")
    if number is None:
        raise NotFound
    position = access_position(me(), number)
    if not allowed(me(), Action.DIRECTORY_EDIT, position.office):
        raise Forbidden
    return position


def appointment_form(office: Office, **options: Any) -> AppointmentForm:
    """With whoever holds or held a position of the office to choose from."""
    persons = [(row.id, row.name) for row in offices.persons_in(office.id)]
    return AppointmentForm(persons, **options)


def position_page(
    office: Office,
    position_id: int,
    form: AppointmentForm | None = None,
    ending: EndForm | None = None,
) -> Response:
    """A position with its terms and who held it on a day; who may change it finds the forms for that."""
    day = today(me().zone)
    edits = allowed(me(), Action.DIRECTORY_EDIT, office)
    entry = offices.position_in(office.id, position_id)
    last = last_transfer(position_id) if edits else None
    if form is None and edits:
        form = appointment_form(office, formdata=None, data={"starts_on": day})
    return page(
        "directory/position.html",
        status=max(each.status for each in (form, ending) if each is not None) if edits else 200,
        office=office,
        entry=entry,
        last=last,
        kept=done_since(last, entry.position, office, last.person) if last else "",
        on=day_argument("pada") or day,
        today=day,
        edits=edits,
        form=form,
        ending=ending or EndForm(formdata=None, data={"ends_on": day}),
    )
