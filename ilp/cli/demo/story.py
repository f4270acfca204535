"""How an event of the demo is told: by the product's own verbs, each entered as of its day.

`as_of` answers what time it is, so that the past has its dates; nothing is rewritten afterwards, and
the trail is the one that the verbs have left.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from ilp.cli.demo.people import Style, person
from ilp.core.clock import as_of, local, to_utc
from ilp.core.db import db, transaction
from ilp.core.indonesian import full_name
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.directory import Constituency, Office, Position
from ilp.models.meetings import (
    AgendaItem,
    AgendaStatus,
    AttendanceStatus,
    Invitation,
    InvitationStatus,
    Meeting,
    MinutesRow,
    RowKind,
)
from ilp.models.tasks import Assignment, AssignmentStatus, Task
from ilp.policy.scope import within
from ilp.policy.user import Grant, User
from ilp.queries.signers import signers_of
from ilp.services import attendance, invitations, meetings, minutes, notifications, tasks
from ilp.services.meetings import Plan
from ilp.services.minutes import Errand
from ilp.services.papers.invitation import Letter
from ilp.services.tasks import Report

STAND_INS = 9_000
"""Where the running numbers of delegates and guests begin, who are in no directory."""


# --- when -------------------------------------------------------------------------------------------
def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return to_utc(day, time(hour, minute))


@contextmanager
def on(day: date, hour: int, minute: int = 0) -> Iterator[None]:
    """A transaction in which it is that hour of that day."""
    with as_of(moment(day, hour, minute)), transaction():
        yield


# --- who --------------------------------------------------------------------------------------------
def user(username: str) -> User:
    return _users(Account.username == username)[0]


def answering(code: str) -> dict[int, User]:
    """Who answers for the offices of a place, by office."""
    return {
        grant.office_id: each
        for each in _users(
            Account.id.in_(
                sa.select(RoleGrant.account_id)
                .join(Office, Office.id == RoleGrant.office_id)
                .where(RoleGrant.role == Role.IMPLEMENTER, within(Office, code))
            )
        )
        for grant in each.grants
    }


def _users(condition: sa.ColumnElement[bool]) -> list[User]:
    accounts = db.session.scalars(
        sa.select(Account)
        .where(condition)
        .options(joinedload(Account.person), joinedload(Account.grants).joinedload(RoleGrant.office))
    )
    return [
        User(
            account_id=account.id,
            username=account.username,
            name=account.person.name if account.person else account.username,
            person_id=account.person_id,
            grants=tuple(
                Grant(g.role, g.office_id, g.office.kind, g.office.name, g.office.wilayah_code)
                for g in account.grants
            ),
        )
        for account in accounts.unique()
    ]


def catch_up(code: str, day: date) -> None:
    """Whoever works in a place has read by that day what they were told before."""
    accounts = sa.select(RoleGrant.account_id).join(Office, Office.id == RoleGrant.office_id)
    with on(day, 7):
        for account_id in db.session.scalars(accounts.where(within(Office, code)).distinct()).all():
            notifications.mark_read(account_id)


def office_of(code: str, name: str) -> Office:
    return db.session.scalars(sa.select(Office).where(Office.wilayah_code == code, Office.name == name)).one()


def positions(code: str, *titles: str) -> list[int]:
    """The positions with these titles in offices at a place, in this order."""
    found = db.session.execute(
        sa.select(Position.title, Position.id)
        .join(Office, Office.id == Position.office_id)
        .where(Office.wilayah_code == code, Position.title.in_(titles))
    )
    keys = {row.title: row.id for row in found}
    return [keys[title] for title in titles]


def stranger(style: Style, number: int) -> tuple[str, dict[str, Any]]:
    """Somebody who is in no directory: full name and row."""
    row = person(style, STAND_INS + number)
    return full_name(row["prefix"], row["name"], row["suffix"]), row


# --- calling a meeting ------------------------------------------------------------------------------
@dataclass(frozen=True)
class Line:
    """A row of the minutes; a task follows from the decision before it."""

    kind: RowKind
    text: str
    errand: Errand | None = None


def note(text: str) -> Line:
    return Line(RowKind.NOTE, text)


def decision(text: str) -> Line:
    return Line(RowKind.DECISION, text)


def task(text: str, errand: Errand) -> Line:
    return Line(RowKind.TASK, text, errand)


@dataclass(frozen=True)
class Point:
    """A point of the agenda, and what the minutes say about it."""

    title: str
    presenter: str = ""
    minutes: int | None = None
    lines: tuple[Line, ...] = ()
    status: AgendaStatus = AgendaStatus.DISCUSSED


def call(
    *,
    actor: User,
    office: Office,
    plan: Plan,
    points: Sequence[Point],
    groups: Sequence[str] = (),
    seats: Sequence[int] = (),
    contacts: Sequence[tuple[str, str]] = (),
    written_on: date,
    subject: str = "",
    copies: Sequence[str] = (),
) -> Meeting:
    """Schedules a meeting, invites, and (with a subject) issues the numbered letter.

    `contacts` are cadres who are in no directory: their title and where they come from.
    """
    with on(written_on, 9):
        meeting = meetings.schedule(actor=actor, office=office, plan=plan)
        _prepare(actor, meeting, points, groups, seats)
        for number, (title, place) in enumerate(contacts):
            _invite_cadre(actor, meeting, title, place, number)
    if subject:
        send(actor=actor, meeting=meeting, written_on=written_on, subject=subject, copies=copies)
    return meeting


def _prepare(
    actor: User, meeting: Meeting, points: Sequence[Point], groups: Sequence[str], seats: Sequence[int]
) -> None:
    for point in points:
        meetings.add_agenda_item(
            actor=actor,
            meeting=meeting,
            title=point.title,
            presenter=point.presenter,
            minutes_planned=point.minutes,
        )
    for key in groups:
        invitations.invite_group(actor=actor, meeting=meeting, key=key)
    if seats:
        invitations.invite_positions(actor=actor, meeting=meeting, position_ids=seats, scope=sa.true())


def _invite_cadre(actor: User, meeting: Meeting, title: str, place: str, number: int) -> None:
    name, row = stranger("pkk", 700 + number)
    invitations.invite_contact(
        actor=actor,
        meeting=meeting,
        name=name,
        title=title,
        office_name=place,
        constituency=Constituency.CADRE,
        sex=row["sex"],
        phone=row["phone"],
    )


def send(
    *, actor: User, meeting: Meeting, written_on: date, subject: str, copies: Sequence[str] = ()
) -> None:
    """Issues the letter of invitation, signed by the head of the organiser."""
    with on(written_on, 10):
        letter = Letter(
            letter_date=written_on,
            signer_id=_signer(meeting, written_on),
            urgency="Penting",
            subject=subject,
            opening=(
                "Dalam rangka penyelenggaraan Integrasi Pelayanan Kesehatan Primer (ILP) di wilayah kita, "
                "bersama ini kami mengundang Bapak/Ibu/Saudara untuk hadir pada:"
            ),
            note="Apabila berhalangan, mohon menugaskan pejabat yang dapat mengambil keputusan.",
            copies=copies,
        )
        invitations.issue_invitation(actor=actor, meeting=meeting, letter=letter)


def _signer(meeting: Meeting, on_day: date) -> int:
    return signers_of(meeting.office_id, on_day)[0].position.id


def answer(
    people: Mapping[int, User], meeting: Meeting, day: date, answers: Iterable[InvitationStatus]
) -> None:
    """The invited offices that log in say whether they come, in the order of their seats."""
    with on(day, 14):
        seats = db.session.scalars(
            sa.select(Invitation)
            .where(Invitation.meeting_id == meeting.id, Invitation.office_id.in_(sorted(people)))
            .options(joinedload(Invitation.meeting))
            .order_by(Invitation.protocol_order, Invitation.id)
        ).all()
        for seat, status in zip(seats, answers, strict=False):
            said = {
                InvitationStatus.DECLINED: "Mendampingi kunjungan kerja pada hari yang sama.",
                InvitationStatus.REPRESENTED: "Sekretaris kantor kami akan hadir.",
            }.get(status, "")
            invitations.answer(actor=people[seat.office_id or 0], invitation=seat, status=status, note=said)


# --- holding it -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Crew:
    """Who keeps the desk and the papers, who takes the minutes, who approves them."""

    desk: User
    taker: User
    chair: User


def hold(
    crew: Crew,
    meeting: Meeting,
    points: Sequence[Point],
    *,
    ends: time,
    marks: str,
    guests: Sequence[str] = (),
) -> list[int]:
    """The day of a meeting and its papers until the notula is approved; the ids of the tasks it gave.

    `marks` are the letters of those who did not simply come, evenly spread over the seats: R came as a
    delegate, L late, E sent word, A stayed away. `guests` came without being invited, from these offices.
    """
    day = local(meeting.starts_at).date()
    with on(day, 8):
        meetings.open_meeting(actor=crew.desk, meeting=meeting)
        _register(crew.desk, meeting, day, marks)
        for number, place in enumerate(guests):
            name, row = stranger("promoter", 500 + number)
            with as_of(moment(day, 9, 20 + number)):
                attendance.register_walk_in(
                    actor=crew.desk,
                    meeting=meeting,
                    name=name,
                    office_name=place,
                    phone=row["phone"],
                    sex=row["sex"],
                )
    with on(day, 9, 30):
        given = _write(crew.taker, meeting, points, day)
    with on(day, ends.hour, ends.minute):
        minutes.close_meeting(actor=crew.desk, meeting=meeting)
    with on(day, 15):
        minutes.submit_minutes(actor=crew.taker, meeting=meeting)
        attendance.issue_attendance(actor=crew.desk, meeting=meeting, signer_id=_signer(meeting, day))
    approved_on = day + timedelta(days=2)
    with on(approved_on, 10):
        minutes.approve_minutes(actor=crew.chair, meeting=meeting, letter_date=approved_on)
    return given


STATUSES = {
    "R": AttendanceStatus.REPRESENTED,
    "L": AttendanceStatus.LATE,
    "E": AttendanceStatus.EXCUSED,
    "A": AttendanceStatus.ABSENT,
}
DEPUTIES: dict[Constituency, tuple[Style, str]] = {
    Constituency.GOVERNMENT: ("head", "Sekretaris"),
    Constituency.DISTRICT: ("camat", "Sekretaris Kecamatan"),
    Constituency.VILLAGE: ("lurah", "Sekretaris"),
    Constituency.PUSKESMAS: ("civil", "Kepala Subbagian Tata Usaha"),
    Constituency.PROMOTION: ("promoter", "Promotor Kesehatan"),
    Constituency.PKK: ("pkk", "Wakil Ketua"),
}


def _register(actor: User, meeting: Meeting, day: date, marks: str) -> None:
    seats = db.session.execute(
        sa.select(Invitation.id, Invitation.constituency)
        .where(Invitation.meeting_id == meeting.id)
        .order_by(Invitation.protocol_order, Invitation.id)
    ).all()
    marked = {min(3, len(seats) - 1) + k * (len(seats) - 3) // len(marks): m for k, m in enumerate(marks)}
    for number, (seat_id, constituency) in enumerate(seats):
        status = STATUSES.get(marked.get(number, ""), AttendanceStatus.PRESENT)
        late = status is AttendanceStatus.LATE
        style, title = DEPUTIES.get(constituency, ("civil", "Staf"))
        name, row = stranger(style, number)
        delegate = {"name": name, "title": title, "sex": row["sex"]}
        with as_of(moment(day, 9, 12 + number % 40) if late else moment(day, 8, 2 + number % 56)):
            attendance.record(
                actor=actor,
                meeting=meeting,
                invitation_id=seat_id,
                status=status,
                reason="Ada tugas lain yang tidak dapat ditinggalkan"
                if status is AttendanceStatus.EXCUSED
                else "",
                **(delegate if status is AttendanceStatus.REPRESENTED else {}),
            )


def _write(actor: User, meeting: Meeting, points: Sequence[Point], day: date) -> list[int]:
    """The minutes, one row every few minutes; the ids of the tasks they gave."""
    items = db.session.scalars(
        sa.select(AgendaItem)
        .where(AgendaItem.meeting_id == meeting.id, AgendaItem.carried_over.is_(False))
        .order_by(AgendaItem.place)
    ).all()
    clock, rows = moment(day, 9, 30), []
    for item, point in zip(items, points, strict=True):
        basis: MinutesRow | None = None
        for line in point.lines:
            clock += timedelta(minutes=5)
            with as_of(clock):
                row = _write_line(actor, meeting, item.id, line, basis)
            basis = row if line.kind is RowKind.DECISION else basis
            rows.append(row)
        minutes.mark_item(actor=actor, meeting=meeting, item_id=item.id, status=point.status)
    return [row.task_id for row in rows if row.task_id]


def _write_line(
    actor: User, meeting: Meeting, item_id: int, line: Line, basis: MinutesRow | None
) -> MinutesRow:
    place: Any = {"actor": actor, "meeting": meeting, "item_id": item_id, "text": line.text}
    if line.errand is None:
        row_id = minutes.write_row(kind=line.kind, **place)
    else:
        errand = Errand(**{**vars(line.errand), "basis_id": basis.id if basis else None})
        row_id = minutes.assign_task(errand=errand, **place)
    return db.session.get_one(MinutesRow, row_id)


# --- carrying out -----------------------------------------------------------------------------------
STATES = {
    "-": AssignmentStatus.ASSIGNED,
    "p": AssignmentStatus.IN_PROGRESS,
    "s": AssignmentStatus.SUBMITTED,
    "k": AssignmentStatus.RETURNED,
    "o": AssignmentStatus.ACCEPTED,
    "n": AssignmentStatus.NOT_APPLICABLE,
}
"""Letters for the states of a row, as the events list them."""


@dataclass(frozen=True)
class Work:
    """How a task went on: when reports came in, what they said, and what the reviewer wrote."""

    day: date
    notes: Sequence[str]
    returned: str = "Mohon dilengkapi daftar hadirnya, lalu kirim lagi."
    exempted: str = "Sudah dilaksanakan melalui kegiatan lain tahun ini."
    reports: Sequence[Report] = ()
    """What was handed in beside the notes; taken in turn."""


def carry_out(
    people: Mapping[int, User],
    reviewer: User | Mapping[int | None, User],
    rows: Sequence[Assignment],
    states: str,
    work: Work,
) -> None:
    """Brings rows, in the order given, to the states whose letters are given; the last letter stays.

    `reviewer` is one user, or who reviews by the row above.
    """
    aims = [STATES[states[min(number, len(states) - 1)]] for number in range(len(rows))]
    with on(work.day, 8):
        for number, (row, aim) in enumerate(zip(rows, aims, strict=True)):
            with as_of(moment(work.day, 8) + timedelta(minutes=11 * number)):
                _bring(people[row.office_id], row, aim, _report(work, number))
        for number, (row, aim) in enumerate(zip(rows, aims, strict=True)):
            judge = reviewer if isinstance(reviewer, User) else reviewer[row.parent_id]
            with as_of(moment(work.day + timedelta(days=2), 9) + timedelta(minutes=7 * number)):
                _judge(judge, row, aim, work)


def _report(work: Work, number: int) -> Report:
    extra = work.reports[number % len(work.reports)] if work.reports else Report()
    return Report(**{**vars(extra), "note": work.notes[number % len(work.notes)]})


def _bring(actor: User, row: Assignment, state: AssignmentStatus, report: Report) -> None:
    if state is AssignmentStatus.IN_PROGRESS:
        tasks.report(actor=actor, assignment=row, version=row.version, report=report)
    elif state in (AssignmentStatus.SUBMITTED, AssignmentStatus.RETURNED, AssignmentStatus.ACCEPTED):
        tasks.submit(actor=actor, assignment=row, version=row.version, report=report)


def _judge(actor: User, row: Assignment, state: AssignmentStatus, work: Work) -> None:
    if state is AssignmentStatus.ACCEPTED:
        tasks.accept(actor=actor, assignment=row, version=row.version)
    elif state is AssignmentStatus.RETURNED:
        tasks.return_(actor=actor, assignment=row, version=row.version, reason=work.returned)
    elif state is AssignmentStatus.NOT_APPLICABLE:
        tasks.exempt(actor=actor, assignment=row, version=row.version, reason=work.exempted)


def rows_of(task_id: int, *conditions: sa.ColumnElement[bool]) -> Sequence[Assignment]:
    """The rows of a task in the order of the codes of their offices, ready to be worked on."""
    return db.session.scalars(
        sa.select(Assignment)
        .join(Office, Office.id == Assignment.office_id)
        .where(Assignment.task_id == task_id, *conditions)
        .options(
            joinedload(Assignment.task).joinedload(Task.owner_office),
            joinedload(Assignment.office),
            joinedload(Assignment.parent).joinedload(Assignment.office),
        )
        .order_by(Office.wilayah_code, Office.id)
    ).all()
