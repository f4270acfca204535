"""Reading the desk (Meja kerja): what needs this user today.

One statement for each list; none for what only an own office has, where the user has no office.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ilp.core.clock import Zone
from ilp.core.db import Moment, db, execute
from ilp.core.statements import bound, prepared
from ilp.models.accounts import Account, RoleGrant
from ilp.models.commitments import WAITING as UNSIGNED
from ilp.models.commitments import Commitment, CommitmentStatus, Slot, SlotStatus
from ilp.models.directory import Appointment, Letterhead, Office, Position
from ilp.models.meetings import Invitation, InvitationStatus, Meeting, MeetingStatus
from ilp.models.tasks import Assignment, Task
from ilp.models.wilayah import Level, RegencySetting, Wilayah
from ilp.policy.rules import is_asked_to_sign
from ilp.policy.scope import Condition, Reach, branches, takes_part, values_of, within
from ilp.policy.user import User
from ilp.queries.assignments import (
    FOR_MY_REVIEW,
    GIVEN_OR_MINE,
    IN_SPAN,
    LIVE,
    MINE,
    OWN,
    TODAY,
    Span,
    View,
    days_of,
    hands_of,
    late,
    ways_of,
)
from ilp.queries.listing import count_of, ids_of, page_of, page_statement

SHOWN = 40
SIDE = 3
LATE_SHOWN = 5
SLOTS_READ = 300
WATCHED = 12
MOST = 1000

UNFINISHED = (MeetingStatus.IN_SESSION, MeetingStatus.MINUTING, MeetingStatus.IN_REVIEW)
COMING = (MeetingStatus.DRAFT, MeetingStatus.INVITED, MeetingStatus.IN_SESSION)
ANSWERED = (InvitationStatus.ATTENDING, InvitationStatus.REPRESENTED)


@dataclass(frozen=True)
class Figures:
    """The strip of counts. `others` wait for somebody else, `done` were finished this month."""

    late: int
    today: int
    week: int
    others: int
    done: int


@dataclass(frozen=True)
class Signing:
    """A commitment that is being signed, as far as it concerns this user."""

    commitment_id: int
    title: str
    total: int
    signed: int
    waiting: Sequence[str]
    is_mine: bool


def _of_hands(user: User, statement: Callable[[], sa.Select[*tuple[Any, ...]]]) -> Sequence[Any]:
    """Rows of what the user's offices have to do with; nothing is asked for a user without one."""
    return execute(statement(), hands_of(user)).all() if user.offices else []


@prepared
def _own_assignments() -> sa.Select[*tuple[Any, ...]]:
    owner = aliased(Office)
    return (
        sa.select(
            Assignment.id,
            Assignment.due_on,
            Assignment.status,
            Assignment.reason,
            Task.title,
            Office.name.label("office_name"),
            owner.name.label("owner_name"),
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Office, Office.id == Assignment.office_id)
        .join(owner, owner.id == Task.owner_office_id)
        .where(MINE, Assignment.awaited_on.is_not(None))
        .order_by(Assignment.awaited_on, Assignment.id)
        .limit(SHOWN)
    )


def own_assignments(user: User) -> Sequence[Any]:
    """What the user's offices have to do next, by due date."""
    return _of_hands(user, _own_assignments)


@prepared
def _watched(reach: Reach) -> sa.Select[*tuple[Any, ...]]:
    statement: Any = (
        sa.select(
            Assignment.id,
            Assignment.due_on,
            Assignment.status,
            Task.title,
            Office.name.label("office_name"),
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Office, Office.id == Assignment.office_id)
    )
    return page_statement(
        Assignment,
        branches(Assignment, reach),
        statement,
        Assignment.awaited_on,
        where=(Assignment.awaited_on.is_not(None),),
        size=WATCHED,
        ascending=True,
    )


def watched(user: User) -> Sequence[Any]:
    """Unfinished rows that somebody without an office sees: what a partner follows, an auditor's place."""
    if user.offices:
        return []
    return page_of(_watched(Reach.of(user)), values_of(user), size=WATCHED).rows


@prepared
def _reports_to_review() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(
            Task.id,
            Task.title,
            sa.func.count().label("reports"),
            sa.func.min(Assignment.submitted_at).label("since"),
            sa.func.min(Assignment.id).label("first_id"),
            sa.func.min(Office.name).label("office_name"),
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Office, Office.id == Assignment.office_id)
        .where(FOR_MY_REVIEW)
        .group_by(Task.id, Task.title)
        .order_by(sa.func.min(Assignment.submitted_at), Task.id)
        .limit(SHOWN)
    )


def reports_to_review(user: User) -> Sequence[Any]:
    """Submitted rows that wait for this user, by task: how many, since when, and the first office."""
    return _of_hands(user, _reports_to_review)


@prepared
def _meetings(reach: Reach) -> sa.Select[*tuple[Any, ...]]:
    def invited(*answers: InvitationStatus) -> sa.ScalarSelect[int]:
        count = sa.select(sa.func.count()).where(Invitation.meeting_id == Meeting.id)
        if answers:
            count = count.where(Invitation.status.in_(answers))
        return count.scalar_subquery()

    order = (Meeting.starts_at, Meeting.id)
    unfinished = sa.select(Meeting.id).where(Meeting.office_id.in_(OWN), Meeting.status.in_(UNFINISHED))
    ahead = (Meeting.status.in_(COMING), Meeting.starts_at >= bound("since", Moment))
    coming = ids_of(Meeting, branches(Meeting, reach), *order, where=ahead, size=SHOWN)
    return (
        sa.select(
            Meeting.id,
            Meeting.title,
            Meeting.status,
            Meeting.starts_at,
            Meeting.place,
            Meeting.office_id,
            Meeting.minute_taker_id,
            takes_part(Meeting, reach).label("concerns_me"),
            sa.func.coalesce(RegencySetting.zone, Zone.WIB).label("zone"),
            invited().label("invited"),
            invited(*ANSWERED).label("attending"),
        )
        .outerjoin(RegencySetting, RegencySetting.regency_code == Meeting.regency_code)
        .where(Meeting.id.in_(sa.union(unfinished, sa.select(coming.subquery().c.id))))
        .order_by(*order)
        .limit(SHOWN)
    )


def meetings(user: User, since: datetime) -> Sequence[Any]:
    """Meetings from `since` on, and those of my office with unfinished minutes, each with its RSVP counts."""
    return execute(_meetings(Reach.of(user)), {**hands_of(user), "since": since}).all()


@prepared
def _signings() -> sa.Select[*tuple[Any, ...]]:
    drafted = sa.select(Commitment.id).where(Commitment.office_id.in_(OWN))
    asked = sa.select(Slot.commitment_id).where(Slot.office_id.in_(OWN))
    return (
        sa.select(
            Commitment.id,
            Commitment.title,
            Slot.status,
            Slot.title.label("position"),
            Slot.office_id,
            Slot.person_id,
        )
        .join(Slot, Slot.commitment_id == Commitment.id)
        .where(
            Commitment.status == CommitmentStatus.OPEN,
            Slot.status != SlotStatus.REPLACED,
            Commitment.id.in_(sa.union(drafted, asked)),  # with OR, PostgreSQL reads them all
        )
        .order_by(Commitment.id, Slot.place)
        .limit(SLOTS_READ)
    )


def signings(user: User) -> list[Signing]:
    """Commitments open for signing that my office drafted or is asked to sign."""
    rows = groupby(_of_hands(user, _signings), lambda row: (row.id, row.title))
    return [_signing(user, key, title, list(slots)) for (key, title), slots in rows]


def _signing(user: User, key: int, title: str, slots: Sequence[Any]) -> Signing:
    waiting = [slot for slot in slots if slot.status in UNSIGNED]
    return Signing(
        commitment_id=key,
        title=title,
        total=len(slots),
        signed=sum(slot.status is SlotStatus.SIGNED for slot in slots),
        waiting=[slot.position for slot in waiting],
        is_mine=any(is_asked_to_sign(user, slot) for slot in waiting),
    )


@prepared
def _late_by_district(places: int) -> sa.Select[str, str, int]:
    inside = (Wilayah.code.between(bound(f"from_{n}"), bound(f"to_{n}")) for n in range(places))
    rows = sa.select(sa.func.count()).where(Assignment.district_code == Wilayah.code, late(TODAY))
    count = rows.scalar_subquery().label("rows")
    return (
        sa.select(Wilayah.code, Wilayah.name, count)
        .where(Wilayah.level == Level.DISTRICT, sa.or_(*inside))
        .order_by(count.desc(), Wilayah.code)
        .limit(LATE_SHOWN)
    )


def late_by_district(user: User, today: date) -> Sequence[Any]:
    """Kecamatan with the most late rows in the user's places: code, name, rows. Nobody without a place.

    Each kecamatan is counted in the index of what waits there, without reading a row.
    """
    if not user.places:
        return []
    values: dict[str, Any] = {"today": today}
    for n, code in enumerate(sorted(user.places)):
        values |= {f"from_{n}": code, f"to_{n}": f"{code}.~" if code else "~"}
    rows = execute(_late_by_district(len(user.places)), values)
    return [row for row in rows if row.rows]


@prepared
def _lately_judged() -> sa.Select[*tuple[Any, ...]]:
    order = (Assignment.reviewed_at.desc(), Assignment.id.desc())
    judged = (Assignment.reviewed_at.is_not(None), LIVE)
    last = ids_of(Assignment, GIVEN_OR_MINE, *order, where=judged, size=LATE_SHOWN)
    return (
        sa.select(
            Assignment.id,
            Assignment.status,
            Assignment.reviewed_at,
            Task.title,
            Office.name.label("office_name"),
            Assignment.reason,
        )
        .join(Task, Task.id == Assignment.task_id)
        .join(Office, Office.id == Assignment.office_id)
        .where(Assignment.id.in_(last))
        .order_by(*order)
        .limit(LATE_SHOWN)
    )


def lately_judged(user: User) -> Sequence[Any]:
    """Rows accepted or returned last, among those the user's offices gave or had to do."""
    return _of_hands(user, _lately_judged)


@prepared
def _figures(reach: Reach) -> sa.Select[*tuple[Any, ...]]:
    def count(ways: Sequence[Condition], *where: Condition) -> sa.ScalarSelect[int]:
        return count_of(Assignment, ways, where=(LIVE, *where), most=MOST)

    return sa.select(
        *(count([MINE], IN_SPAN[span]) for span in Span),
        *(count(ways_of(view, reach)) for view in (View.OTHERS, View.DONE)),
    )


def figures(user: User, today: date) -> Figures | None:
    """The counts of the strip, each by the ways of the list it opens, at most MOST: one statement.

    None for a user without an office.
    """
    if not user.offices:
        return None
    values = hands_of(user) | days_of(user, today)
    return Figures(*execute(_figures(Reach.of(user)), values).one())


@dataclass(frozen=True)
class Setup:
    """What an administrator has set up, each count at most MOST; `backup_on` is the oldest."""

    regencies: int
    officials: int
    letterheads: int
    numbered: int
    accounts: int
    backups: int
    backup_on: date | None


def setup(user: User) -> Setup:
    """What stands in the administered wilayah: one statement."""
    codes = sorted(user.administered)

    def bounded(some: sa.Select[Any]) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count()).select_from(some.limit(MOST).subquery()).scalar_subquery()

    def inside(column: Any) -> sa.ColumnElement[bool]:
        return sa.or_(sa.false(), *(column.startswith(code, autoescape=True) for code in codes))

    offices = sa.or_(sa.false(), *(within(Office, code) for code in codes))
    regencies = sa.select(RegencySetting.regency_code).where(inside(RegencySetting.regency_code))
    heads = sa.select(Letterhead.office_id).join(Office, Office.id == Letterhead.office_id).where(offices)
    numbered = (
        sa.select(Office.id)
        .where(offices, sa.exists().where(Letterhead.office_id == Office.id, Letterhead.unit_code != ""))
        .order_by(Office.protocol_order, Office.id)
    )
    given_out = (
        sa.select(RoleGrant.account_id)
        .join(Office, Office.id == RoleGrant.office_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(RoleGrant.revoked_at.is_(None), Account.password_hash != "", offices)
        .distinct()
    )
    officials = (
        sa.select(Appointment.id)
        .join(Position, Position.id == Appointment.position_id)
        .join(Office, Office.id == Position.office_id)
        .where(offices)
    )
    row = db.session.execute(
        sa.select(
            bounded(regencies),
            bounded(officials),
            bounded(heads),
            bounded(numbered),
            bounded(given_out),
            bounded(regencies.where(RegencySetting.backup_on.is_not(None))),
            sa.select(sa.func.min(RegencySetting.backup_on))
            .where(inside(RegencySetting.regency_code))
            .scalar_subquery(),
        )
    ).one()
    return Setup(*row)
