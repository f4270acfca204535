"""The matrix of places and tasks: its columns, and the cells of kecamatan or of desa/kelurahan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ilp.core.db import bound, fetch, prepared
from ilp.models.directory import VILLAGE_OFFICES, Office, OfficeKind
from ilp.models.tasks import (
    Assignment,
    Task,
    TaskOrigin,
)
from ilp.models.wilayah import Wilayah
from ilp.policy.scope import Reach, values_of, visible
from ilp.policy.user import User

COLUMNS_OF_A_MATRIX = 12


Rows = sa.Select[*tuple[Any, ...]]


@prepared
def _tasks(reach: Reach, origin: TaskOrigin | None, *, of_body: bool, of_meeting: bool) -> Rows:
    addressed = sa.exists().where(
        Assignment.task_id == Task.id,
        Assignment.parent_id.is_(None),
        Assignment.office_id == Office.id,
        Office.kind == OfficeKind.KECAMATAN,
    )
    conditions = [
        visible(Task, reach),
        Task.regency_code == bound("regency"),
        Task.withdrawn_at.is_(None),
        addressed,
    ]
    if origin is not None:
        conditions.append(Task.origin == origin)
    if of_body:
        conditions.append(Task.body_id == bound("body"))
    if of_meeting:
        conditions.append(Task.meeting_id == bound("meeting"))
    return (
        sa.select(Task.id, Task.title, Task.due_on)
        .where(*conditions)
        .order_by(Task.due_on.desc(), Task.id.desc())
        .limit(COLUMNS_OF_A_MATRIX)
    )


def tasks_of_matrix(
    user: User, regency_code: str, *, origin: TaskOrigin | None, body_id: int | None, meeting_id: int | None
) -> Sequence[Any]:
    """The tasks that stand in the columns, the latest due ones, in the order of their due dates."""
    statement = _tasks(Reach.of(user), origin, of_body=body_id is not None, of_meeting=meeting_id is not None)
    values = {**values_of(user), "regency": regency_code, "body": body_id, "meeting": meeting_id}
    return fetch(statement, values).all()[::-1]


@prepared
def _cells(reach: Reach, *, below: bool) -> Rows:
    level = (
        Assignment.parent_id.in_(bound("parents", many=True))
        if below
        else sa.and_(Assignment.parent_id.is_(None), Office.kind == OfficeKind.KECAMATAN)
    )
    return (
        sa.select(
            Assignment.id,
            Assignment.task_id,
            Assignment.status,
            Assignment.due_on,
            Office.wilayah_code,
            Wilayah.name,
        )
        .join(Office, Office.id == Assignment.office_id)
        .join(Wilayah, Wilayah.code == Office.wilayah_code)
        .where(Assignment.task_id.in_(bound("tasks", many=True)), level, visible(Assignment, reach))
        .order_by(Office.wilayah_code, Assignment.id)
    )


def cells(user: User, task_ids: Sequence[int], parents: Sequence[int] | None = None) -> Sequence[Any]:
    """Rows of these tasks by office: those of kecamatan, or those under `parents`. One statement."""
    values = {**values_of(user), "tasks": task_ids, "parents": parents}
    return fetch(_cells(Reach.of(user), below=parents is not None), values).all()


@prepared
def _villages_by_district() -> Rows:
    return (
        sa.select(Office.district_code, sa.func.count())
        .where(
            Office.regency_code == bound("regency"),
            Office.kind.in_(VILLAGE_OFFICES),
            Office.archived_at.is_(None),
        )
        .group_by(Office.district_code)
    )


def villages_by_district(regency_code: str) -> dict[str, int]:
    """How many desa/kelurahan each kecamatan of a regency has: one statement."""
    rows = fetch(_villages_by_district(), {"regency": regency_code})
    return {row[0]: row[1] for row in rows}
