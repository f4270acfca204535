"""Seats of a meeting as rows: in protocol order, with who holds them on a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import Zone
from ilp.core.db import db
from ilp.core.indonesian import full_name
from ilp.models.directory import Constituency, Office, Position
from ilp.models.meetings import Invitation, InvitationStatus, Meeting, MeetingStatus
from ilp.queries import directory
from ilp.queries import seats as queries
from ilp.queries.transfers import coming_seats


def row_of(meeting: Meeting, seat: directory.Seat, group_name: str) -> dict[str, Any]:
    """A seat ready to be added; `group_name` is the line it prints under together with others."""
    return {
        "meeting_id": meeting.id,
        "position_id": seat.position_id,
        "office_id": seat.office_id,
        "group_name": group_name,
        "constituency": seat.constituency,
        "protocol_order": rank(seat.constituency, seat.protocol_order),
        **_as_written(seat),
    }


def _as_written(seat: directory.Seat) -> dict[str, Any]:
    """What the seat is called, and who holds it on the day, as an invitation keeps them."""
    return {
        "title": seat.title,
        "office_name": seat.office_name,
        "name": full_name(seat.prefix, seat.name, seat.suffix),
        "sort_name": seat.sort_name,
        "kind": seat.kind,
        "sex": seat.sex,
        "phone": seat.phone,
    }


def rank(constituency: Constituency, order: int) -> int:
    """Seats stand by constituency first, then as protocol has it within."""
    return list(Constituency).index(constituency) * 10_000 + order


def copy(source: Meeting, target: Meeting, on: date) -> None:
    """Copies the seats in one statement, then looks up who holds them on the day."""
    kept = (
        Invitation.position_id,
        Invitation.office_id,
        Invitation.group_name,
        Invitation.constituency,
        Invitation.protocol_order,
        Invitation.title,
        Invitation.office_name,
        Invitation.name,
        Invitation.sort_name,
        Invitation.kind,
        Invitation.sex,
        Invitation.phone,
    )
    rows = sa.select(
        sa.literal(target.id),
        sa.literal(InvitationStatus.PENDING, Invitation.status.type),
        sa.literal(""),
        *kept,
    )
    rows = rows.where(Invitation.meeting_id == source.id).order_by(
        Invitation.id
    )  # equals stay in their order
    names = ["meeting_id", "status", "answer_note", *(column.key for column in kept)]
    db.session.execute(sa.insert(Invitation).from_select(names, rows))
    freeze_names(target, on)


def freeze_names(meeting: Meeting, on: date) -> None:
    """Writes what the invited positions are called, and who holds them on a day, onto their seats.

    A seat that passed to somebody else is to be answered again. Two statements, three if there are such.
    """
    rows = queries.seat_positions(meeting.id)
    found = directory.seats([row.position_id for row in rows], sa.true(), on)
    seats = {seat.position_id: seat for seat in found}
    kept = [(row, seats[row.position_id]) for row in rows if row.position_id in seats]
    if kept:
        _ask_again([row.id for row, seat in kept if row.sort_name != seat.sort_name])
        db.session.execute(sa.update(Invitation), [{"id": row.id, **_as_written(seat)} for row, seat in kept])


def renew(position_id: int, since: date) -> list[list[Any]]:
    """Writes anew who holds a position onto its seats at meetings from a day on: one look for each day.

    Only seats that nobody has taken yet; a letter that was issued keeps the name it bears. A seat that passed
    to somebody else is to be answered again; returns the answers that were given before (id, status, note).
    """
    columns = (Invitation.id, Invitation.sort_name, Invitation.status, Invitation.answer_note)
    rows = db.session.execute(
        sa.select(*columns, Meeting)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .where(coming_seats(position_id, since))
    ).all()
    by_day: dict[date, list[Any]] = {}
    for row in rows:
        by_day.setdefault(day_of(row.Meeting), []).append(row)
    passed = []
    for on, there in by_day.items():
        (seat,) = directory.seats([position_id], sa.true(), on)
        keys = [row.id for row in there]
        db.session.execute(sa.update(Invitation).where(Invitation.id.in_(keys)).values(**_as_written(seat)))
        passed += [row for row in there if row.sort_name != seat.sort_name]
    _ask_again([row.id for row in passed])
    _touch([row.Meeting.id for row in rows])
    return [
        [row.id, row.status.value, row.answer_note] for row in passed if row.status not in queries.UNANSWERED
    ]


def give_back(position_id: int, answers: Sequence[Sequence[Any]]) -> None:
    """Puts answers back that `renew` returned, on the seats of the position that are still there."""
    for seat_id, status, note in answers:
        seat = sa.and_(Invitation.id == seat_id, Invitation.position_id == position_id)
        answer = {"status": InvitationStatus(status), "answer_note": note}
        db.session.execute(sa.update(Invitation).where(seat).values(**answer))


def _ask_again(seat_ids: Collection[int]) -> None:
    """Somebody else holds these seats now: the answer of whoever held them is not his."""
    if seat_ids:
        asked = sa.and_(Invitation.id.in_(seat_ids), Invitation.status != InvitationStatus.PENDING)
        unanswered = {"status": InvitationStatus.SENT, "answer_note": ""}
        db.session.execute(sa.update(Invitation).where(asked).values(**unanswered))


def _touch(meeting_ids: Collection[int]) -> None:
    if meeting_ids:
        touched = sa.update(Meeting).where(Meeting.id.in_(meeting_ids))
        db.session.execute(touched.values(version=Meeting.version + 1))


def rename_groups(regency_code: str, lines: Mapping[str, str]) -> None:
    """Exchanges lines that seats print under together, at all meetings of a regency: one statement for each.

    They stand on papers to come only, and pass on to the next meeting.
    """
    there = sa.select(Meeting.id).where(Meeting.regency_code == regency_code)
    for old, new in lines.items():
        bearing = sa.and_(Invitation.meeting_id.in_(there), Invitation.group_name == old)
        db.session.execute(_quietly(sa.update(Invitation).where(bearing).values(group_name=new)))


def rename(offices: sa.ColumnElement[bool]) -> None:
    """Writes anew what positions of some offices are called onto their seats: one statement.

    Meetings whose record is closed keep what was said then.
    """
    positions = sa.select(Position.id).join(Office, Office.id == Position.office_id).where(offices)
    open_meetings = sa.select(Meeting.id).where(
        Meeting.status.not_in((MeetingStatus.APPROVED, MeetingStatus.CANCELLED))
    )
    title = sa.select(Position.title).where(Position.id == Invitation.position_id).scalar_subquery()
    office_name = sa.select(Office.name).where(Office.id == Invitation.office_id).scalar_subquery()
    seats = sa.and_(Invitation.position_id.in_(positions), Invitation.meeting_id.in_(open_meetings))
    db.session.execute(
        _quietly(sa.update(Invitation).where(seats).values(title=title, office_name=office_name))
    )


def _quietly(statement: sa.Update) -> sa.Update:
    """Changes many rows without looking which of them are loaded."""
    return statement.execution_options(synchronize_session=False)


def mark_sent(meeting: Meeting) -> None:
    """Seats that had no letter yet have one now; an answer already given stays."""
    waiting = sa.and_(Invitation.meeting_id == meeting.id, Invitation.status == InvitationStatus.PENDING)
    db.session.execute(_quietly(sa.update(Invitation).where(waiting).values(status=InvitationStatus.SENT)))


def day_of(meeting: Meeting) -> date:
    """The day for which names are looked up; that of Jakarta is near enough to tell holders apart."""
    return meeting.starts_at.astimezone(Zone.WIB.info).date()
