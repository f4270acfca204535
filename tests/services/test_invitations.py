from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.core.errors import NotFound, RuleViolation
from ilp.models.audit import AuditEntry, AuditPersonal
from ilp.models.directory import Constituency, Office, Position
from ilp.models.meetings import InvitationStatus, MeetingStatus
from ilp.policy.scope import within
from ilp.services import invitations
from tests.factories.meetings import make_called, make_draft, mark, seats_of
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def setda(app):
    return user_named("setda.malang")


MALANG = within(Office, "35.07")


def invite(setda, meeting, key):
    with transaction():
        return invitations.invite_group(actor=setda, meeting=meeting, key=key)


def contact(setda, meeting, name="Bagus Misal", **over):
    facts = {"title": "Ketua", "office_name": "Karang Taruna", "constituency": Constituency.COMMUNITY}
    with transaction():
        return invitations.invite_contact(actor=setda, meeting=meeting, name=name, **{**facts, **over})


def test_a_group_is_invited_once_however_often_it_is_asked(setda):
    meeting = make_draft(setda)
    assert invite(setda, meeting, "puskesmas") == invitations.Invited(added=39, known=0)
    assert invite(setda, meeting, "puskesmas") == invitations.Invited(added=0, known=39)
    assert len(seats_of(meeting)) == 39


def test_a_group_carries_its_line_and_the_names_of_the_day(setda):
    meeting = make_draft(setda, groups=("camat",))
    seats = seats_of(meeting)
    assert len(seats) == 33
    assert {seat.group_name for seat in seats} == {"Camat se-Kabupaten Malang"}
    assert all(seat.name and seat.office_id and seat.position_id for seat in seats)
    assert {seat.constituency for seat in seats} == {Constituency.DISTRICT}


def test_inviting_a_group_takes_a_constant_number_of_statements(setda):
    counts = []
    for key in ("rsud", "camat", "desa"):
        meeting = make_draft(setda)
        with counted() as statements, transaction():
            invitations.invite_group(actor=setda, meeting=meeting, key=key)
        counts.append(len(statements))
    assert counts == [8, 8, 8]


def test_seats_stand_in_protocol_order(setda):
    meeting = make_draft(setda, groups=("puskesmas", "camat", "opd"))
    order = list(Constituency)
    ranks = [order.index(seat.constituency) for seat in seats_of(meeting)]
    assert ranks == sorted(ranks)


def test_an_unknown_group_is_not_found(setda):
    with pytest.raises(NotFound):
        invite(setda, make_draft(setda), "semua-orang")


def test_positions_are_invited_from_the_regency_only(setda):
    meeting = make_draft(setda)
    ours, theirs = (
        db.session.scalars(
            sa.select(Position.id).join(Office).where(Office.regency_code == code, Position.is_head).limit(1)
        ).one()
        for code in ("35.07", "35.05")
    )
    with transaction():
        result = invitations.invite_positions(actor=setda, meeting=meeting, position_ids=[ours], scope=MALANG)
    assert result.added == 1
    for ids in ([ours, theirs], [2**31 - 1], []):
        with pytest.raises(RuleViolation, match="Pilih jabatan"), transaction():
            invitations.invite_positions(actor=setda, meeting=meeting, position_ids=ids, scope=MALANG)
    assert len(seats_of(meeting)) == 1


def test_a_contact_is_invited_once_and_its_personal_data_stay_out_of_the_chain(setda):
    meeting = make_draft(setda)
    contact(setda, meeting, phone="081200000001")
    with pytest.raises(RuleViolation, match="sudah diundang") as refusal:
        contact(setda, meeting, name="BAGUS  misal")
    assert refusal.value.field == "name"
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert "081200000001" not in str(entry.changes)
    assert db.session.get_one(AuditPersonal, entry.id).values["phone"] == "081200000001"


def test_withdrawing_takes_seats_off_but_not_those_who_came(setda):
    meeting = make_called(setda, groups=("rsud", "camat"))
    first, second, third = seats_of(meeting)[:3]
    mark(setda, meeting, first)
    ids = [second.id, third.id]
    with transaction():
        assert invitations.withdraw_invitations(actor=setda, meeting=meeting, invitation_ids=ids) == 2
    with pytest.raises(RuleViolation, match="sudah tercatat"), transaction():
        invitations.withdraw_invitations(actor=setda, meeting=meeting, invitation_ids=[first.id])
    assert len(seats_of(meeting)) == 33


def test_a_seat_of_another_meeting_is_not_withdrawn(setda):
    meeting, other = make_draft(setda, groups=("rsud",)), make_draft(setda, groups=("rsud",))
    foreign = seats_of(other)[0].id
    with pytest.raises(RuleViolation, match="dari daftar"), transaction():
        invitations.withdraw_invitations(actor=setda, meeting=meeting, invitation_ids=[foreign])
    assert len(seats_of(other)) == 2


@pytest.mark.parametrize("status", ["in_review", "approved", "cancelled"])
def test_a_closed_meeting_invites_nobody(setda, status):
    meeting = make_draft(setda, groups=("rsud",))
    with transaction():
        meeting.status = MeetingStatus(status)
    with pytest.raises(RuleViolation):
        invite(setda, meeting, "camat")
    with pytest.raises(RuleViolation):
        contact(setda, meeting)
    assert len(seats_of(meeting)) == 2


# --- answers ------------------------------------------------------------------------------------
def kepanjen(meeting):
    return next(seat for seat in seats_of(meeting) if seat.title == "Camat Kepanjen")


def answer(actor, seat, status, note=""):
    with transaction():
        invitations.answer(actor=actor, invitation=seat, status=status, note=note)


def test_an_office_answers_and_may_change_its_answer(setda):
    meeting, camat = make_called(setda), user_named("camat.kepanjen")
    answer(camat, kepanjen(meeting), InvitationStatus.ATTENDING)
    answer(camat, kepanjen(meeting), InvitationStatus.REPRESENTED, "Sekretaris Kecamatan")
    seat = kepanjen(meeting)
    assert (seat.status, seat.answer_note) == (InvitationStatus.REPRESENTED, "Sekretaris Kecamatan")


@pytest.mark.parametrize("status", [InvitationStatus.DECLINED, InvitationStatus.REPRESENTED])
def test_a_refusal_and_a_delegate_need_a_word(setda, status):
    meeting = make_called(setda)
    with pytest.raises(RuleViolation) as refusal:
        answer(user_named("camat.kepanjen"), kepanjen(meeting), status)
    assert refusal.value.field == "note"
    assert kepanjen(meeting).status is InvitationStatus.SENT


def test_a_meeting_that_began_takes_no_answer(setda):
    meeting = make_called(setda)
    with transaction():
        meeting.status = MeetingStatus.IN_SESSION
    with pytest.raises(RuleViolation, match="berlangsung"):
        answer(user_named("camat.kepanjen"), kepanjen(meeting), InvitationStatus.ATTENDING)
