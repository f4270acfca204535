"""Whom a meeting invites, the letter to them, and their answers."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from ilp.blueprints.meetings import bp
from ilp.blueprints.meetings.forms import (
    AnswerForm,
    ContactForm,
    InvitationLetterForm,
    PositionsForm,
    SeatsForm,
    Urgency,
)
from ilp.blueprints.meetings.pages import (
    by_constituency,
    marked,
    meeting_page,
    paper_of,
    searched,
)
from ilp.blueprints.meetings.sheets import invitation_list
from ilp.core.clock import today
from ilp.core.indonesian import full_name
from ilp.core.paging import BATCH, Key
from ilp.models.directory import Constituency, Office
from ilp.models.documents import Document, DocumentKind
from ilp.models.meetings import Invitation, Meeting
from ilp.models.privacy import SeenPage
from ilp.policy.access import access_invitation, access_meeting
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.policy.scope import Condition, within
from ilp.queries import directory, documents, seats
from ilp.queries.attendance import tally
from ilp.queries.signers import signers_offered
from ilp.services import invitations as service
from ilp.web.arguments import member_argument
from ilp.web.htmx import done
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download
from ilp.web.views import shows_personal
from ilp.web.writing import writing


@bp.get("/<id:meeting_id>/undangan")
@requires(Action.MEETING_READ, access_meeting)
def invitations(meeting: Meeting) -> Response:
    if not allowed(me(), Action.MEETING_PEOPLE, meeting):
        return _own_page(meeting)
    return _page(meeting)


@bp.get("/<id:meeting_id>/undangan/daftar.xlsx")
@requires(Action.MEETING_PEOPLE, access_meeting)
def invitations_sheet(meeting: Meeting) -> Response:
    """The invited with this filter; phone numbers for whoever registers who comes, as on the page."""
    constituency = member_argument("unsur", Constituency)
    phones = allowed(me(), Action.MEETING_REGISTER, meeting)
    if phones:
        shows_personal(SeenPage.INVITATIONS, meeting.id)
    return download(
        invitation_list(phones=phones),
        lambda after: seats.seats(meeting.id, constituency=constituency, after=after, size=BATCH),
        meeting.title,
        constituency.label if constituency else "",
    )


@bp.post("/<id:meeting_id>/undangan/kelompok/<key>")
@requires(Action.MEETING_EDIT, access_meeting)
def invite_group(meeting: Meeting, key: str) -> Response:
    with writing() as result:
        invited = service.invite_group(actor=me(), meeting=meeting, key=key)
        result.location = _after(meeting.id, invited)
    return done(result.location, "diundang")


@bp.post("/<id:meeting_id>/undangan/jabatan")
@requires(Action.MEETING_EDIT, access_meeting)
def invite_positions(meeting: Meeting) -> Response:
    form = PositionsForm()
    if form.validate():
        with form.absorbing(), writing() as result:
            invited = service.invite_positions(
                actor=me(), meeting=meeting, position_ids=form.position_id.data or [], scope=_around(meeting)
            )
            result.location = _after(meeting.id, invited)
        if not form.refused:
            return done(result.location, "diundang")
    return _page(meeting, refused=form)


@bp.get("/<id:meeting_id>/undangan/kelompok")
@requires(Action.MEETING_EDIT, access_meeting)
def saved_groups(meeting: Meeting) -> Response:
    """The groups that the organiser keeps, each to be invited at once."""
    return meeting_page(
        "meetings/groups.html",
        meeting,
        "invitations",
        groups=directory.saved_to_invite(meeting.office_id, meeting.id),
    )


@bp.post("/<id:meeting_id>/undangan/kontak")
@requires(Action.MEETING_EDIT, access_meeting)
def invite_contact(meeting: Meeting) -> Response:
    form = ContactForm()
    if form.validate():
        with form.absorbing(), writing() as result:
            service.invite_contact(actor=me(), meeting=meeting, **form.payload())
            result.location = url_for("meetings.invitations", meeting_id=meeting.id)
        if not form.refused:
            return done(result.location, "diundang")
    return _page(meeting, contact=form)


@bp.post("/<id:meeting_id>/undangan/cabut")
@requires(Action.MEETING_EDIT, access_meeting)
def withdraw_invitations(meeting: Meeting) -> Response:
    form = SeatsForm()
    if form.validate():
        with form.absorbing(), writing() as result:
            service.withdraw_invitations(actor=me(), meeting=meeting, invitation_ids=form.seat.data or [])
            result.location = url_for("meetings.invitations", meeting_id=meeting.id, **_shown())
        if not form.refused:
            return done(result.location, "undangan-dicabut")
    return _page(meeting, refused=form)


@bp.route("/<id:meeting_id>/undangan/surat", methods=["GET", "POST"])
@requires(Action.MEETING_EDIT, access_meeting)
def letter(meeting: Meeting) -> Response:
    former = documents.latest_document(meeting.id, DocumentKind.INVITATION)
    form = InvitationLetterForm(data=_letter_proposal(meeting, former))
    signers = signers_offered(meeting.office_id, form.letter_date.data or today(me().zone))
    form.signer_id.choices = signer_choices(signers)
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            service.issue_invitation(actor=me(), meeting=meeting, letter=form.letter())
            result.location = url_for("meetings.invitations", meeting_id=meeting.id)
        if not form.refused:
            return done(result.location, "undangan-terbit")
    return meeting_page(
        "meetings/letter.html",
        meeting,
        "invitations",
        status=form.status,
        form=form,
        former=former,
        at_letter=True,
    )


@bp.post("/<id:meeting_id>/jawaban/<id:invitation_id>")
@requires(Action.INVITATION_ANSWER, access_invitation)
def answer(invitation: Invitation) -> Response:
    form, meeting, seat_id = AnswerForm(), invitation.meeting, invitation.id
    if form.validate():
        with form.absorbing(), writing() as result:
            service.answer(
                actor=me(), invitation=invitation, status=form.answer.data, note=form.note.data or ""
            )
            result.location = url_for("meetings.invitations", meeting_id=meeting.id)
        if not form.refused:
            return done(result.location, "jawaban-terkirim")
    if allowed(me(), Action.MEETING_PEOPLE, meeting):
        return _page(meeting, answer=form, answered=seat_id)
    return _own_page(meeting, form, seat_id)


def signer_choices(signers: Any) -> list[SelectChoice]:
    """Positions that may sign, with who holds them."""
    return [
        SelectChoice(value=s.id, label=f"{s.title}: {full_name(s.prefix, s.name, s.suffix)}") for s in signers
    ]


def _page(
    meeting: Meeting,
    *,
    contact: ContactForm | None = None,
    answer: AnswerForm | None = None,
    answered: int | None = None,
    refused: Any = None,
) -> Response:
    """The list of the invited: for the organiser with the ways to add to it, for others with their own seats.

    A form that was refused comes back with what was typed.
    """
    contact, answer = contact or ContactForm(formdata=None), answer or AnswerForm(formdata=None)
    constituency = member_argument("unsur", Constituency)
    found = seats.seats(meeting.id, constituency=constituency, after=seats_after())
    text, words = searched()
    if allowed(me(), Action.MEETING_REGISTER, meeting):
        shows_personal(SeenPage.INVITATIONS, meeting.id)
    edits = allowed(me(), Action.MEETING_EDIT, meeting) and (meeting.is_planned or meeting.is_recording)
    return meeting_page(
        "meetings/invitations.html",
        meeting,
        "invitations",
        status=max(form.status for form in (refused or contact, contact, answer)),
        block="found",
        edits=edits,
        contact=contact,
        refused=refused,
        form=answer,
        answered=answered,
        own=[] if edits else seats.own_seats(me(), meeting),
        constituency=constituency,
        tally=tally(meeting.id),
        found=found,
        sections=by_constituency(found.rows),
        here=_shown(),
        document=paper_of(meeting, DocumentKind.INVITATION),
        groups=directory.groups(meeting.regency_code, meeting.id) if edits else [],
        searched=text,
        positions=seats.find_positions(_around(meeting), meeting.id, words) if edits and words else [],
        words=words,
        marked=marked,
        added=request.args.get("baru", type=int),
        known=request.args.get("sudah", type=int),
    )


def seats_after() -> Key | None:
    """Where the page of a list of seats begins. Raises NotFound for an address that leads nowhere."""
    return Key.parse(request.args.get("setelah"), kind=int)


def _shown() -> dict[str, Any]:
    """The part of the list that the address asks for, so that who withdraws from it comes back to it."""
    constituency, after = member_argument("unsur", Constituency), seats_after()
    return {
        **({"unsur": constituency.value} if constituency else {}),
        **({"setelah": str(after)} if after else {}),
    }


def _own_page(meeting: Meeting, form: AnswerForm | None = None, answered: int | None = None) -> Response:
    """An invited office sees its own seats, and answers for them."""
    form = form or AnswerForm(formdata=None)
    return meeting_page(
        "meetings/answer.html",
        meeting,
        "invitations",
        status=form.status,
        form=form,
        answered=answered,
        own=seats.own_seats(me(), meeting),
    )


def _around(meeting: Meeting) -> Condition:
    """The directory from which a meeting invites: its regency, or its province above that."""
    return within(Office, meeting.regency_code or meeting.province_code)


def _after(meeting_id: int, invited: service.Invited) -> str:
    return url_for("meetings.invitations", meeting_id=meeting_id, baru=invited.added, sudah=invited.known)


def _letter_proposal(meeting: Meeting, former: Document | None) -> dict[str, Any]:
    """A letter ready to be sent as it stands: the former one again, or the usual words."""
    if former is not None:
        return _former_letter(former)
    if meeting.basis:
        basis = f"Berdasarkan {meeting.basis.rstrip('.')}"
    else:
        basis = "Dalam rangka pelaksanaan Integrasi Pelayanan Kesehatan Primer (ILP)"
    return {
        "letter_date": today(me().zone),
        "subject": f"Undangan {meeting.title}",
        "opening": f"{basis}, kami mengharap kehadiran Bapak/Ibu/Saudara pada:",
    }


def _former_letter(former: Document) -> dict[str, Any]:
    content = former.content
    return {
        "letter_date": today(me().zone),
        "keep_number": former.number_id is not None,
        "urgency": next((u for u in Urgency if u.label == content["urgency"]), Urgency.NORMAL),
        "subject": content["subject"],
        "opening": content["opening"][0],
        "dress": content["dress"],
        "note": content["note"],
        "copies": "\n".join(content["copies"]),
    }
