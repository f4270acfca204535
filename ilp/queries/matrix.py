"""The matrix of places and tasks: its columns, and the cells of kecamatan or of desa/kelurahan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from ilp.core.db import execute
from ilp.core.statements import bound, prepared
from ilp.models.directory import VILLAGE_OFFICES, Office, OfficeKind
from ilp.models.place import LENGTHS
from ilp.models.tasks import (
    Assignment,
    Task,
    TaskOrigin,
)
from ilp.models.wilayah import Wilayah
from ilp.policy.scope import Reach, values_of, visible
from ilp.policy.user import User
from ilp.queries.assignments import TODAY, late

COLUMNS_OF_A_MATRIX = 12
ROWS_OF_A_MATRIX = (OfficeKind.KECAMATAN, *VILLAGE_OFFICES)
DISTRICT = LENGTHS["district_code"]
"""How long the code of a kecamatan is, which those of its desa begin with."""


Rows = sa.Select[*tuple[Any, ...]]


@prepared
def _tasks(reach: Reach, origin: TaskOrigin | None, *, of_body: bool, of_meeting: bool, below: bool) -> Rows:
    row = sa.exists().where(Assignment.task_id == Task.id)
    given = row.where(Assignment.parent_id.is_(None), Assignment.office_id == Office.id)
    if below:  # passed on, or given by a kecamatan itself, to which they answer without a row of its own
        of_kecamatan = sa.and_(Task.district_code != "", given.where(Office.kind.in_(VILLAGE_OFFICES)))
        addressed = sa.or_(row.where(Assignment.parent_id.is_not(None)), of_kecamatan)
    else:
        addressed = given.where(Office.kind == OfficeKind.KECAMATAN)
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
    user: User,
    regency_code: str,
    *,
    origin: TaskOrigin | None,
    body_id: int | None,
    meeting_id: int | None,
    below: bool = False,
) -> Sequence[Any]:
    """The tasks that stand in the columns, the latest due ones, in the order of their due dates.

    Those of kecamatan; with `below`, those that reached desa/kelurahan.
    """
    statement = _tasks(
        Reach.of(user), origin, of_body=body_id is not None, of_meeting=meeting_id is not None, below=below
    )
    values = {**values_of(user), "regency": regency_code, "body": body_id, "meeting": meeting_id}
    return execute(statement, values).all()[::-1]


CELL = (
    Assignment.id,
    Assignment.task_id,
    sa.type_coerce(Assignment.status, sa.String).label("status"),
    sa.func.coalesce(late(TODAY), sa.false()).label("late"),
    Assignment.office_id,
)
"""A cell as plain values, for there are thousands: its state by its English word."""
OF_TASKS = Assignment.task_id.in_(bound("tasks", many=True))


@prepared
def _cells(reach: Reach, *, below: bool) -> Rows:
    level = (
        Assignment.parent_id.in_(bound("parents", many=True))
        if below
        else sa.and_(Assignment.parent_id.is_(None), Office.kind == OfficeKind.KECAMATAN)
    )
    return (
        sa.select(*CELL, Office.wilayah_code, Wilayah.name)
        .join(Office, Office.id == Assignment.office_id)
        .join(Wilayah, Wilayah.code == Office.wilayah_code)
        .where(OF_TASKS, level, visible(Assignment, reach))
        .order_by(Office.wilayah_code, Assignment.id)
    )


class PlaceRows(NamedTuple):
    """The cells of one place, in no order."""

    code: str
    name: str
    cells: list[Any]


def cells(
    user: User, task_ids: Sequence[int], today: date, parents: Sequence[int] | None = None
) -> list[PlaceRows]:
    """Rows of these tasks by place: those of kecamatan, or those under `parents`. One statement."""
    values = {**values_of(user), "tasks": task_ids, "parents": parents, "today": today}
    rows = execute(_cells(Reach.of(user), below=parents is not None), values)
    return [PlaceRows(*place, list(found)) for place, found in groupby(rows, lambda row: (row[5], row[6]))]


@prepared
def _cells_of_both(reach: Reach) -> Rows:
    return sa.select(*CELL).where(OF_TASKS, visible(Assignment, reach))


@prepared
def _places() -> Rows:
    return (
        sa.select(Office.id, Office.wilayah_code, Wilayah.name)
        .join(Wilayah, Wilayah.code == Office.wilayah_code)
        .where(Office.regency_code == bound("regency"), Office.kind.in_(ROWS_OF_A_MATRIX))
        .order_by(Office.wilayah_code)
    )


def cells_of_both(user: User, regency_code: str, task_ids: Sequence[int], today: date) -> list[PlaceRows]:
    """What `cells` gives of all desa/kelurahan, behind their kecamatan, even if that has none to be seen.

    Each kecamatan of a regency has its office (`set_up_regency`), so no group begins with a desa.
    Two statements: there are thousands of cells, and a place is named once, not with each of them.
    """
    values = {**values_of(user), "tasks": task_ids, "today": today}
    of_office: dict[int, list[Any]] = {}
    for cell in execute(_cells_of_both(Reach.of(user)), values).all():
        of_office.setdefault(cell[4], []).append(cell)
    places: dict[str, PlaceRows] = {}
    for office, code, name in execute(_places(), {"regency": regency_code}):
        places.setdefault(code, PlaceRows(code, name, [])).cells.extend(of_office.get(office, ()))
    reached = {code[:DISTRICT] for code, place in places.items() if place.cells}
    return [one for one in places.values() if one.cells or one.code in reached]


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
    rows = execute(_villages_by_district(), {"regency": regency_code})
    return {row[0]: row[1] for row in rows}
