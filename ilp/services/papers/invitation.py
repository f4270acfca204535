"""The undangan: a letter to few, or a letter with the list of those invited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from ilp.core.indonesian import plain_date
from ilp.core.papers.invitation import InvitationPaper, InvitedGroup, InvitedLine
from ilp.models.directory import Office
from ilp.models.documents import Number, NumberSource
from ilp.models.meetings import Meeting
from ilp.models.wilayah import Words
from ilp.queries.wilayah import customs_at
from ilp.services.papers.parts import (
    letterhead_of,
    number_of,
    place_and_date,
    signature_of,
    signer_of,
    when_and_where,
)

CLOSING = ["Demikian untuk menjadi perhatian. Atas kehadiran Bapak/Ibu/Saudara disampaikan terima kasih."]

FEW = 3
"""Up to so many lines are addressed on the letter itself; more need a list."""


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


def invitation_paper(
    *, meeting: Meeting, office: Office, letter: Letter, number: Number | None, invited: Sequence[Any]
) -> InvitationPaper:
    """The content of the letter. Refuses a signer who holds no position of the organiser on its date."""
    signer = signer_of(office, letter.signer_id, letter.letter_date)
    zone, words = customs_at(meeting.regency_code)
    groups = _invited_groups(invited, words)
    lines = [line["text"] for group in groups for line in group["lines"]]
    few = len(lines) <= FEW
    when = when_and_where(meeting, zone)
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
        "signature": signature_of(signer.position, signer, place_date=""),
        "copies": list(letter.copies),
        "issuer": f"{signer.kind.label} {signer.position.title}".strip(),
        "groups": [] if few else groups,
    }


def _invited_groups(invited: Sequence[Any], words: Words) -> list[InvitedGroup]:
    """The list by constituency; seats of one group are one line with their number."""
    groups: list[InvitedGroup] = []
    for constituency, rows in groupby(invited, key=lambda seat: seat.constituency):
        lines: dict[str, InvitedLine] = {}
        for seat in rows:
            text = seat.group_name or _addressed(seat)
            lines.setdefault(text, {"text": text, "count": 0})["count"] += 1
        groups.append({"name": words.said(constituency.label), "lines": list(lines.values())})
    return groups


def _addressed(seat: Any) -> str:
    """A position by its title; a free contact by name, since no office knows the title."""
    if seat.position_id is not None:
        return str(seat.title)
    return ", ".join(filter(None, [seat.name, seat.title, seat.office_name]))
