"""The matrix of places and tasks."""

from __future__ import annotations

import pytest
from flask import Flask

from ilp.core.clock import today
from ilp.models.tasks import Task
from ilp.policy.user import User
from ilp.queries import matrix
from tests.factories.tasks import due, make_task, offices
from tests.support.people import user_named


@pytest.fixture
def setda(app: Flask) -> User:
    return user_named("setda.malang")


@pytest.fixture
def task(setda: User) -> Task:
    return make_task(setda, offices("desa", "35.07"))


def test_the_matrix_holds_only_tasks_of_kecamatan(setda: User, task: Task) -> None:
    make_task(setda, offices("puskesmas", "35.07"), title="Hanya untuk Puskesmas", due_on=due(400))
    latest = make_task(setda, title="Untuk kecamatan", due_on=due(401))
    columns = matrix.tasks_of_matrix(setda, "35.07", origin=None, body_id=None, meeting_id=None)
    assert "Hanya untuk Puskesmas" not in {column.title for column in columns}
    assert columns[-1].id == latest.id
    places = matrix.cells(setda, [latest.id], today())
    assert [len(place.cells) for place in places] == [1] * 33
