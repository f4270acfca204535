"""Whom a meeting invites: seats by group, by position or as a free contact, their answers, and the letter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from ilp.core.db import db, locked
from ilp.core.errors import NotFound, RuleViolation
from ilp.core.indonesian import sort_key
from ilp.models.directory import Constituency, Office, Sex
from ilp.models.documents import Document, DocumentKind, Number
from ilp.models.meetings import (
    MEETING,
    Attendance,
    Invitation,
    InvitationStatus,
    Meeting,
    MeetingStatus,
)
from ilp.policy.actions import Action
from ilp.policy.scope import Condition
from ilp.policy.user import User
from ilp.queries import directory
from ilp.queries.documents import latest_document
from ilp.queries.seats import all_seats
from ilp.services import audit, documents, meetings, numbering, seats
from ilp.services.papers.invitation import Letter, invitation_paper


@dataclass(frozen=True)
class Invited:
    """What became of an invitation: seats that are new, seats that were there before."""

    added: int
    known: int


def invite_group(*, actor: User, meeting: Meeting, key: str) -> Invited:
    """Invites everybody of a group, of the regency or kept by the office; who is invited already stays so.

    A constant number of statements, whatever the size. Raises NotFound for an unknown group.
    """
    locked(meeting)
    meetings.must_be_open(meeting)
    found, label = _group(meeting, key)
    result = _invite(meeting, found, label)
    meetings.record(meeting, "meeting:invite", actor=actor, group=key, added=result.added)
    return result


def _group(meeting: Meeting, key: str) -> tuple[list[directory.Seat], str]:
    """The seats of a group, and the line they share in the letter; one that the office keeps has none."""
    on = seats.day_of(meeting)
    if key.startswith(directory.SAVED):
        return directory.saved_seats(key, meeting.office_id, on), ""
    label = next((g.label for g in directory.groups(meeting.regency_code) if g.key == key), None)
    if label is None:
        raise NotFound
    return directory.seats_of(key, meeting.regency_code, on), label


def invite_positions(
    *, actor: User, meeting: Meeting, position_ids: Collection[int], scope: Condition
) -> Invited:
    """Invites single positions of offices within `scope`. Refuses ids that are not there."""
    locked(meeting)
    meetings.must_be_open(meeting)
    found = directory.seats(list(position_ids), scope, seats.day_of(meeting))
    if not position_ids or len(found) != len(set(position_ids)):
        raise RuleViolation("Pilih jabatan dari daftar.", "position_id")
    result = _invite(meeting, found, "")
    meetings.record(
        meeting, "meeting:invite", actor=actor, positions=sorted(position_ids), added=result.added
    )
    return result


def invite_contact(
    *,
    actor: User,
    meeting: Meeting,
    name: str,
    title: str,
    office_name: str,
    constituency: Constituency,
    sex: Sex | None = None,
    phone: str = "",
) -> Invitation:
    """Invites somebody who is not in the directory. Refuses the same name for the same office twice."""
    locked(meeting)
    meetings.must_be_open(meeting)
    known = db.session.scalar(
        sa.select(Invitation.id).where(
            Invitation.meeting_id == meeting.id,
            Invitation.position_id.is_(None),
            Invitation.sort_name == sort_key(name),
            Invitation.office_name == office_name,
        )
    )
    if known is not None:
        raise RuleViolation(f"{name} dari {office_name or 'instansi yang sama'} sudah diundang.", "name")
    seat = Invitation(
        meeting_id=meeting.id,
        constituency=constituency,
        protocol_order=seats.rank(constituency, 900),
        title=title,
        office_name=office_name,
        name=name,
        sort_name=sort_key(name),
        sex=sex,
        phone=phone,
    )
    db.session.add(seat)
    db.session.flush()
    meetings.touch(meeting)
    audit.record(
        actor,
        "meeting:invite",
        meeting,
        changes={"contact": seat.id, "added": 1},
        personal={"name": name, "title": title, "office_name": office_name, "phone": phone},
    )
    return seat


def withdraw_invitations(*, actor: User, meeting: Meeting, invitation_ids: Collection[int]) -> int:
    """Takes seats off the list and says how many. Refuses seats for which attendance was recorded."""
    locked(meeting)
    meetings.must_be_open(meeting)
    wanted = sa.and_(Invitation.meeting_id == meeting.id, Invitation.id.in_(sorted(invitation_ids)))
    rows = db.session.execute(
        sa.select(Invitation.id, Invitation.title, Attendance.id)
        .outerjoin(Attendance, Attendance.invitation_id == Invitation.id)
        .where(wanted)
    ).all()
    if not rows or len(rows) != len(set(invitation_ids)):
        raise RuleViolation("Pilih undangan yang akan dicabut dari daftar.")
    for _, title, attendance_id in rows:
        if attendance_id is not None:
            raise RuleViolation(f"Kehadiran {title} sudah tercatat, jadi undangannya tidak dapat dicabut.")
    db.session.execute(sa.delete(Invitation).where(wanted).execution_options(synchronize_session=False))
    meetings.touch(meeting)
    meetings.record(meeting, "meeting:withdraw", actor=actor, titles=[row.title for row in rows])
    return len(rows)


def answer(*, actor: User, invitation: Invitation, status: InvitationStatus, note: str = "") -> None:
    """The answer of an invited office for its own seat; it may be changed until the meeting begins.

    Refuses a refusal without a reason and a delegate without a name.
    """
    meeting = locked(db.session.get_one(Meeting, invitation.meeting_id))
    locked(invitation)
    if meeting.status is not MeetingStatus.INVITED:
        raise RuleViolation(f"Undangan ini tidak menunggu jawaban: rapat {meeting.status.label}.")
    if status is InvitationStatus.DECLINED and not note:
        raise RuleViolation("Tulis alasan tidak dapat hadir.", "note")
    if status is InvitationStatus.REPRESENTED and not note:
        raise RuleViolation("Tulis nama dan jabatan yang mewakili.", "note")
    invitation.status = status
    invitation.answer_note = note if status is not InvitationStatus.ATTENDING else ""
    audit.record(
        actor,
        Action.INVITATION_ANSWER,
        meeting,
        changes={"invitation": invitation.id, "status": status},
        personal={"note": note} if note else None,
    )


def _invite(meeting: Meeting, found: Sequence[directory.Seat], group_name: str) -> Invited:
    """Adds the seats that are not there yet, in one batch."""
    known = set(
        db.session.scalars(
            sa.select(Invitation.position_id).where(
                Invitation.meeting_id == meeting.id, Invitation.position_id.is_not(None)
            )
        )
    )
    new = [seat for seat in found if seat.position_id not in known]
    if new:
        db.session.execute(sa.insert(Invitation), [seats.row_of(meeting, seat, group_name) for seat in new])
        meetings.touch(meeting)
    return Invited(len(new), len(found) - len(new))


def issue_invitation(*, actor: User, meeting: Meeting, letter: Letter) -> Document:
    """Freezes the names, writes the numbered letter with its list, and tells the invited offices.

    The meeting becomes invited; a letter issued again is the next version and may keep its number.
    Refuses a meeting without seats, one that has begun or was called off, and a signer who holds no
    position of the organiser on the date of the letter.
    """
    locked(meeting)
    if meeting.status is not MeetingStatus.INVITED:
        meeting.status = MEETING.move("invite", meeting.status)
    meetings.touch(meeting)
    office = meetings.organiser(meeting)
    seats.freeze_names(meeting, seats.day_of(meeting))
    invited = all_seats(meeting.id)
    if not invited:
        raise RuleViolation("Belum ada yang diundang. Tambahkan undangan lebih dahulu.")
    number = _number(actor, meeting, office, letter)
    content = invitation_paper(meeting=meeting, office=office, letter=letter, number=number, invited=invited)
    document = documents.reserve(
        actor=actor,
        kind=DocumentKind.INVITATION,
        office=office,
        title=letter.subject,
        content=content,
        letter_date=letter.letter_date,
        number=number,
        meeting=meeting,
    )
    seats.mark_sent(meeting)
    meetings.record(meeting, "meeting:call", actor=actor, document=document.id, seats=len(invited))
    when = f"{content['day']}, {content['time']}"
    offices = {seat.office_id for seat in invited if seat.office_id is not None}
    meetings.tell(meeting, f"Undangan: {meeting.title}, {when}.", offices, actor=actor)
    return document


def _number(actor: User, meeting: Meeting, office: Office, letter: Letter) -> Number | None:
    former = latest_document(meeting.id, DocumentKind.INVITATION) if letter.keep_number else None
    if former is not None and former.number is not None:
        if former.number.year != letter.letter_date.year:
            raise RuleViolation("Nomor surat sebelumnya dari tahun lain. Pilih nomor baru.", "keep_number")
        return former.number
    return numbering.assign(
        actor=actor,
        office=office,
        letter_date=letter.letter_date,
        number_source=letter.number_source,
        number_text=letter.number_text,
    )
