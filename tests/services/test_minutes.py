"""The minutes: saving row by row, clashes that lose nothing, decisions, tasks, and the way to approval."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from ilp.core.clock import as_of, now, today
from ilp.core.db import db, transaction
from ilp.core.errors import NotFound, RuleViolation
from ilp.core.indonesian import short_date
from ilp.models.audit import AuditEntry
from ilp.models.documents import Document, DocumentKind, NumberSource
from ilp.models.meetings import (
    AgendaStatus,
    Meeting,
    MeetingKind,
    MeetingStatus,
    MinutesRevision,
    MinutesRow,
    RowKind,
)
from ilp.models.notifications import Notification
from ilp.models.tasks import Assignment
from ilp.policy.user import User
from ilp.queries import minutes as queries
from ilp.queries.carried_over import CARRIED_ON_A_PAGE
from ilp.services import meetings, minutes
from ilp.services.meetings import Plan
from ilp.services.minutes import Errand
from tests.factories.minutes import items, make_meeting, make_row
from tests.support.people import user_named as user
from tests.support.queries import counted

pytestmark = pytest.mark.usefixtures("app")
S = AgendaStatus
PLAN = Plan(title="Rapat lanjutan", kind=MeetingKind.COORDINATION, day=today() + timedelta(14), start=time(9))


@pytest.fixture
def setda(app: Flask) -> User:
    return user("setda.malang")


@pytest.fixture
def notulis(app: Flask) -> User:
    return user("notulis.malang")


def edit(actor: User, meeting: Meeting, row: MinutesRow, text: str, version: int = 1) -> MinutesRow:
    with transaction():
        return minutes.edit_row(
            actor=actor, meeting=meeting, row_id=row.id, version=version, kind=RowKind.NOTE, text=text
        )


def give(
    actor: User, meeting: Meeting, errand: Errand, text: str = "Tetapkan jadwal orientasi"
) -> MinutesRow:
    with transaction():
        row_id = minutes.assign_task(
            actor=actor, meeting=meeting, item_id=items(meeting)[0].id, text=text, errand=errand
        )
        return db.session.get_one(MinutesRow, row_id)


def shown(actor: User, meeting: Meeting) -> list[queries.Row]:
    return queries.agenda_of(actor, meeting.id, size=None).rows


def run(verb: Callable[..., object], **arguments: object) -> None:
    with transaction():
        verb(**arguments)


# --- rows ---------------------------------------------------------------------------------------
def test_a_row_is_numbered_under_its_item_and_news_for_open_pages(setda: User) -> None:
    meeting = make_meeting(setda)
    before = meeting.version
    make_row(setda, meeting, item=1)
    make_row(setda, meeting, item=1)
    assert [row.number for row in shown(setda, meeting)] == ["2.1", "2.2"]
    assert meeting.version == before + 2


def test_what_a_row_said_before_is_kept(setda: User, notulis: User) -> None:
    meeting = make_meeting(setda)
    row = make_row(notulis, meeting, "Pertama")
    edit(setda, meeting, row, "Kedua")
    assert (row.text, row.version, row.author_name) == ("Kedua", 2, setda.name)
    revision = db.session.query(MinutesRevision).filter_by(row_id=row.id).one()
    assert (revision.text, revision.version, revision.author_name) == ("Pertama", 1, notulis.name)


def test_saving_what_stands_there_changes_nothing(setda: User) -> None:
    meeting = make_meeting(setda)
    row = make_row(setda, meeting, "Tetap")
    version = meeting.version
    edit(setda, meeting, row, "Tetap", version=0)
    assert (row.version, meeting.version) == (1, version)


def test_the_cost_of_saving_does_not_grow_with_history(setda: User) -> None:
    meeting = make_meeting(setda)
    row = make_row(setda, meeting, "Awal")
    with counted() as first:
        edit(setda, meeting, row, "Versi 1")
    history = [
        {
            "row_id": row.id,
            "version": number,
            "kind": RowKind.NOTE,
            "text": f"Versi {number}",
            "author_name": setda.name,
            "saved_at": now(),
        }
        for number in range(10, 5010)
    ]
    with transaction():
        db.session.execute(sa.insert(MinutesRevision), history)
    with counted() as later:
        edit(setda, meeting, row, "Versi terakhir", version=2)
    assert len(later) == len(first) <= 11
    assert not [s for s in later if s.startswith("SELECT") and "minutes_revision" in s]


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (MeetingStatus.IN_REVIEW, "sedang ditinjau"),
        (MeetingStatus.APPROVED, "sudah disahkan"),
        (MeetingStatus.CANCELLED, "dibatalkan"),
        (MeetingStatus.POSTPONED, "ditunda"),
    ],
)
def test_closed_minutes_are_not_written(setda: User, status: MeetingStatus, sentence: str) -> None:
    meeting = make_meeting(setda)
    row = make_row(setda, meeting, "Tetap")
    with transaction():
        meeting.status = status
    with pytest.raises(RuleViolation, match=sentence):
        make_row(setda, meeting)
    with pytest.raises(RuleViolation, match=sentence):
        edit(setda, meeting, row, "Berubah")
    with pytest.raises(RuleViolation, match=sentence):
        give(setda, meeting, Errand(due_on=today(), groups=["kecamatan"]))
    assert [one.text for one in shown(setda, meeting)] == ["Tetap"]


def test_rows_and_items_of_another_meeting_are_not_found(setda: User) -> None:
    meeting, other = make_meeting(setda), make_meeting(setda)
    row = make_row(setda, other)
    foreign = items(other)[0].id
    with pytest.raises(NotFound):
        edit(setda, meeting, row, "Berubah")
    with pytest.raises(NotFound):
        run(
            minutes.write_row,
            actor=setda,
            meeting=meeting,
            item_id=foreign,
            kind=RowKind.NOTE,
            text="Catatan",
        )
    with pytest.raises(NotFound):
        run(minutes.mark_item, actor=setda, meeting=meeting, item_id=foreign, status=AgendaStatus.DISCUSSED)


def test_a_removed_row_keeps_its_place_and_cannot_be_rewritten(setda: User) -> None:
    meeting = make_meeting(setda)
    row, after = make_row(setda, meeting), make_row(setda, meeting)
    run(minutes.remove_row, actor=setda, meeting=meeting, row_id=row.id, version=1)
    assert [(one.number, one.removed) for one in shown(setda, meeting)] == [("1.1", True), ("1.2", False)]
    assert after.removed_at is None
    with pytest.raises(RuleViolation, match="sudah dihapus"):
        edit(setda, meeting, row, "Tetap ditulis")


# --- two people, one row ------------------------------------------------------------------------
def test_a_clash_keeps_both_texts_and_changes_neither(setda: User, notulis: User) -> None:
    meeting = make_meeting(setda)
    row = make_row(setda, meeting, "Lewat APBD")
    edit(notulis, meeting, row, "Lewat Dana Desa")
    rival = edit(setda, meeting, row, "Lewat APBDes")
    assert (row.text, rival.text, rival.clash_of_id) == ("Lewat Dana Desa", "Lewat APBDes", row.id)
    (found,) = shown(setda, meeting)
    texts = [(one.author, "".join(text for text, _ in pieces)) for one, pieces in found.texts]
    assert texts == [(notulis.name, "Lewat Dana Desa"), (setda.name, "Lewat APBDes")]


def test_sending_the_same_late_text_again_keeps_it_once(setda: User, notulis: User) -> None:
    meeting = make_meeting(setda)
    row = make_row(setda, meeting)
    edit(notulis, meeting, row, "Naskah notulis")
    first, second = edit(setda, meeting, row, "Naskah setda"), edit(setda, meeting, row, "Naskah setda")
    assert first.id == second.id


@pytest.mark.parametrize("text", ["Naskah notulis", "Naskah setda", "Naskah notulis dan setda"])
def test_a_clash_is_settled_by_one_text(setda: User, notulis: User, text: str) -> None:
    meeting = make_meeting(setda)
    row = make_row(setda, meeting)
    edit(notulis, meeting, row, "Naskah notulis")
    edit(setda, meeting, row, "Naskah setda")
    run(minutes.settle_clash, actor=setda, meeting=meeting, row_id=row.id, version=row.version, text=text)
    (found,) = shown(setda, meeting)
    assert (found.text, found.rivals) == (text, [])


def test_a_text_that_arrives_while_somebody_settles_is_not_lost(setda: User, notulis: User) -> None:
    meeting = make_meeting(setda)
    row = make_row(setda, meeting)
    edit(notulis, meeting, row, "Naskah notulis")
    edit(setda, meeting, row, "Naskah setda")
    seen = row.version
    edit(notulis, meeting, row, "Naskah ketiga")
    run(minutes.settle_clash, actor=setda, meeting=meeting, row_id=row.id, version=seen, text="Gabungan")
    (found,) = shown(setda, meeting)
    assert [one.text for one in found.rivals] == ["Naskah setda", "Naskah ketiga", "Gabungan"]


def test_both_texts_may_become_rows(setda: User, notulis: User) -> None:
    meeting = make_meeting(setda)
    row = make_row(setda, meeting)
    edit(notulis, meeting, row, "Naskah notulis")
    edit(setda, meeting, row, "Naskah setda")
    run(minutes.keep_both, actor=setda, meeting=meeting, row_id=row.id)
    found = [(one.number, one.text) for one in shown(setda, meeting)]
    assert found == [("1.1", "Naskah notulis"), ("1.2", "Naskah setda")]


# --- decisions ----------------------------------------------------------------------------------
def decide_and_fail(actor: User, meeting: Meeting) -> None:
    """The connection breaks after the number was taken."""
    with transaction():
        minutes.write_row(
            actor=actor, meeting=meeting, item_id=items(meeting)[0].id, kind=RowKind.DECISION, text="Batal"
        )
        raise ZeroDivisionError


def test_decisions_are_numbered_without_a_gap(setda: User) -> None:
    meeting = make_meeting(setda)
    first = make_row(setda, meeting, "Keputusan pertama", RowKind.DECISION)
    with pytest.raises(ZeroDivisionError):
        decide_and_fail(setda, meeting)
    second = make_row(setda, make_meeting(setda), "Keputusan kedua", RowKind.DECISION)
    assert second.decision_number == (first.decision_number or 0) + 1
    assert first.decision_year == second.decision_year == today().year


def test_a_note_may_become_a_decision_but_not_back(setda: User) -> None:
    meeting = make_meeting(setda)
    row = make_row(setda, meeting, "Sosialisasi berjenjang")
    run(
        minutes.edit_row,
        actor=setda,
        meeting=meeting,
        row_id=row.id,
        version=1,
        kind=RowKind.DECISION,
        text=row.text,
    )
    assert row.decision_number
    with pytest.raises(RuleViolation, match="sudah bernomor"):
        edit(setda, meeting, row, "Sosialisasi berjenjang", version=2)


def test_a_removed_decision_shows_that_its_number_is_used(setda: User) -> None:
    meeting = make_meeting(setda)
    row = make_row(setda, meeting, "Keliru", RowKind.DECISION)
    run(minutes.remove_row, actor=setda, meeting=meeting, row_id=row.id, version=1)
    following = make_row(setda, meeting, "Benar", RowKind.DECISION)
    assert following.decision_number == (row.decision_number or 0) + 1
    assert [one.removed for one in shown(setda, meeting)] == [True, False]


# --- tasks --------------------------------------------------------------------------------------
def test_a_decision_becomes_a_task_of_33_kecamatan(setda: User) -> None:
    meeting = make_meeting(setda)
    decision = make_row(setda, meeting, "Orientasi di tiap kecamatan", RowKind.DECISION)
    errand = Errand(due_on=today() + timedelta(30), groups=["kecamatan"], basis_id=decision.id)
    with counted() as statements:
        row = give(setda, meeting, errand)
    assert len(statements) <= 20
    assert db.session.query(Assignment).filter_by(task_id=row.task_id).count() == 33
    found = {one.id: one for one in shown(setda, meeting)}
    task = found[row.id].task
    assert task is not None
    assert (task.addressed_to, task.total, task.accepted) == ("33 kecamatan di Kabupaten Malang", 33, 0)
    assert (found[row.id].basis, found[decision.id].derived) == ("1.1", 1)


def test_the_cost_of_a_task_does_not_grow_with_its_offices(setda: User) -> None:
    meeting = make_meeting(setda)
    make_row(setda, meeting)
    costs = []
    for group in ("puskesmas", "kecamatan"):
        with counted() as statements:
            give(setda, meeting, Errand(due_on=today(), groups=[group]))
        costs.append(len(statements))
    assert costs[0] == costs[1]


@pytest.mark.parametrize("groups", [[], ["opd"], ["kecamatan", "opd"]])
def test_a_vague_owner_is_refused(setda: User, groups: list[str]) -> None:
    meeting = make_meeting(setda)
    with pytest.raises(RuleViolation, match=re.escape(minutes.VAGUE)):
        give(setda, meeting, Errand(due_on=today(), groups=groups))


def test_an_office_elsewhere_a_missing_date_and_a_long_task_are_refused(setda: User) -> None:
    meeting = make_meeting(setda)
    blitar = user("setda.blitar").grants[0].office_id
    for errand, text, sentence in (
        (Errand(due_on=today(), offices=[blitar]), "Kirim data", "Pilih ulang"),
        (Errand(due_on=None, groups=["kecamatan"]), "Kirim data", "tenggat"),
        (Errand(due_on=today(), groups=["kecamatan"]), "x" * 301, "300 huruf"),
    ):
        with pytest.raises(RuleViolation, match=sentence):
            give(setda, meeting, errand, text)
    assert shown(setda, meeting) == []


def test_a_task_that_was_given_out_is_not_reworded(setda: User) -> None:
    meeting = make_meeting(setda)
    row = give(setda, meeting, Errand(due_on=today(), groups=["kecamatan"]))
    with pytest.raises(RuleViolation, match="sudah diberikan"):
        edit(setda, meeting, row, "Lain")
    with pytest.raises(RuleViolation, match="sudah diberikan"):
        run(minutes.remove_row, actor=setda, meeting=meeting, row_id=row.id, version=1)


# --- from session to approval ---------------------------------------------------------------------
def hand_in(actor: User, meeting: Meeting) -> None:
    run(minutes.close_meeting, actor=actor, meeting=meeting)
    run(minutes.submit_minutes, actor=actor, meeting=meeting)


def test_the_way_to_approval(setda: User) -> None:
    leader = user("pimpinan.malang")
    meeting = make_meeting(setda)
    make_row(setda, meeting)
    hand_in(setda, meeting)
    run(minutes.return_minutes, actor=leader, meeting=meeting, reason="Lengkapi butir 2.")
    assert (meeting.status, meeting.reason) == (MeetingStatus.MINUTING, "Lengkapi butir 2.")
    run(minutes.submit_minutes, actor=setda, meeting=meeting)
    run(minutes.approve_minutes, actor=leader, meeting=meeting, letter_date=today())
    assert (meeting.status, meeting.reason) == (MeetingStatus.APPROVED, "")
    assert meeting.approved_by_id == leader.account_id
    actions = db.session.scalars(
        sa.select(AuditEntry.action)
        .where(AuditEntry.subject == "meeting", AuditEntry.subject_id == meeting.id)
        .order_by(AuditEntry.id)
    ).all()
    assert actions[-6:] == [
        "minutes:write",
        "meeting:close",
        "minutes:submit",
        "minutes:return",
        "minutes:submit",
        "meeting:approve",
    ]


@pytest.mark.parametrize(("after", "noted"), [(0, None), (59, None), (60, 60), (5399, 5340)])
def test_the_end_is_noted_to_the_minute_and_only_after_the_beginning(
    setda: User, after: int, noted: int | None
) -> None:
    meeting = make_meeting(setda, days=-1)
    begun = meeting.starts_at
    with as_of(begun + timedelta(seconds=after)):
        run(minutes.close_meeting, actor=setda, meeting=meeting)
    assert meeting.ends_at == (None if noted is None else begun + timedelta(seconds=noted))


def test_empty_minutes_and_clashes_hold_approval_up(setda: User, notulis: User) -> None:
    meeting = make_meeting(setda)
    run(minutes.close_meeting, actor=setda, meeting=meeting)
    with pytest.raises(RuleViolation, match="masih kosong"):
        run(minutes.submit_minutes, actor=setda, meeting=meeting)
    row = make_row(setda, meeting)
    edit(notulis, meeting, row, "Naskah notulis")
    edit(setda, meeting, row, "Naskah setda")
    with pytest.raises(RuleViolation, match=r"Belum dapat diajukan, 1 baris bentrok: 1\.1"):
        run(minutes.submit_minutes, actor=setda, meeting=meeting)
    with pytest.raises(RuleViolation, match="baru dapat disahkan setelah diajukan"):
        run(minutes.approve_minutes, actor=setda, meeting=meeting, letter_date=today())
    assert meeting.status is MeetingStatus.MINUTING


def test_approval_freezes_the_paper_and_tells_who_has_tasks(setda: User) -> None:
    leader = user("pimpinan.malang")
    meeting = make_meeting(setda)
    make_row(setda, meeting, "Dinas Kesehatan memaparkan kesiapan.")
    decision = make_row(setda, meeting, "Orientasi di tiap kecamatan.", RowKind.DECISION)
    errand = Errand(due_on=today() + timedelta(30), groups=["kecamatan"], basis_id=decision.id)
    give(setda, meeting, errand)
    hand_in(setda, meeting)
    with counted() as statements:
        run(
            minutes.approve_minutes,
            actor=leader,
            meeting=meeting,
            letter_date=today(),
            number_source=NumberSource.SERIES,
        )
    assert len(statements) <= 20
    document = db.session.query(Document).filter_by(meeting_id=meeting.id, kind=DocumentKind.MINUTES).one()
    paper = document.content
    assert paper["agenda"][0]["notes"][0] == "Dinas Kesehatan memaparkan kesiapan."
    assert paper["decisions"][0]["text"] == "Orientasi di tiap kecamatan."
    assert "belum selesai" not in paper["agenda"][0]["notes"][0]
    (action,) = paper["actions"]
    assert action["owner"] == "33 kecamatan di Kabupaten Malang"
    assert action["issue"] == f"Keputusan {paper['decisions'][0]['number']}"
    assert [block["person"]["name"] for block in paper["signatures"]] == [setda.name, leader.name]
    camat = user("camat.kepanjen")
    told = db.session.query(Notification).filter_by(account_id=camat.account_id).all()
    assert f"Notula disahkan: {meeting.title}." in [one.text for one in told]


@pytest.mark.parametrize(
    ("source", "text"), [(NumberSource.LATER, ""), (NumberSource.TYPED, "400.7/7/NOTULA/2026")]
)
def test_the_number_may_follow_or_be_typed(setda: User, source: NumberSource, text: str) -> None:
    leader = user("pimpinan.malang")
    meeting = make_meeting(setda)
    make_row(setda, meeting)
    hand_in(setda, meeting)
    run(
        minutes.approve_minutes,
        actor=leader,
        meeting=meeting,
        letter_date=today(),
        number_source=source,
        number_text=text,
    )
    document = db.session.query(Document).filter_by(meeting_id=meeting.id).one()
    assert document.content["number"]["text"] == text


def test_the_paper_says_what_earlier_meetings_left_undone(setda: User) -> None:
    leader, earlier = user("pimpinan.malang"), make_meeting(setda, days=-30)
    give(setda, earlier, Errand(due_on=today(), groups=["kecamatan"]), "Kirim data sasaran")
    run(minutes.close_meeting, actor=setda, meeting=earlier)
    with transaction():
        meeting = meetings.next_of_series(actor=setda, previous=earlier, plan=PLAN)
        meetings.open_meeting(actor=setda, meeting=meeting)
    removed = make_row(setda, meeting, "Keliru")
    make_row(setda, meeting, "Camat melaporkan kendala.")
    run(minutes.remove_row, actor=setda, meeting=meeting, row_id=removed.id, version=1)
    hand_in(setda, meeting)
    with counted() as statements:
        run(minutes.approve_minutes, actor=leader, meeting=meeting, letter_date=today())
    assert len(statements) <= 20
    document = db.session.query(Document).filter_by(meeting_id=meeting.id).one()
    assert document.content["agenda"][0]["notes"] == [
        "1 dari 1 tugas rapat sebelumnya belum selesai.",
        f"(1) Kirim data sasaran: 33 dari 33 kantor belum, tenggat {short_date(today())}.",
        "Camat melaporkan kendala.",
    ]


def test_the_notula_says_how_many_carried_tasks_it_does_not_name(setda: User) -> None:
    leader, earlier = user("pimpinan.malang"), make_meeting(setda, days=-30)
    for number in range(CARRIED_ON_A_PAGE + 2):
        give(setda, earlier, Errand(due_on=today(), groups=["kecamatan"]), f"Tugas {number}")
    run(minutes.close_meeting, actor=setda, meeting=earlier)
    with transaction():
        meeting = meetings.next_of_series(actor=setda, previous=earlier, plan=PLAN)
        meetings.open_meeting(actor=setda, meeting=meeting)
    make_row(setda, meeting)
    hand_in(setda, meeting)
    with transaction():
        document = minutes.approve_minutes(actor=leader, meeting=meeting, letter_date=today())
    notes = document.content["agenda"][0]["notes"]
    assert (
        notes[0]
        == f"{CARRIED_ON_A_PAGE + 2} dari {CARRIED_ON_A_PAGE + 2} tugas rapat sebelumnya belum selesai."
    )
    assert notes[CARRIED_ON_A_PAGE + 1] == "2 tugas lain belum selesai."


# --- carried over -----------------------------------------------------------------------------------
def test_an_unfinished_task_is_taken_up_as_a_note(setda: User) -> None:
    earlier = make_meeting(setda, days=-30)
    task_id = give(setda, earlier, Errand(due_on=today(), groups=["kecamatan"])).task_id
    run(minutes.close_meeting, actor=setda, meeting=earlier)
    with transaction():
        meeting = meetings.next_of_series(actor=setda, previous=earlier, plan=PLAN)
    first = items(meeting)[0]
    assert first.carried_over
    run(minutes.discuss_task, actor=setda, meeting=meeting, item_id=first.id, task_id=task_id)
    (row,) = shown(setda, meeting)
    assert row.kind is RowKind.NOTE
    assert row.task is not None
    assert row.task.id == task_id


def test_a_task_of_elsewhere_cannot_be_taken_up(setda: User) -> None:
    blitar = user("setda.blitar")
    other = make_meeting(blitar)
    task_id = give(blitar, other, Errand(due_on=today(), groups=["kecamatan"])).task_id
    meeting = make_meeting(setda)
    with pytest.raises(NotFound):
        run(
            minutes.discuss_task,
            actor=setda,
            meeting=meeting,
            item_id=items(meeting)[0].id,
            task_id=task_id,
        )


def marks(meeting: Meeting) -> list[list[str]]:
    rows = db.session.scalars(
        sa.select(AuditEntry)
        .where(AuditEntry.action == "minutes:mark", AuditEntry.subject_id == meeting.id)
        .order_by(AuditEntry.id)
    )
    return [row.changes["status"] for row in rows]


def test_the_first_row_takes_a_pending_item_up(setda: User) -> None:
    meeting = make_meeting(setda)
    make_row(setda, meeting)
    make_row(setda, meeting)
    assert [item.status for item in items(meeting)] == [S.DISCUSSED, S.PENDING, S.PENDING]
    assert marks(meeting) == [["pending", "discussed"]]
    agenda = queries.agenda_of(setda, meeting.id)
    assert agenda.current is agenda.items[0]
    make_row(setda, meeting, item=1)
    agenda = queries.agenda_of(setda, meeting.id)
    assert agenda.current is agenda.items[1]


def test_a_row_leaves_alone_what_was_marked_and_what_is_written_afterwards(setda: User) -> None:
    meeting = make_meeting(setda)
    with transaction():
        key = items(meeting)[0].id
        minutes.mark_item(actor=setda, meeting=meeting, item_id=key, status=S.DEFERRED)
    make_row(setda, meeting)
    with transaction():
        minutes.close_meeting(actor=setda, meeting=meeting)
    make_row(setda, meeting, item=1)
    assert [item.status for item in items(meeting)] == [S.DEFERRED, S.PENDING, S.PENDING]
