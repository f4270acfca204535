"""Reading coordination bodies: which there are, who sits in one, and what it asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from ilp.core.db import db
from ilp.core.indonesian import full_name
from ilp.core.paging import PAGE_SIZE
from ilp.models.directory import Appointment, Office, Person, Position
from ilp.models.pokjanal import CoordinationBody, Seat
from ilp.models.tasks import Task
from ilp.models.wilayah import Wilayah
from ilp.policy.scope import visible
from ilp.policy.user import User
from ilp.queries.directory import holding
from ilp.queries.tasks import addressed

SEATS_SHOWN = 200


def bodies(user: User, *, after: int, size: int = PAGE_SIZE) -> tuple[Sequence[Any], int | None]:
    """A page of the bodies the user may see, and the id it ends with when there are more: one statement."""
    seats = sa.select(sa.func.count()).where(Seat.body_id == CoordinationBody.id).scalar_subquery()
    open_tasks = (
        sa.select(sa.func.count())
        .where(Task.body_id == CoordinationBody.id, Task.withdrawn_at.is_(None), visible(Task, user))
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(
            CoordinationBody.id,
            CoordinationBody.name,
            CoordinationBody.label,
            CoordinationBody.decree_number,
            CoordinationBody.decree_date,
            CoordinationBody.expires_on,
            Wilayah.kind.label("place_kind"),
            Wilayah.name.label("place_name"),
            seats.label("seats"),
            open_tasks.label("tasks"),
        )
        .outerjoin(Wilayah, Wilayah.code == CoordinationBody.wilayah_code)
        .where(visible(CoordinationBody, user), CoordinationBody.id > after)
        .order_by(CoordinationBody.id)
        .limit(size + 1)
    ).all()
    return rows[:size], rows[size - 1].id if len(rows) > size else None


def seats_of(body: CoordinationBody, on: date, *, most: int = SEATS_SHOWN) -> list[dict[str, Any]]:
    """The seats in their order, with who holds the position on the day: one statement."""
    rows = db.session.execute(
        sa.select(
            Seat.division,
            Seat.role,
            Position.title,
            Office.name.label("office_name"),
            Person.prefix,
            Person.name,
            Person.suffix,
            Appointment.kind,
        )
        .join(Position, Position.id == Seat.position_id)
        .join(Office, Office.id == Position.office_id)
        .outerjoin(Appointment, holding(on))
        .outerjoin(Person, Person.id == Appointment.person_id)
        .where(Seat.body_id == body.id)
        .order_by(Seat.place, Seat.id)
        .limit(most)
    )
    return [
        {
            "division": row.division,
            "role": row.role,
            "title": f"{row.kind.label} {row.title}".strip() if row.kind else row.title,
            "office_name": row.office_name,
            "holder": full_name(row.prefix, row.name, row.suffix) if row.name else "",
        }
        for row in rows
    ]


def tasks_of(user: User, body: CoordinationBody) -> Sequence[Any]:
    """What the body asked for and did not take back, as far as the user may see it, latest due date first.

    One statement.
    """
    return db.session.execute(
        sa.select(Task.id, Task.title, Task.due_on, Task.division, addressed(user))
        .where(Task.body_id == body.id, Task.withdrawn_at.is_(None), visible(Task, user))
        .order_by(Task.due_on.desc(), Task.id.desc())
        .limit(PAGE_SIZE)
    ).all()
