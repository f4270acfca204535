"""Giving tasks out, passing them down, answering them, and judging the answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from ilp.core.db import db, transaction
from ilp.core.errors import Clash, RuleViolation
from ilp.models.accounts import Account
from ilp.models.audit import AuditEntry
from ilp.models.directory import Office, OfficeKind
from ilp.models.notifications import Notification
from ilp.models.tasks import (
    ASSIGNMENT,
    Assignment,
    AssignmentEvent,
    AssignmentFollower,
    AssignmentStatus,
    Evidence,
    EvidenceKind,
    Task,
)
from ilp.policy.user import User
from ilp.services import tasks
from ilp.services.tasks import Report
from tests.factories.tasks import due, make_task, offices, row_of, submit
from tests.support.people import user_named
from tests.support.queries import counted

S = AssignmentStatus
KEPANJEN = "35.07.13"


@pytest.fixture
def setda(app: Flask) -> User:
    return user_named("setda.malang")


@pytest.fixture
def camat(app: Flask) -> User:
    return user_named("camat.kepanjen")


def rows(task: Task) -> list[Assignment]:
    return list(
        db.session.scalars(sa.select(Assignment).where(Assignment.task_id == task.id).order_by(Assignment.id))
    )


def events(assignment: Assignment) -> list[AssignmentEvent]:
    found = sa.select(AssignmentEvent).where(AssignmentEvent.assignment_id == assignment.id)
    return list(db.session.scalars(found.order_by(AssignmentEvent.id)))


def told(username: str) -> list[str]:
    return list(
        db.session.scalars(
            sa.select(Notification.text)
            .join(Account, Account.id == Notification.account_id)
            .where(Account.username == username)
            .order_by(Notification.id)
        )
    )


def act(verb: Any, actor: User, row: Assignment, **said: Any) -> None:
    with transaction():
        verb(actor=actor, assignment=row, version=said.pop("version", row.version), **said)


# --- giving -------------------------------------------------------------------------------------
def test_all_kecamatan_get_one_row_each(setda: User) -> None:
    task = make_task(setda)
    made = rows(task)
    assert len(made) == 33
    assert {row.status for row in made} == {S.ASSIGNED}
    assert {row.due_on for row in made} == {task.due_on}
    assert all(row.regency_code == "35.07" and len(row.district_code) == 8 for row in made)
    assert [row.district_code for row in made] == sorted(row.district_code for row in made)
    assert all(len(events(row)) == 1 for row in made[:3])


def test_the_assigned_office_is_told(setda: User) -> None:
    make_task(setda, title="Tetapkan jadwal Posyandu")
    assert any("Tetapkan jadwal Posyandu" in text for text in told("camat.kepanjen"))


def test_villages_get_the_row_of_their_kecamatan_as_parent(setda: User) -> None:
    task = make_task(setda, offices("desa", "35.07"))
    made = {row.id: row for row in rows(task)}
    children = [row for row in made.values() if row.parent_id]
    assert len(made) - len(children) == 33
    assert len(children) == 390
    assert all(made[row.parent_id].district_code == row.district_code for row in children if row.parent_id)


@pytest.mark.parametrize(("key", "rows_made"), [("kecamatan", 33), ("desa", 423)])
def test_issuing_costs_at_most_twenty_statements_however_many_offices(
    setda: User, key: str, rows_made: int
) -> None:
    ids = offices(key, "35.07")
    with counted() as statements:
        task = make_task(setda, ids)
    assert len(statements) <= 20
    assert len(rows(task)) == rows_made


def test_a_kecamatan_gives_its_villages_a_task_directly(camat: User) -> None:
    task = make_task(camat, offices("desa", KEPANJEN))
    assert all(row.parent_id is None for row in rows(task))


def test_refuses_nobody_and_strangers(setda: User) -> None:
    with pytest.raises(RuleViolation) as refusal:
        make_task(setda, [])
    assert refusal.value.field == "offices"
    for foreign in ([10**8], offices("kecamatan", "35.05")[:1], [*offices("kecamatan", "35.07"), 10**8]):
        with pytest.raises(RuleViolation):
            make_task(setda, foreign)


def test_the_same_office_twice_is_one_row(setda: User) -> None:
    one = offices("kecamatan", "35.07")[0]
    assert len(rows(make_task(setda, [one, one]))) == 1


def test_withdrawing_needs_a_reason_ends_answers_and_tells_the_offices(setda: User, camat: User) -> None:
    task = make_task(setda)
    with pytest.raises(RuleViolation), transaction():
        tasks.withdraw_task(actor=setda, task=task, reason=" ")
    with transaction():
        tasks.withdraw_task(actor=setda, task=task, reason="Digabung dengan tugas lain.")
    assert "Digabung dengan tugas lain." in told("camat.kepanjen")[-1]
    with pytest.raises(RuleViolation, match="ditarik"):
        submit(task, camat, KEPANJEN)
    with pytest.raises(RuleViolation, match="ditarik"), transaction():
        tasks.withdraw_task(actor=setda, task=task, reason="Lagi.")


# --- answering ----------------------------------------------------------------------------------
def test_starting_reporting_and_submitting_leave_a_story(setda: User, camat: User) -> None:
    task = make_task(setda)
    row = row_of(task, camat, KEPANJEN)
    act(tasks.start, camat, row)
    act(tasks.report, camat, row, report=Report(note="Sedang dikumpulkan.", figure=Decimal(11), unit="desa"))
    act(tasks.submit, camat, row, report=Report(note="Selesai."))
    assert row.status is S.SUBMITTED
    assert row.version == 4
    assert [event.status for event in events(row)] == [S.ASSIGNED, S.IN_PROGRESS, S.IN_PROGRESS, S.SUBMITTED]
    assert "Kepanjen" in events(row)[-1].office_name
    kinds = db.session.scalars(sa.select(Evidence.kind).where(Evidence.assignment_id == row.id)).all()
    assert sorted(kinds) == [EvidenceKind.FIGURE, EvidenceKind.NOTE, EvidenceKind.NOTE]
    assert "Laporan menunggu pemeriksaan" in told("setda.malang")[-1]


def test_every_verb_is_one_entry_in_the_trail(setda: User, camat: User) -> None:
    task = make_task(setda)
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
    submit(task, camat, KEPANJEN)
    act(tasks.accept, setda, row_of(task, setda, KEPANJEN))
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert [entry.action for entry in entries] == ["assignment:accept", "assignment:submit"]
    assert entries[0].changes["status"] == ["submitted", "accepted"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before + 2


def test_an_empty_report_is_refused(setda: User, camat: User) -> None:
    row = row_of(make_task(setda), camat, KEPANJEN)
    with pytest.raises(RuleViolation) as refusal:
        act(tasks.report, camat, row, report=Report())
    assert refusal.value.field == "note"


def test_a_hindrance_needs_words_and_reaches_the_reviewer(setda: User, camat: User) -> None:
    row = row_of(make_task(setda), camat, KEPANJEN)
    with pytest.raises(RuleViolation):
        act(tasks.report, camat, row, report=Report(figure=Decimal(1)), blocked=True)
    act(tasks.report, camat, row, report=Report(note="Dana belum cair."), blocked=True)
    assert row.status is S.IN_PROGRESS
    assert events(row)[-1].note == "Kendala: Dana belum cair."
    assert "Ada kendala" in told("setda.malang")[-1]


@pytest.mark.parametrize(
    ("asked", "field"),
    [(EvidenceKind.PHOTO, "photos"), (EvidenceKind.FILE, "file"), (EvidenceKind.FIGURE, "figure")],
)
def test_submitting_needs_the_evidence_that_was_asked_for(
    setda: User, camat: User, asked: EvidenceKind, field: str
) -> None:
    task = make_task(setda, evidence=asked)
    with pytest.raises(RuleViolation) as refusal:
        submit(task, camat, KEPANJEN)
    assert refusal.value.field == field
    assert row_of(task, camat, KEPANJEN).status is S.ASSIGNED


def test_evidence_handed_in_earlier_counts(setda: User, camat: User) -> None:
    task = make_task(setda, evidence=EvidenceKind.FIGURE)
    act(tasks.report, camat, row_of(task, camat, KEPANJEN), report=Report(figure=Decimal("12.5")))
    assert submit(task, camat, KEPANJEN).status is S.SUBMITTED


# --- judging ------------------------------------------------------------------------------------
def test_returned_mended_and_accepted(setda: User, camat: User) -> None:
    task = make_task(setda)
    row = submit(task, camat, KEPANJEN)
    with pytest.raises(RuleViolation) as refusal:
        act(tasks.return_, setda, row_of(task, setda, KEPANJEN), reason="")
    assert refusal.value.field == "reason"
    act(tasks.return_, setda, row_of(task, setda, KEPANJEN), reason="Foto tidak terbaca.")
    assert row.status is S.RETURNED
    assert row.reason == "Foto tidak terbaca."
    assert "Foto tidak terbaca." in told("camat.kepanjen")[-1]
    submit(task, camat, KEPANJEN)
    act(tasks.accept, setda, row_of(task, setda, KEPANJEN))
    assert row.status is S.ACCEPTED
    assert row.reviewed_by_id == setda.account_id


def test_exempting_needs_a_reason(setda: User) -> None:
    task = make_task(setda)
    with pytest.raises(RuleViolation):
        act(tasks.exempt, setda, row_of(task, setda, KEPANJEN), reason="")
    act(tasks.exempt, setda, row_of(task, setda, KEPANJEN), reason="Tidak ada Pustu di sini.")
    assert row_of(task, setda, KEPANJEN).status is S.NOT_APPLICABLE


def test_somebody_who_saw_an_older_state_is_told(setda: User, camat: User) -> None:
    task = make_task(setda)
    row = row_of(task, camat, KEPANJEN)
    act(tasks.start, camat, row)
    with pytest.raises(Clash) as clash:
        act(tasks.submit, camat, row, report=Report(note="Lama."), version=1)
    assert clash.value.version == 2
    assert row.status is S.IN_PROGRESS


VERBS = {
    "start": dict,
    "report": lambda: {"report": Report(note="x")},
    "submit": lambda: {"report": Report(note="x")},
    "accept": dict,
    "return": lambda: {"reason": "x"},
    "exempt": lambda: {"reason": "x"},
    "delegate": dict,
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("status", list(S))
def test_state_by_verb_is_as_the_table_says(setda: User, camat: User, verb: str, status: S) -> None:
    row = row_of(make_task(setda), camat, KEPANJEN)
    with transaction():
        row.status = status
    call = getattr(tasks, "return_" if verb == "return" else verb)
    actor = setda if verb in ("accept", "return", "exempt") else camat
    if ASSIGNMENT.allows(verb, status):
        act(call, actor, row, **VERBS[verb]())
        assert row.status is ASSIGNMENT.steps[verb].target
    else:
        with pytest.raises(RuleViolation):
            act(call, actor, row, **VERBS[verb]())
        assert row.status is status


# --- the cascade --------------------------------------------------------------------------------
def villages(district: str) -> int:
    kinds = (OfficeKind.DESA, OfficeKind.KELURAHAN)
    count = sa.select(sa.func.count()).select_from(Office)
    return db.session.scalar(count.where(Office.kind.in_(kinds), Office.district_code == district)) or 0


def test_a_kecamatan_passes_its_row_on_once(setda: User, camat: User) -> None:
    task = make_task(setda)
    row = row_of(task, camat, KEPANJEN)
    act(tasks.delegate, camat, row)
    act(tasks.delegate, camat, row)
    children = [child for child in rows(task) if child.parent_id == row.id]
    assert len(children) == villages(KEPANJEN) == 18
    assert row.status is S.IN_PROGRESS
    assert len(events(children[0])) == 1
    assert sum("Diteruskan" in event.note for event in events(row)) == 1


def test_delegating_costs_a_constant(setda: User, camat: User) -> None:
    row = row_of(make_task(setda), camat, KEPANJEN)
    with counted() as statements:
        act(tasks.delegate, camat, row)
    assert len(statements) <= 20


def test_only_a_kecamatan_passes_on(setda: User) -> None:
    task = make_task(setda, offices("puskesmas", KEPANJEN))
    with pytest.raises(RuleViolation, match="Hanya kecamatan"):
        act(tasks.delegate, setda, row_of(task, setda, KEPANJEN))


def test_a_parent_with_open_children_is_submitted_only_with_a_reason(setda: User, camat: User) -> None:
    task = make_task(setda)
    row = row_of(task, camat, KEPANJEN)
    act(tasks.delegate, camat, row)
    with pytest.raises(RuleViolation) as refusal:
        submit(task, camat, KEPANJEN)
    assert refusal.value.field == "reason"
    assert refusal.value.message.startswith("18 desa/kelurahan")
    submit(task, camat, KEPANJEN, reason="Musyawarah dua desa baru pekan depan.")
    assert row.status is S.SUBMITTED
    assert row.reason == "Musyawarah dua desa baru pekan depan."


def test_a_child_keeps_its_own_state_and_reports_to_its_kecamatan(app: Flask) -> None:
    pokjanal, camat = user_named("pokjanal.gunungmas"), user_named("camat.kurun")
    lurah = user_named("lurah.tampang")
    task = make_task(pokjanal)
    district = camat.grants[0].wilayah_code
    act(tasks.delegate, camat, row_of(task, camat, district))
    child = submit(task, lurah, lurah.grants[0].wilayah_code)
    assert child.status is S.SUBMITTED
    assert row_of(task, camat, district).status is S.IN_PROGRESS
    assert "Laporan menunggu pemeriksaan" in told("camat.kurun")[-1]
    assert not any("Laporan menunggu" in text for text in told("pokjanal.gunungmas"))


def test_a_past_due_date_may_be_recorded(setda: User) -> None:
    assert make_task(setda, due_on=due(-30)).due_on == due(-30)


# --- followed by a partner ------------------------------------------------------------------------
@pytest.fixture
def blitar(app: Flask) -> User:
    return user_named("setda.blitar")


def follow(actor: User, row: Assignment, partner: Office) -> None:
    with transaction():
        tasks.give_to_follow(actor=actor, assignment=row, partner=partner)


def followers(row: Assignment) -> list[int]:
    chosen = sa.select(AssignmentFollower.office_id).where(AssignmentFollower.assignment_id == row.id)
    return list(db.session.scalars(chosen))


def office_with(username: str) -> Office:
    return db.session.get_one(Office, user_named(username).grants[0].office_id)


def test_a_partner_is_given_a_row_once(blitar: User) -> None:
    row, partner = row_of(make_task(blitar), blitar, "35.05.11"), office_with("mitra.blitar")
    follow(blitar, row, partner)
    follow(blitar, row, partner)
    assert followers(row) == [partner.id]
    said = sa.select(AuditEntry).where(
        AuditEntry.action == "assignment:follow", AuditEntry.subject_id == row.id
    )
    (entry,) = db.session.scalars(said)
    assert entry.changes == {"office": partner.id}


def test_who_is_no_partner_follows_nothing(blitar: User) -> None:
    row = row_of(make_task(blitar), blitar, "35.05.11")
    with pytest.raises(RuleViolation, match="Hanya mitra"):
        follow(blitar, row, office_with("camat.garum"))
    assert followers(row) == []


def test_a_partner_follows_nothing_outside_its_area(setda: User) -> None:
    row = row_of(make_task(setda), setda, KEPANJEN)
    with pytest.raises(RuleViolation, match="tidak bekerja di wilayah"):
        follow(setda, row, office_with("mitra.blitar"))
    assert followers(row) == []


def test_a_withdrawn_task_is_not_given_to_follow(blitar: User) -> None:
    task = make_task(blitar)
    row = row_of(task, blitar, "35.05.11")
    with transaction():
        tasks.withdraw_task(actor=blitar, task=task, reason="Salah alamat.")
    with pytest.raises(RuleViolation, match="sudah ditarik"):
        follow(blitar, row, office_with("mitra.blitar"))
