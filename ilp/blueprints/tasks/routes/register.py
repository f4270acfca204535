from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from flask import Response, request, url_for

from ilp.blueprints.tasks import bp
from ilp.blueprints.tasks.forms import WithdrawForm
from ilp.blueprints.tasks.sheets import ASSIGNMENTS, OFFICES, TASKS, matrix_of
from ilp.core.clock import local, now, today
from ilp.core.enums import LabelledEnum
from ilp.core.errors import NotFound
from ilp.core.indonesian import clock
from ilp.core.paging import BATCH, PAGE_SIZE, Key, Page
from ilp.models.accounts import Role
from ilp.models.tasks import OPEN, WAITING, AssignmentStatus, Task, TaskOrigin
from ilp.models.wilayah import Level
from ilp.policy.access import access_office, access_task
from ilp.policy.actions import Action
from ilp.policy.rules import WRITERS, allowed
from ilp.policy.user import Grant
from ilp.queries import assignments, directory, matrix
from ilp.queries import tasks as found
from ilp.queries.assignments import Span, View
from ilp.queries.tasks import Progress
from ilp.services import tasks
from ilp.web.arguments import member_argument, number_argument
from ilp.web.due import Due, due_on
from ilp.web.htmx import done, page, page_or_block
from ilp.web.places import chosen_regency
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
    waiting = row.status in WAITING if "status" in row._fields else not finished
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


# --- the matrix of kecamatan and tasks ----------------------------------------------------------
@bp.get("/matriks")
@requires(Action.TASK_READ)
def show_matrix() -> Response:
    day = today(me().zone)
    regency, regencies = chosen_regency()
    code = regency.code if regency else ""
    origin = member_argument("asal", TaskOrigin)
    body_id, meeting_id = number_argument("badan"), number_argument("rapat")
    columns = matrix.tasks_of_matrix(me(), code, origin=origin, body_id=body_id, meeting_id=meeting_id)
    cells = matrix.cells(me(), [column.id for column in columns])
    below = found.progress_below_tasks(me(), [column.id for column in columns])
    opened, wanted = request.args.get("buka", ""), member_argument("keadaan", Shown)
    rows = [row for row in lines(cells, columns, below, day) if wanted is None or wanted.fits(row)]
    parents = [cell.id for cell in cells if cell.wilayah_code == opened]
    villages = matrix.cells(me(), [column.id for column in columns], parents) if parents else []
    return page(
        "tasks/matrix.html",
        regency=regency,
        regencies=regencies,
        origin=origin,
        origins=TaskOrigin,
        columns=columns,
        rows=rows,
        wanted=wanted,
        shown=Shown,
        opened=opened,
        village_rows=lines(villages, columns, {}, day),
        villages=matrix.villages_by_district(code) if regency else {},
        body_id=body_id,
        meeting_id=meeting_id,
        tally=tally(cells, day),
        places=len({cell.wilayah_code for cell in cells}),
        total=len(cells),
        sum=Progress.of(cell.status for cell in cells),
        footing=footing(cells, columns),
        at=local(now(), me().zone),
        clock=clock(local(now(), me().zone)),
    )


@bp.get("/matriks.xlsx")
@requires(Action.TASK_READ)
def matrix_sheet() -> Response:
    """The kecamatan of the matrix with this filter, a column for each task."""
    day, words = today(me().zone), {status.value: status.label.capitalize() for status in AssignmentStatus}
    regency, _ = chosen_regency()
    origin, wanted = member_argument("asal", TaskOrigin), member_argument("keadaan", Shown)
    columns = matrix.tasks_of_matrix(
        me(),
        regency.code if regency else "",
        origin=origin,
        body_id=number_argument("badan"),
        meeting_id=number_argument("rapat"),
    )
    cells = matrix.cells(me(), [column.id for column in columns])
    below = found.progress_below_tasks(me(), [column.id for column in columns])
    rows = [row for row in lines(cells, columns, below, day) if wanted is None or wanted.fits(row)]
    about = [f"{regency.kind.label} {regency.name}" if regency else ""]
    about += [one.label for one in (origin, wanted) if one]
    if len(columns) == matrix.COLUMNS_OF_A_MATRIX:
        about.append(f"{len(columns)} tugas dengan tenggat terakhir")
    return download_rows(matrix_of(columns, words), rows, *about)


class Shown(LabelledEnum):
    """Which kecamatan the matrix shows: those with at least one cell like this."""

    LATE = "late", "Terlambat"
    ASSIGNED = "assigned", "Belum"
    IN_PROGRESS = "in_progress", "Dikerjakan"
    SUBMITTED = "submitted", "Dilaporkan"
    RETURNED = "returned", "Dikembalikan"
    ACCEPTED = "accepted", "Diterima"
    NOT_APPLICABLE = "not_applicable", "Tidak berlaku"

    def fits(self, line: Line) -> bool:
        cells = [cell for cell in line.cells if cell]
        return any(cell.late if self is Shown.LATE else cell.state == self for cell in cells)


@dataclass(frozen=True)
class Line:
    """One place in the matrix: its cells in the order of the columns (None: not addressed)."""

    code: str
    name: str
    cells: Sequence[Cell | None]
    progress: Progress

    @property
    def first(self) -> int:
        """The row that opens when the place is clicked."""
        return next(cell.id for cell in self.cells if cell)


class Cell(NamedTuple):
    """One row of a task as the matrix prints it: plain strings, for there are hundreds."""

    id: int
    state: str
    late: bool
    text: str
    label: str


def lines(
    cells: Iterable[Any], columns: Sequence[Any], below: Mapping[int, Progress], day: date
) -> list[Line]:
    """The cells by place; `9/12` is written only while desa are still moving."""
    made = []
    place = {column.id: n for n, column in enumerate(columns)}
    for (code, name), group in groupby(cells, itemgetter(4, 5)):
        row: list[Cell | None] = [None] * len(columns)
        statuses = []
        for key, task_id, status, due_day, _, _ in group:
            n = place[task_id]
            row[n] = _cell(
                f"T{n + 1} {name}", key, status, below.get(key), late=is_late(status, due_day, day)
            )
            statuses.append(status)
        made.append(Line(code, name, row, Progress.of(statuses)))
    return made


def _cell(where: str, key: int, status: AssignmentStatus, below: Progress | None, *, late: bool) -> Cell:
    moving = below and status in OPEN and below.accepted < below.total
    text = f"{below.accepted}/{below.total}" if below and moving else ""
    moved = f", {text} {me().words.village}" if text else ""
    words = f"{where}: {status.label}{moved}{', terlambat' if late else ''}"
    return Cell(key, status.value, late, text, words)


def is_late(status: AssignmentStatus, due_day: date, day: date) -> bool:
    """`Assignment.is_late` of a cell."""
    return due_day < day and status in WAITING


def tally(cells: Iterable[Any], day: date) -> dict[str, int]:
    """How many cells stand where, and how many are late."""
    counts: Counter[str] = Counter(cell.status for cell in cells)
    counts["late"] = sum(is_late(cell.status, cell.due_on, day) for cell in cells)
    return counts


def footing(cells: Iterable[Any], columns: Sequence[Any]) -> list[Progress]:
    """How far each column has come."""
    statuses: dict[int, list[AssignmentStatus]] = {column.id: [] for column in columns}
    for cell in cells:
        statuses[cell.task_id].append(cell.status)
    return [Progress.of(found) for found in statuses.values()]
