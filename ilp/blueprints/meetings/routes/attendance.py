"""The attendance desk: search a name, tap present. And the list of who came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from flask import Response, redirect, url_for

from ilp.blueprints.meetings import bp
from ilp.blueprints.meetings.forms import AttendanceListForm, MarkForm, ReasonForm, WalkInForm
from ilp.blueprints.meetings.pages import (
    by_constituency,
    marked,
    meeting_page,
    paper_of,
    searched,
)
from ilp.blueprints.meetings.routes.invitations import seats_after, signer_choices
from ilp.blueprints.meetings.sheets import PEOPLE
from ilp.core.clock import Zone, local, now, today
from ilp.core.enums import LabelledEnum
from ilp.core.indonesian import clock, with_office
from ilp.core.paging import BATCH, Key
from ilp.core.phones import shown
from ilp.models.directory import Constituency
from ilp.models.documents import DocumentKind
from ilp.models.meetings import AttendanceStatus, Meeting
from ilp.models.privacy import SeenPage
from ilp.policy.access import access_meeting
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.queries import meetings as queries
from ilp.queries import seats
from ilp.queries.attendance import last_recorded, tally, walk_ins
from ilp.queries.meetings import zone_of
from ilp.queries.signers import signers_offered
from ilp.services import attendance as service
from ilp.web.arguments import member_argument, number_argument
from ilp.web.htmx import done, is_htmx
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download_rows, wall_clock
from ilp.web.views import shows_personal
from ilp.web.writing import writing


class Asking(LabelledEnum):
    """What the card at the desk asks for; the value stands in the address."""

    DELEGATE = "diwakili", "Diwakili"
    EXCUSE = "berhalangan", "Berhalangan"
    MISTAKE = "betulkan", "Betulkan"
    GUEST = "tamu", "Tamu"


@bp.get("/<id:meeting_id>/kehadiran")
@requires(Action.MEETING_REGISTER, access_meeting)
def attendance(meeting: Meeting) -> Response:
    return _desk(meeting, number_argument("kursi"), member_argument("isi", Asking))


@bp.post("/<id:meeting_id>/kehadiran/<id:invitation_id>")
@requires(Action.MEETING_REGISTER, access_meeting)
def record(meeting: Meeting, invitation_id: int) -> Response:
    form, desk = MarkForm(), url_for("meetings.attendance", meeting_id=meeting.id)
    if form.validate():
        facts = form.payload()
        with form.absorbing(), writing() as result:
            result.location = desk
            service.record(
                actor=me(),
                meeting=meeting,
                invitation_id=invitation_id,
                status=facts.pop("mark"),
                **facts,
            )
        if not form.refused:
            return redirect(desk, 303)  # type: ignore[return-value]
    asking = {"represented": Asking.DELEGATE, "excused": Asking.EXCUSE}.get(form.mark.data or "")
    return _desk(meeting, invitation_id, asking, form=form)


@bp.post("/<id:meeting_id>/kehadiran/tamu")
@requires(Action.MEETING_REGISTER, access_meeting)
def walk_in(meeting: Meeting) -> Response:
    form, desk = WalkInForm(), url_for("meetings.attendance", meeting_id=meeting.id)
    if form.validate():
        with form.absorbing(), writing() as result:
            result.location = desk
            service.register_walk_in(actor=me(), meeting=meeting, **form.payload())
        if not form.refused:
            return redirect(desk, 303)  # type: ignore[return-value]
    return _desk(meeting, None, Asking.GUEST, form=form)


@bp.post("/<id:meeting_id>/kehadiran/catatan/<id:attendance_id>/betulkan")
@requires(Action.MEETING_REGISTER, access_meeting)
def take_back(meeting: Meeting, attendance_id: int) -> Response:
    form, desk = ReasonForm(), url_for("meetings.attendance", meeting_id=meeting.id)
    if form.validate():
        with form.absorbing(), writing() as result:
            result.location = desk
            service.take_back(
                actor=me(), meeting=meeting, attendance_id=attendance_id, reason=form.reason.data or ""
            )
        if not form.refused:
            return redirect(desk, 303)  # type: ignore[return-value]
    return _desk(meeting, None, Asking.MISTAKE, form=form, mistake=attendance_id)


@bp.get("/<id:meeting_id>/kehadiran/daftar")
@requires(Action.MEETING_PEOPLE, access_meeting)
def attendance_list(meeting: Meeting) -> Response:
    return _list(meeting, AttendanceListForm())


@bp.post("/<id:meeting_id>/kehadiran/daftar/terbit")
@requires(Action.MEETING_REGISTER, access_meeting)
def issue_attendance(meeting: Meeting) -> Response:
    form = AttendanceListForm()
    form.signer_id.choices = signer_choices(signers_offered(meeting.office_id, today(me().zone)))
    if form.validate():
        with form.absorbing(), writing() as result:
            service.issue_attendance(actor=me(), meeting=meeting, signer_id=form.signer_id.data)
            result.location = url_for("meetings.attendance_list", meeting_id=meeting.id)
        if not form.refused:
            return done(result.location, "daftar-hadir-dibuat")
    return _list(meeting, form)


def _desk(
    meeting: Meeting,
    seat_id: int | None,
    asking: Asking | None,
    *,
    form: Any = None,
    mistake: int | None = None,
) -> Response:
    """The desk with what was found and the seat at hand; a form that was refused stays open."""
    text, words = searched()
    found = seats.find_seats(meeting.id, words) if words else []
    chosen = seats.seat(meeting.id, seat_id) if seat_id else _first_waiting(found)
    log = last_recorded(meeting.id)
    return meeting_page(
        "meetings/attendance.html",
        meeting,
        "attendance",
        status=form.status if form else 200,
        block="desk",
        open=meeting.takes_attendance(now()),
        searched=text,
        arrived=not is_htmx(),
        words=words,
        marked=marked,
        found=found[: seats.FOUND_LIMIT],
        more=len(found) > seats.FOUND_LIMIT,
        seat=chosen,
        asking=asking,
        form=form or _form_for(asking),
        mistake=mistake or number_argument("catatan"),
        log=log,
        tally=tally(meeting.id),
    )


def _first_waiting(found: Any) -> Any:
    """What Enter would record: the first seat found that has no mark yet, else the first."""
    return next((seat for seat in found if seat.attendance is None), found[0] if found else None)


def _form_for(asking: Asking | None) -> Any:
    forms: dict[Asking | None, Any] = {Asking.GUEST: WalkInForm, Asking.MISTAKE: ReasonForm}
    return forms.get(asking, MarkForm)(formdata=None)


class Person(NamedTuple):
    """What the list says of somebody, in plain words, for hundreds; `at_desk` is where a seat stands."""

    at_desk: str
    name: str
    sex: str
    about: str
    reason: str
    tone: str
    shape: str
    word: str


Marked = tuple[str, str, str]
MARKS: dict[AttendanceStatus | None, Marked] = {
    **{status: (status.value, status.value, status.label.capitalize()) for status in AttendanceStatus},
    AttendanceStatus.LATE: ("assigned", "present", "Terlambat"),
    None: ("assigned", "assigned", "Belum datang"),
}
"""The tone, the shape and the word of each mark, and of none yet."""


def _seated(seat: Any, *, zone: Zone, phones: bool, desk: str) -> Person:
    seat_id, _, _, title, office, invited, sex, phone, mark, arrived_at, *attendee, _, _, _ = seat
    name, role, own_sex, reason = attendee
    tone, shape, word = MARKS[mark]
    if mark is AttendanceStatus.REPRESENTED:
        about = f"{role + ', ' if role else ''}mewakili {title}"
    else:
        about = with_office(title, office)
    found = own_sex or sex
    return Person(
        f"{desk}?kursi={seat_id}" if desk else "",
        name or invited or title,
        found.value if found else "",
        f"{about}, {shown(phone)}" if phones and phone else about,
        reason or "",
        tone,
        shape,
        _at(word, arrived_at, zone),
    )


def _walked_in(guest: Any, zone: Zone, *, phones: bool) -> Person:
    tone, shape, word = MARKS[AttendanceStatus.PRESENT]
    return Person(
        "",
        guest.name,
        guest.sex or "",
        f"{guest.office_name}, {shown(guest.phone)}" if phones and guest.phone else guest.office_name,
        "",
        tone,
        shape,
        _at(word, guest.arrived_at, zone),
    )


def _at(word: str, arrived_at: datetime | None, zone: Zone) -> str:
    return f"{word} {clock(local(arrived_at, zone))}" if arrived_at else word


@bp.get("/<id:meeting_id>/kehadiran/daftar.xlsx")
@requires(Action.MEETING_PEOPLE, access_meeting)
def attendance_sheet(meeting: Meeting) -> Response:
    constituency, presence = _chosen()
    return download_rows(
        PEOPLE,
        _people(meeting),
        meeting.title,
        constituency.label if constituency else "",
        presence.label if presence else "",
    )


def _chosen() -> tuple[Constituency | None, seats.Presence | None]:
    return member_argument("unsur", Constituency), member_argument("status", seats.Presence)


class Attendee(NamedTuple):
    """A line of the file: a seat with whoever filled it, or a guest."""

    name: str
    sex: str
    title: str
    office: str
    constituency: str
    phone: str
    word: str
    arrived_at: datetime | None
    note: str


def _people(meeting: Meeting) -> Iterator[Attendee]:
    """Everybody of the list with this filter, seats first."""
    constituency, presence = _chosen()
    phones, zone = allowed(me(), Action.MEETING_REGISTER, meeting), zone_of(meeting.regency_code)
    if phones:
        shows_personal(SeenPage.ATTENDANCE, meeting.id)
    after: Key | None = None
    while True:
        found = seats.seats(meeting.id, constituency=constituency, presence=presence, after=after, size=BATCH)
        yield from (_line(row, zone, phones=phones) for row in found.rows)
        after = found.after
        if after is None:
            break
    if presence in (None, seats.Presence.CAME):
        for guest in walk_ins(meeting.id, constituency=constituency, most=None):
            yield Attendee(
                guest.name,
                guest.sex or "",
                "",
                guest.office_name,
                guest.constituency.label,
                guest.phone if phones else "",
                MARKS[AttendanceStatus.PRESENT][2],
                wall_clock(guest.arrived_at, zone),
                "di luar undangan",
            )


def _line(seat: Any, zone: Zone, *, phones: bool) -> Attendee:
    _, _, constituency, title, office, invited, sex, phone, mark, arrived_at, *attendee, _, _, _ = seat
    name, role, own_sex, reason = attendee
    represents = mark is AttendanceStatus.REPRESENTED
    return Attendee(
        name or invited or title,
        own_sex or sex or "",
        (role or "") if represents else title,
        office,
        constituency.label,
        phone if phones else "",
        MARKS[mark][2],
        wall_clock(arrived_at, zone) if arrived_at else None,
        f"mewakili {title}" if represents else reason or "",
    )


def _list(meeting: Meeting, form: AttendanceListForm) -> Response:
    constituency, presence = _chosen()
    form.signer_id.choices = signer_choices(signers_offered(meeting.office_id, today(me().zone)))
    found = seats.seats(meeting.id, constituency=constituency, presence=presence, after=seats_after())
    guests: Sequence[Any] = ()
    if found.first and presence in (None, seats.Presence.CAME):
        guests = walk_ins(meeting.id, constituency=constituency)
    head, phones = queries.head(me(), meeting), allowed(me(), Action.MEETING_REGISTER, meeting)
    desk = ""
    if phones:
        shows_personal(SeenPage.ATTENDANCE, meeting.id)
        desk = url_for("meetings.attendance", meeting_id=meeting.id)
    return meeting_page(
        "meetings/attendance_list.html",
        meeting,
        "attendance",
        head=head,
        status=form.status,
        form=form,
        constituency=constituency,
        presence=presence,
        presences=seats.Presence,
        tally=tally(meeting.id),
        found=found,
        sections=by_constituency(found.rows, partial(_seated, zone=head.zone, phones=phones, desk=desk)),
        limit=seats.LIST_LIMIT,
        guests=[_walked_in(guest, head.zone, phones=phones) for guest in guests],
        document=paper_of(meeting, DocumentKind.ATTENDANCE),
    )
