from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.core.errors import NotFound, RuleViolation
from ilp.models.audit import AuditEntry, AuditPersonal
from ilp.models.directory import Constituency, Sex
from ilp.models.meetings import Attendance, AttendanceSource, AttendanceStatus, MeetingStatus
from ilp.services import attendance
from tests.factories.meetings import make_called, make_draft, mark, seats_of
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def setda(app):
    return user_named("setda.malang")


def marks(meeting):
    return db.session.scalars(
        sa.select(Attendance).where(Attendance.meeting_id == meeting.id).order_by(Attendance.id)
    ).all()


def entries():
    return db.session.scalar(sa.select(sa.func.count(AuditEntry.id)))


def guest(setda, meeting, name="Sari Umpama", **over):
    facts = {"office_name": "Radio Kepanjen", "phone": "081200000002"}
    with transaction():
        key = attendance.register_walk_in(actor=setda, meeting=meeting, name=name, **{**facts, **over})
    return db.session.get_one(Attendance, key)


def test_present_is_a_command_and_no_toggle(setda):
    meeting = make_called(setda)
    seat = seats_of(meeting)[0]
    first = mark(setda, meeting, seat)
    before = entries()
    again = mark(setda, meeting, seat)
    assert again.id == first.id
    assert len(marks(meeting)) == 1
    assert entries() == before
    assert (first.name, first.title, first.source) == (seat.name, seat.title, AttendanceSource.DESK)
    assert first.arrived_at is not None


def test_another_mark_is_refused_until_the_first_is_taken_back(setda):
    meeting = make_called(setda)
    seat = seats_of(meeting)[0]
    wrong = mark(setda, meeting, seat)
    with pytest.raises(RuleViolation, match="sudah tercatat hadir"):
        mark(setda, meeting, seat, AttendanceStatus.EXCUSED, reason="Sakit")
    with transaction():
        attendance.take_back(actor=setda, meeting=meeting, attendance_id=wrong.id, reason="Salah orang")
    assert marks(meeting) == []
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.action == "meeting:take_back"
    kept = db.session.get_one(AuditPersonal, entry.id).values
    assert (kept["name"], kept["reason"]) == (seat.name, "Salah orang")
    right = mark(setda, meeting, seat, AttendanceStatus.EXCUSED, reason="Sakit")
    assert right.arrived_at is None


def test_a_delegate_is_named_and_keeps_the_seat(setda):
    meeting = make_called(setda)
    seat = seats_of(meeting)[0]
    with pytest.raises(RuleViolation) as refusal:
        mark(setda, meeting, seat, AttendanceStatus.REPRESENTED)
    assert refusal.value.field == "name"
    found = mark(
        setda,
        meeting,
        seat,
        AttendanceStatus.REPRESENTED,
        name="Ani Misal",
        title="Sekretaris",
        sex=Sex.FEMALE,
    )
    assert (found.name, found.title, found.sex) == ("Ani Misal", "Sekretaris", Sex.FEMALE)
    assert found.office_name == seat.office_name


def test_leave_needs_a_reason(setda):
    meeting = make_called(setda)
    with pytest.raises(RuleViolation) as refusal:
        mark(setda, meeting, seats_of(meeting)[0], AttendanceStatus.EXCUSED)
    assert refusal.value.field == "reason"


def test_a_guest_is_registered_once(setda):
    meeting = make_called(setda)
    found = guest(setda, meeting)
    assert (found.invitation_id, found.constituency) == (None, Constituency.OTHER)
    with pytest.raises(RuleViolation, match="sudah tercatat sebagai tamu"):
        guest(setda, meeting, "sari  UMPAMA")
    guest(setda, meeting, office_name="Radio Lain")
    assert len(marks(meeting)) == 2


def test_what_is_entered_afterwards_comes_from_paper(setda):
    meeting = make_draft(setda, groups=("rsud",), days=-40)
    found = mark(setda, meeting, seats_of(meeting)[0])
    assert (found.source, found.arrived_at) == (AttendanceSource.PAPER, None)


@pytest.mark.parametrize("status", ["draft", "postponed", "cancelled", "in_review", "approved"])
def test_nobody_comes_to_a_meeting_that_takes_no_attendance(setda, status):
    meeting = make_draft(setda, groups=("rsud",))
    with transaction():
        meeting.status = MeetingStatus(status)
    seat = seats_of(meeting)[0]
    with pytest.raises(RuleViolation, match="tidak dapat dicatat"):
        mark(setda, meeting, seat)
    with pytest.raises(RuleViolation, match="tidak dapat dicatat"):
        guest(setda, meeting)
    assert marks(meeting) == []


def test_seats_and_marks_of_another_meeting_are_not_found(setda):
    meeting, other = make_called(setda), make_called(setda)
    foreign = mark(setda, other, seats_of(other)[0])
    with pytest.raises(NotFound):
        mark(setda, meeting, seats_of(other)[1])
    with pytest.raises(NotFound), transaction():
        attendance.take_back(actor=setda, meeting=meeting, attendance_id=foreign.id, reason="x")
    assert len(marks(other)) == 1


def test_a_mark_takes_a_constant_number_of_statements(setda):
    counts = []
    for groups in (("rsud",), ("desa",)):
        meeting = make_called(setda, groups=groups)
        seat_id = seats_of(meeting)[0].id
        with transaction(), counted() as statements:
            attendance.record(
                actor=setda,
                meeting=meeting,
                invitation_id=seat_id,
                status=AttendanceStatus.PRESENT,
            )
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8
