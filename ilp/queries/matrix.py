"""The matrix of places and tasks: its columns, and the cells of kecamatan or of desa/kelurahan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ilp.core.db import db
from ilp.models.directory import VILLAGE_OFFICES, Office, OfficeKind
from ilp.models.tasks import (
    Assignment,
    Task,
    TaskOrigin,
)
from ilp.models.wilayah import Wilayah
from ilp.policy.scope import visible, within
from ilp.policy.user import User

COLUMNS_OF_A_MATRIX = 12


def tasks_of_matrix(
    user: User, regency_code: str, *, origin: TaskOrigin | None, body_id: int | None, meeting_id: int | None
) -> Sequence[Any]:
    """The tasks that stand in the columns, the latest due ones, in the order of their due dates."""
    addressed = sa.exists().where(
        Assignment.task_id == Task.id,
        Assignment.parent_id.is_(None),
        Assignment.office_id == Office.id,
        Office.kind == OfficeKind.KECAMATAN,
    )
    conditions = [
        visible(Task, user),
        Task.regency_code == regency_code,
        Task.withdrawn_at.is_(None),
        addressed,
    ]
    chosen = ((Task.origin, origin), (Task.body_id, body_id), (Task.meeting_id, meeting_id))
    conditions += [column == value for column, value in chosen if value is not None]
    rows = db.session.execute(
        sa.select(Task.id, Task.title, Task.due_on)
        .where(*conditions)
        .order_by(Task.due_on.desc(), Task.id.desc())
        .limit(COLUMNS_OF_A_MATRIX)
    ).all()
    return rows[::-1]


def cells(user: User, task_ids: Sequence[int], parents: Sequence[int] | None = None) -> Sequence[Any]:
    """Rows of these tasks by office: those of kecamatan, or those under `parents`. One statement."""
    level = (
        sa.and_(Assignment.parent_id.is_(None), Office.kind == OfficeKind.KECAMATAN)
        if parents is None
        else Assignment.parent_id.in_(parents)
    )
    return db.session.execute(
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
        .where(Assignment.task_id.in_(task_ids), level, visible(Assignment, user))
        .order_by(Office.wilayah_code, Assignment.id)
    ).all()


def villages_by_district(regency_code: str) -> dict[str, int]:
    """How many desa/kelurahan each kecamatan of a regency has: one statement."""
    rows = db.session.execute(
        sa.select(Office.district_code, sa.func.count())
        .where(
            within(Office, regency_code),
            Office.kind.in_(VILLAGE_OFFICES),
            Office.archived_at.is_(None),
        )
        .group_by(Office.district_code)
    )
    return {row[0]: row[1] for row in rows}
