"""Progress, counted by the database the way the pages show it."""

from __future__ import annotations

import pytest
from flask import Flask

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.models.directory import Office
from ilp.models.tasks import Assignment, AssignmentStatus, Task
from ilp.policy.user import User
from ilp.queries import tasks as found
from ilp.queries.tasks import Progress
from ilp.services import tasks
from tests.factories.tasks import make_task, offices, row_of
from tests.support.people import user_named

S = AssignmentStatus

KEPANJEN = "35.07.13"


@pytest.fixture
def setda(app: Flask) -> User:
    return user_named("setda.malang")


@pytest.fixture
def task(setda: User) -> Task:
    return make_task(setda, offices("desa", "35.07"))


def test_progress_leaves_out_what_does_not_apply(setda: User) -> None:
    task = make_task(setda)
    first, second, third, *_ = db.session.query(Assignment).filter_by(task_id=task.id)
    with transaction():
        first.status, second.status, third.status = S.ACCEPTED, S.NOT_APPLICABLE, S.SUBMITTED
    assert found.progress_of_tasks(setda, [task.id]) == {task.id: Progress(32, 1, 1)}
    assert Progress.of([S.ACCEPTED, S.NOT_APPLICABLE, S.SUBMITTED]) == Progress(2, 1, 1)


def test_progress_below_counts_each_kecamatan(setda: User, task: Task) -> None:
    row = row_of(task, setda, KEPANJEN)
    assert found.progress_below(setda, [row.id]) == {row.id: Progress(18, 0, 0)}
    assert found.progress_below(setda, []) == {}


def test_a_partner_counts_the_rows_it_follows_and_no_other(app: Flask) -> None:
    blitar, mitra = user_named("setda.blitar"), user_named("mitra.blitar")
    task = make_task(blitar, addressed_to="22 kecamatan di Kabupaten Blitar")
    row = row_of(task, blitar, "35.05.11")
    partner = db.session.get_one(Office, mitra.grants[0].office_id)
    with transaction():
        tasks.give_to_follow(actor=blitar, assignment=row, partner=partner)
    (listed,) = [one for one in found.tasks(mitra, origin=None, after=None).rows if one.id == task.id]
    assert listed.addressed_to == ""
    assert found.progress_of_tasks(mitra, [task.id]) == {task.id: Progress(1, 0, 0)}
    assert found.counts_of_task(mitra, task, today()).total == 1
    assert found.progress_of_tasks(blitar, [task.id])[task.id].total == 22


def test_a_village_counts_its_own_row_under_the_kecamatan(app: Flask) -> None:
    lurah = user_named("lurah.tampang")
    office = db.session.get_one(Office, lurah.grants[0].office_id)
    task = make_task(user_named("pokjanal.gunungmas"), [office.id])
    rows, _ = found.top_rows(lurah, task, today=today(), status=None, overdue=False, after=0)
    assert len(rows) == found.counts_of_task(lurah, task, today()).total == 1
    assert found.progress_of_tasks(lurah, [task.id]) == {task.id: Progress(1, 0, 0)}
    assert found.progress_below(lurah, [row.parent_id for row in rows]) == {
        rows[0].parent_id: Progress(1, 0, 0)
    }
