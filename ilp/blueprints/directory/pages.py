"""The page of a position, which several routes show: as it is, or with a form that was refused."""

from __future__ import annotations

from typing import Any

from flask import Response

from ilp.blueprints.directory.forms import AppointmentForm, EndForm
from ilp.core.clock import today
from ilp.models.directory import Office
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.queries import offices
from ilp.web.arguments import day_argument
from ilp.web.htmx import page
from ilp.web.session import me


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
    if form is None and edits:
        form = appointment_form(office, formdata=None, data={"starts_on": day})
    return page(
        "directory/position.html",
        status=max(each.status for each in (form, ending) if each is not None) if edits else 200,
        office=office,
        entry=offices.position_in(office.id, position_id),
        on=day_argument("pada") or day,
        today=day,
        edits=edits,
        form=form,
        ending=ending or EndForm(formdata=None, data={"ends_on": day}),
    )
