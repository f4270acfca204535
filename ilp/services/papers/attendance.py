"""The daftar hadir: with room for ink before the meeting, as recorded afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from ilp.core.clock import Zone, local
from ilp.core.indonesian import clock, with_office
from ilp.core.papers.attendance import AttendanceGroup, AttendancePaper, AttendanceRow
from ilp.models.directory import Office
from ilp.models.meetings import CAME, AttendanceStatus, Meeting
from ilp.models.wilayah import Words
from ilp.queries.wilayah import customs_at
from ilp.services.papers.parts import (
    letterhead_of,
    place_and_date,
    signature_of,
    signer_of,
    when_and_where,
)

SPARE_ROWS = 10
"""Empty lines for guests on a list that is printed before the meeting."""


def attendance_paper(
    *,
    meeting: Meeting,
    office: Office,
    signer_id: int,
    on: date,
    invited: Sequence[Any],
    guests: Sequence[Any],
) -> AttendancePaper:
    """The content of the list. Refuses a signer who holds no position of the organiser on that day."""
    zone, words = customs_at(meeting.regency_code)
    signer = signer_of(office, signer_id, on)
    return {
        "letterhead": letterhead_of(office),
        **when_and_where(meeting, zone),
        "event": meeting.title,
        "groups": _groups(invited, guests, zone, words),
        "signature": signature_of(signer.position, signer, place_date=place_and_date(office, on)),
    }


def _groups(invited: Sequence[Any], guests: Sequence[Any], zone: Zone, words: Words) -> list[AttendanceGroup]:
    recorded = bool(guests) or any(seat.attendance is not None for seat in invited)
    groups: list[AttendanceGroup] = [
        {
            "name": words.said(constituency.label),
            "rows": [_row(seat, zone, recorded=recorded) for seat in rows],
        }
        for constituency, rows in groupby(invited, key=lambda seat: seat.constituency)
    ]
    if guests:
        groups.append({"name": "Di luar undangan", "rows": [_guest_row(guest, zone) for guest in guests]})
    if not recorded:
        blank = _paper_row("", "", "", "expected")
        groups.append({"name": "Di luar undangan", "rows": [blank] * SPARE_ROWS})
    return groups


def _row(seat: Any, zone: Zone, *, recorded: bool) -> AttendanceRow:
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


def _guest_row(guest: Any, zone: Zone) -> AttendanceRow:
    row = _paper_row(guest.name, guest.sex, guest.office_name, "present")
    row["arrived"] = clock(local(guest.arrived_at, zone)) if guest.arrived_at else ""
    row["source"] = guest.source.label
    return row


def _paper_row(name: str, sex: Any, position: str, status: Any) -> AttendanceRow:
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
