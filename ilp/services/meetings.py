"""Meetings until they begin: calling them, moving them, and their agenda.

Every verb locks the meeting first, so that a rule is checked on what is true, and leaves one entry in
the trail of the meeting.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, time
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import Zone, now, to_utc
from ilp.core.db import columns_of, db, execute, key_of, locked, renewed
from ilp.core.errors import NotFound, RuleViolation
from ilp.core.statements import bound, prepared
from ilp.models.directory import Office
from ilp.models.meetings import (
    MEETING,
    AgendaItem,
    AgendaStatus,
    Meeting,
    MeetingKind,
    MeetingSeries,
    MeetingStatus,
)
from ilp.models.place import same_place
from ilp.policy.actions import Action
from ilp.policy.scope import Condition
from ilp.policy.user import User
from ilp.queries import meetings as queries
from ilp.queries.seats import offices_invited
from ilp.services import audit, notifications, seats

CARRIED_OVER = "Tindak lanjut rapat sebelumnya yang belum selesai"
HELD = frozenset(
    {MeetingStatus.IN_SESSION, MeetingStatus.MINUTING, MeetingStatus.IN_REVIEW, MeetingStatus.APPROVED}
)


@dataclass(frozen=True)
class Plan:
    """What a meeting is to be, as its organiser states it; times are on the clock of the regency."""

    title: str
    kind: MeetingKind
    day: date
    start: time
    end: time | None = None
    place: str = ""
    chair: str = ""
    opened_by: str = ""
    minute_taker_id: int | None = None
    basis: str = ""
    note: str = ""


# --- calling a meeting --------------------------------------------------------------------------
def schedule(*, actor: User, office: Office, plan: Plan, pattern: Meeting | None = None) -> Meeting:
    """Creates a draft. After a pattern it takes over the agenda and the seats invited.

    A past date is allowed: that is a meeting recorded afterwards. Refuses an end before the start.
    """
    meeting = _new(actor, office, plan)
    if pattern is not None:
        _copy_agenda(pattern, meeting, AgendaItem.carried_over.is_(False))
        seats.copy(pattern, meeting, plan.day)
    record(
        meeting, Action.MEETING_CREATE, actor=actor, title=plan.title, pattern=pattern.id if pattern else None
    )
    return meeting


def next_of_series(*, actor: User, previous: Meeting, plan: Plan) -> Meeting:
    """Creates the meeting that follows: same seats, and what was left undone as its first agenda item.

    The series is made if the former meeting had none; agenda items deferred there come along. Refuses
    a meeting that has not been held, and one that is followed already.
    """
    locked(previous)
    if previous.status not in HELD:
        raise RuleViolation(
            f"Rapat lanjutan dibuat setelah rapat berlangsung; sekarang {previous.status.label}."
        )
    follower = db.session.scalars(
        sa.select(Meeting)
        .where(Meeting.previous_id == previous.id, Meeting.status != MeetingStatus.CANCELLED)
        .limit(1)
    ).one_or_none()
    if follower is not None:
        raise RuleViolation(f"Rapat lanjutan sudah ada: {follower.title}. Ubah rapat itu.")
    if previous.series_id is None:
        series = MeetingSeries(office_id=previous.office_id, name=previous.title)
        db.session.add(series)
        db.session.flush()
        previous.series_id = series.id
    meeting = _new(actor, organiser(previous), plan, series_id=previous.series_id, previous_id=previous.id)
    db.session.add(AgendaItem(meeting_id=meeting.id, place=1, title=CARRIED_OVER, carried_over=True))
    _copy_agenda(previous, meeting, AgendaItem.status == AgendaStatus.DEFERRED)
    seats.copy(previous, meeting, plan.day)
    record(meeting, Action.MEETING_CREATE, actor=actor, title=plan.title, previous=previous.id)
    return meeting


def edit(*, actor: User, meeting: Meeting, plan: Plan) -> Meeting:
    """Changes what the meeting is. Refuses once its minutes are under review or it was called off."""
    locked(meeting)
    must_be_open(meeting)
    before = _facts(meeting)
    _state(meeting, plan, queries.zone_of(meeting.regency_code))
    after = _facts(meeting)
    changes = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    if changes:
        touch(meeting)
        record(meeting, Action.MEETING_EDIT, actor=actor, **changes)
    return meeting


def open_meeting(*, actor: User, meeting: Meeting) -> None:
    """The meeting begins. Refuses one that was called off, postponed or held."""
    locked(meeting)
    meeting.status = MEETING.move("open", meeting.status)
    touch(meeting)
    record(meeting, "meeting:open", actor=actor)


def postpone(
    *,
    actor: User,
    meeting: Meeting,
    reason: str,
    day: date | None = None,
    start: time | None = None,
    end: time | None = None,
) -> None:
    """Puts the meeting off, to a new date or until one is found, and tells whoever was invited.

    Refuses a meeting that has begun, and a new date that is past.
    """
    locked(meeting)
    was_called = meeting.status is MeetingStatus.INVITED
    meeting.status = MEETING.move("postpone", meeting.status)
    meeting.reason = reason
    if day is not None:
        if start is None:
            raise RuleViolation("Isi juga jam mulainya.", "start")
        _set_times(meeting, day, start, end, queries.zone_of(meeting.regency_code))
        if meeting.starts_at <= now():
            raise RuleViolation("Tanggal ini sudah lewat. Pilih tanggal yang akan datang.", "day")
    touch(meeting)
    record(meeting, "meeting:postpone", actor=actor, reason=reason, starts_at=meeting.starts_at)
    if was_called:
        tell(meeting, f"Rapat ditunda: {meeting.title}.", actor=actor)


def cancel(*, actor: User, meeting: Meeting, reason: str) -> None:
    """Calls the meeting off for good and tells whoever was invited. Refuses one that has begun."""
    locked(meeting)
    was_called = meeting.status is not MeetingStatus.DRAFT
    meeting.status = MEETING.move("cancel", meeting.status)
    meeting.reason = reason
    touch(meeting)
    record(meeting, "meeting:cancel", actor=actor, reason=reason)
    if was_called:
        tell(meeting, f"Rapat dibatalkan: {meeting.title}.", actor=actor)


def touch(meeting: Meeting) -> None:
    """Raises the version by which open pages learn that there is news."""
    meeting.version += 1


def locked_and_touched(meeting: Meeting) -> Meeting:
    """What `locked_alone` and `touch` do, in one statement, for what people write all the time."""
    columns = execute(_raise_version(), {"key": key_of(meeting)}).one()
    return renewed(meeting, columns)


@prepared
def _raise_version() -> sa.UpdateBase:
    meeting: Any = Meeting.__table__
    statement = sa.update(meeting).where(meeting.c.id == bound("key")).values(version=meeting.c.version + 1)
    return statement.returning(*columns_of(Meeting))


def _new(actor: User, office: Office, plan: Plan, **links: Any) -> Meeting:
    meeting = Meeting(
        office_id=office.id,
        **same_place(office),
        created_at=now(),
        created_by_id=actor.account_id,
        **links,
    )
    _state(meeting, plan, queries.zone_of(office.regency_code))
    db.session.add(meeting)
    db.session.flush()
    return meeting


def _state(meeting: Meeting, plan: Plan, zone: Zone) -> None:
    _set_times(meeting, plan.day, plan.start, plan.end, zone)
    for name, value in asdict(plan).items():
        if name not in ("day", "start", "end"):
            setattr(meeting, name, value)


def _set_times(meeting: Meeting, day: date, start: time, end: time | None, zone: Zone) -> None:
    if end is not None and end <= start:
        raise RuleViolation("Jam selesai harus sesudah jam mulai.", "end")
    meeting.starts_at = to_utc(day, start, zone)
    meeting.ends_at = to_utc(day, end, zone) if end else None


FACTS = (
    "title",
    "kind",
    "starts_at",
    "ends_at",
    "place",
    "chair",
    "opened_by",
    "minute_taker_id",
    "basis",
    "note",
)


def _facts(meeting: Meeting) -> dict[str, Any]:
    return {name: getattr(meeting, name) for name in FACTS}


def organiser(meeting: Meeting) -> Office:
    """The organiser, read anew: what was loaded before the transaction has expired."""
    office = db.session.get(Office, meeting.office_id)
    if office is None:
        raise NotFound
    return office


def must_be_open(meeting: Meeting) -> None:
    """Refuses a meeting whose minutes are under review or approved, or which was called off."""
    if not (meeting.is_recording or meeting.is_planned):
        raise RuleViolation(f"Rapat ini {meeting.status.label} dan tidak dapat diubah lagi.")


def record(meeting: Meeting, action: str, *, actor: User, **changes: Any) -> None:
    """One entry in the trail; every verb of this area has the meeting as its subject."""
    audit.record(actor, action, meeting, changes={k: v for k, v in changes.items() if v is not None})


def tell(
    meeting: Meeting, text: str, offices: Collection[int] | sa.Select[Any] | None = None, *, actor: User
) -> None:
    """A notice to every invited office, or to those named."""
    notifications.notify(
        offices=offices_invited(meeting.id) if offices is None else offices,
        text=text,
        endpoint="meetings.show",
        arguments={"meeting_id": meeting.id},
        actor=actor,
    )


# --- the agenda ---------------------------------------------------------------------------------
def add_agenda_item(
    *, actor: User, meeting: Meeting, title: str, presenter: str = "", minutes_planned: int | None = None
) -> AgendaItem:
    """Adds a point at the end of the agenda."""
    locked(meeting)
    must_be_open(meeting)
    last = db.session.scalar(
        sa.select(sa.func.max(AgendaItem.place)).where(AgendaItem.meeting_id == meeting.id)
    )
    item = AgendaItem(
        meeting_id=meeting.id,
        place=(last or 0) + 1,
        title=title,
        presenter=presenter,
        minutes_planned=minutes_planned,
    )
    db.session.add(item)
    db.session.flush()
    touch(meeting)
    record(meeting, "meeting:agenda", actor=actor, added=title, item=item.id)
    return item


def edit_agenda_item(
    *,
    actor: User,
    meeting: Meeting,
    item_id: int,
    title: str,
    presenter: str = "",
    minutes_planned: int | None = None,
) -> None:
    """Rewords a point. Raises NotFound for a point of another meeting."""
    locked(meeting)
    must_be_open(meeting)
    item = queries.agenda_item(meeting.id, item_id)
    before = item.title
    item.title, item.presenter, item.minutes_planned = title, presenter, minutes_planned
    touch(meeting)
    record(meeting, "meeting:agenda", actor=actor, item=item.id, title=[before, title])


def move_agenda_item(*, actor: User, meeting: Meeting, item_id: int, up: bool) -> None:
    """Changes places with the neighbour above or below; at the end of the list nothing happens."""
    locked(meeting)
    must_be_open(meeting)
    items = list(queries.agenda(meeting.id))
    at = next((n for n, item in enumerate(items) if item.id == item_id), None)
    if at is None:
        raise NotFound
    other = at - 1 if up else at + 1
    if not 0 <= other < len(items):
        return
    items[at], items[other] = items[other], items[at]
    for place, item in enumerate(items, start=1):
        item.place = place
    touch(meeting)
    record(meeting, "meeting:agenda", actor=actor, item=item_id, moved="up" if up else "down")


def remove_agenda_item(*, actor: User, meeting: Meeting, item_id: int) -> None:
    """Takes a point off the agenda. Refuses one that was discussed: the minutes refer to it."""
    locked(meeting)
    must_be_open(meeting)
    item = queries.agenda_item(meeting.id, item_id)
    if item.status is not AgendaStatus.PENDING or queries.has_minutes(item.id):
        raise RuleViolation(f"Butir “{item.title}” sudah dibahas dan tidak dapat dihapus.")
    touch(meeting)
    record(meeting, "meeting:agenda", actor=actor, removed=item.title, item=item.id)
    db.session.delete(item)


def _copy_agenda(source: Meeting, target: Meeting, which: Condition) -> None:
    """Copies points in one statement; they come after the carried-over one."""
    columns = ["meeting_id", "place", "title", "presenter", "minutes_planned", "status", "carried_over"]
    points = sa.select(
        sa.literal(target.id),
        AgendaItem.place + 1,
        AgendaItem.title,
        AgendaItem.presenter,
        AgendaItem.minutes_planned,
        sa.literal(AgendaStatus.PENDING, AgendaItem.status.type),
        sa.literal(value=False),
    ).where(AgendaItem.meeting_id == source.id, which)
    db.session.execute(sa.insert(AgendaItem).from_select(columns, points))
