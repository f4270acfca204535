from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from flask import Response, request, url_for

from ilp.blueprints.reports import bp
from ilp.blueprints.reports.sheets import sheet_of
from ilp.core.clock import local, today
from ilp.core.errors import NotFound
from ilp.core.paging import BATCH, PAGE_SIZE, Key, Page
from ilp.models.documents import DocumentKind
from ilp.policy.actions import Action
from ilp.queries import reports as found
from ilp.queries.reports import Part, Period, Question, TaskState
from ilp.queries.wilayah import breadcrumb
from ilp.web.arguments import member_argument
from ilp.web.htmx import page
from ilp.web.places import chosen_regency, reads_wholly, within_reach
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import Column, Sheet, download, download_rows

FIRST_YEAR = 2020
COLUMNS = (
    ("Diterima", TaskState.ACCEPTED),
    ("Belum selesai", TaskState.OPEN),
    ("Terlambat", TaskState.LATE),
)
"""The table by kecamatan."""


@bp.get("/")
@requires(Action.REPORT_READ)
def index() -> Response:
    regency, regencies = chosen_regency()
    period = _period()
    if regency is None:
        return page("reports/none.html")
    question = Question(regency.code, period, today(me().zone), me().zone)
    places = found.tasks_by_place(me(), question)
    return page(
        "reports/index.html",
        regency=regency,
        regencies=regencies,
        period=period,
        years=_years(),
        rows=url_for("reports.list_rows", wilayah=regency.code, **_of_period(period)),
        tasks=url_for("reports.list_rows", bagian=Part.TASKS, **_of_period(period)),
        overview=found.overview(me(), question),
        places=places,
        states={state: sum(place.counts[state] for place in places) for state in TaskState},
        papers=found.papers_by_kind(me(), question),
        targets=found.targets_due(me(), question),
        columns=COLUMNS,
        whole=reads_wholly(regency.code),
        today=question.today,
    )


@bp.get("/daftar")
@requires(Action.REPORT_READ)
def list_rows() -> Response:
    """The rows behind a figure of the report: the same conditions, so the same number."""
    part, question = _asked()
    code, period = question.code, question.period
    rows = _rows(part, question, _after(part), PAGE_SIZE)
    given: dict[str, Any] = {
        name: request.args[name] for name in ("keadaan", "jenis") if name in request.args
    }
    return page(
        "reports/list.html",
        part=part,
        headings=sheet_of(part).headings,
        period=period,
        narrowed=_narrowed(),
        page=rows,
        rows=_shown(part, rows.rows),
        here=url_for("reports.list_rows", bagian=part, wilayah=code, **_of_period(period), **given),
        report=url_for("reports.index", wilayah=code[:5], **_of_period(period)),
        places=breadcrumb(code),
    )


@bp.get("/daftar.xlsx")
@requires(Action.REPORT_READ)
def sheet() -> Response:
    part, question = _asked()
    narrowed = _narrowed()

    def read(after: Key | None) -> Page:
        rows = _rows(part, question, after, BATCH)
        return Page(_shown(part, rows.rows), rows.after, rows.first)

    return download(
        sheet_of(part),
        read,
        breadcrumb(question.code)[-1].full_name,
        question.period.label,
        narrowed.label.capitalize() if narrowed else "",
    )


@bp.get("/rekap.xlsx")
@requires(Action.REPORT_READ)
def places_sheet() -> Response:
    """The table by kecamatan."""
    regency, _ = chosen_regency()
    if regency is None:
        raise NotFound
    question = Question(regency.code, _period(), today(me().zone), me().zone)
    counts = (Column(label, partial(_count, state), 14) for label, state in COLUMNS)
    return download_rows(
        Sheet(
            "Rekap tugas jatuh tempo",
            (
                Column("Kecamatan", lambda place: place.name or "Kantor kabupaten/kota", 32),
                Column("Jatuh tempo", lambda place: place.total, 14),
                *counts,
            ),
        ),
        found.tasks_by_place(me(), question),
        f"{regency.kind.label} {regency.name}",
        question.period.label,
    )


def _count(state: TaskState, place: found.Place) -> int:
    return place.counts[state]


# --- the address --------------------------------------------------------------------------------
def _asked() -> tuple[Part, Question]:
    """Which rows of which place and period. Raises NotFound for what is no such list."""
    part, code = member_argument("bagian", Part), request.args.get("wilayah", "")
    if part is None or code.count(".") not in (1, 2) or not within_reach(code):
        raise NotFound
    return part, Question(code, _period(), today(me().zone), me().zone)


def _narrowed() -> TaskState | DocumentKind | None:
    return member_argument("keadaan", TaskState) or member_argument("jenis", DocumentKind)


def _period() -> Period:
    """`?tahun=2024&triwulan=4`; the present year without. Raises NotFound for what is no such period."""
    year, quarter = request.args.get("tahun", ""), request.args.get("triwulan", "")
    if quarter not in ("", "1", "2", "3", "4") or year not in ("", *map(str, _years())):
        raise NotFound
    return Period(int(year or today(me().zone).year), int(quarter) if quarter else None)


def _years() -> range:
    return range(today(me().zone).year + 1, FIRST_YEAR - 1, -1)


def _of_period(period: Period) -> dict[str, Any]:
    return {"tahun": period.year} | ({"triwulan": period.quarter} if period.quarter else {})


# --- rows ---------------------------------------------------------------------------------------
def _after(part: Part) -> Key | None:
    kinds: dict[Part, Any] = {Part.MEETINGS: datetime, Part.DECISIONS: int}
    return Key.parse(request.args.get("setelah"), kind=kinds.get(part, date))


def _rows(part: Part, question: Question, after: Key | None, size: int) -> Page:
    match part:
        case Part.MEETINGS:
            return found.meetings(me(), question, after, size=size)
        case Part.DECISIONS:
            return found.decisions(me(), question, after, size=size)
        case Part.TASKS:
            return found.tasks(me(), question, member_argument("keadaan", TaskState), after, size=size)
        case Part.COMMITMENTS:
            return found.commitments(me(), question, after, size=size)
        case Part.PAPERS:
            return found.papers(me(), question, member_argument("jenis", DocumentKind), after, size=size)


@dataclass(frozen=True)
class Shown:
    """A row as the list prints it."""

    url: str
    title: str
    note: str
    day: date
    status: Any


def _shown(part: Part, rows: Iterable[Any]) -> list[Shown]:
    base = {
        Part.MEETINGS: url_for("meetings.index"),
        Part.DECISIONS: url_for("meetings.index"),
        Part.TASKS: url_for("tasks.index") + "rincian/",
        Part.COMMITMENTS: url_for("commitments.index"),
        Part.PAPERS: url_for("documents.index"),
    }[part]
    return [
        Shown(f"{base}{row.id}", row.title, row.office_name, _day(row.day), getattr(row, "status", None))
        for row in rows
    ]


def _day(value: date | datetime) -> date:
    return local(value, me().zone).date() if isinstance(value, datetime) else value
