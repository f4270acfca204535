"""A meeting as it runs: the page of its minutes, the rows on it, and the way to their approval."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import Response, make_response, redirect, request, url_for
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from ilp.blueprints.meetings import bp
from ilp.blueprints.meetings.minutes_forms import (
    ApprovalForm,
    DiscussForm,
    ErrandForm,
    ItemStatusForm,
    ReturnForm,
    RowForm,
    SettleForm,
    VersionForm,
)
from ilp.blueprints.meetings.pages import meeting_page, searched
from ilp.core.clock import local, now, today
from ilp.core.errors import NotFound
from ilp.models.documents import DocumentKind
from ilp.models.meetings import AgendaStatus, Meeting, MeetingStatus, RowKind
from ilp.policy.access import access_meeting, access_meeting_state
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.queries import addressees as addressee_queries
from ilp.queries import documents
from ilp.queries import meetings as meeting_queries
from ilp.queries import minutes as queries
from ilp.queries.attendance import tally
from ilp.queries.carried_over import carried_over
from ilp.services import minutes
from ilp.web.arguments import member_argument, number_argument
from ilp.web.htmx import done, is_htmx, page, page_or_block
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.writing import writing

LATELY = timedelta(minutes=10)
"""Whoever saved a row so recently is shown as writing along."""
FINISHED = frozenset({MeetingStatus.APPROVED, MeetingStatus.CANCELLED})


# --- the page, and news of it ---------------------------------------------------------------------
@bp.get("/<id:meeting_id>")
@requires(Action.MEETING_READ, access_meeting)
def show(meeting: Meeting) -> Response:
    return meeting_page("meetings/show.html", meeting, "minutes", **_live(meeting))


@bp.get("/<id:meeting_id>/_kabar")
@requires(Action.MEETING_READ, access_meeting_state)
def news(meeting: Any) -> Response:
    """What changed since the version an open page has; 204 if nothing did, as two light statements tell."""
    if number_argument("versi") == meeting.version:
        return make_response("", 204)
    meeting = access_meeting(me(), meeting.id)
    return meeting_page("meetings/_news.html", meeting, "minutes", **_live(meeting))


def _live(meeting: Meeting) -> dict[str, Any]:
    agenda = queries.agenda_of(me(), meeting.id, after=_cut(request.args.get("setelah", "")))
    may_write = allowed(me(), Action.MEETING_MINUTE, meeting)
    since = now() - LATELY
    lately = {row.author: row for row in agenda.rows if row.saved_at > since}
    papers = documents.of_meeting(me(), meeting.id) if meeting.status is MeetingStatus.APPROVED else ()
    return {
        "agenda": agenda,
        "cut": request.args.get("setelah", ""),
        "carried": carried_over(me(), meeting),
        "tally": tally(meeting.id),
        "papers": [paper for paper in papers if paper.kind is DocumentKind.MINUTES],
        "lately": lately,
        "may_write": may_write,
        "statuses": AgendaStatus,
        "finished": meeting.status in FINISHED,
        "fresh": number_argument("baris"),
        "opened": number_argument("butir"),
        **_rows(meeting.id, writable=may_write and meeting.is_recording),
    }


def _rows(meeting_id: int, *, writable: bool) -> dict[str, Any]:
    """What `_rows.html` needs besides the rows."""
    base = url_for("meetings.show", meeting_id=meeting_id)
    return {"base": base, "writable": writable, "zone": me().zone, "today": today(me().zone)}


def _cut(text: str) -> queries.Cut | None:
    """The end of the page before, as `next` of the agenda wrote it into the address."""
    if not text:
        return None
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise NotFound
    number, place, row_id = map(int, parts)
    return number, place, row_id


# --- rows ---------------------------------------------------------------------------------------------
@bp.route("/<id:meeting_id>/butir/<id:item_id>/baris", methods=["GET", "POST"])
@requires(Action.MEETING_MINUTE, access_meeting)
def new_row(meeting: Meeting, item_id: int) -> Response:
    minutes.refuse_frozen(meeting)
    meeting_id, basis_id = meeting.id, number_argument("dasar")
    form = (ErrandForm if _gives_task() else RowForm)(key=f"butir-{item_id}")
    if not form.is_submitted():
        form.kind.data = member_argument("jenis", RowKind) or RowKind.NOTE
        form.text.data = queries.row_in(meeting_id, basis_id).text if basis_id else ""
    elif not _searching() and form.validate():
        with form.absorbing(), writing() as result:
            row_id = _write(meeting, item_id, form, basis_id)
            result.location = _place(meeting_id, row_id)
        if not form.refused:
            kind = RowKind.NOTE if form.kind.data is RowKind.TASK else form.kind.data
            return _written(result.location, meeting_id, row_id, form=form.emptied(kind), item_id=item_id)
    return _editor(meeting, item_id, form, basis_id=basis_id)


@bp.route("/<id:meeting_id>/baris/<id:row_id>/ubah", methods=["GET", "POST"])
@requires(Action.MEETING_MINUTE, access_meeting)
def edit_row(meeting: Meeting, row_id: int) -> Response:
    minutes.refuse_frozen(meeting)
    meeting_id = meeting.id
    form = RowForm(key=f"baris-{row_id}")
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            saved = minutes.edit_row(
                actor=me(),
                meeting=meeting,
                row_id=row_id,
                version=form.version.data,
                kind=form.kind.data,
                text=form.text.data or "",
            )
            clashes = saved.clash_of_id is not None
            result.location = _place(meeting_id, row_id)
        if not form.refused:
            return _written(result.location, meeting_id, row_id, clashes=clashes)
    row = queries.row_in(meeting_id, row_id)
    if not form.is_submitted() and row.removed_at:
        return _written(_place(meeting_id, row_id), meeting_id, row_id)
    if not form.is_submitted():
        form = RowForm(key=f"baris-{row_id}", obj=row)
    return _editor(meeting, row.agenda_item_id, form, row_id=row_id, place=row.place)


@bp.post("/<id:meeting_id>/baris/<id:row_id>/hapus")
@requires(Action.MEETING_MINUTE, access_meeting)
def remove_row(meeting: Meeting, row_id: int) -> Response:
    meeting_id, form = meeting.id, VersionForm()
    with writing() as result:
        minutes.remove_row(actor=me(), meeting=meeting, row_id=row_id, version=form.version.data)
        result.location = _place(meeting_id, row_id)
    return _written(result.location, meeting_id, row_id)


@bp.get("/<id:meeting_id>/baris/<id:row_id>")
@requires(Action.MEETING_READ, access_meeting)
def show_row(meeting: Meeting, row_id: int) -> Response:
    """A row as it stands, for an editor that is closed again."""
    may_write = meeting.is_recording and allowed(me(), Action.MEETING_MINUTE, meeting)
    return _written(_place(meeting.id, row_id), meeting.id, row_id, writable=may_write)


@bp.get("/<id:meeting_id>/butir/<id:item_id>/_kosong")
@requires(Action.MEETING_READ, access_meeting)
def close_editor(meeting: Meeting, item_id: int) -> Response:
    """The place where a new row is written, closed again."""
    return page("meetings/_closed.html", item_id=item_id)


@bp.get("/<id:meeting_id>/_penerima")
@requires(Action.MEETING_MINUTE, access_meeting)
def addressees(meeting: Meeting) -> Response:
    """The fields of a task, fetched when somebody turns a row into one."""
    form = ErrandForm(key=request.args.get("pada", "")[:40], formdata=None)
    base = url_for("meetings.show", meeting_id=meeting.id)
    return page("meetings/_task_fields.html", form=form, base=base, **_address_book(meeting, form))


@bp.get("/<id:meeting_id>/_kantor")
@requires(Action.MEETING_MINUTE, access_meeting)
def find_offices(meeting: Meeting) -> Response:
    form = ErrandForm(key="", formdata=request.args)
    return page("meetings/_offices.html", **_offices(meeting, form))


def _write(meeting: Meeting, item_id: int, form: RowForm, basis_id: int | None) -> int:
    kind, text = form.kind.data, form.text.data or ""
    if isinstance(form, ErrandForm) and kind is RowKind.TASK:
        return minutes.assign_task(
            actor=me(), meeting=meeting, item_id=item_id, text=text, errand=form.errand(basis_id)
        )
    return minutes.write_row(actor=me(), meeting=meeting, item_id=item_id, kind=kind, text=text)


def _gives_task() -> bool:
    """Whether the fields of a task matter: it is one, or could become one without another request."""
    return not is_htmx() or RowKind.TASK in (request.form.get("kind"), request.args.get("jenis"))


def _searching() -> bool:
    """Without JavaScript the search for offices is a button of the same form."""
    return "temukan" in request.form


def _place(meeting_id: int, row_id: int) -> str:
    """Where a row stands on the page; the argument makes a browser load the page anew."""
    return url_for("meetings.show", meeting_id=meeting_id, baris=row_id, _anchor=f"baris-{row_id}")


def _written(
    location: str,
    meeting_id: int,
    row_id: int,
    *,
    clashes: bool = False,
    writable: bool = True,
    **editor: Any,
) -> Response:
    """The row in place of its form, or the page at the row; 409 when another text stands beside it."""
    if not is_htmx() and not clashes:
        return make_response(redirect(location, 303))
    row = queries.row_of(me(), meeting_id, row_id)
    context = {"rows": [row], "row": row, "fresh": row_id, **_rows(meeting_id, writable=writable)}
    if not is_htmx():
        meeting = access_meeting(me(), meeting_id)
        return meeting_page("meetings/clash.html", meeting, "minutes", status=409, **context)
    response = page("meetings/_written.html", status=409 if clashes else 200, book=None, **context, **editor)
    return _with_news(response) if row.basis_id else response


def _editor(meeting: Meeting, item_id: int, form: RowForm, **context: Any) -> Response:
    spot = queries.spot(meeting.id, item_id)
    context |= _address_book(meeting, form) if isinstance(form, ErrandForm) else {"book": None}
    number = f"{spot.number}.{context.get('place', spot.next_place)}"
    return page_or_block(
        "meetings/row.html",
        block="row",
        status=form.status,
        meeting=meeting,
        form=form,
        item_id=item_id,
        item_title=spot.item.title,
        number=number,
        **{"row_id": None, "basis_id": None, **context},
        **_rows(meeting.id, writable=True),
    )


def _address_book(meeting: Meeting, form: ErrandForm) -> dict[str, Any]:
    return {"book": addressee_queries.address_book(minutes.place_of(meeting)), **_offices(meeting, form)}


def _offices(meeting: Meeting, form: ErrandForm) -> dict[str, Any]:
    """Single offices to tick: those chosen, and what is looked for."""
    sought, words = searched()
    chosen = form.offices.data or ()
    found = addressee_queries.find_offices(minutes.place_of(meeting), words, chosen)
    return {"found": found, "chosen": chosen, "sought": sought}


# --- two texts for one row ----------------------------------------------------------------------------
@bp.route("/<id:meeting_id>/baris/<id:row_id>/bentrok", methods=["GET", "POST"])
@requires(Action.MEETING_MINUTE, access_meeting)
def settle_clash(meeting: Meeting, row_id: int) -> Response:
    minutes.refuse_frozen(meeting)
    meeting_id, form = meeting.id, SettleForm()
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            saved = minutes.settle_clash(
                actor=me(),
                meeting=meeting,
                row_id=row_id,
                version=form.version.data,
                text=form.text.data or "",
            )
            clashes = saved.clash_of_id is not None
            result.location = _place(meeting_id, row_id)
        if not form.refused:
            return _written(result.location, meeting_id, row_id, clashes=clashes)
    row = queries.row_of(me(), meeting_id, row_id)
    if not form.is_submitted():
        form.text.data = "\n\n".join(one.text for one in (row, *row.rivals))
        form.version.data = row.version
    return page_or_block(
        "meetings/settle.html",
        block="row",
        status=form.status,
        meeting=meeting,
        form=form,
        row=row,
        **_rows(meeting_id, writable=True),
    )


@bp.post("/<id:meeting_id>/baris/<id:row_id>/dua-baris")
@requires(Action.MEETING_MINUTE, access_meeting)
def keep_both(meeting: Meeting, row_id: int) -> Response:
    meeting_id = meeting.id
    with writing() as result:
        minutes.keep_both(actor=me(), meeting=meeting, row_id=row_id)
        result.location = _place(meeting_id, row_id)
    return _told(result.location)


# --- the agenda ---------------------------------------------------------------------------------------
@bp.post("/<id:meeting_id>/butir/<id:item_id>/keadaan")
@requires(Action.MEETING_MINUTE, access_meeting)
def mark_item(meeting: Meeting, item_id: int) -> Response:
    meeting_id, form = meeting.id, ItemStatusForm()
    if form.validate():
        with writing() as result:
            minutes.mark_item(actor=me(), meeting=meeting, item_id=item_id, status=form.state.data)
            result.location = url_for("meetings.show", meeting_id=meeting_id, _anchor=f"butir-{item_id}")
        return _told(result.location)
    return _refused(meeting, "Pilih keadaan butir dari daftar.")


@bp.post("/<id:meeting_id>/bawaan/<id:task_id>")
@requires(Action.MEETING_MINUTE, access_meeting)
def discuss_task(meeting: Meeting, task_id: int) -> Response:
    meeting_id, form = meeting.id, DiscussForm()
    items = meeting_queries.agenda(meeting_id)
    form.item_id.choices = [SelectChoice(value=item.id, label=item.title) for item in items]
    if form.validate():
        with writing() as result:
            row_id = minutes.discuss_task(
                actor=me(), meeting=meeting, item_id=form.item_id.data, task_id=task_id
            )
            result.location = _place(meeting_id, row_id)
        return _told(result.location)
    return _refused(meeting, "Pilih butir tempat tugas ini dibahas.")


def _told(location: str) -> Response:
    """For htmx nothing but the word that there is news, which the page then fetches for itself."""
    if not is_htmx():
        return make_response(redirect(location, 303))
    return _with_news(make_response("", 204))


def _with_news(response: Response) -> Response:
    """Other parts of the page have changed, too: it fetches them at once instead of with its next poll."""
    response.headers["HX-Trigger"] = json.dumps({"kabar": {}})
    return response


def _refused(meeting: Meeting, sentence: str) -> Response:
    return meeting_page(
        "meetings/show.html", meeting, "minutes", status=422, refusal=sentence, **_live(meeting)
    )


# --- from session to approval ---------------------------------------------------------------------------
@bp.post("/<id:meeting_id>/tutup")
@requires(Action.MEETING_MINUTE, access_meeting)
def close(meeting: Meeting) -> Response:
    meeting_id = meeting.id
    with writing() as result:
        minutes.close_meeting(actor=me(), meeting=meeting)
        result.location = url_for("meetings.show", meeting_id=meeting_id)
    return done(result.location, "rapat-ditutup")


@bp.post("/<id:meeting_id>/ajukan")
@requires(Action.MEETING_MINUTE, access_meeting)
def submit(meeting: Meeting) -> Response:
    meeting_id = meeting.id
    with writing() as result:
        minutes.submit_minutes(actor=me(), meeting=meeting)
        result.location = url_for("meetings.show", meeting_id=meeting_id)
    return done(result.location, "notula-diajukan")


@bp.route("/<id:meeting_id>/kembalikan", methods=["GET", "POST"])
@requires(Action.MEETING_APPROVE, access_meeting)
def return_minutes(meeting: Meeting) -> Response:
    meeting_id, form = meeting.id, ReturnForm()
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            minutes.return_minutes(actor=me(), meeting=meeting, reason=form.reason.data or "")
            result.location = url_for("meetings.show", meeting_id=meeting_id)
        if not form.refused:
            return done(result.location, "notula-dikembalikan")
    return meeting_page("meetings/return.html", meeting, "", status=form.status, form=form)


@bp.route("/<id:meeting_id>/sahkan", methods=["GET", "POST"])
@requires(Action.MEETING_APPROVE, access_meeting)
def approve(meeting: Meeting) -> Response:
    meeting_id, form = meeting.id, ApprovalForm(letter_date=today(me().zone))
    met_on = local(meeting.starts_at, meeting_queries.zone_of(meeting.regency_code)).date()
    early = form.letter_date.data is not None and form.letter_date.data < met_on
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            minutes.approve_minutes(actor=me(), meeting=meeting, **form.payload())
            result.location = url_for("meetings.show", meeting_id=meeting_id)
        if not form.refused:
            return done(result.location, "notula-mendahului" if early else "notula-disahkan")
    return meeting_page(
        "meetings/approve.html",
        meeting,
        "",
        status=form.status,
        form=form,
        early=early,
        met_on=met_on,
        agenda=queries.agenda_of(me(), meeting_id, size=None),
        tally=tally(meeting_id),
        **_rows(meeting_id, writable=False),
    )
