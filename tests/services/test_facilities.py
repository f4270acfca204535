"""Recording how far a facility has come, and marking it."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.audit import AuditEntry
from ilp.models.facilities import (
    FACILITY,
    Catchment,
    Facility,
    FacilityChange,
    FacilityEvent,
    FacilityStatus,
)
from ilp.policy.user import User
from ilp.queries.facilities import story
from ilp.services import facilities
from tests.factories.facilities import facility
from tests.support.databases import Database
from tests.support.people import user_named
from tests.support.queries import counted

F = FacilityStatus
FOCUS = "35.08.02"
"""Pronojiwo, in focus since July 2024."""


@pytest.fixture
def dinkes(app: Flask) -> User:
    return user_named("dinkes.lumajang")


@pytest.fixture
def pronojiwo(app: Flask) -> Facility:
    return facility(FOCUS)


def record(
    actor: User, one: Facility, status: FacilityStatus, on: date | None = None, note: str = ""
) -> None:
    with transaction():
        facilities.record_status(actor=actor, facility=one, status=status, on=on or today(), note=note)


def test_a_step_up_is_dated_kept_and_audited(dinkes: User, pronojiwo: Facility) -> None:
    record(dinkes, pronojiwo, F.RUNNING, date(2024, 9, 2), "Seluruh klaster berjalan")
    assert (pronojiwo.status, pronojiwo.status_on) == (F.RUNNING, date(2024, 9, 2))
    assert pronojiwo.focus_on == date(2024, 7, 1), "the mark stands beside the status"
    latest = story(pronojiwo)[0]
    assert (latest.change, latest.status, latest.on) == (FacilityChange.STATUS, F.RUNNING, date(2024, 9, 2))
    assert (latest.note, latest.actor_name) == ("Seluruh klaster berjalan", dinkes.name)
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.subject_id, entry.regency_code) == ("facility:update", pronojiwo.id, "35.08")
    assert entry.changes["status"] == ["in_progress", "running"]


def test_a_step_back_needs_a_reason(dinkes: User, pronojiwo: Facility) -> None:
    with pytest.raises(RuleViolation) as refusal:
        record(dinkes, pronojiwo, F.NONE)
    assert refusal.value.field == "note"
    record(dinkes, pronojiwo, F.NONE, note="Salah catat")
    assert pronojiwo.status is F.NONE


@pytest.mark.parametrize("present", list(F))
@pytest.mark.parametrize("wanted", list(F))
def test_every_status_can_follow_every_other_but_itself(
    dinkes: User, pronojiwo: Facility, present: FacilityStatus, wanted: FacilityStatus
) -> None:
    with transaction():
        db.session.execute(sa.update(Facility).where(Facility.id == pronojiwo.id).values(status=present))
    if present is wanted:
        with pytest.raises(RuleViolation, match=present.label):
            record(dinkes, pronojiwo, wanted, note="Diperiksa")
    else:
        record(dinkes, pronojiwo, wanted, note="Diperiksa")
    assert pronojiwo.status is wanted
    assert set(facilities.VERBS) == {move.target for move in FACILITY.steps.values()}


@pytest.mark.parametrize(
    ("on", "words"),
    [(today() + timedelta(days=2), "belum tiba"), (date(2024, 6, 30), "sebelum catatan terakhir")],
)
def test_a_date_to_come_or_before_the_last_change_is_refused(
    dinkes: User, pronojiwo: Facility, on: date, words: str
) -> None:
    with pytest.raises(RuleViolation, match=words) as refusal:
        record(dinkes, pronojiwo, F.RUNNING, on)
    assert refusal.value.field == "on"
    assert pronojiwo.status is F.IN_PROGRESS


def test_the_mark_is_set_once_and_taken_with_a_reason(dinkes: User, pronojiwo: Facility) -> None:
    with transaction(), pytest.raises(RuleViolation, match="1 Juli 2024"):
        facilities.mark_focus(actor=dinkes, facility=pronojiwo, on=today())
    with transaction(), pytest.raises(RuleViolation):
        facilities.unmark_focus(actor=dinkes, facility=pronojiwo, on=today(), note="")
    with transaction():
        facilities.unmark_focus(actor=dinkes, facility=pronojiwo, on=today(), note="Tahap kedua dimulai")
    assert pronojiwo.focus_on is None
    assert pronojiwo.status is F.IN_PROGRESS
    with transaction(), pytest.raises(RuleViolation, match="tidak bertanda"):
        facilities.unmark_focus(actor=dinkes, facility=pronojiwo, on=today(), note="Lagi")
    with transaction():
        facilities.mark_focus(actor=dinkes, facility=pronojiwo, on=date(2025, 1, 6))
    assert [event.change for event in story(pronojiwo)][:2] == [
        FacilityChange.MARKED,
        FacilityChange.UNMARKED,
    ]


def test_recording_costs_few_statements(dinkes: User, pronojiwo: Facility) -> None:
    with counted() as statements:
        record(dinkes, pronojiwo, F.RUNNING)
    assert len(statements) <= 8
    kept = sa.select(sa.func.count()).where(FacilityEvent.facility_id == pronojiwo.id)
    assert db.session.scalar(kept) == 3


def test_of_two_puskesmas_that_want_a_village_at_once_the_second_is_refused(committed: Database) -> None:
    app, village, refused = committed.app(), "35.07.13.2001", []

    def come_second() -> None:
        with app.app_context():
            actor = user_named("dinkes.malang")
            taken.wait()
            try:
                with transaction():
                    facilities.set_catchment(actor=actor, facility=facility("35.07.05"), villages={village})
            except RuleViolation as violation:
                refused.append(violation.message)
            finally:
                db.session.remove()

    second, taken = threading.Thread(target=come_second), threading.Event()
    with app.app_context():
        actor = user_named("dinkes.malang")
        with transaction():
            db.session.execute(sa.delete(Catchment))
        second.start()
        with transaction():
            facilities.set_catchment(actor=actor, facility=facility("35.07.13"), villages={village})
            taken.set()
            second.join(timeout=1)  # it waits for us; whoever did not would be done by now
        second.join()
        served = db.session.scalars(
            sa.select(Catchment.facility_id).where(Catchment.wilayah_code == village)
        ).all()
        db.session.remove()
        db.engine.dispose()
    assert len(served) == 1
    assert len(refused) == 1
    assert "sudah masuk wilayah kerja" in refused[0]
