"""Reading meetings: the list, the head of every page of one meeting, and its agenda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import Zone
from ilp.core.db import Moment, db, execute
from ilp.core.enums import LabelledEnum
from ilp.core.errors import NotFound
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.core.statements import bound, prepared
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.directory import Office, Person
from ilp.models.documents import Document
from ilp.models.meetings import (
    CAME,
    AgendaItem,
    Attendance,
    Invitation,
    Meeting,
    MeetingKind,
    MeetingSeries,
    MeetingStatus,
    MinutesRow,
)
from ilp.models.tasks import Task
from ilp.models.wilayah import RegencySetting
from ilp.policy.scope import Reach, branches, values_of
from ilp.policy.user import User
from ilp.queries.listing import page_of, page_statement
from ilp.queries.seats import UNANSWERED, offices_answered_for


class Shelf(LabelledEnum):
    """Where a meeting lies in the list; the value stands in the address."""

    UPCOMING = "akan-datang", "Akan datang"
    PAST = "selesai", "Sudah lewat"
    DRAFT = "draf", "Draf"
    ALL = "semua", "Semua"


def meetings(
    user: User,
    *,
    shelf: Shelf,
    kind: MeetingKind | None,
    midnight: datetime,
    after: Key | None,
    size: int = PAGE_SIZE,
) -> Page:
    """A page of what the user may see; what is to come is sorted from today on, all else newest first.

    `midnight` is when today began for this user.
    """
    statement = _meetings(Reach.of(user), shelf, kind, turned=after is not None, size=size)
    return page_of(statement, values_of(user) | {"midnight": midnight}, after=after, size=size)


@prepared
def _meetings(
    reach: Reach, shelf: Shelf, kind: MeetingKind | None, *, turned: bool, size: int
) -> sa.Select[Any]:
    invited = sa.select(sa.func.count()).where(Invitation.meeting_id == Meeting.id).scalar_subquery()
    statement: Any = sa.select(
        Meeting.id,
        Meeting.starts_at,
        Meeting.title,
        Meeting.kind,
        Meeting.status,
        Meeting.place,
        Office.name.label("office_name"),
        sa.func.coalesce(RegencySetting.zone, Zone.WIB).label("zone"),
        invited.label("invited"),
        _filled(Meeting.id).label("filled"),
    )
    statement = statement.join(Office, Office.id == Meeting.office_id).outerjoin(
        RegencySetting, RegencySetting.regency_code == Meeting.regency_code
    )
    where = _on_shelf(shelf)
    if kind is not None:
        where.append(Meeting.kind == kind)
    return page_statement(
        Meeting,
        branches(Meeting, reach),
        statement,
        Meeting.starts_at,
        where=where,
        turned=turned,
        size=size,
        ascending=shelf is Shelf.UPCOMING,
    )


def _on_shelf(shelf: Shelf) -> list[sa.ColumnElement[bool]]:
    midnight = bound("midnight", Moment)
    return {
        Shelf.UPCOMING: [Meeting.starts_at >= midnight, Meeting.status != MeetingStatus.CANCELLED],
        Shelf.PAST: [Meeting.starts_at < midnight, Meeting.status != MeetingStatus.DRAFT],
        Shelf.DRAFT: [Meeting.status == MeetingStatus.DRAFT],
        Shelf.ALL: [],
    }[shelf]


def _filled(meeting_id: Any) -> sa.ScalarSelect[int]:
    return (
        sa.select(sa.func.count())
        .where(
            Attendance.meeting_id == meeting_id,
            Attendance.status.in_(CAME),
            Attendance.invitation_id.is_not(None),
        )
        .correlate(Meeting)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class Head:
    """What stands at the head of every page of a meeting."""

    zone: Zone
    invited: int
    filled: int
    tasks: int
    documents: int
    minute_taker: str
    next_id: int | None
    series: str
    office: str
    unanswered: int


def head(user: User, meeting: Meeting) -> Head:
    """What every page of a meeting shows at its head: one statement.

    `unanswered` counts the seats of the user's own offices that wait for an answer.
    """
    row = execute(
        _head(),
        {
            "meeting": meeting.id,
            "regency": meeting.regency_code,
            "taker": meeting.minute_taker_id,
            "series": meeting.series_id,
            "office": meeting.office_id,
            "answering": offices_answered_for(user),
        },
    ).one()
    return Head(
        zone=row[0] or Zone.WIB,
        invited=row[1],
        filled=row[2],
        tasks=row[3],
        documents=row[4],
        minute_taker=row[5] or "",
        next_id=row[6],
        series=row[7] or "",
        office=row[8],
        unanswered=row[9],
    )


@prepared
def _head() -> sa.Select[Any]:
    def count(model: Any, *conditions: Any) -> Any:
        of_meeting = model.meeting_id == bound("meeting")
        return sa.select(sa.func.count()).select_from(model).where(of_meeting, *conditions)

    answered_for = Invitation.office_id.in_(bound("answering", many=True))
    columns = (
        sa.select(RegencySetting.zone).where(RegencySetting.regency_code == bound("regency")),
        count(Invitation),
        count(Attendance, Attendance.status.in_(CAME), Attendance.invitation_id.is_not(None)),
        count(Task),
        count(Document),
        sa.select(Person.name)
        .join(Account, Account.person_id == Person.id)
        .where(Account.id == bound("taker")),
        sa.select(sa.func.min(Meeting.id)).where(
            Meeting.previous_id == bound("meeting"), Meeting.status != MeetingStatus.CANCELLED
        ),
        sa.select(MeetingSeries.name).where(MeetingSeries.id == bound("series")),
        sa.select(Office.name).where(Office.id == bound("office")),
        count(Invitation, answered_for, Invitation.status.in_(UNANSWERED)),
    )
    return sa.select(*(column.scalar_subquery() for column in columns))


def zone_of(regency_code: str) -> Zone:
    """The zone in which a regency tells the time; above the regency, that of the capital."""
    found = db.session.scalar(
        sa.select(RegencySetting.zone).where(RegencySetting.regency_code == regency_code)
    )
    return found or Zone.WIB


def agenda(meeting_id: int) -> Sequence[AgendaItem]:
    """The points of the agenda in their order."""
    return db.session.scalars(
        sa.select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting_id)
        .order_by(AgendaItem.place, AgendaItem.id)
    ).all()


def agenda_item(meeting_id: int, item_id: int) -> AgendaItem:
    """One point of the agenda. Raises NotFound for one of another meeting."""
    found = db.session.scalars(
        sa.select(AgendaItem).where(AgendaItem.id == item_id, AgendaItem.meeting_id == meeting_id)
    ).one_or_none()
    if found is None:
        raise NotFound
    return found


def has_minutes(item_id: int) -> bool:
    """Whether the minutes say anything under this point."""
    return bool(db.session.scalar(sa.select(sa.exists().where(MinutesRow.agenda_item_id == item_id))))


def minute_takers(office_ids: Sequence[int]) -> Sequence[Any]:
    """Accounts of these offices who may be asked to take the minutes: (id, name)."""
    return db.session.execute(
        sa.select(Account.id, Person.name)
        .join(Person, Person.id == Account.person_id)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.office_id.in_(office_ids),
            RoleGrant.revoked_at.is_(None),
            RoleGrant.role.not_in([Role.AUDITOR, Role.ADMINISTRATOR, Role.LEADER]),
            Account.suspended_at.is_(None),
        )
        .distinct()
        .order_by(Person.name)
    ).all()
