"""The meetings of a regency over five years: who was invited, who came, and what the minutes say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from bench.seed import words
from bench.seed.bulk import Bulk
from bench.seed.cast import Cast, Host
from bench.seed.shares import shares
from bench.seed.trail import Trail
from bench.seed.words import turn
from ilp.cli.demo.people import person
from ilp.cli.demo.story import STAND_INS
from ilp.core.clock import local, to_utc
from ilp.core.db import db, insert
from ilp.models.directory import OfficeKind
from ilp.models.documents import Series, SeriesKind
from ilp.models.meetings import (
    CAME,
    AgendaItem,
    AgendaStatus,
    Attendance,
    AttendanceSource,
    AttendanceStatus,
    Invitation,
    InvitationStatus,
    Meeting,
    MeetingKind,
    MeetingStatus,
    MinutesRow,
    RowKind,
)

YEARS = 5
AHEAD = 60
"""Days into the future for which meetings have been called."""
UNDER_WAY = 10
"""Days after which minutes are approved."""
USUAL = 25
"""Seats at a meeting that is yet to come."""
HELD = frozenset({MeetingStatus.APPROVED, MeetingStatus.IN_REVIEW, MeetingStatus.MINUTING})
KINDS = {
    OfficeKind.SETDA: MeetingKind.COORDINATION,
    OfficeKind.HEALTH_AGENCY: MeetingKind.WORKSHOP,
    OfficeKind.KECAMATAN: MeetingKind.MINI_WORKSHOP_QUARTERLY,
}
MARKS = {
    AttendanceStatus.PRESENT: 80,
    AttendanceStatus.LATE: 6,
    AttendanceStatus.REPRESENTED: 6,
    AttendanceStatus.EXCUSED: 5,
    AttendanceStatus.ABSENT: 3,
}


@dataclass(frozen=True)
class Given:
    """A task that a meeting gave, as its minutes name it."""

    task_id: int
    text: str


@dataclass
class Planned:
    """A meeting to be written; `marks` is how many of its seats are recorded."""

    id: int
    number: int
    host: Host
    topic: str
    status: MeetingStatus
    starts_at: datetime
    year: int
    marks: int = 0
    given: list[Given] = field(default_factory=list)

    @property
    def is_held(self) -> bool:
        return self.status in HELD

    @property
    def title(self) -> str:
        name = words.CALLED[self.host.kind.value]
        place = self.host.name.removeprefix("Sekretariat Daerah ").removeprefix("Dinas Kesehatan ")
        return name.format(topic=self.topic, place=place)


def plan(bulk: Bulk, cast: Cast, *, count: int, attendance: int, on: date) -> list[Planned]:
    """So many meetings, evenly over the years up to `on` and a little beyond, with so many marks together."""
    planned = [_planned(cast, key, number, count, on) for number, key in enumerate(bulk.keys(Meeting, count))]
    held = [meeting for meeting in planned if meeting.is_held]
    for meeting, marks in zip(
        held, shares(attendance, [20 + meeting.number * 7 % 11 for meeting in held]), strict=True
    ):
        meeting.marks = marks
    return planned


def _planned(cast: Cast, key: int, number: int, count: int, on: date) -> Planned:
    first = on - timedelta(days=365 * YEARS)
    day = first + timedelta(days=(365 * YEARS + AHEAD) * number // count)
    day -= timedelta(days=max(0, day.weekday() - 4))
    host = _host(cast, number)
    return Planned(
        id=key,
        number=number,
        host=host,
        topic=turn(words.TOPICS, number),
        status=_status(number, (day - on).days),
        starts_at=to_utc(day, time(9 if number % 3 else 13), cast.zone),
        year=day.year,
    )


def _host(cast: Cast, number: int) -> Host:
    """Of five meetings the Setda calls three, the Dinas Kesehatan one, the kecamatan in turn one."""
    if number % 5 == 1:
        return cast.dinkes
    return cast.districts[number // 5 % len(cast.districts)] if number % 5 == 3 else cast.setda


def _status(number: int, days: int) -> MeetingStatus:
    if days >= 0:
        return MeetingStatus.INVITED if number % 7 else MeetingStatus.DRAFT
    if number % 37 == 0:
        return MeetingStatus.CANCELLED
    if days >= -UNDER_WAY:
        return MeetingStatus.IN_REVIEW if number % 2 else MeetingStatus.MINUTING
    return MeetingStatus.APPROVED


def write(bulk: Bulk, cast: Cast, trail: Trail, planned: Sequence[Planned], chance: Random) -> None:
    """The meetings, their seats and who came."""
    bulk.load(Meeting, (_meeting(meeting) for meeting in planned))
    for meeting in planned:
        _record(trail, meeting)
    _write_people(bulk, cast, planned, chance)


def _meeting(meeting: Planned) -> dict[str, Any]:
    approved = meeting.status is MeetingStatus.APPROVED
    called_off = meeting.status is MeetingStatus.CANCELLED
    return {
        "id": meeting.id,
        "office_id": meeting.host.id,
        "kind": KINDS[meeting.host.kind],
        "title": meeting.title,
        "status": meeting.status,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.starts_at + timedelta(hours=3),
        "place": f"Ruang rapat {meeting.host.name}",
        "chair": meeting.host.actor,
        "minute_taker_id": meeting.host.account_id,
        "version": 20 if meeting.is_held else 3,
        "created_at": meeting.starts_at - timedelta(days=9),
        "created_by_id": meeting.host.account_id,
        "approved_at": meeting.starts_at + timedelta(days=2) if approved else None,
        "approved_by_id": meeting.host.account_id if approved else None,
        "reason": "Bertepatan dengan kegiatan lain" if called_off else "",
        **meeting.host.place,
    }


def _record(trail: Trail, meeting: Planned) -> None:
    def happened(at: datetime, action: str, **changes: Any) -> None:
        trail.add(meeting.host, at, action, "meeting", meeting.id, **changes)

    start = meeting.starts_at
    happened(start - timedelta(days=9), "meeting:create", title=meeting.title)
    if meeting.status is MeetingStatus.CANCELLED:
        happened(start - timedelta(days=1), "meeting:cancel", reason="Bertepatan dengan kegiatan lain")
    if meeting.is_held:
        happened(start, "meeting:open")
        happened(start + timedelta(hours=3), "meeting:close")
    if meeting.is_held and meeting.status is not MeetingStatus.MINUTING:
        happened(start + timedelta(hours=5), "minutes:submit")
    if meeting.status is MeetingStatus.APPROVED:
        happened(start + timedelta(days=2), "minutes:approve")


# --- people -------------------------------------------------------------------------------------
def _write_people(bulk: Bulk, cast: Cast, planned: Sequence[Planned], chance: Random) -> None:
    invitations: list[dict[str, Any]] = []
    attendance: list[dict[str, Any]] = []
    for meeting in planned:
        seats = _seats(bulk, cast, meeting)
        invitations += seats
        attendance += _marks(bulk, meeting, seats[: meeting.marks], chance)
    bulk.load(Invitation, invitations)
    bulk.load(Attendance, attendance)


def _seats(bulk: Bulk, cast: Cast, meeting: Planned) -> list[dict[str, Any]]:
    """Seats for those who came and some of whom nothing is known; a kecamatan invites its own first."""
    district = meeting.host.place["district_code"]
    own = cast.seats.get(district, []) if district else []
    pool = cast.seats[""]
    size = meeting.marks + meeting.marks // 8 if meeting.is_held else USUAL
    start = meeting.number * 13
    around = [pool[(start + step) % len(pool)] for step in range(min(max(size - len(own), 0), len(pool)))]
    chosen = sorted([*own[:size], *around], key=lambda seat: seat["protocol_order"])
    answered = meeting.status is not MeetingStatus.DRAFT
    return [
        {
            "id": key,
            **seat,
            "meeting_id": meeting.id,
            "status": InvitationStatus.SENT if answered else InvitationStatus.PENDING,
        }
        for key, seat in zip(bulk.keys(Invitation, len(chosen)), chosen, strict=True)
    ]


def _marks(
    bulk: Bulk, meeting: Planned, seats: Sequence[dict[str, Any]], chance: Random
) -> Iterator[dict[str, Any]]:
    if len(seats) < meeting.marks:
        raise ValueError(f"{meeting.title}: {meeting.marks} orang hadir pada {len(seats)} kursi")
    statuses = chance.choices(list(MARKS), list(MARKS.values()), k=len(seats))
    for number, (key, seat, status) in enumerate(
        zip(bulk.keys(Attendance, len(seats)), seats, statuses, strict=True)
    ):
        came, delegated = status in CAME, status is AttendanceStatus.REPRESENTED
        at = meeting.starts_at + timedelta(minutes=20 if status is AttendanceStatus.LATE else -number % 50)
        who = person("civil", STAND_INS + number + meeting.number) if delegated else seat
        yield {
            "id": key,
            "meeting_id": meeting.id,
            "invitation_id": seat["id"],
            "status": status,
            "source": AttendanceSource.DESK,
            "arrived_at": at if came else None,
            "name": who["name"] or seat["title"],
            "title": "Staf" if delegated else seat["title"],
            "office_name": seat["office_name"],
            "constituency": seat["constituency"],
            "sex": who["sex"],
            "phone": "" if delegated else seat["phone"],
            "reason": words.EXCUSE if status is AttendanceStatus.EXCUSED else "",
            "recorded_at": at,
            "recorded_by_id": meeting.host.account_id,
        }


# --- minutes ------------------------------------------------------------------------------------
def write_minutes(bulk: Bulk, cast: Cast, planned: Sequence[Planned]) -> None:
    """Agenda and minutes of what was held, agenda alone of what is to come; decisions take their numbers."""
    items: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    numbers = _last_decisions(cast)
    for meeting in planned:
        agenda = _agenda(bulk, meeting)
        items += agenda
        if meeting.is_held:
            rows += _rows(bulk, meeting, agenda, numbers)
    bulk.load(AgendaItem, items)
    bulk.load(MinutesRow, rows)
    _keep_decisions(numbers)


def _agenda(bulk: Bulk, meeting: Planned) -> list[dict[str, Any]]:
    titles = words.ITEMS[: 4 + meeting.number % 3]
    return [
        {
            "id": key,
            "meeting_id": meeting.id,
            "place": place,
            "title": title.format(topic=meeting.topic),
            "presenter": meeting.host.actor,
            "minutes_planned": 20,
            "status": AgendaStatus.DISCUSSED if meeting.is_held else AgendaStatus.PENDING,
        }
        for place, (key, title) in enumerate(
            zip(bulk.keys(AgendaItem, len(titles)), titles, strict=True), start=1
        )
    ]


Numbers = Counter[tuple[int, int]]
"""The last number of a decision by office and year."""


def _rows(
    bulk: Bulk, meeting: Planned, agenda: Sequence[dict[str, Any]], numbers: Numbers
) -> Iterator[dict[str, Any]]:
    """Two notes under each item, a decision under every other one, the tasks under the last but one."""
    at = meeting.starts_at
    for place, item in enumerate(agenda):
        kinds = [RowKind.NOTE, RowKind.NOTE, *([RowKind.DECISION] if place % 2 else [])]
        lines: list[tuple[RowKind, str, int | None]] = [
            (kind, _said(kind, meeting, place + number), None) for number, kind in enumerate(kinds)
        ]
        if place == len(agenda) - 2:
            lines += [(RowKind.TASK, given.text, given.task_id) for given in meeting.given]
        for number, (key, (kind, text, task_id)) in enumerate(
            zip(bulk.keys(MinutesRow, len(lines)), lines, strict=True), start=1
        ):
            at += timedelta(minutes=4)
            decided = kind is RowKind.DECISION
            if decided:
                numbers[meeting.host.id, meeting.year] += 1
            yield {
                "id": key,
                "meeting_id": meeting.id,
                "agenda_item_id": item["id"],
                "place": number,
                "kind": kind,
                "text": text,
                "decision_number": numbers[meeting.host.id, meeting.year] if decided else None,
                "decision_year": meeting.year if decided else None,
                "task_id": task_id,
                "created_at": at,
                "updated_at": at,
                "author_id": meeting.host.account_id,
                "author_name": meeting.host.actor,
            }


def _said(kind: RowKind, meeting: Planned, number: int) -> str:
    texts = words.DECISIONS if kind is RowKind.DECISION else words.NOTES
    return turn(texts, meeting.number + number).format(topic=meeting.topic)


def _last_decisions(cast: Cast) -> Numbers:
    hosts = [cast.setda.id, cast.dinkes.id, *(host.id for host in cast.districts)]
    rows = db.session.execute(
        sa.select(Series.office_id, Series.year, Series.last).where(
            Series.office_id.in_(hosts), Series.kind == SeriesKind.DECISION
        )
    )
    return Counter({(row.office_id, row.year): row.last for row in rows})


def _keep_decisions(numbers: Numbers) -> None:
    if not numbers:
        return
    rows = [
        {"office_id": office, "kind": SeriesKind.DECISION, "year": year, "last": last}
        for (office, year), last in numbers.items()
    ]
    statement = insert(Series).values(rows)
    db.session.execute(
        statement.on_conflict_do_update(
            index_elements=["office_id", "kind", "year"], set_={"last": statement.excluded.last}
        )
    )


def day_of(meeting: Planned, cast: Cast) -> date:
    """The day of a meeting where it was held."""
    return local(meeting.starts_at, cast.zone).date()
