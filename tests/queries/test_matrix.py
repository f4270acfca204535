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


def test_only_tasks_that_were_passed_on_stand_against_desa(setda: User, task: Task) -> None:
    make_task(setda, title="Untuk kecamatan", due_on=due(401))
    columns = matrix.tasks_of_matrix(setda, "35.07", origin=None, body_id=None, meeting_id=None, below=True)
    assert columns[-1].id == task.id
    assert "Untuk kecamatan" not in {column.title for column in columns}


def test_all_desa_follow_their_kecamatan(setda: User, task: Task) -> None:
    places = matrix.cells_of_both(setda, "35.07", [task.id], today())
    codes = [place.code for place in places]
    assert codes == sorted(codes)
    assert len(codes) == 33 + 390
    assert all(len(place.cells) == 1 for place in places)
    under = [cell.id for place in places if place.code == "35.07.13" for cell in place.cells]
    below = [place for place in places if place.code.startswith("35.07.13.")]
    assert [(place.code, place.name) for place in below] == [
        (place.code, place.name) for place in matrix.cells(setda, [task.id], today(), under)
    ]


def test_a_camat_finds_the_own_desa_only(app: Flask, task: Task) -> None:
    places = matrix.cells_of_both(user_named("camat.kepanjen"), "35.07", [task.id], today())
    assert {place.code[:8] for place in places} == {"35.07.13"}
    assert len(places) == 1 + 18


def test_what_a_camat_gives_the_own_desa_stands_in_it_too(setda: User) -> None:
    camat = user_named("camat.kepanjen")
    given = make_task(camat, offices("desa", "35.07.13"), title="Dari camat untuk desanya", due_on=due(402))
    make_task(camat, offices("puskesmas", "35.07.13"), title="Dari camat untuk Puskesmas", due_on=due(403))
    for who in (camat, setda):
        columns = matrix.tasks_of_matrix(who, "35.07", origin=None, body_id=None, meeting_id=None, below=True)
        assert columns[-1].id == given.id
        places = matrix.cells_of_both(who, "35.07", [given.id], today())
        assert [len(place.cells) for place in places] == [0] + [1] * (len(places) - 1)
        assert {place.code[:8] for place in places} == {"35.07.13"}
