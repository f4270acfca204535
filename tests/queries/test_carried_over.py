"""What earlier meetings left undone, for whom it is theirs."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.models.meetings import Meeting, MeetingKind, MinutesRow
from ilp.models.tasks import Assignment, AssignmentStatus
from ilp.policy.user import User
from ilp.queries.carried_over import carried_over
from ilp.services import meetings, minutes
from ilp.services.meetings import Plan
from ilp.services.minutes import Errand
from tests.factories.minutes import items, make_meeting
from tests.support.people import user_named
from tests.support.queries import counted

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def setda(app: object) -> User:
    return user_named("setda.malang")


def give(actor: User, meeting: Meeting, title: str, group: str = "kecamatan", days: int = 10) -> int:
    with transaction():
        row_id = minutes.assign_task(
            actor=actor,
            meeting=meeting,
            item_id=items(meeting)[0].id,
            text=title,
            errand=Errand(due_on=today() + timedelta(days), groups=[group]),
        )
    task_id = db.session.get_one(MinutesRow, row_id).task_id
    assert task_id is not None
    return task_id


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
        carried = carried_over(setda, second)
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
    (task,) = carried_over(setda, follow(setda, first)).tasks
    assert not task.is_late(today())
    assert task.state is AssignmentStatus.SUBMITTED
    assert task.who == "33 dari 33 kantor belum"


def test_without_a_series_the_chain_of_previous_meetings_counts(setda: User) -> None:
    first, second, third = (make_meeting(setda, days=days) for days in (-60, -30, 0))
    give(setda, first, "Dari rapat pertama")
    give(setda, second, "Dari rapat kedua")
    with transaction():
        second.previous_id, third.previous_id = first.id, second.id
    titles = {task.title for task in carried_over(setda, third).tasks}
    assert titles == {"Dari rapat pertama", "Dari rapat kedua"}
    assert carried_over(setda, make_meeting(setda)).tasks == []


def test_nobody_sees_a_carried_task_that_is_not_theirs(setda: User) -> None:
    first = make_meeting(setda, days=-60)
    give(setda, first, "Untuk Puskesmas", "puskesmas")
    give(setda, first, "Untuk kecamatan")
    with transaction():
        minutes.close_meeting(actor=setda, meeting=first)
    second = follow(setda, first)
    seen = carried_over(user_named("puskesmas.kepanjen"), second)
    assert [task.title for task in seen.tasks] == ["Untuk Puskesmas"]
