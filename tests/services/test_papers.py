from __future__ import annotations

import io
from datetime import date, timedelta

import pypdfium2
import pytest
import sqlalchemy as sa

from ilp.adapters import storage
from ilp.core.clock import now, today
from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.directory import Appointment, Constituency, Person
from ilp.models.documents import Document, DocumentKind, DocumentStatus, Number, NumberSource
from ilp.models.meetings import (
    Attendance,
    AttendanceSource,
    AttendanceStatus,
    InvitationStatus,
    MeetingStatus,
)
from ilp.models.notifications import Notification
from ilp.queries.seats import LIST_LIMIT
from ilp.services import attendance, invitations
from ilp.services.papers.attendance import SPARE_ROWS
from tests.factories.documents import finish, sha256_of
from tests.factories.meetings import issue, letter, make_called, make_draft, mark, seats_of, signer_of
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def setda(app):
    return user_named("setda.malang")


def text_of(document):
    finish(document)
    pdf = pypdfium2.PdfDocument(io.BytesIO(storage.get(sha256_of(document))))
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pdf)


def papers_of(meeting):
    return db.session.scalars(
        sa.select(Document).where(Document.meeting_id == meeting.id).order_by(Document.id)
    ).all()


def attendance_list(setda, meeting):
    signer = signer_of(meeting)
    with transaction():
        return attendance.issue_attendance(actor=setda, meeting=meeting, signer_id=signer)


# --- undangan -----------------------------------------------------------------------------------
def test_the_letter_is_numbered_and_says_whom_it_invites(setda):
    meeting = make_draft(setda, groups=("camat", "puskesmas", "opd", "rsud"))
    with transaction():
        invitations.invite_contact(
            actor=setda,
            meeting=meeting,
            name="Bagus Misal, S.Sos.",
            title="Ketua",
            office_name="Karang Taruna Kepanjen",
            constituency="community",
        )
    document = issue(setda, meeting)
    text = text_of(document)
    number = db.session.get_one(Number, document.number_id).text
    for words in (
        number,
        "Camat se-Kabupaten Malang",
        "33 orang",
        "Kepala Puskesmas se-Kabupaten Malang",
        "39 orang",
        "Bagus Misal, S.Sos., Ketua, Karang Taruna Kepanjen",
        "pukul 09.00 WIB s.d. selesai",
        "Pendopo Agung Kabupaten Malang",
    ):
        assert words in text
    assert meeting.status is MeetingStatus.INVITED
    assert {seat.status for seat in seats_of(meeting)} == {InvitationStatus.SENT}


def test_few_are_addressed_on_the_letter_itself(setda):
    document = make_called_document(setda, ("rsud", "camat"))
    assert document.content["groups"] == []
    assert document.content["recipients"] == ["Camat se-Kabupaten Malang", "Direktur RSUD Kabupaten Malang"]


def make_called_document(setda, groups):
    return issue(setda, make_draft(setda, groups=groups))


def test_the_names_freeze_with_the_letter(setda):
    meeting = make_draft(setda, groups=("rsud",))
    seat = seats_of(meeting)[0]
    appointment = db.session.scalars(
        sa.select(Appointment).where(Appointment.position_id == seat.position_id)
    ).one()
    with transaction():
        appointment.ends_on = today()
        successor = Person(name="Cahya Rekaan", sort_name="cahya rekaan")
        db.session.add(successor)
        db.session.flush()
        db.session.add(
            Appointment(
                position_id=seat.position_id,
                person_id=successor.id,
                starts_on=today() + timedelta(days=1),
            )
        )
    issue(setda, meeting)
    assert "Cahya Rekaan" in {seat.name for seat in seats_of(meeting)}


def test_invited_offices_are_told_and_answers_survive_a_second_letter(setda):
    meeting = make_called(setda, groups=("camat",))
    assert db.session.scalar(
        sa.select(sa.func.count(Notification.id)).where(Notification.text.like(f"Undangan: {meeting.title}%"))
    )
    seat = seats_of(meeting)[0]
    with transaction():
        seat.status = InvitationStatus.ATTENDING
    issue(setda, meeting)
    assert seats_of(meeting)[0].status is InvitationStatus.ATTENDING


def test_a_letter_issued_again_is_the_next_version_and_may_keep_its_number(setda):
    meeting = make_called(setda)
    first = papers_of(meeting)[0]
    finish(first)
    second = issue(setda, meeting, keep_number=True)
    finish(second)
    first, second = papers_of(meeting)
    assert (second.version, second.supersedes_id, second.number_id) == (2, first.id, first.number_id)
    assert (first.status, second.status) == (DocumentStatus.SUPERSEDED, DocumentStatus.ISSUED)
    with pytest.raises(RuleViolation, match="tahun lain") as refusal:
        issue(setda, meeting, keep_number=True, letter_date=date(2025, 12, 30))
    assert refusal.value.field == "keep_number"


def test_the_year_of_the_number_is_that_of_the_letter(setda):
    meeting = make_draft(setda, groups=("rsud",))
    document = issue(setda, meeting, letter_date=date(2026, 1, 5))
    assert db.session.get_one(Number, document.number_id).year == 2026
    other = make_draft(setda, groups=("rsud",))
    typed = issue(
        setda,
        other,
        number_source=NumberSource.TYPED,
        number_text="400.7/999/2026",
        letter_date=date(2026, 1, 5),
    )
    assert db.session.get_one(Number, typed.number_id).text == "400.7/999/2026"
    with pytest.raises(RuleViolation, match="sudah dipakai") as refusal:
        issue(
            setda,
            make_draft(setda, groups=("rsud",)),
            number_source=NumberSource.TYPED,
            number_text="400.7/999/2026",
            letter_date=date(2026, 1, 5),
        )
    assert refusal.value.field == "number_text"


def test_a_number_may_follow(setda):
    meeting = make_draft(setda, groups=("rsud",))
    document = issue(setda, meeting, number_source=NumberSource.LATER)
    assert document.number_id is None
    assert document.content["number"]["text"] == ""


def test_a_letter_needs_somebody_to_go_to_and_somebody_to_sign(setda):
    empty = make_draft(setda)
    with pytest.raises(RuleViolation, match="Belum ada yang diundang"):
        issue(setda, empty)
    meeting = make_draft(setda, groups=("rsud",))
    foreign = seats_of(meeting)[0].position_id
    with pytest.raises(RuleViolation) as refusal:
        issue(setda, meeting, signer_id=foreign)
    assert refusal.value.field == "signer_id"
    assert meeting.status is MeetingStatus.DRAFT
    assert papers_of(meeting) == []


@pytest.mark.parametrize("status", ["in_session", "minuting", "in_review", "approved", "cancelled"])
def test_a_meeting_that_began_is_not_called_again(setda, status):
    meeting = make_draft(setda, groups=("rsud",))
    with transaction():
        meeting.status = MeetingStatus(status)
    with pytest.raises(RuleViolation, match="Undangan sudah terbit"):
        issue(setda, meeting)


def test_issuing_takes_a_constant_number_of_statements(setda):
    counts = []
    for groups in (("rsud",), ("desa", "camat", "puskesmas")):
        meeting = make_draft(setda, groups=groups)
        asked = letter(meeting)
        with counted() as statements, transaction():
            invitations.issue_invitation(actor=setda, meeting=meeting, letter=asked)
        counts.append(len(statements))
    assert counts == [20, 20]


# --- daftar hadir -------------------------------------------------------------------------------
def test_before_the_meeting_the_list_waits_for_ink(setda):
    meeting = make_called(setda, groups=("rsud", "camat"))
    document = attendance_list(setda, meeting)
    rows = [row for group in document.content["groups"] for row in group["rows"]]
    assert {row["status"] for row in rows} == {"expected"}
    assert sum(bool(row["name"]) for row in rows) == 35
    assert len(rows) == 35 + SPARE_ROWS
    text = text_of(document)
    assert "35 (tiga puluh lima) orang" in text
    assert "tidak hadir" not in text


def test_afterwards_the_list_says_who_came(setda):
    meeting = make_called(setda, groups=("rsud", "camat"))
    first, second, third = seats_of(meeting)[:3]
    mark(setda, meeting, first)
    mark(setda, meeting, second, AttendanceStatus.REPRESENTED, name="Ani Misal", title="Sekretaris")
    mark(setda, meeting, third, AttendanceStatus.EXCUSED, reason="Sakit")
    document = attendance_list(setda, meeting)
    rows = [row for group in document.content["groups"] for row in group["rows"]]
    assert [row["status"] for row in rows[:4]] == ["present", "represented", "excused", "absent"]
    assert (rows[1]["name"], rows[1]["represents"]) == ("Ani Misal", second.title)
    text = text_of(document)
    assert "2 (dua) orang" in text
    assert "Ani Misal" in text
    assert document.kind is DocumentKind.ATTENDANCE


def test_the_paper_leaves_no_guest_out(setda):
    meeting = make_called(setda, groups=("rsud",))
    moment = now()
    guest = {
        "meeting_id": meeting.id,
        "status": AttendanceStatus.PRESENT,
        "constituency": Constituency.OTHER,
        "source": AttendanceSource.DESK,
        "recorded_at": moment,
        "recorded_by_id": setda.account_id,
    }
    with transaction():
        rows = [{**guest, "name": f"Tamu {at}"} for at in range(LIST_LIMIT + 1)]
        db.session.execute(sa.insert(Attendance), rows)
    document = attendance_list(setda, meeting)
    names = {row["name"] for group in document.content["groups"] for row in group["rows"]}
    assert {f"Tamu {at}" for at in range(LIST_LIMIT + 1)} <= names


def test_a_draft_has_no_list(setda):
    meeting = make_draft(setda, groups=("rsud",))
    with pytest.raises(RuleViolation, match="draf"):
        attendance_list(setda, meeting)
