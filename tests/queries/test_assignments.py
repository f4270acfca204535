"""The register and the figures of the desk, counted by the database the way the pages show them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import joinedload

from ilp.core.clock import now, today
from ilp.core.db import db, transaction
from ilp.models.tasks import Assignment, AssignmentStatus, Task
from ilp.policy.rules import reviews
from ilp.policy.user import User
from ilp.queries import assignments
from ilp.queries import tasks as found
from ilp.queries.assignments import Span, View
from ilp.services import tasks
from tests.factories.tasks import due, make_task, offices, row_of, submit
from tests.support.people import user_named
from tests.support.queries import counted

S = AssignmentStatus

KEPANJEN = "35.07.13"


@pytest.fixture
def setda(app: Flask) -> User:
    return user_named("setda.malang")


@pytest.fixture
def task(setda: User) -> Task:
    return make_task(setda, offices("desa", "35.07"))


def test_what_waits_for_review_is_what_the_policy_lets_me_review(setda: User, task: Task) -> None:
    """The SQL of the list and the predicate of the policy say the same, for each role and level."""
    camat, key = user_named("camat.kepanjen"), task.id
    with transaction():
        for row in db.session.query(Assignment).filter_by(task_id=key, district_code=KEPANJEN):
            row.status, row.submitted_at = S.SUBMITTED, now()
    for user in (setda, camat, user_named("pimpinan.malang"), user_named("dinkes.malang")):
        db.session.expunge_all()
        listed = {
            row.id
            for row in assignments.assignments(user, view=View.REVIEW, today=today()).rows
            if row.task_id == key
        }
        rows = (
            db.session.query(Assignment)
            .filter_by(task_id=key, status=S.SUBMITTED)
            .options(joinedload(Assignment.task), joinedload(Assignment.parent))
        )
        assert listed == {row.id for row in rows if reviews(user, row)}, user.username


def test_figures_of_the_desk_and_rows_of_the_register_agree(setda: User) -> None:
    camat = user_named("camat.kepanjen")
    for days in (-3, 0, 4, 30):
        make_task(setda, due_on=due(days))
    for span in Span:
        page = assignments.assignments(camat, view=View.MINE, today=today(), span=span)
        assert {row.due_on < today() for row in page.rows} == {span is Span.LATE}
        assert page.rows


def test_a_withdrawn_task_leaves_every_view(setda: User) -> None:
    camat = user_named("camat.kepanjen")
    task = make_task(setda, due_on=due(-1))
    with transaction():
        tasks.withdraw_task(actor=setda, task=task, reason="Keliru.")
    for view in View:
        if view is not View.ALL:
            page = assignments.assignments(camat, view=view, today=today())
            assert task.id not in {row.task_id for row in page.rows}


def test_a_page_of_the_register_is_two_statements_at_most(setda: User, task: Task) -> None:
    with counted() as statements:
        page = assignments.assignments(setda, view=View.OTHERS, today=today())
        found.progress_below(setda, (row.id for row in page.rows))
    assert len(statements) == 2


def test_accepted_rows_of_this_month_are_done(setda: User) -> None:
    task = make_task(setda)
    submit(task, user_named("camat.kepanjen"), KEPANJEN)
    with transaction():
        tasks.accept(actor=setda, assignment=row_of(task, setda, KEPANJEN), version=2)
    for who in ("setda.malang", "camat.kepanjen"):
        rows = assignments.assignments(user_named(who), view=View.DONE, today=today()).rows
        assert task.id in {row.task_id for row in rows}
