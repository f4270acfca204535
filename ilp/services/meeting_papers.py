"""The two papers around a meeting: undangan before it, daftar hadir for its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, TypedDict

from ilp.core import papers
from ilp.core.clock import Zone, local, today
from ilp.core.db import locked
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import clock, clock_range, long_date, plain_date, with_office
from ilp.models.directory import Office
from ilp.models.documents import Document, DocumentKind, Number, NumberSource
from ilp.models.meetings import CAME, MEETING, AttendanceStatus, Meeting, MeetingStatus
from ilp.policy.user import User
from ilp.queries import meetings as queries
from ilp.queries.attendance import walk_ins
from ilp.queries.documents import latest_document
from ilp.queries.seats import all_seats
from ilp.queries.signers import Signer, signers_of
from ilp.services import documents, meetings, numbering, seats
from ilp.services.papers import letterhead_of, number_of, place_and_date, signature_of

CLOSING = ["Demikian untuk menjadi perhatian. Atas kehadiran Bapak/Ibu/Saudara disampaikan terima kasih."]
FEW = 3
"""Up to so many lines are addressed on the letter itself; more need a list."""
SPARE_ROWS = 10
"""Empty lines for guests on a list that is printed before the meeting."""


@dataclass(frozen=True)
class Letter:
    """What the writer of the invitation decides."""

    letter_date: date
    signer_id: int
    urgency: str
    subject: str
    opening: str
    number_source: NumberSource = NumberSource.SERIES
    number_text: str = ""
    keep_number: bool = False
    dress: str = ""
    note: str = ""
    copies: Sequence[str] = ()


def issue_invitation(*, actor: User, meeting: Meeting, letter: Letter) -> Document:
    """Freezes the names, writes the numbered letter with its list, and tells the invited offices.

    The meeting becomes invited; a letter issued again is the next version and may keep its number.
    Refuses a meeting without seats, one that has begun or was called off, and a signer who holds no
    position of the organiser on the date of the letter.
    """
    locked(meeting)
    if meeting.status is not MeetingStatus.INVITED:
        meeting.status = MEETING.move("invite", meeting.status)
    meetings.touch(meeting)
    office = meetings.organiser(meeting)
    seats.freeze_names(meeting, seats.day_of(meeting))
    invited = all_seats(meeting.id)
    if not invited:
        raise RuleViolation("Belum ada yang diundang. Tambahkan undangan lebih dahulu.")
    number = _number(actor, meeting, office, letter)
    content = _invitation(meeting, office, letter, number, invited)
    document = documents.reserve(
        actor=actor,
        kind=DocumentKind.INVITATION,
        office=office,
        title=letter.subject,
        content=content,
        letter_date=letter.letter_date,
        number=number,
        meeting=meeting,
    )
    seats.mark_sent(meeting)
    meetings.record(meeting, "meeting:call", actor=actor, document=document.id, seats=len(invited))
    when = f"{content['day']}, {content['time']}"
    offices = {seat.office_id for seat in invited if seat.office_id is not None}
    meetings.tell(meeting, f"Undangan: {meeting.title}, {when}.", offices, actor=actor)
    return document


def issue_attendance(*, actor: User, meeting: Meeting, signer_id: int) -> Document:
    """The list of attendance: with room for ink while nobody is recorded, as recorded afterwards.

    Refuses a draft, and a meeting without a seat and without a guest.
    """
    locked(meeting)
    if meeting.status in (MeetingStatus.DRAFT, MeetingStatus.CANCELLED):
        raise RuleViolation(f"Daftar hadir belum dapat dibuat: rapat ini {meeting.status.label}.")
    office = meetings.organiser(meeting)
    invited, guests = all_seats(meeting.id), walk_ins(meeting.id)
    if not invited and not guests:
        raise RuleViolation("Belum ada yang diundang dan belum ada yang hadir.")
    zone = queries.zone_of(meeting.regency_code)
    on = today(zone)
    signer = _signer(office, signer_id, on)
    content: papers.AttendancePaper = {
        "letterhead": letterhead_of(office),
        **_when_and_where(meeting, zone),
        "event": meeting.title,
        "groups": _attendance_groups(invited, guests, zone),
        "signature": _signature(signer, place_and_date(office, on)),
    }
    document = documents.reserve(
        actor=actor,
        kind=DocumentKind.ATTENDANCE,
        office=office,
        title=f"Daftar hadir {meeting.title}",
        content=content,
        letter_date=on,
        meeting=meeting,
    )
    meetings.record(meeting, "meeting:attendance_list", actor=actor, document=document.id)
    return document


# --- undangan -----------------------------------------------------------------------------------
def _number(actor: User, meeting: Meeting, office: Office, letter: Letter) -> Number | None:
    former = latest_document(meeting.id, DocumentKind.INVITATION) if letter.keep_number else None
    if former is not None and former.number is not None:
        if former.number.year != letter.letter_date.year:
            raise RuleViolation("Nomor surat sebelumnya dari tahun lain. Pilih nomor baru.", "keep_number")
        return former.number
    return numbering.assign(
        actor=actor,
        office=office,
        letter_date=letter.letter_date,
        number_source=letter.number_source,
        number_text=letter.number_text,
    )


def _invitation(
    meeting: Meeting, office: Office, letter: Letter, number: Number | None, invited: Sequence[Any]
) -> papers.InvitationPaper:
    signer = _signer(office, letter.signer_id, letter.letter_date)
    groups = _invited_groups(invited)
    lines = [line["text"] for group in groups for line in group["lines"]]
    few = len(lines) <= FEW
    when = _when_and_where(meeting, queries.zone_of(meeting.regency_code))
    return {
        "letterhead": letterhead_of(office),
        "number": number_of(office, number, letter.letter_date),
        "place_date": place_and_date(office, letter.letter_date),
        "date": plain_date(letter.letter_date),
        "urgency": letter.urgency,
        "subject": letter.subject,
        "recipients": lines if few else [],
        "destination": "Tempat",
        "opening": [letter.opening],
        **when,
        "event": meeting.title,
        "dress": letter.dress,
        "note": letter.note,
        "closing": CLOSING,
        "signature": _signature(signer, ""),
        "copies": list(letter.copies),
        "issuer": f"{signer.kind.label} {signer.position.title}".strip(),
        "groups": [] if few else groups,
    }


def _invited_groups(invited: Sequence[Any]) -> list[papers.InvitedGroup]:
    """The list by constituency; seats of one group are one line with their number."""
    groups: list[papers.InvitedGroup] = []
    for constituency, rows in groupby(invited, key=lambda seat: seat.constituency):
        lines: dict[str, papers.InvitedLine] = {}
        for seat in rows:
            text = seat.group_name or _addressed(seat)
            lines.setdefault(text, {"text": text, "count": 0})["count"] += 1
        groups.append({"name": constituency.label, "lines": list(lines.values())})
    return groups


def _addressed(seat: Any) -> str:
    """A position by its title; a free contact by name, since no office knows the title."""
    if seat.position_id is not None:
        return str(seat.title)
    return ", ".join(filter(None, [seat.name, seat.title, seat.office_name]))


# --- daftar hadir -------------------------------------------------------------------------------
def _attendance_groups(
    invited: Sequence[Any], guests: Sequence[Any], zone: Zone
) -> list[papers.AttendanceGroup]:
    recorded = bool(guests) or any(seat.attendance is not None for seat in invited)
    groups: list[papers.AttendanceGroup] = [
        {"name": constituency.label, "rows": [_row(seat, zone, recorded=recorded) for seat in rows]}
        for constituency, rows in groupby(invited, key=lambda seat: seat.constituency)
    ]
    if guests:
        groups.append({"name": "Di luar undangan", "rows": [_guest_row(guest, zone) for guest in guests]})
    if not recorded:
        blank = _paper_row("", "", "", "expected")
        groups.append({"name": "Di luar undangan", "rows": [blank] * SPARE_ROWS})
    return groups


def _row(seat: Any, zone: Zone, *, recorded: bool) -> papers.AttendanceRow:
    if not recorded:
        return _paper_row(
            seat.name or seat.title, seat.sex, with_office(seat.title, seat.office_name), "expected"
        )
    status = seat.attendance or AttendanceStatus.ABSENT
    came = status in CAME
    row = _paper_row(
        (seat.attendee if came else seat.name) or seat.title,
        seat.attendee_sex if came else seat.sex,
        with_office(seat.attendee_title if came else seat.title, seat.office_name),
        status.value,
    )
    if came:
        row["arrived"] = clock(local(seat.arrived_at, zone)) if seat.arrived_at else ""
        row["source"] = seat.source.label
    if status is AttendanceStatus.REPRESENTED:
        row["represents"] = seat.title
    return row


def _guest_row(guest: Any, zone: Zone) -> papers.AttendanceRow:
    row = _paper_row(guest.name, guest.sex, guest.office_name, "present")
    row["arrived"] = clock(local(guest.arrived_at, zone)) if guest.arrived_at else ""
    row["source"] = guest.source.label
    return row


def _paper_row(name: str, sex: Any, position: str, status: Any) -> papers.AttendanceRow:
    return {
        "name": name,
        "sex": sex.value if sex else "",
        "position": position,
        "represents": "",
        "status": status,
        "arrived": "",
        "source": "",
        "stroke": None,
    }


# --- both ---------------------------------------------------------------------------------------
class When(TypedDict):
    """The lines that both papers share, as papers print them."""

    day: str
    time: str
    place: str


def _when_and_where(meeting: Meeting, zone: Zone) -> When:
    start = local(meeting.starts_at, zone)
    end = local(meeting.ends_at, zone) if meeting.ends_at else None
    return {
        "day": long_date(start.date()),
        "time": clock_range(start, end, zone.label),
        "place": meeting.place,
    }


def _signer(office: Office, position_id: int, on: date) -> Signer:
    for signer in signers_of(office.id, on):
        if signer.position.id == position_id:
            return signer
    raise RuleViolation("Pilih penanda tangan yang menjabat pada tanggal surat.", "signer_id")


def _signature(signer: Signer, place_date: str) -> papers.SignatureBlock:
    return signature_of(signer.position, signer, place_date=place_date)
