"""The list of meetings; calling, changing and moving one; its agenda, tasks, papers and trail."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any, NamedTuple

from flask import Response, request, url_for
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from ilp.blueprints.meetings import bp
from ilp.blueprints.meetings.forms import AgendaItemForm, MeetingForm, PostponeForm, ReasonForm
from ilp.blueprints.meetings.pages import meeting_page
from ilp.blueprints.meetings.sheets import MEETINGS, TASKS
from ilp.core.clock import local, to_utc, today
from ilp.core.errors import Forbidden
from ilp.core.indonesian import MONTHS, WEEKDAYS, clock, long_date
from ilp.core.paging import BATCH, PAGE_SIZE, Key, Page
from ilp.models.meetings import Meeting, MeetingKind, MeetingStatus
from ilp.policy.access import access_meeting, access_office
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.queries import documents as papers
from ilp.queries import meetings as queries
from ilp.queries.audit import names_in
from ilp.queries.audit import trail as history
from ilp.queries.tasks import TASKS_OF_A_MEETING, of_meeting
from ilp.services import meetings
from ilp.web.arguments import member_argument, number_argument
from ilp.web.htmx import done, page, page_or_block
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import WHOLE, download, download_rows
from ilp.web.writing import writing

AHEAD = timedelta(days=14)
"""How far ahead a meeting after a pattern is proposed."""


@bp.get("/")
@requires(Action.MEETING_READ)
def index() -> Response:
    shelf, kind = _chosen()
    found = _found(Key.parse(request.args.get("setelah")), PAGE_SIZE)
    return page_or_block(
        "meetings/list.html",
        block="meetings",
        found=found,
        listed=[_listed(row) for row in found.rows],
        shelf=shelf,
        kind=kind,
        shelves=queries.Shelf,
        kinds=MeetingKind,
    )


@bp.get("/daftar.xlsx")
@requires(Action.MEETING_READ)
def sheet() -> Response:
    shelf, kind = _chosen()
    return download(MEETINGS, lambda after: _found(after, BATCH), shelf.label, kind.label if kind else "")


def _chosen() -> tuple[queries.Shelf, MeetingKind | None]:
    shelf = member_argument("saring", queries.Shelf) or queries.Shelf.UPCOMING
    return shelf, member_argument("jenis", MeetingKind)


def _found(after: Key | None, size: int) -> Page:
    shelf, kind = _chosen()
    zone = me().zone
    midnight = to_utc(today(zone), time(0), zone)
    return queries.meetings(me(), shelf=shelf, kind=kind, midnight=midnight, after=after, size=size)


class Listed(NamedTuple):
    """A meeting in the list, in the words it is shown with."""

    id: int
    title: str
    month: str
    day: int
    weekday: str
    when: str
    about: str
    filled: int
    invited: int
    state: MeetingStatus
    word: str


def _listed(row: Any) -> Listed:
    meeting_id, starts_at, title, kind, status, place, office, zone, invited, filled = row
    at = local(starts_at, zone)
    when = f"{long_date(at)}, {clock(at)} {zone.label}"
    return Listed(
        meeting_id,
        title,
        MONTHS[at.month - 1][:3],
        at.day,
        WEEKDAYS[at.weekday()][:3],
        f"{when}. {place}" if place else when,
        f"{kind.label}, {office}",
        filled if invited else 0,
        invited,
        status,
        status.label.capitalize(),
    )


# --- calling and changing -----------------------------------------------------------------------
@bp.route("/baru", methods=["GET", "POST"])
@requires(Action.MEETING_CREATE)
def new() -> Response:
    pattern, previous = _former("pola"), _former("lanjutan")
    former = previous or pattern
    form = MeetingForm(data=_proposal(former) if former and request.method == "GET" else None)
    _fill_choices(form, previous)
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            meeting = _create(form, pattern, previous)
            result.location = url_for("meetings.agenda", meeting_id=meeting.id)
        if not form.refused:
            return done(result.location, _saved(form))
    return page(
        "meetings/form.html", status=form.status, form=form, meeting=None, pattern=pattern, previous=previous
    )


@bp.route("/<id:meeting_id>/ubah", methods=["GET", "POST"])
@requires(Action.MEETING_EDIT, access_meeting)
def edit(meeting: Meeting) -> Response:
    form = MeetingForm(data=_facts(meeting))
    _fill_choices(form, meeting)
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            meetings.edit(actor=me(), meeting=meeting, plan=form.plan())
            result.location = url_for("meetings.agenda", meeting_id=meeting.id)
        if not form.refused:
            return done(result.location, _saved(form))
    return page(
        "meetings/form.html", status=form.status, form=form, meeting=meeting, pattern=None, previous=None
    )


@bp.post("/<id:meeting_id>/buka")
@requires(Action.MEETING_EDIT, access_meeting)
def open(meeting: Meeting) -> Response:  # noqa: A001 (the endpoint is called what it does)
    with writing() as result:
        meetings.open_meeting(actor=me(), meeting=meeting)
        result.location = url_for("meetings.show", meeting_id=meeting.id)
    return done(result.location, "rapat-dibuka")


@bp.route("/<id:meeting_id>/tunda", methods=["GET", "POST"])
@requires(Action.MEETING_EDIT, access_meeting)
def postpone(meeting: Meeting) -> Response:
    form = PostponeForm()
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            meetings.postpone(actor=me(), meeting=meeting, **form.payload())
            result.location = url_for("meetings.invitations", meeting_id=meeting.id)
        if not form.refused:
            return done(result.location, "rapat-ditunda")
    return meeting_page("meetings/postpone.html", meeting, "", status=form.status, form=form)


@bp.route("/<id:meeting_id>/batal", methods=["GET", "POST"])
@requires(Action.MEETING_EDIT, access_meeting)
def cancel(meeting: Meeting) -> Response:
    form = ReasonForm()
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            meetings.cancel(actor=me(), meeting=meeting, reason=form.reason.data or "")
            result.location = url_for("meetings.invitations", meeting_id=meeting.id)
        if not form.refused:
            return done(result.location, "rapat-dibatalkan")
    return meeting_page("meetings/cancel.html", meeting, "", status=form.status, form=form)


def _former(name: str) -> Meeting | None:
    """The meeting named in the query string; only its organiser takes it further."""
    key = number_argument(name)
    if key is None:
        return None
    meeting = access_meeting(me(), key)
    if not allowed(me(), Action.MEETING_EDIT, meeting):
        raise Forbidden
    return meeting


def _facts(meeting: Meeting) -> dict[str, Any]:
    """A meeting as its form shows it, on the clock of its regency."""
    zone = queries.zone_of(meeting.regency_code)
    start = local(meeting.starts_at, zone)
    names = ("title", "kind", "place", "chair", "opened_by", "minute_taker_id", "basis", "note")
    return {name: getattr(meeting, name) for name in names} | {
        "office_id": meeting.office_id,
        "day": start.date(),
        "start": start.time(),
        "end": local(meeting.ends_at, zone).time() if meeting.ends_at else None,
    }


def _proposal(former: Meeting) -> dict[str, Any]:
    """The same again in a fortnight; a year in the title moves along."""
    facts = _facts(former)
    day = today(me().zone) + AHEAD
    title = facts["title"].replace(str(facts["day"].year), str(day.year))
    return facts | {"day": day, "title": title}


def _fill_choices(form: MeetingForm, organised: Meeting | None) -> None:
    """The offices in which the user may call meetings, and who there may take the minutes."""
    offices = {g.office_id: g.office_name for g in me().grants if allowed(me(), Action.MEETING_EDIT, g)}
    if organised is not None:
        del form.office_id
        offices = {organised.office_id: ""}
    else:
        form.office_id.choices = [SelectChoice(value=key, label=name) for key, name in offices.items()]
    takers = queries.minute_takers(sorted(offices))
    form.minute_taker_id.choices = [
        SelectChoice(value="", label="Belum ditentukan"),
        *(SelectChoice(value=key, label=name) for key, name in takers),
    ]


def _create(form: MeetingForm, pattern: Meeting | None, previous: Meeting | None) -> Meeting:
    if previous is not None:
        return meetings.next_of_series(actor=me(), previous=previous, plan=form.plan())
    office = access_office(me(), form.office_id.data)
    return meetings.schedule(actor=me(), office=office, plan=form.plan(), pattern=pattern)


def _saved(form: MeetingForm) -> str:
    past = form.day.data is not None and form.day.data < today(me().zone)
    return "tersimpan-lampau" if past else "tersimpan"


# --- the agenda ---------------------------------------------------------------------------------
@bp.route("/<id:meeting_id>/agenda", methods=["GET", "POST"])
@requires(Action.MEETING_EDIT, access_meeting)
def agenda(meeting: Meeting) -> Response:
    form = AgendaItemForm()
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            meetings.add_agenda_item(actor=me(), meeting=meeting, **form.payload())
            result.location = url_for("meetings.agenda", meeting_id=meeting.id)
        if not form.refused:
            return done(result.location)
    return _agenda_page(meeting, form)


@bp.route("/<id:meeting_id>/agenda/<id:item_id>", methods=["GET", "POST"])
@requires(Action.MEETING_EDIT, access_meeting)
def agenda_item(meeting: Meeting, item_id: int) -> Response:
    form = AgendaItemForm(obj=queries.agenda_item(meeting.id, item_id))
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            meetings.edit_agenda_item(actor=me(), meeting=meeting, item_id=item_id, **form.payload())
            result.location = url_for("meetings.agenda", meeting_id=meeting.id)
        if not form.refused:
            return done(result.location)
    return _agenda_page(meeting, form, item_id)


@bp.post("/<id:meeting_id>/agenda/<id:item_id>/<any(naik, turun):way>")
@requires(Action.MEETING_EDIT, access_meeting)
def move_agenda_item(meeting: Meeting, item_id: int, way: str) -> Response:
    with writing() as result:
        meetings.move_agenda_item(actor=me(), meeting=meeting, item_id=item_id, up=way == "naik")
        result.location = url_for("meetings.agenda", meeting_id=meeting.id)
    return done(result.location)


@bp.post("/<id:meeting_id>/agenda/<id:item_id>/hapus")
@requires(Action.MEETING_EDIT, access_meeting)
def remove_agenda_item(meeting: Meeting, item_id: int) -> Response:
    with writing() as result:
        meetings.remove_agenda_item(actor=me(), meeting=meeting, item_id=item_id)
        result.location = url_for("meetings.agenda", meeting_id=meeting.id)
    return done(result.location)


def _agenda_page(meeting: Meeting, form: AgendaItemForm, editing: int | None = None) -> Response:
    return meeting_page(
        "meetings/agenda.html",
        meeting,
        "",
        status=form.status,
        form=form,
        editing=editing,
        items=queries.agenda(meeting.id),
    )


# --- tasks, papers, trail -----------------------------------------------------------------------
@bp.get("/<id:meeting_id>/tugas")
@requires(Action.MEETING_READ, access_meeting)
def tasks(meeting: Meeting) -> Response:
    rows, day = of_meeting(me(), meeting.id), today(me().zone)
    return meeting_page(
        "meetings/tasks.html", meeting, "tasks", rows=rows, most=TASKS_OF_A_MEETING, today=day
    )


@bp.get("/<id:meeting_id>/tugas.xlsx")
@requires(Action.MEETING_READ, access_meeting)
def tasks_sheet(meeting: Meeting) -> Response:
    return download_rows(TASKS, of_meeting(me(), meeting.id, most=WHOLE), meeting.title)


@bp.get("/<id:meeting_id>/berkas")
@requires(Action.MEETING_READ, access_meeting)
def documents(meeting: Meeting) -> Response:
    return meeting_page(
        "meetings/documents.html", meeting, "documents", papers=papers.of_meeting(me(), meeting.id)
    )


@bp.get("/<id:meeting_id>/jejak")
@requires(Action.MEETING_PEOPLE, access_meeting)
def trail(meeting: Meeting) -> Response:
    found = history(Meeting.__tablename__, meeting.id, number_argument("sebelum"))
    return meeting_page("meetings/trail.html", meeting, "trail", found=found, names=names_in(found.rows))
