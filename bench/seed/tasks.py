"""What meetings and offices asked for: to a few offices, to every kecamatan, or through it to every desa."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from bench.seed import words
from bench.seed.bulk import Bulk
from bench.seed.cast import Cast, Host
from bench.seed.meetings import YEARS, Given, Planned, day_of
from bench.seed.trail import Trail
from bench.seed.words import turn
from ilp.core.db import db
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.directory import Office, Person
from ilp.models.tasks import (
    Assignment,
    AssignmentEvent,
    AssignmentStatus,
    Evidence,
    EvidenceKind,
    Task,
    TaskOrigin,
)

CYCLE = "dacaaaacaaca"
"""To whom twelve tasks in turn go: to each desa, to each kecamatan, or to a few agencies."""
FEW = 3
S = AssignmentStatus
FINISHED = {
    S.ACCEPTED: 90,
    S.SUBMITTED: 2,
    S.RETURNED: 2,
    S.NOT_APPLICABLE: 3,
    S.IN_PROGRESS: 2,
    S.ASSIGNED: 1,
}
RUNNING = {
    S.ASSIGNED: 30,
    S.IN_PROGRESS: 20,
    S.SUBMITTED: 15,
    S.RETURNED: 5,
    S.ACCEPTED: 28,
    S.NOT_APPLICABLE: 2,
}
"""How rows stand, of a hundred, long after they were due and about the day itself."""
HANDED_IN = frozenset({S.SUBMITTED, S.RETURNED, S.ACCEPTED})
JUDGED = {S.RETURNED: words.RETURNED, S.ACCEPTED: "", S.NOT_APPLICABLE: words.EXEMPTED}
STEPS = {S.ASSIGNED: 1, S.IN_PROGRESS: 2, S.SUBMITTED: 2, S.RETURNED: 3, S.ACCEPTED: 3, S.NOT_APPLICABLE: 2}
"""The version of a row in a state."""


@dataclass(frozen=True)
class Order:
    """A task to be written, with whom it is for: offices without a parent, then desa under kecamatan."""

    id: int
    title: str
    owner: Host
    meeting_id: int | None
    created_at: datetime
    due_on: date
    top: Sequence[Host]
    below: Sequence[Host] = ()


def write(
    bulk: Bulk, cast: Cast, trail: Trail, planned: Sequence[Planned], *, count: int, on: date, chance: Random
) -> None:
    """Exactly `count` rows of assignments in as many tasks as that takes, with their stories and evidence.

    Meetings learn of the tasks they gave, for their minutes.
    """
    orders = list(_orders(bulk, cast, planned, count, on))
    bulk.load(Task, (_task(order) for order in orders))
    for order in orders:
        size = len(order.top) + len(order.below)
        trail.add(
            order.owner, order.created_at, "task:issue", "task", order.id, title=order.title, offices=size
        )
    keys = bulk.keys(Assignment, 0)
    first = keys.start
    bulk.load(Assignment, _assignments(bulk, orders, on, chance))
    _tell_stories(first)


def _orders(bulk: Bulk, cast: Cast, planned: Sequence[Planned], count: int, on: date) -> Iterator[Order]:
    givers = [m for m in planned if m.is_held and not m.host.place["district_code"]]
    left, number = count, 0
    expected = _expected(cast, count)
    while left:
        (key,) = bulk.keys(Task, 1)
        topic = turn(words.TOPICS, number)
        title = turn(words.TASKS, number // len(words.TOPICS)).format(topic=topic)
        top, below = _addressees(cast, number, left)
        giver = givers[number * len(givers) // expected % len(givers)] if number % 4 else None
        if giver:
            giver.given.append(Given(key, title))
            start, day = giver.starts_at + timedelta(hours=1), day_of(giver, cast)
        else:
            day = on - timedelta(days=1 + (365 * YEARS - 1) * (expected - number % expected) // expected)
            start = datetime.combine(day, time(3), UTC)
        yield Order(
            id=key,
            title=title,
            owner=giver.host if giver else cast.setda,
            meeting_id=giver.id if giver else None,
            created_at=start,
            due_on=day + timedelta(days=14 + number * 11 % 47),
            top=top,
            below=below,
        )
        left -= len(top) + len(below)
        number += 1


def _expected(cast: Cast, count: int) -> int:
    """About how many tasks there will be, to spread them over the years."""
    sizes = {
        "a": min(FEW, len(cast.agencies)),
        "c": len(cast.districts),
        "d": len(cast.districts) + len(cast.villages),
    }
    return max(1, count * len(CYCLE) // sum(sizes[letter] for letter in CYCLE))


def _addressees(cast: Cast, number: int, left: int) -> tuple[Sequence[Host], Sequence[Host]]:
    """Whom a task is for, at most so many; a kecamatan comes before the desa under it."""
    letter = CYCLE[number % len(CYCLE)]
    if letter == "a":
        start = number * FEW
        chosen = [cast.agencies[(start + step) % len(cast.agencies)] for step in range(FEW)]
        return chosen[:left], ()
    top = cast.districts[:left]
    return top, cast.villages[: left - len(top)] if letter == "d" else ()


def _task(order: Order) -> dict[str, Any]:
    size = len(order.below) or len(order.top)
    return {
        "id": order.id,
        "title": order.title,
        "origin": TaskOrigin.MEETING if order.meeting_id else TaskOrigin.OFFICE,
        "owner_office_id": order.owner.id,
        "meeting_id": order.meeting_id,
        "due_on": order.due_on,
        "addressed_to": f"{size} {'desa/kelurahan' if order.below else 'kantor'}",
        "created_at": order.created_at,
        "created_by_id": order.owner.account_id,
        **order.owner.place,
    }


def _assignments(bulk: Bulk, orders: Sequence[Order], on: date, chance: Random) -> Iterator[dict[str, Any]]:
    latest = datetime.combine(on, time(2), UTC)
    for order in orders:
        usual = FINISHED if order.due_on < on - timedelta(days=30) else RUNNING
        offices = [*order.top, *order.below]
        statuses = chance.choices(list(usual), list(usual.values()), k=len(offices))
        keys = bulk.keys(Assignment, len(offices))
        parents = {host.code: (key, host) for host, key in zip(order.top, keys, strict=False)}
        common = {"task_id": order.id, "due_on": order.due_on, "created_at": order.created_at}
        submitted = min(order.created_at + timedelta(days=10), latest)
        for number, (key, host, status) in enumerate(zip(keys, offices, statuses, strict=True)):
            is_below = number >= len(order.top)
            parent, reviewer = parents[host.code[:8]] if is_below else (None, order.owner)
            judged = status in JUDGED
            yield {
                "id": key,
                **common,
                "office_id": host.id,
                "issuer_office_id": order.owner.id,
                "reviewer_office_id": reviewer.id,
                "parent_id": parent,
                "status": status,
                "version": STEPS[status],
                "reason": JUDGED.get(status, ""),
                "submitted_at": submitted if status in HANDED_IN else None,
                "reviewed_at": submitted + timedelta(hours=5) if judged else None,
                "reviewed_by_id": reviewer.account_id if judged else None,
                **host.place,
            }


# --- their stories ------------------------------------------------------------------------------
def _tell_stories(first: int) -> None:
    """The events of every row from a key on, and the evidence handed in: told by the database itself."""
    here = Assignment.id >= first
    giver, own, reviewer = (_acting() for _ in range(3))
    given = (
        sa.select(Assignment)
        .join(Task, Task.id == Assignment.task_id)
        .join(giver, giver.c.account_id == Task.created_by_id)
        .where(here)
    )
    reported = (
        sa.select(Assignment)
        .join(own, own.c.office_id == Assignment.office_id)
        .where(here, own.c.role.in_([Role.IMPLEMENTER, Role.HEALTH_OFFICE]))
    )
    judged = (
        sa.select(Assignment)
        .join(reviewer, reviewer.c.account_id == Assignment.reviewed_by_id)
        .where(here, Assignment.reviewed_at.is_not(None))
    )
    started = reported.where(Assignment.status == S.IN_PROGRESS)
    handed_in = reported.where(Assignment.submitted_at.is_not(None))
    row, nothing = Assignment, sa.literal("")
    _add_events(given, _as(S.ASSIGNED), nothing, giver, row.created_at)
    _add_events(started, _as(S.IN_PROGRESS), nothing, own, row.created_at)
    _add_events(handed_in, _as(S.SUBMITTED), sa.literal(words.REPORTED), own, row.submitted_at)
    _add_events(judged, row.status, row.reason, reviewer, row.reviewed_at)
    evidence = {
        "assignment_id": row.id,
        "kind": sa.literal(EvidenceKind.NOTE, Evidence.kind.type),
        "text": sa.literal(words.REPORTED),
        "unit": nothing,
        "created_at": row.submitted_at,
        "created_by_id": own.c.account_id,
    }
    _add(Evidence, handed_in, evidence)


def _acting() -> sa.Subquery:
    """Logins with their one office, as stories name them."""
    return (
        sa.select(
            RoleGrant.account_id,
            RoleGrant.role,
            RoleGrant.office_id,
            Person.name,
            Office.name.label("office"),
        )
        .join(Account, Account.id == RoleGrant.account_id)
        .join(Person, Person.id == Account.person_id)
        .join(Office, Office.id == RoleGrant.office_id)
        .subquery()
    )


def _as(status: AssignmentStatus) -> Any:
    return sa.literal(status, Assignment.status.type)


def _add_events(which: sa.Select[Any], status: Any, note: Any, who: sa.Subquery, at: Any) -> None:
    said = {"status": status, "note": note, "actor_name": who.c.name, "office_name": who.c.office, "at": at}
    _add(AssignmentEvent, which, {"assignment_id": Assignment.id, **said})


def _add(model: Any, which: sa.Select[Any], values: dict[str, Any]) -> None:
    db.session.execute(sa.insert(model).from_select(list(values), which.with_only_columns(*values.values())))
