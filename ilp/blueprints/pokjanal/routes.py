from __future__ import annotations

from datetime import timedelta
from itertools import groupby

from flask import Response, url_for
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from ilp.blueprints.pokjanal import bp
from ilp.blueprints.pokjanal.sheets import BODIES, SEATS
from ilp.core.clock import today
from ilp.core.paging import BATCH, Key, Page
from ilp.models.pokjanal import CoordinationBody
from ilp.models.tasks import TaskOrigin
from ilp.policy.access import access_body, access_office
from ilp.policy.actions import Action
from ilp.queries import directory
from ilp.queries import pokjanal as found
from ilp.queries.tasks import progress_of_tasks
from ilp.services import tasks
from ilp.web.arguments import number_argument
from ilp.web.due import due_on
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import WHOLE, download, download_rows
from ilp.web.task_form import TaskForm
from ilp.web.writing import writing

EXPIRES_SOON = timedelta(days=60)


class BodyTaskForm(TaskForm):
    division = SelectField("Bidang", choices=[])


@bp.get("/")
@requires(Action.POKJANAL_READ)
def index() -> Response:
    after = number_argument("setelah")
    rows, last = found.bodies(me(), after=after or 0)
    day = today(me().zone)
    return page(
        "pokjanal/list.html",
        rows=rows,
        headings=BODIES.headings,
        last=last,
        first=after is None,
        today=day,
        soon=day + EXPIRES_SOON,
    )


@bp.get("/daftar.xlsx")
@requires(Action.POKJANAL_READ)
def sheet() -> Response:
    def read(after: Key | None) -> Page:
        rows, last = found.bodies(me(), after=after.id if after else 0, size=BATCH)
        return Page(rows, Key(last, last) if last else None)

    return download(BODIES, read)


@bp.get("/<id:body_id>")
@requires(Action.POKJANAL_READ, access_body)
def show(body: CoordinationBody) -> Response:
    day = today(me().zone)
    seats = found.seats_of(body, day)
    rows = found.tasks_of(me(), body)
    progress = progress_of_tasks(me(), (row.id for row in rows))
    return page(
        "pokjanal/show.html",
        body=body,
        seats=len(seats),
        most=found.SEATS_SHOWN,
        divisions=[(name, list(group)) for name, group in groupby(seats, lambda seat: seat["division"])],
        tasks=[(row, progress.get(row.id), due_on(row.due_on, day)) for row in rows],
        today=day,
        soon=day + EXPIRES_SOON,
    )


@bp.get("/<id:body_id>/anggota.xlsx")
@requires(Action.POKJANAL_READ, access_body)
def seats_sheet(body: CoordinationBody) -> Response:
    return download_rows(SEATS, found.seats_of(body, today(me().zone), most=WHOLE), body.name)


@bp.route("/<id:body_id>/tugas/baru", methods=["GET", "POST"])
@requires(Action.POKJANAL_ISSUE, access_body)
def new_task(body: CoordinationBody) -> Response:
    """A task of the body for the kecamatan that are ticked; each passes it on to its desa/kelurahan."""
    form = BodyTaskForm()
    day = today(me().zone)
    choices = directory.offices_of("kecamatan", body.wilayah_code)
    form.offer(choices)
    divisions = dict.fromkeys(seat["division"] for seat in found.seats_of(body, day) if seat["division"])
    form.division.choices = [
        SelectChoice(value="", label="Tanpa bidang"),
        *(SelectChoice(value=name, label=name) for name in divisions),
    ]
    key = body.id
    if form.validate_on_submit():
        typed = form.payload()
        ticked = typed.pop("offices")
        with form.absorbing(), writing() as result:
            task = tasks.issue_task(
                actor=me(),
                owner_office=access_office(me(), body.office_id),
                origin=TaskOrigin.BODY,
                body=body,
                office_ids=ticked,
                addressed_to=f"{len(ticked)} dari {len(choices)} {me().words.district}",
                **typed,
            )
            result.location = url_for("tasks.show", task_id=task.id)
        if not form.refused:
            return done(result.location, form.message(day))
    return page(
        "pokjanal/task_form.html",
        status=form.status,
        form=form,
        body=access_body(me(), key) if form.refused else body,
        divided=bool(divisions),
    )
