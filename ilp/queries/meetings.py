"""Reading meetings: the list, the seats invited, who came, and what surrounds one meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from ilp.core.clock import Zone, today
from ilp.core.db import db
from ilp.core.enums import LabelledEnum
from ilp.core.errors import NotFound
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.audit import AuditEntry
from ilp.models.directory import Appointment, AppointmentKind, Constituency, Office, Person, Position
from ilp.models.documents import Document, DocumentKind, DocumentStatus
from ilp.models.meetings import (
    CAME,
    AgendaItem,
    Attendance,
    AttendanceStatus,
    Invitation,
    InvitationStatus,
    Meeting,
    MeetingKind,
    MeetingSeries,
    MeetingStatus,
    MinutesRow,
)
from ilp.models.tasks import Assignment, AssignmentStatus, Task
from ilp.models.wilayah import RegencySetting
from ilp.policy.scope import Condition, visible
from ilp.policy.user import User
from ilp.queries.directory import holding
from ilp.queries.listing import visible_page

LIST_LIMIT = 300
"""Seats shown on one page; a larger meeting is read by constituency."""
FOUND_LIMIT = 8
UNANSWERED = (InvitationStatus.PENDING, InvitationStatus.SENT, InvitationStatus.OPENED)
LOG_LIMIT = 6


# --- the list ---------------------------------------------------------------------------------
class Shelf(LabelledEnum):
    """Where a meeting lies in the list; the value stands in the address."""

    UPCOMING = "akan-datang", "Akan datang"
    PAST = "selesai", "Sudah lewat"
    DRAFT = "draf", "Draf"
    ALL = "semua", "Semua"


def meetings(
    user: User, *, shelf: Shelf, kind: MeetingKind | None, midnight: datetime, after: Key | None
) -> Page:
    """A page of what the user may see; what is to come is sorted from today on, all else newest first.

    `midnight` is when today began for this user.
    """
    invited = sa.select(sa.func.count()).where(Invitation.meeting_id == Meeting.id).scalar_subquery()
    statement = sa.select(
        Meeting.id,
        Meeting.starts_at,
        Meeting.ends_at,
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
    where = [*_on_shelf(shelf, midnight)]
    if kind is not None:
        where.append(Meeting.kind == kind)
    return visible_page(
        user,
        Meeting,
        statement,
        Meeting.starts_at,
        where=tuple(where),
        after=after,
        ascending=shelf is Shelf.UPCOMING,
    )


def _on_shelf(shelf: Shelf, midnight: datetime) -> list[sa.ColumnElement[bool]]:
    called_off = Meeting.status == MeetingStatus.CANCELLED
    return {
        Shelf.UPCOMING: [Meeting.starts_at >= midnight, sa.not_(called_off)],
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


# --- one meeting ------------------------------------------------------------------------------
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

    def count(model: Any, *conditions: Any) -> sa.ScalarSelect[int]:
        return (
            sa.select(sa.func.count())
            .select_from(model)
            .where(model.meeting_id == meeting.id, *conditions)
            .scalar_subquery()
        )

    zone = sa.select(RegencySetting.zone).where(RegencySetting.regency_code == meeting.regency_code)
    taker = (
        sa.select(Person.name)
        .join(Account, Account.person_id == Person.id)
        .where(Account.id == meeting.minute_taker_id)
    )
    follower = sa.select(sa.func.min(Meeting.id)).where(
        Meeting.previous_id == meeting.id, Meeting.status != MeetingStatus.CANCELLED
    )
    row: Any = db.session.execute(
        sa.select(
            zone.scalar_subquery(),
            count(Invitation),
            count(Attendance, Attendance.status.in_(CAME), Attendance.invitation_id.is_not(None)),
            count(Task),
            count(Document),
            taker.scalar_subquery(),
            follower.scalar_subquery(),
            sa.select(MeetingSeries.name).where(MeetingSeries.id == meeting.series_id).scalar_subquery(),
            sa.select(Office.name).where(Office.id == meeting.office_id).scalar_subquery(),
            count(Invitation, _own(user), Invitation.status.in_(UNANSWERED)),
        )
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


# --- seats ------------------------------------------------------------------------------------
def _seats(*conditions: Any) -> Any:
    """Seats with what was recorded for them, as columns: the same for lists, the search and one card."""
    return (
        sa.select(
            Invitation.id,
            Invitation.position_id,
            Invitation.office_id,
            Invitation.constituency,
            Invitation.title,
            Invitation.office_name,
            Invitation.name,
            Invitation.sex,
            Invitation.phone,
            Invitation.group_name,
            Invitation.status,
            Invitation.answer_note,
            Attendance.id.label("attendance_id"),
            Attendance.status.label("attendance"),
            Attendance.arrived_at,
            Attendance.name.label("attendee"),
            Attendance.title.label("attendee_title"),
            Attendance.sex.label("attendee_sex"),
            Attendance.source,
            Attendance.reason,
        )
        .outerjoin(Attendance, Attendance.invitation_id == Invitation.id)
        .where(*conditions)
        .order_by(Invitation.protocol_order, Invitation.id)
    )


class Presence(LabelledEnum):
    """Filters of the attendance list; the value stands in the address."""

    WAITING = "belum", "Belum datang"
    CAME = "hadir", "Hadir"
    REPRESENTED = "diwakili", "Diwakili"
    EXCUSED = "izin", "Izin"


def _present_as(presence: Presence) -> sa.ColumnElement[bool]:
    return {
        Presence.WAITING: Attendance.id.is_(None),
        Presence.CAME: Attendance.status.in_(CAME),
        Presence.REPRESENTED: Attendance.status == AttendanceStatus.REPRESENTED,
        Presence.EXCUSED: Attendance.status == AttendanceStatus.EXCUSED,
    }[presence]


def seats(
    meeting_id: int, *, constituency: Constituency | None = None, presence: Presence | None = None
) -> Sequence[Any]:
    """The seats of a meeting in protocol order, at most LIST_LIMIT."""
    conditions = [Invitation.meeting_id == meeting_id]
    if constituency is not None:
        conditions.append(Invitation.constituency == constituency)
    if presence is not None:
        conditions.append(_present_as(presence))
    return db.session.execute(_seats(*conditions).limit(LIST_LIMIT)).all()


def find_seats(meeting_id: int, words: Sequence[str]) -> Sequence[Any]:
    """Seats whose name, title and office contain every word; the few that somebody at a desk can take in."""
    text = (
        Invitation.sort_name
        + " "
        + sa.func.lower(Invitation.title)
        + " "
        + sa.func.lower(Invitation.office_name)
    )
    matches = [text.contains(word, autoescape=True) for word in words]
    return db.session.execute(
        _seats(Invitation.meeting_id == meeting_id, *matches).limit(FOUND_LIMIT + 1)
    ).all()


def all_seats(meeting_id: int) -> Sequence[Any]:
    """Every seat of a meeting in protocol order, for its papers."""
    return db.session.execute(_seats(Invitation.meeting_id == meeting_id)).all()


def seat(meeting_id: int, invitation_id: int) -> Any:
    """One seat of the meeting as the lists show it."""
    return db.session.execute(
        _seats(Invitation.meeting_id == meeting_id, Invitation.id == invitation_id)
    ).one_or_none()


def find_positions(scope: Condition, meeting_id: int, words: Sequence[str]) -> Sequence[Any]:
    """Positions of offices within `scope` whose title, office and holder contain every word.

    Each row says whether the position is invited to the meeting already.
    """
    text = (
        sa.func.lower(Position.title) + " " + Office.sort_name + " " + sa.func.coalesce(Person.sort_name, "")
    )
    invited = sa.exists().where(Invitation.meeting_id == meeting_id, Invitation.position_id == Position.id)
    return db.session.execute(
        sa.select(
            Position.id,
            Position.title,
            Office.name.label("office_name"),
            Person.prefix,
            Person.name,
            Person.suffix,
            invited.label("invited"),
        )
        .join(Office, Office.id == Position.office_id)
        .outerjoin(Appointment, holding(today()))
        .outerjoin(Person, Person.id == Appointment.person_id)
        .where(
            scope,
            Office.archived_at.is_(None),
            Position.archived_at.is_(None),
            *(text.contains(word, autoescape=True) for word in words),
        )
        .order_by(invited, Position.protocol_order, Office.sort_name, Position.id)
        .limit(FOUND_LIMIT)
    ).all()


def own_seats(user: User, meeting: Meeting) -> Sequence[Any]:
    """The seats of the user's own offices at this meeting."""
    return db.session.execute(_seats(Invitation.meeting_id == meeting.id, _own(user)).limit(LIST_LIMIT)).all()


def _own(user: User) -> sa.ColumnElement[bool]:
    return Invitation.office_id.in_(sorted(user.offices | user.partner_offices.keys()))


def offices_invited(meeting_id: int) -> Sequence[int]:
    """Offices that hold a seat, for notices."""
    return db.session.scalars(
        sa.select(Invitation.office_id)
        .where(Invitation.meeting_id == meeting_id, Invitation.office_id.is_not(None))
        .distinct()
    ).all()  # type: ignore[return-value]


def seat_positions(meeting_id: int) -> Sequence[tuple[int, int]]:
    """The seats that address a position: (invitation id, position id)."""
    rows: Any = db.session.execute(
        sa.select(Invitation.id, Invitation.position_id).where(
            Invitation.meeting_id == meeting_id, Invitation.position_id.is_not(None)
        )
    )
    return [(row[0], row[1]) for row in rows]


def walk_ins(meeting_id: int, *, constituency: Constituency | None = None) -> Sequence[Any]:
    """Who came without a seat, in the order of arrival."""
    conditions = [Attendance.meeting_id == meeting_id, Attendance.invitation_id.is_(None)]
    if constituency is not None:
        conditions.append(Attendance.constituency == constituency)
    return db.session.execute(
        sa.select(
            Attendance.id,
            Attendance.constituency,
            Attendance.name,
            Attendance.office_name,
            Attendance.sex,
            Attendance.phone,
            Attendance.arrived_at,
            Attendance.source,
        )
        .where(*conditions)
        .order_by(Attendance.id)
        .limit(LIST_LIMIT)
    ).all()


def last_recorded(meeting_id: int) -> Sequence[Any]:
    """The latest entries of the attendance, newest first."""
    return db.session.execute(
        sa.select(
            Attendance.id,
            Attendance.name,
            Attendance.title,
            Attendance.office_name,
            Attendance.constituency,
            Attendance.status,
            Attendance.source,
            Attendance.recorded_at,
            Attendance.invitation_id,
            Invitation.title.label("seat_title"),
        )
        .outerjoin(Invitation, Invitation.id == Attendance.invitation_id)
        .where(Attendance.meeting_id == meeting_id)
        .order_by(Attendance.id.desc())
        .limit(LOG_LIMIT)
    ).all()


# --- counts by constituency -------------------------------------------------------------------
@dataclass
class Count:
    """How many of how many: seats invited, and what became of them; `extra` came without a seat."""

    constituency: Constituency | None = None
    invited: int = 0
    present: int = 0
    late: int = 0
    represented: int = 0
    excused: int = 0
    extra: int = 0

    @property
    def filled(self) -> int:
        """Seats that somebody filled."""
        return self.present + self.represented

    @property
    def came(self) -> int:
        """People who came, invited or not."""
        return self.filled + self.extra

    @property
    def absent(self) -> int:
        """Seats that nobody filled, with leave or without."""
        return self.invited - self.filled

    @property
    def waiting(self) -> int:
        """Seats of which nothing is known yet."""
        return self.absent - self.excused

    def add(self, status: AttendanceStatus | None, number: int, *, invited: bool) -> None:
        if invited:
            self.invited += number
        if status not in CAME:
            self.excused += number if status is AttendanceStatus.EXCUSED else 0
        elif not invited:
            self.extra += number
        elif status is AttendanceStatus.REPRESENTED:
            self.represented += number
        else:
            self.present += number
            self.late += number if status is AttendanceStatus.LATE else 0


@dataclass(frozen=True)
class Tally:
    """The counts of each constituency in protocol order, and their sum."""

    rows: Sequence[Count]
    total: Count


def tally(meeting_id: int) -> Tally:
    """Who was invited and who came, by constituency: one statement, whatever the number of seats."""
    invited = (
        sa.select(
            Invitation.constituency.label("constituency"),
            Attendance.status.label("status"),
            sa.literal(1).label("invited"),
        )
        .outerjoin(Attendance, Attendance.invitation_id == Invitation.id)
        .where(Invitation.meeting_id == meeting_id)
    )
    extra = sa.select(Attendance.constituency, Attendance.status, sa.literal(0)).where(
        Attendance.meeting_id == meeting_id, Attendance.invitation_id.is_(None)
    )
    people = sa.union_all(invited, extra).subquery()
    keys = (people.c.constituency, people.c.status, people.c.invited)
    counts: dict[Constituency, Count] = {}
    total = Count()
    for constituency, status, seated, number in db.session.execute(
        sa.select(*keys, sa.func.count()).group_by(*keys)
    ):
        for count in (counts.setdefault(constituency, Count(constituency)), total):
            count.add(status, number, invited=bool(seated))
    order = list(Constituency)
    rows = sorted(counts.values(), key=lambda count: order.index(count.constituency or order[-1]))
    return Tally(rows, total)


# --- papers, tasks and the trail of one meeting -------------------------------------------------
@dataclass(frozen=True)
class Signer:
    """A position that may sign for its office, and who holds it on a day."""

    position: Position
    prefix: str
    name: str
    suffix: str
    rank: str
    nip: str | None
    kind: AppointmentKind


def signers(office_id: int, on: date) -> Sequence[Signer]:
    """Positions of an office that are held on a day, its head first: one statement."""
    rows = db.session.execute(
        sa.select(
            Position,
            Person.prefix,
            Person.name,
            Person.suffix,
            Person.rank,
            Person.nip,
            Appointment.kind,
        )
        .join(Appointment, holding(on))
        .join(Person, Person.id == Appointment.person_id)
        .where(Position.office_id == office_id, Position.archived_at.is_(None))
        .order_by(Position.is_head.desc(), Position.protocol_order, Position.id)
        .limit(LIST_LIMIT)
    )
    return [Signer(*row) for row in rows]


def tasks(user: User, meeting_id: int) -> Sequence[Any]:
    """The tasks of a meeting, as far as the user may see them, with how many offices are done."""
    top = sa.and_(
        Assignment.task_id == Task.id,
        Assignment.parent_id.is_(None),
        Assignment.status != AssignmentStatus.NOT_APPLICABLE,
    )

    def count(*conditions: Any) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count()).where(top, *conditions).correlate(Task).scalar_subquery()

    return db.session.execute(
        sa.select(
            Task.id,
            Task.title,
            Task.due_on,
            Task.addressed_to,
            count().label("total"),
            count(Assignment.status == AssignmentStatus.ACCEPTED).label("accepted"),
            count(Assignment.status == AssignmentStatus.SUBMITTED).label("submitted"),
        )
        .where(Task.meeting_id == meeting_id, Task.withdrawn_at.is_(None), visible(Task, user))
        .order_by(Task.due_on, Task.id)
        .limit(LIST_LIMIT)
    ).all()


def latest_document(meeting_id: int, kind: DocumentKind) -> Document | None:
    """The paper of a kind that counts for this meeting: the newest that was not revoked."""
    return (
        db.session.scalars(
            sa.select(Document)
            .where(
                Document.meeting_id == meeting_id,
                Document.kind == kind,
                Document.status != DocumentStatus.REVOKED,
            )
            .options(joinedload(Document.number))
            .order_by(Document.id.desc())
            .limit(1)
        )
        .unique()
        .first()
    )


def trail(meeting_id: int, before: int | None) -> Page:
    """What was done to this meeting, newest first."""
    conditions = [AuditEntry.subject == Meeting.__tablename__, AuditEntry.subject_id == meeting_id]
    if before is not None:
        conditions.append(AuditEntry.id < before)
    rows = db.session.execute(
        sa.select(AuditEntry.id, AuditEntry.at, AuditEntry.action, AuditEntry.actor_name, AuditEntry.changes)
        .where(*conditions)
        .order_by(AuditEntry.id.desc())
        .limit(PAGE_SIZE + 1)
    ).all()
    more = len(rows) > PAGE_SIZE
    return Page(
        rows[:PAGE_SIZE],
        Key(rows[PAGE_SIZE - 1].at, rows[PAGE_SIZE - 1].id) if more else None,
        before is None,
    )
