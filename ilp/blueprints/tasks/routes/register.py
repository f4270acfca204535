from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from flask import Response, request, url_for

from ilp.blueprints.tasks import bp
from ilp.blueprints.tasks.forms import WithdrawForm
from ilp.blueprints.tasks.sheets import ASSIGNMENTS, OFFICES, TASKS
from ilp.core.clock import today
from ilp.core.errors import NotFound
from ilp.core.paging import BATCH, PAGE_SIZE, Key, Page
from ilp.models.accounts import Role
from ilp.models.tasks import WAITING, AssignmentStatus, Task, TaskOrigin
from ilp.models.wilayah import Level
from ilp.policy.access import access_office, access_task
from ilp.policy.actions import Action
from ilp.policy.rules import WRITERS, allowed
from ilp.policy.user import Grant
from ilp.queries import assignments, directory
from ilp.queries import tasks as found
from ilp.queries.assignments import Span, View
from ilp.queries.tasks import Progress
from ilp.services import tasks
from ilp.web.arguments import member_argument, number_argument
from ilp.web.due import Due, due_on
from ilp.web.htmx import done, page, page_or_block
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download, download_rows
from ilp.web.task_form import TaskForm
from ilp.web.writing import writing


# --- the register -------------------------------------------------------------------------------
@bp.get("/")
@requires(Action.TASK_READ)
def index() -> Response:
    day = today(me().zone)
    view, status, span, origin = chosen()
    rows, progress = listed(Key.parse(request.args.get("setelah"), kind=date), PAGE_SIZE)
    return page_or_block(
        "tasks/list.html",
        block="task_list",
        view=view,
        views=View,
        headings=(TASKS if view is View.ALL else ASSIGNMENTS).headings,
        chosen=status,
        statuses=AssignmentStatus,
        span=span,
        spans=Span,
        origin=origin,
        origins=TaskOrigin,
        rows=rows,
        shown=[(row, due_of(row, day, progress.get(row.id)), progress.get(row.id)) for row in rows.rows],
        counts=assignments.counts_by_view(me(), day),
        most=assignments.MOST_COUNTED,
    )


@bp.get("/daftar.xlsx")
@requires(Action.TASK_READ)
def sheet() -> Response:
    view, *narrowed = chosen()

    def read(after: Key | None) -> Page:
        rows, progress = listed(after, BATCH)
        return Page([(row, progress.get(row.id)) for row in rows.rows], rows.after, rows.first)

    about = (one.label.capitalize() for one in narrowed if one)
    return download(TASKS if view is View.ALL else ASSIGNMENTS, read, view.label, *about)


def chosen() -> tuple[View, AssignmentStatus | None, Span | None, TaskOrigin | None]:
    """The filter in the address."""
    return (
        member_argument("tampil", View) or first_view(),
        member_argument("keadaan", AssignmentStatus),
        member_argument("tenggat", Span),
        member_argument("asal", TaskOrigin),
    )


def listed(after: Key | None, size: int) -> tuple[Page, dict[int, Progress]]:
    """A page of the chosen part of the register, and how far what lies below each row has come."""
    view, status, span, origin = chosen()
    if view is View.ALL:
        rows = found.tasks(me(), origin=origin, after=after, size=size)
        return rows, found.progress_of_tasks(me(), (row.id for row in rows.rows))
    rows = assignments.assignments(
        me(), view=view, today=today(me().zone), status=status, span=span, after=after, size=size
    )
    return rows, found.progress_below(me(), (row.id for row in rows.rows))


def first_view() -> View:
    """Who answers tasks begins with the own ones, who only reads begins with all."""
    answers = me().offices - me().offices_as(Role.LEADER, *WRITERS)
    return View.MINE if answers else View.ALL


def due_of(row: Any, day: date, progress: Progress | None = None) -> Due:
    """How a row's due date is shown; what is finished is not late."""
    finished = progress is not None and progress.accepted == progress.total
    waiting = row.status in WAITING if hasattr(row, "status") else not finished
    return due_on(row.due_on, day, waiting=waiting)


# --- giving -------------------------------------------------------------------------------------
ADDRESSED = {"kecamatan": "Kecamatan", "desa": "Desa/kelurahan", "puskesmas": "Puskesmas", "opd": "OPD"}


@dataclass(frozen=True)
class Addressees:
    """What can be ticked, and the offices each tick reaches: for a regency, a kecamatan's desa together."""

    key: str
    rows: Sequence[Any]
    reach: Mapping[int, Sequence[int]]
    through: bool = False

    def offices(self, ticked: Iterable[int]) -> list[int]:
        return [office for row in ticked for office in self.reach[row]]

    def label(self, ticked: Sequence[int]) -> str:
        return f"{len(self.offices(ticked))} {me().words.said(ADDRESSED[self.key])}"


def addressees(key: str, code: str) -> Addressees:
    """Raises NotFound for an unknown key."""
    offices = directory.offices_of(key, code)
    if key != "desa" or Level.of(code) is Level.DISTRICT:
        return Addressees(key, offices, {office.id: [office.id] for office in offices})
    above = {office.wilayah_code: office for office in directory.offices_of("kecamatan", code)}
    below = {
        district: [office.id for office in group]
        for district, group in groupby(
            sorted(offices, key=lambda o: o.district_code), lambda o: o.district_code
        )
    }
    rows = [above[district] for district in sorted(below) if district in above]
    return Addressees(key, rows, {row.id: below[row.wilayah_code] for row in rows}, through=True)


def keys_for(code: str) -> list[str]:
    return ["desa", "puskesmas"] if Level.of(code) is Level.DISTRICT else list(ADDRESSED)


def giver() -> Grant:
    """The office in whose name the user gives tasks: the first with such a role, or the one asked for.

    It is one in which the user may also take tasks back.
    """
    grants = [grant for grant in me().grants if allowed(me(), Action.TASK_WITHDRAW, grant)]
    wanted = number_argument("pemberi")
    for grant in grants:
        if wanted in (None, grant.office_id):
            return grant
    raise NotFound


@bp.route("/baru", methods=["GET", "POST"])
@requires(Action.TASK_ISSUE)
def new() -> Response:
    form, grant = TaskForm(), giver()
    keys = keys_for(grant.wilayah_code)
    choice = addressees(request.args.get("kepada", keys[0]), grant.wilayah_code)
    form.offer(choice.rows)
    if form.validate_on_submit():
        typed = form.payload()
        ticked = typed.pop("offices")
        with form.absorbing(), writing() as result:
            task = tasks.issue_task(
                actor=me(),
                owner_office=access_office(me(), grant.office_id),
                origin=TaskOrigin.OFFICE,
                office_ids=choice.offices(ticked),
                addressed_to=choice.label(ticked),
                **typed,
            )
            result.location = url_for("tasks.show", task_id=task.id)
        if not form.refused:
            return done(result.location, form.message(today(me().zone)))
    return page(
        "tasks/form.html",
        status=form.status,
        form=form,
        choice=choice,
        keys={key: me().words.said(ADDRESSED[key]) for key in keys},
        grant=grant,
    )


@bp.post("/<id:task_id>/tarik")
@requires(Action.TASK_WITHDRAW, access_task)
def withdraw(task: Task) -> Response:
    form = WithdrawForm()
    key = task.id
    if form.validate():
        with form.absorbing(), writing() as result:
            result.location = url_for("tasks.show", task_id=key)
            tasks.withdraw_task(actor=me(), task=task, **form.payload())
        if not form.refused:
            return done(result.location, "tugas-ditarik")
    return task_page(access_task(me(), key), form)


# --- one task -----------------------------------------------------------------------------------
@bp.get("/<id:task_id>")
@requires(Action.TASK_READ, access_task)
def show(task: Task) -> Response:
    return task_page(task, WithdrawForm())


def task_page(task: Task, form: WithdrawForm) -> Response:
    """A task with its offices; `?buka=<id>` opens one kecamatan, one level a request."""
    day = today(me().zone)
    status, overdue = narrowed()
    after = number_argument("setelah") or 0
    opened = number_argument("buka")
    rows, last = found.top_rows(me(), task, today=day, status=status, overdue=overdue, after=after)
    below = found.progress_within(me(), task, rows)
    parent = next((row for row in rows if row.id == opened), None)
    villages = found.rows_below(me(), parent.id) if parent else []
    return page_or_block(
        "tasks/show.html",
        block="task_rows",
        status=form.status,
        task=task,
        origin=found.origin_of(task),
        due=due_on(task.due_on, day),
        rows=[(row, due_of(row, day), below.get(row.id), act_on(row)) for row in rows],
        last=last,
        opened=opened,
        villages=[(row, due_of(row, day), act_on(row)) for row in villages],
        counts=found.counts_of_task(me(), task, day),
        chosen=status,
        overdue=overdue,
        after=after,
        statuses=AssignmentStatus,
        form=form,
        today=day,
    )


def narrowed() -> tuple[AssignmentStatus | None, bool]:
    """Which offices of a task the address asks for: of one state, or those that are late."""
    return member_argument("keadaan", AssignmentStatus), request.args.get("terlambat") == "ya"


@bp.get("/<id:task_id>/kantor.xlsx")
@requires(Action.TASK_READ, access_task)
def offices_sheet(task: Task) -> Response:
    status, overdue = narrowed()
    about = (status.label.capitalize() if status else "", "Terlambat" if overdue else "")
    return download_rows(OFFICES, offices(task), task.title, *about)


class OfficeLine(NamedTuple):
    """An office of a task in the file; `above` names the kecamatan that a desa/kelurahan reports to."""

    row: Any
    above: str
    due: Due
    progress: Progress | None


def offices(task: Task) -> Iterator[OfficeLine]:
    """The offices of a task with this filter, each followed by those below it: three statements a page."""
    day = today(me().zone)
    status, overdue = narrowed()
    after: int | None = 0
    while after is not None:
        rows, after = found.top_rows(me(), task, today=day, status=status, overdue=overdue, after=after)
        keys = [row.id for row in rows]
        progress, below = found.progress_below(me(), keys), found.rows_below_each(me(), keys)
        for row in rows:
            yield OfficeLine(row, "", due_of(row, day), progress.get(row.id))
            for village in below.get(row.id, ()):
                yield OfficeLine(village, row.office_name, due_of(village, day), None)


def act_on(row: Any) -> str:
    """What the button of a row says: whoever may judge a report is asked to."""
    waits = row.status is AssignmentStatus.SUBMITTED
    return "Periksa" if waits and allowed(me(), Action.ASSIGNMENT_REVIEW, row) else "Lihat"
