from __future__ import annotations

from datetime import time, timedelta

import pytest
import sqlalchemy as sa

from ilp.core.clock import Zone, local, today
from ilp.core.db import db, transaction
from ilp.core.errors import NotFound, RuleViolation
from ilp.models.audit import AuditEntry
from ilp.models.meetings import AgendaItem, AgendaStatus, Meeting, MeetingStatus
from ilp.models.notifications import Notification
from ilp.queries import meetings as queries
from ilp.services import meetings
from tests.factories.meetings import make_called, make_draft, office_of, plan, seats_of
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def setda(app):
    return user_named("setda.malang")


def add(setda, meeting, *titles):
    with transaction():
        return [meetings.add_agenda_item(actor=setda, meeting=meeting, title=title).id for title in titles]


def entries(meeting):
    return db.session.scalars(
        sa.select(AuditEntry.action).where(
            AuditEntry.subject == "meeting", AuditEntry.subject_id == meeting.id
        )
    ).all()


def hold(meeting):
    with transaction():
        meeting.status = MeetingStatus.MINUTING


# --- calling ------------------------------------------------------------------------------------
def test_a_meeting_lies_where_its_organiser_lies_and_tells_the_time_of_the_regency(setda):
    meeting = make_draft(setda, start=time(9), end=time(12, 30))
    assert (meeting.province_code, meeting.regency_code, meeting.district_code) == ("35", "35.07", "")
    assert local(meeting.starts_at, Zone.WIB).time() == time(9)
    assert local(meeting.ends_at, Zone.WIB).time() == time(12, 30)
    assert meeting.status is MeetingStatus.DRAFT
    assert entries(meeting) == ["meeting:create"]


def test_another_zone_means_another_moment(app):
    west = make_draft(user_named("setda.malang"))
    gunung_mas = make_draft(user_named("pokjanal.gunungmas"))
    assert queries.zone_of("62.10") in Zone
    assert local(gunung_mas.starts_at, queries.zone_of("62.10")).time() == time(9)
    assert local(west.starts_at, Zone.WIB).time() == time(9)


def test_a_past_date_is_allowed_for_recording(setda):
    assert make_draft(setda, days=-40).starts_at.date() < today()


def test_an_end_before_the_start_is_refused_beside_its_field(setda):
    before = db.session.scalar(sa.select(sa.func.count(Meeting.id)))
    with pytest.raises(RuleViolation, match="sesudah jam mulai") as refusal:
        make_draft(setda, start=time(9), end=time(9))
    assert refusal.value.field == "end"
    assert db.session.scalar(sa.select(sa.func.count(Meeting.id))) == before


def test_a_pattern_gives_its_agenda_and_its_seats(setda):
    former = make_called(setda, groups=("puskesmas",))
    add(setda, former, "Pembukaan", "Rencana tindak lanjut")
    with transaction():
        meeting = meetings.schedule(actor=setda, office=office_of(setda), plan=plan(), pattern=former)
    assert [item.title for item in queries.agenda(meeting.id)] == ["Pembukaan", "Rencana tindak lanjut"]
    copied = seats_of(meeting)
    assert [seat.position_id for seat in copied] == [seat.position_id for seat in seats_of(former)]
    assert len(copied) == 39
    assert {seat.status for seat in copied} == {"pending"}
    assert all(seat.name for seat in copied)


def test_after_a_pattern_takes_a_constant_number_of_statements(setda):
    counts = []
    for groups in (("rsud",), ("puskesmas", "camat", "opd")):
        former = make_called(setda, groups=groups)
        office = office_of(setda)
        with transaction(), counted() as statements:
            meetings.schedule(actor=setda, office=office, plan=plan(), pattern=former)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 16


# --- the next of a series -----------------------------------------------------------------------
def test_the_next_meeting_begins_with_what_was_left_undone(setda):
    former = make_called(setda)
    first, second = add(setda, former, "Dibahas tuntas", "Ditunda")
    with transaction():
        db.session.get_one(AgendaItem, first).status = AgendaStatus.DECIDED
        db.session.get_one(AgendaItem, second).status = AgendaStatus.DEFERRED
    hold(former)
    with transaction():
        meeting = meetings.next_of_series(actor=setda, previous=former, plan=plan())
    agenda = queries.agenda(meeting.id)
    assert [item.title for item in agenda] == [meetings.CARRIED_OVER, "Ditunda"]
    assert [item.carried_over for item in agenda] == [True, False]
    assert agenda[1].status is AgendaStatus.PENDING
    assert meeting.previous_id == former.id
    assert meeting.series_id == former.series_id is not None
    assert len(seats_of(meeting)) == len(seats_of(former))


def test_a_series_is_made_once_and_a_meeting_is_followed_once(setda):
    former = make_called(setda)
    hold(former)
    with transaction():
        second = meetings.next_of_series(actor=setda, previous=former, plan=plan())
    with pytest.raises(RuleViolation, match="sudah ada"), transaction():
        meetings.next_of_series(actor=setda, previous=former, plan=plan())
    hold(second)
    with transaction():
        third = meetings.next_of_series(actor=setda, previous=second, plan=plan())
    assert third.series_id == former.series_id


@pytest.mark.parametrize("status", ["draft", "invited", "postponed", "cancelled"])
def test_only_a_meeting_that_was_held_is_followed(setda, status):
    former = make_draft(setda)
    with transaction():
        former.status = MeetingStatus(status)
    with pytest.raises(RuleViolation, match="setelah rapat berlangsung"), transaction():
        meetings.next_of_series(actor=setda, previous=former, plan=plan())


# --- changing -----------------------------------------------------------------------------------
def test_an_edit_keeps_before_and_after(setda):
    meeting = make_draft(setda)
    with transaction():
        meetings.edit(actor=setda, meeting=meeting, plan=plan(title="Kick Off ILP", place="Aula Setda"))
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.changes["place"] == ["Pendopo Agung Kabupaten Malang", "Aula Setda"]
    assert set(entry.changes) == {"title", "place"}
    assert meeting.version == 2


def test_an_edit_that_changes_nothing_leaves_no_trace(setda):
    meeting = make_draft(setda)
    with transaction():
        meetings.edit(actor=setda, meeting=meeting, plan=plan())
    assert entries(meeting) == ["meeting:create"]
    assert meeting.version == 1


@pytest.mark.parametrize("status", ["in_review", "approved", "cancelled"])
def test_a_closed_meeting_is_not_changed(setda, status):
    meeting = make_draft(setda)
    with transaction():
        meeting.status = MeetingStatus(status)
    for verb in (
        lambda: meetings.edit(actor=setda, meeting=meeting, plan=plan(place="Lain")),
        lambda: meetings.add_agenda_item(actor=setda, meeting=meeting, title="Lain"),
    ):
        with pytest.raises(RuleViolation, match="tidak dapat diubah"), transaction():
            verb()
    assert meeting.place == "Pendopo Agung Kabupaten Malang"


def test_opening_postponing_and_cancelling_follow_the_table(setda):
    meeting = make_called(setda)
    with transaction():
        meetings.postpone(actor=setda, meeting=meeting, reason="Menunggu Bupati")
    assert (meeting.status, meeting.reason) == (MeetingStatus.POSTPONED, "Menunggu Bupati")
    with pytest.raises(RuleViolation, match="ditunda"), transaction():
        meetings.open_meeting(actor=setda, meeting=meeting)
    with transaction():
        meetings.cancel(actor=setda, meeting=meeting, reason="Digabung")
    with pytest.raises(RuleViolation, match="dibatalkan"), transaction():
        meetings.cancel(actor=setda, meeting=meeting, reason="Lagi")
    assert entries(meeting)[-2:] == ["meeting:postpone", "meeting:cancel"]


def test_a_new_date_must_be_ahead_and_complete(setda):
    meeting = make_called(setda)
    yesterday = today() - timedelta(days=1)
    for day, start, field in ((yesterday, time(9), "day"), (today() + timedelta(days=3), None, "start")):
        with pytest.raises(RuleViolation) as refusal, transaction():
            meetings.postpone(actor=setda, meeting=meeting, reason="Hujan", day=day, start=start)
        assert refusal.value.field == field
    assert meeting.status is MeetingStatus.INVITED


def test_whoever_was_invited_is_told(setda):
    meeting = make_called(setda, groups=("camat",))
    with transaction():
        meetings.postpone(actor=setda, meeting=meeting, reason="Menunggu Bupati")
    told = db.session.scalars(sa.select(Notification.text).order_by(Notification.id.desc())).all()
    assert told[0] == f"Rapat ditunda: {meeting.title}."
    draft = make_draft(setda, groups=("camat",))
    with transaction():
        meetings.cancel(actor=setda, meeting=draft, reason="Batal")
    assert db.session.scalar(sa.select(sa.func.count(Notification.id))) == len(told)


# --- the agenda ---------------------------------------------------------------------------------
def test_points_change_places_and_stop_at_the_ends(setda):
    meeting = make_draft(setda)
    first, second, third = add(setda, meeting, "satu", "dua", "tiga")
    for item, up in ((third, True), (first, True), (second, False)):
        with transaction():
            meetings.move_agenda_item(actor=setda, meeting=meeting, item_id=item, up=up)
    assert [item.id for item in queries.agenda(meeting.id)] == [first, third, second]


def test_a_point_is_reworded_and_removed(setda):
    meeting = make_draft(setda)
    first, second = add(setda, meeting, "satu", "dua")
    with transaction():
        meetings.edit_agenda_item(
            actor=setda, meeting=meeting, item_id=first, title="Pembukaan", minutes_planned=15
        )
        meetings.remove_agenda_item(actor=setda, meeting=meeting, item_id=second)
    (left,) = queries.agenda(meeting.id)
    assert (left.title, left.minutes_planned) == ("Pembukaan", 15)


def test_a_point_that_was_discussed_stays(setda):
    meeting = make_draft(setda)
    (item,) = add(setda, meeting, "Pembukaan")
    with transaction():
        db.session.get_one(AgendaItem, item).status = AgendaStatus.DISCUSSED
    with pytest.raises(RuleViolation, match="sudah dibahas"), transaction():
        meetings.remove_agenda_item(actor=setda, meeting=meeting, item_id=item)


def test_a_point_of_another_meeting_is_not_found(setda):
    meeting, other = make_draft(setda), make_draft(setda)
    (item,) = add(setda, other, "Pembukaan")
    for verb in (
        lambda: meetings.edit_agenda_item(actor=setda, meeting=meeting, item_id=item, title="x"),
        lambda: meetings.move_agenda_item(actor=setda, meeting=meeting, item_id=item, up=True),
        lambda: meetings.remove_agenda_item(actor=setda, meeting=meeting, item_id=item),
    ):
        with pytest.raises(NotFound), transaction():
            verb()
