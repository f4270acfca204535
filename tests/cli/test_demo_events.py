"""The demo is what was reported: counts, states and papers of the five events, and nobody real in it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from ilp.cli.demo import blitar, bukittinggi, gunung_mas, malang, seed
from ilp.cli.demo.accounts import LOGINS
from ilp.cli.demo.facts import EVENTS
from ilp.cli.demo.people import SURNAMES
from ilp.core.clock import as_of, now, today
from ilp.core.config import ROOT
from ilp.core.db import db
from ilp.models.accounts import Account, RoleGrant
from ilp.models.commitments import Commitment, CommitmentStatus, SignatureEvent, SignatureMethod, SlotStatus
from ilp.models.directory import Constituency, Office, OfficeKind, Person
from ilp.models.documents import Document, DocumentKind, DocumentStatus, Number
from ilp.models.jobs import Job, JobState
from ilp.models.meetings import (
    CAME,
    AgendaItem,
    Attendance,
    AttendanceStatus,
    Invitation,
    Meeting,
    MeetingStatus,
    MinutesRow,
    RowKind,
)
from ilp.models.tasks import WAITING, Assignment, AssignmentFollower, AssignmentStatus, Task
from ilp.queries import desk
from ilp.queries.carried_over import carried_over
from ilp.queries.commitments import signatories_of
from ilp.services import audit, signing
from tests.support.people import user_named

REPORTED = {
    "35.07": (malang.DAY, MeetingStatus.APPROVED),
    "13.75": (bukittinggi.DAY, MeetingStatus.APPROVED),
    "35.05": (blitar.DAY, MeetingStatus.APPROVED),
    "62.10": (gunung_mas.DAY, MeetingStatus.APPROVED),
}


def meeting_of(code: str) -> Meeting:
    """The reported meeting of a regency: the first that was held there."""
    return db.session.scalars(
        sa.select(Meeting).where(Meeting.regency_code == code).order_by(Meeting.starts_at).limit(1)
    ).one()


def seats(meeting: Meeting) -> Counter[Constituency]:
    rows = db.session.scalars(sa.select(Invitation.constituency).where(Invitation.meeting_id == meeting.id))
    return Counter(rows)


def states(title: str) -> Counter[AssignmentStatus]:
    rows = db.session.scalars(
        sa.select(Assignment.status).join(Task, Task.id == Assignment.task_id).where(Task.title == title)
    )
    return Counter(rows)


# --- what was reported -------------------------------------------------------------------------------
@pytest.mark.parametrize("code", REPORTED)
def test_each_event_stands_on_its_day_with_its_papers(demo: Flask, code: str) -> None:
    day, status = REPORTED[code]
    meeting = meeting_of(code)
    assert (meeting.starts_at.date(), meeting.status) == (day, status)
    papers = db.session.scalars(sa.select(Document).where(Document.meeting_id == meeting.id)).all()
    assert {paper.kind for paper in papers} >= {
        DocumentKind.INVITATION,
        DocumentKind.ATTENDANCE,
        DocumentKind.MINUTES,
    }
    for paper in papers:
        assert paper.status is DocumentStatus.ISSUED
        assert paper.letter_date.year == 2024
        assert paper.issued_at is not None
        assert paper.issued_at.year == 2024
        if paper.number_id:
            number = db.session.get_one(Number, paper.number_id)
            assert number.year == 2024
            assert number.text.endswith("/2024")
    assert meeting.approved_at is not None
    assert meeting.approved_at.date() == day + timedelta(days=2)


def test_malang_has_185_participants_by_constituency(demo: Flask) -> None:
    meeting = meeting_of("35.07")
    assert meeting.title.startswith("Kick Off")
    assert meeting.opened_by == "Plt. Bupati Malang"
    assert "Dinas Kesehatan Kabupaten Malang" in meeting.note
    assert seats(meeting) == {
        Constituency.GOVERNMENT: 14,
        Constituency.DISTRICT: 33,
        Constituency.PUSKESMAS: 39,
        Constituency.PROMOTION: 39,
        Constituency.HOSPITAL: 2,
        Constituency.PKK: 33,
        Constituency.PROFESSION: 6,
        Constituency.ACADEMIC: 7,
        Constituency.HEALTH_WORKER: 12,
    }
    assert seats(meeting).total() == EVENTS["malang-2024-10-15"]["participants"] == 185
    came = Counter(
        db.session.scalars(sa.select(Attendance.status).where(Attendance.meeting_id == meeting.id)).all()
    )
    assert sum(number for status, number in came.items() if status in CAME) == 185
    assert came[AttendanceStatus.REPRESENTED] == 12
    assert came[AttendanceStatus.LATE] == 9
    assert came[AttendanceStatus.EXCUSED] == 6


def test_malang_has_its_agenda_and_decisions(demo: Flask) -> None:
    meeting = meeting_of("35.07")
    points = db.session.scalar(sa.select(sa.func.count()).where(AgendaItem.meeting_id == meeting.id))
    decisions = db.session.scalars(
        sa.select(MinutesRow.text).where(
            MinutesRow.meeting_id == meeting.id, MinutesRow.kind == RowKind.DECISION
        )
    ).all()
    assert points == 5
    assert len(decisions) == 2
    assert any("lima klaster" in text and "Lintas Klaster" in text for text in decisions)
    assert any("33 kecamatan, hingga 390 desa/kelurahan" in text for text in decisions)


def test_the_register_knows_the_reported_numbers_of_places(demo: Flask) -> None:
    def offices(code: str, *kinds: OfficeKind) -> int:
        count = sa.select(sa.func.count()).where(Office.regency_code == code, Office.kind.in_(kinds))
        return db.session.scalar(count) or 0

    villages = (OfficeKind.DESA, OfficeKind.KELURAHAN)
    for key in ("malang-2024-10-15", "bukittinggi-2024-06-20", "gunung-mas-2024-10-15"):
        event = EVENTS[key]
        assert offices(event["area_code"], OfficeKind.KECAMATAN) == event["districts"]
        assert offices(event["area_code"], *villages) == event["villages"]
    assert offices("35.07", OfficeKind.PUSKESMAS) == 39


def test_bukittinggi_met_with_every_camat_and_lurah(demo: Flask) -> None:
    meeting = meeting_of("13.75")
    assert meeting.opened_by == "Asisten I Setdako, mewakili Wali Kota"
    assert "Dana Hibah Global Fund Tahun 2024" in meeting.note
    assert seats(meeting)[Constituency.DISTRICT] == 3
    assert seats(meeting)[Constituency.VILLAGE] == 24


def test_gunung_mas_signed_its_commitment(demo: Flask) -> None:
    meeting = meeting_of("62.10")
    pokjanal = sa.select(sa.func.count()).where(
        Invitation.meeting_id == meeting.id, Invitation.group_name.startswith("Anggota Pokjanal")
    )
    assert db.session.scalar(pokjanal) == 24
    commitment = db.session.scalars(sa.select(Commitment).where(Commitment.regency_code == "62.10")).one()
    assert commitment.status is CommitmentStatus.IN_FORCE
    slots = signatories_of(commitment)
    assert Counter(slot.status for slot in slots) == {SlotStatus.SIGNED: 40, SlotStatus.ABSENT: 2}
    assert slots[0].on_behalf_of == "Sekretaris Daerah Kabupaten Gunung Mas"
    assert slots[0].title == "Asisten Pemerintahan dan Kesejahteraan Rakyat"
    assert {slot.method for slot in slots if slot.method} == set(SignatureMethod)


def test_no_two_signatures_of_the_demo_look_alike(demo: Flask) -> None:
    drawn = db.session.scalars(
        sa.select(SignatureEvent.strokes_sha256).where(SignatureEvent.method == SignatureMethod.DRAWN)
    ).all()
    assert len(drawn) == len(set(drawn)) > 30


def test_every_signatory_signed_from_an_account_of_their_own(demo: Flask) -> None:
    rows = db.session.execute(
        sa.select(SignatureEvent, Account.person_id)
        .join(Account, Account.id == SignatureEvent.account_id)
        .where(SignatureEvent.status == SlotStatus.SIGNED)
    ).all()
    commitment = db.session.scalars(sa.select(Commitment).where(Commitment.regency_code == "62.10")).one()
    persons = {slot.id: slot.person_id for slot in signatories_of(commitment)}
    assert all(persons[event.slot_id] == person_id for event, person_id in rows)
    assert all(event.hash == signing.event_hash(event) for event, _ in rows)


def test_the_five_tasks_of_the_pokjanal_went_to_twelve_kecamatan(demo: Flask) -> None:
    for title in EVENTS["gunung-mas-2024-10-15"]["pokjanal_tasks"]:
        top = sa.select(sa.func.count()).select_from(Assignment).join(Task, Task.id == Assignment.task_id)
        top = top.where(Task.title == title, Assignment.parent_id.is_(None))
        assert db.session.scalar(top) == 12
    first, *_, fresh = EVENTS["gunung-mas-2024-10-15"]["pokjanal_tasks"]
    assert states(first).total() == 12 + 127
    assert set(states(first)) == set(AssignmentStatus)
    assert states(fresh) == {AssignmentStatus.ASSIGNED: 12}


def test_blitar_has_its_series_and_its_focus(demo: Flask) -> None:
    first = meeting_of("35.05")
    follower = db.session.scalars(sa.select(Meeting).where(Meeting.previous_id == first.id)).one()
    assert follower.series_id == first.series_id is not None
    assert follower.starts_at > now()
    carried = carried_over(user_named("mitra.blitar"), follower)
    assert [task.total for task in carried.tasks] == [3]
    followed = db.session.scalars(
        sa.select(Assignment.district_code).join(
            AssignmentFollower, AssignmentFollower.assignment_id == Assignment.id
        )
    ).all()
    assert sorted(followed) == ["35.05.02", "35.05.11", "35.05.16"]


# --- what is due now -----------------------------------------------------------------------------------
def test_the_task_of_the_decision_is_in_all_states_and_two_rows_wait(demo: Flask) -> None:
    counts = states(malang.MONITORING)
    assert counts.total() == 33
    assert set(counts) == set(AssignmentStatus)
    assert counts[AssignmentStatus.SUBMITTED] == 2
    kepanjen = db.session.scalars(
        sa.select(Assignment.status)
        .join(Task, Task.id == Assignment.task_id)
        .where(Task.title == malang.MONITORING, Assignment.district_code == malang.KEPANJEN)
    ).one()
    assert kepanjen is AssignmentStatus.ASSIGNED


@pytest.mark.parametrize("username", ["setda.malang", "camat.kepanjen"])
def test_the_desk_shows_what_is_late_due_today_and_this_week(demo: Flask, username: str) -> None:
    figures = desk.figures(user_named(username), today())
    assert figures.late
    assert figures.today
    assert figures.week
    assert len(desk.reports_to_review(user_named("setda.malang"))) >= 2


@pytest.mark.parametrize("username", ["camat.guguak-panjang", "camat.garum", "camat.kurun", "lurah.tampang"])
def test_whoever_carries_out_has_something_to_do(demo: Flask, username: str) -> None:
    rows = desk.own_assignments(user_named(username))
    assert rows
    assert {row.status for row in rows} <= WAITING


def test_only_what_is_planned_lies_ahead(demo: Flask) -> None:
    coming = db.session.scalars(sa.select(Meeting.status).where(Meeting.starts_at > now())).all()
    assert set(coming) == {MeetingStatus.DRAFT, MeetingStatus.INVITED}
    for table in db.metadata.sorted_tables:
        for name in ("created_at", "at", "recorded_at", "issued_at", "granted_at"):
            if name in table.c:
                latest = db.session.scalar(sa.select(sa.func.max(table.c[name])))
                assert latest is None or latest <= now(), f"{table.name}.{name}"


# --- that it is sound --------------------------------------------------------------------------------
def test_the_trail_verifies(demo: Flask) -> None:
    assert {"35.05", "35.07", "13.75", "62.10"} <= set(audit.chains())
    assert [audit.verify_chain(chain) for chain in audit.chains()] == [None] * len(audit.chains())


def test_no_paper_is_left_waiting(demo: Flask) -> None:
    assert set(db.session.scalars(sa.select(Job.state))) == {JobState.DONE}


def test_everybody_is_made_up(demo: Flask) -> None:
    def is_made_up(name: str) -> bool:
        return any(surname in name.split() for surname in SURNAMES)

    assert all(is_made_up(name) for name in db.session.scalars(sa.select(Person.name)))
    for column in (Invitation.name, Attendance.name):
        names = db.session.scalars(sa.select(column).where(column != "").distinct())
        assert [name for name in names if not is_made_up(name.replace(",", " "))] == []


def test_there_is_no_nik_anywhere(demo: Flask) -> None:
    sixteen = re.compile(r"(?<![0-9A-Za-z])\d{16}(?![0-9A-Za-z])")
    for table in db.metadata.sorted_tables:
        texts = [c for c in table.c if isinstance(c.type, sa.String | sa.Text | sa.JSON)]
        if table.name == "wilayah" or not texts:
            continue
        for row in db.session.execute(sa.select(*texts)):
            assert not sixteen.search(" ".join(map(str, row))), table.name


def test_the_named_logins_are_there_and_everybody_asked_can_answer(demo: Flask) -> None:
    names = set(db.session.scalars(sa.select(Account.username)))
    assert len(LOGINS) == 17
    assert {login.username for login in LOGINS} <= names
    granted = sa.select(RoleGrant.office_id).where(RoleGrant.revoked_at.is_(None))
    unanswered = sa.select(sa.func.count()).where(Assignment.office_id.not_in(granted))
    assert db.session.scalar(unanswered) == 0


def test_a_second_seeding_changes_nothing(demo: Flask) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Meeting))
    assert seed() is False
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Meeting)) == before


# --- the clock of the demo -----------------------------------------------------------------------------
def test_the_past_can_be_told_and_the_future_cannot() -> None:
    real = now()
    with as_of(real - timedelta(days=400)):
        assert now() == real - timedelta(days=400)
    with as_of(real + timedelta(days=400)):
        assert now() - real < timedelta(minutes=1)
    assert now() >= real


def test_nobody_but_the_demo_tells_the_time() -> None:
    telling = [
        path
        for path in Path(ROOT, "ilp").rglob("*.py")
        if re.search(r"\bas_of\b", path.read_text(encoding="utf-8"))
    ]
    assert {path.relative_to(ROOT / "ilp").parts[:2] for path in telling} == {
        ("cli", "demo"),
        ("core", "clock.py"),
    }
