"""Reading the minutes: one statement whatever the size, pages by key, and what is carried over."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import sqlalchemy as sa

from ilp.core.clock import now, today
from ilp.core.db import db, transaction
from ilp.core.errors import NotFound, RuleViolation
from ilp.models.meetings import Meeting, MeetingKind, MinutesRow, RowKind
from ilp.models.tasks import Assignment, AssignmentStatus
from ilp.policy.user import User
from ilp.queries import minutes as queries
from ilp.services import meetings, minutes
from ilp.services.meetings import Plan
from ilp.services.minutes import Errand
from tests.factories.minutes import items, make_meeting, make_row
from tests.support.people import user_named
from tests.support.queries import counted

pytestmark = pytest.mark.usefixtures("app")
MALANG, KEPANJEN = "35.07", "35.07.13"


@pytest.fixture
def setda(app: object) -> User:
    return user_named("setda.malang")


def fill(actor: User, meeting: Meeting, number: int) -> None:
    """Many rows at once, spread over the items."""
    points = [item.id for item in items(meeting)]
    rows = [
        {
            "meeting_id": meeting.id,
            "agenda_item_id": points[at % len(points)],
            "place": at // len(points) + 1,
            "kind": RowKind.NOTE,
            "text": f"Catatan {at}",
            "created_at": now(),
            "updated_at": now(),
            "author_id": actor.account_id,
            "author_name": actor.name,
        }
        for at in range(number)
    ]
    with transaction():
        db.session.execute(sa.insert(MinutesRow), rows)


def give(actor: User, meeting: Meeting, title: str, group: str = "kecamatan", days: int = 10) -> int:
    with transaction():
        row = minutes.assign_task(
            actor=actor,
            meeting=meeting,
            item_id=items(meeting)[0].id,
            text=title,
            errand=Errand(due_on=today() + timedelta(days), groups=[group]),
        )
    assert row.task_id is not None
    return row.task_id


def follow(actor: User, previous: Meeting) -> Meeting:
    plan = Plan(
        title="Rapat berikut", kind=MeetingKind.COORDINATION, day=today() + timedelta(14), start=time(9)
    )
    with transaction():
        return meetings.next_of_series(actor=actor, previous=previous, plan=plan)


def set_status(task_id: int, status: AssignmentStatus, most: int | None = None) -> None:
    ids = sa.select(Assignment.id).where(Assignment.task_id == task_id).order_by(Assignment.id).limit(most)
    with transaction():
        db.session.execute(
            sa.update(Assignment).where(Assignment.id.in_(ids.scalar_subquery())).values(status=status)
        )


# --- the agenda ---------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [1, 30, 185])
def test_the_agenda_is_one_statement(setda: User, number: int) -> None:
    meeting = make_meeting(setda)
    fill(setda, meeting, number)
    db.session.refresh(meeting)
    with counted() as statements:
        agenda = queries.agenda_of(setda, meeting.id)
    assert len(statements) == 1
    assert len(agenda.rows) == number
    assert agenda.next is None


def test_a_long_agenda_is_read_in_pages_that_miss_nothing(setda: User) -> None:
    meeting = make_meeting(setda)
    fill(setda, meeting, 1000)
    seen: list[int] = []
    after, pages = None, 0
    while pages == 0 or after:
        agenda = queries.agenda_of(setda, meeting.id, after=after)
        seen += [row.id for row in agenda.rows]
        after, pages = agenda.next, pages + 1
    assert len(seen) == len(set(seen)) == 1000
    assert pages == 5


def test_items_without_rows_are_there_and_the_first_open_one_is_at_hand(setda: User) -> None:
    meeting = make_meeting(setda)
    agenda = queries.agenda_of(setda, meeting.id)
    assert [item.number for item in agenda.items] == [1, 2, 3]
    assert agenda.current is agenda.items[0]


def test_decisions_without_a_task_are_named(setda: User) -> None:
    meeting = make_meeting(setda)
    make_row(setda, meeting, "Keputusan", RowKind.DECISION)
    make_row(setda, meeting, "Catatan")
    assert [row.text for row in queries.agenda_of(setda, meeting.id).unowned] == ["Keputusan"]


def test_a_row_of_another_meeting_is_not_found(setda: User) -> None:
    meeting, other = make_meeting(setda), make_meeting(setda)
    row = make_row(setda, other)
    with pytest.raises(NotFound):
        queries.row_of(setda, meeting.id, row.id)


# --- whom a task can be given to ------------------------------------------------------------------
def test_groups_and_single_offices_are_said_in_words(setda: User) -> None:
    kecamatan = [office.id for office in queries.find_offices(MALANG, ["kepanjen"], ())]
    assert queries.addressees(MALANG, ["kecamatan", "puskesmas"], []).words == (
        "33 kecamatan dan 39 Puskesmas di Kabupaten Malang"
    )
    single = queries.addressees(MALANG, [], kecamatan[:1])
    assert len(single.office_ids) == 1
    assert "Kepanjen" in single.words
    assert len(queries.addressees(MALANG, ["desa"], []).office_ids) == 390


def test_a_kecamatan_addresses_its_own_offices_only(setda: User) -> None:
    book = queries.address_book(KEPANJEN)
    assert book.place == "Kecamatan Kepanjen"
    assert {key: size for key, _, size in book.groups}["kecamatan"] == 1
    elsewhere = queries.addressees(MALANG, ["kecamatan"], []).office_ids
    with pytest.raises(RuleViolation, match="Pilih ulang"):
        queries.addressees(KEPANJEN, [], elsewhere)


def test_offices_are_found_by_words_and_the_chosen_stay(setda: User) -> None:
    (first, *_) = queries.find_offices(MALANG, ["dinas", "kesehatan"], ())
    found = queries.find_offices(MALANG, ["pendidikan"], [first.id])
    assert found[0].id == first.id
    assert len(found) > 1
    assert queries.find_offices(MALANG, [], ()) == []


# --- carried over -----------------------------------------------------------------------------------
def test_unfinished_tasks_of_the_series_are_carried_over(setda: User) -> None:
    first = make_meeting(setda, days=-60)
    late, done = give(setda, first, "Kirim data", days=-12), give(setda, first, "Selesai semua", "puskesmas")
    set_status(done, AssignmentStatus.ACCEPTED)
    set_status(late, AssignmentStatus.ACCEPTED, most=31)
    with transaction():
        minutes.close_meeting(actor=setda, meeting=first)
    second = follow(setda, first)
    db.session.refresh(second)
    with counted() as statements:
        carried = queries.carried_over(setda, second)
    assert len(statements) == 1
    (task,) = carried.tasks
    assert (carried.unfinished, carried.given) == (1, 2)
    assert (task.title, task.open, task.total, task.days_late(today())) == ("Kirim data", 2, 33, 12)
    assert task.is_late(today())
    assert task.who.count("Kecamatan") == 2


def test_what_is_only_to_be_reviewed_is_not_late(setda: User) -> None:
    first = make_meeting(setda, days=-60)
    set_status(give(setda, first, "Kirim data", days=-12), AssignmentStatus.SUBMITTED)
    with transaction():
        minutes.close_meeting(actor=setda, meeting=first)
    (task,) = queries.carried_over(setda, follow(setda, first)).tasks
    assert not task.is_late(today())
    assert task.state is AssignmentStatus.SUBMITTED
    assert task.who == "33 dari 33 kantor belum"


def test_without_a_series_the_chain_of_previous_meetings_counts(setda: User) -> None:
    first, second, third = (make_meeting(setda, days=days) for days in (-60, -30, 0))
    give(setda, first, "Dari rapat pertama")
    give(setda, second, "Dari rapat kedua")
    with transaction():
        second.previous_id, third.previous_id = first.id, second.id
    titles = {task.title for task in queries.carried_over(setda, third).tasks}
    assert titles == {"Dari rapat pertama", "Dari rapat kedua"}
    assert queries.carried_over(setda, make_meeting(setda)).tasks == []


def test_nobody_sees_a_carried_task_that_is_not_theirs(setda: User) -> None:
    first = make_meeting(setda, days=-60)
    give(setda, first, "Untuk Puskesmas", "puskesmas")
    give(setda, first, "Untuk kecamatan")
    with transaction():
        minutes.close_meeting(actor=setda, meeting=first)
    second = follow(setda, first)
    seen = queries.carried_over(user_named("puskesmas.kepanjen"), second)
    assert [task.title for task in seen.tasks] == ["Untuk Puskesmas"]
