"""What papers have in common: kop, number, place and date, signatures."""

from __future__ import annotations

from datetime import date
from typing import Protocol, TypedDict

from ilp.core.clock import Zone, local
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import clock_range, long_date, plain_date
from ilp.core.number_patterns import around
from ilp.core.papers.parts import Letterhead, LetterNumber, Person, SignatureBlock
from ilp.models.directory import MARGINS, AppointmentKind, Office, Position
from ilp.models.documents import Number
from ilp.models.meetings import Meeting
from ilp.queries.documents import fields_of, letterhead
from ilp.queries.signers import Signer, signers_of

NOBODY: Person = {"prefix": "", "name": "", "suffix": "", "rank": "", "nip": ""}


class Holder(Protocol):
    """Who holds a position on a day, and in what quality."""

    @property
    def prefix(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def suffix(self) -> str: ...
    @property
    def rank(self) -> str: ...
    @property
    def nip(self) -> str | None: ...
    @property
    def kind(self) -> AppointmentKind: ...


def letterhead_of(office: Office) -> Letterhead:
    """The kop of an office; one without a letterhead of its own writes under its name."""
    found = letterhead(office)
    if found is None:
        return {
            "tiers": [],
            "unit": office.name.upper(),
            "address": [],
            "emblem": "",
            "margins": [*MARGINS],
        }
    return {
        "tiers": found.tiers,
        "unit": found.unit,
        "address": found.address,
        "emblem": found.emblem_sha256,
        "margins": found.margins,
    }


def number_of(office: Office, number: Number | None, letter_date: date) -> LetterNumber:
    """The number as it prints; without one ("nomor menyusul") the room for it."""
    before, after = around(day=letter_date, **fields_of(letterhead(office)))
    return {"text": number.text if number else "", "classification": before, "rest": after}


def place_and_date(office: Office, letter_date: date) -> str:
    """`Kepanjen, 8 Oktober 2024`, where the office writes its letters."""
    head = letterhead(office)
    return ", ".join(filter(None, [head.town if head else "", plain_date(letter_date)]))


def signature_of(
    position: Position, holder: Holder | None, *, place_date: str | None = None
) -> SignatureBlock:
    """The block of a position: its title, room for ink, and who holds it; a vacant one has no name."""
    return {
        "place_date": place_date or "",
        "steps": [{"hang": holder.kind.label if holder else "", "text": f"{position.title.upper()},"}],
        "person": person_of(holder) if holder else NOBODY,
        "stroke": None,
        "typed": "",
        "method": "",
        "at": "",
    }


def person_of(holder: Holder) -> Person:
    """A holder as printed below a signature."""
    return {
        "prefix": holder.prefix,
        "name": holder.name,
        "suffix": holder.suffix,
        "rank": holder.rank,
        "nip": holder.nip or "",
    }


class When(TypedDict):
    """The lines that both papers share, as papers print them."""

    day: str
    time: str
    place: str


def when_and_where(meeting: Meeting, zone: Zone) -> When:
    """Day, hours and place of a meeting on the clock of its regency."""
    start = local(meeting.starts_at, zone)
    end = local(meeting.ends_at, zone) if meeting.ends_at else None
    return {
        "day": long_date(start.date()),
        "time": clock_range(start, end, zone.label),
        "place": meeting.place,
    }


def signer_of(office: Office, position_id: int, on: date) -> Signer:
    """Who signs for the office by this position. Refuses one vacant on the day, or of elsewhere."""
    for signer in signers_of(office.id, on):
        if signer.position.id == position_id:
            return signer
    raise RuleViolation("Pilih penanda tangan yang menjabat pada tanggal surat.", "signer_id")
