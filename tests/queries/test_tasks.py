"""Progress, counted by the database the way the pages show it."""

from __future__ import annotations

import pytest
from flask import Flask

from ilp.core.db import db, transaction
from ilp.models.tasks import Assignment, AssignmentStatus, Task
from ilp.policy.user import User
from ilp.queries import tasks as found
from ilp.queries.tasks import Progress
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
    assert found.progress_of_tasks([task.id]) == {task.id: Progress(32, 1, 1)}
    assert Progress.of([S.ACCEPTED, S.NOT_APPLICABLE, S.SUBMITTED]) == Progress(2, 1, 1)


def test_progress_below_counts_each_kecamatan(setda: User, task: Task) -> None:
    row = row_of(task, setda, KEPANJEN)
    assert found.progress_below([row.id]) == {row.id: Progress(18, 0, 0)}
    assert found.progress_below([]) == {}
