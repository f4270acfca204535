"""Tasks for tests, made by the verbs of the product."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from PIL import Image

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.models.directory import Office
from ilp.models.tasks import Assignment, Task, TaskOrigin
from ilp.policy.access import access_assignment
from ilp.policy.user import User
from ilp.queries import directory
from ilp.services import tasks
from ilp.services.tasks import Report

SOON = timedelta(days=20)


def due(days: int) -> date:
    return today() + timedelta(days=days)


def offices(key: str, code: str) -> list[int]:
    return [office.id for office in directory.offices_of(key, code)]


def make_task(actor: User, office_ids: Sequence[int] | None = None, **over: Any) -> Task:
    """A task of the actor's office for all kecamatan of its wilayah, due in twenty days."""
    grant = actor.grants[0]
    ids = offices("kecamatan", grant.wilayah_code) if office_ids is None else office_ids
    given = {
        "title": "Kirim rekap kader terlatih ke Dinas Kesehatan",
        "due_on": today() + SOON,
        "origin": TaskOrigin.OFFICE,
        **over,
    }
    with transaction():
        return tasks.issue_task(
            actor=actor, owner_office=db.session.get_one(Office, grant.office_id), office_ids=ids, **given
        )


def row_of(task: Task, user: User, code: str) -> Assignment:
    """The row of the first office of a place in a task, the way a request of this user gets it."""
    key = db.session.scalar(
        sa.select(Assignment.id)
        .join(Office, Office.id == Assignment.office_id)
        .where(Assignment.task_id == task.id, Office.wilayah_code == code)
    )
    assert key is not None
    return access_assignment(user, key)


def submit(task: Task, actor: User, code: str, **over: Any) -> Assignment:
    """The office of a place hands in its report."""
    row = row_of(task, actor, code)
    given = {"version": row.version, "report": Report(note="Sudah dikirim."), **over}
    with transaction():
        tasks.submit(actor=actor, assignment=row, **given)
    return row


def photo(size: tuple[int, int] = (320, 240)) -> tuple[io.BytesIO, str]:
    """A photograph as a browser sends it."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(out, "JPEG")
    out.seek(0)
    return out, "papan jadwal.jpg"
