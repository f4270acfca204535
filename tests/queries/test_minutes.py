"""Reading the minutes: one statement whatever the size, pages by key."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.core.errors import NotFound
from ilp.models.meetings import Meeting, MinutesRow, RowKind
from ilp.policy.user import User
from ilp.queries import minutes as queries
from tests.factories.minutes import items, make_meeting, make_row
from tests.support.people import user_named
from tests.support.queries import counted

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def setda(app: object) -> User:
    return user_named("setda.malang")


def fill(actor: User, meeting: Meeting, number: int) -> None:
    """Many rows at once, spread over the items."""
    points = [item.id for item in items(meeting)]
    rows = [
        {
            "meeting_id": meeting.id,
            "agenda_item_id": points[at % len(points)],
            "place": at // len(points) + 1,
            "kind": RowKind.NOTE,
            "text": f"Catatan {at}",
            "created_at": now(),
            "updated_at": now(),
            "author_id": actor.account_id,
            "author_name": actor.name,
        }
        for at in range(number)
    ]
    with transaction():
        db.session.execute(sa.insert(MinutesRow), rows)


@pytest.mark.parametrize("number", [1, 30, 185])
def test_the_agenda_is_one_statement(setda: User, number: int) -> None:
    meeting = make_meeting(setda)
    fill(setda, meeting, number)
    db.session.refresh(meeting)
    with counted() as statements:
        agenda = queries.agenda_of(setda, meeting.id)
    assert len(statements) == 1
    assert len(agenda.rows) == number
    assert agenda.next is None


def test_a_long_agenda_is_read_in_pages_that_miss_nothing(setda: User) -> None:
    meeting = make_meeting(setda)
    fill(setda, meeting, 1000)
    seen: list[int] = []
    after, pages = None, 0
    while pages == 0 or after:
        agenda = queries.agenda_of(setda, meeting.id, after=after)
        seen += [row.id for row in agenda.rows]
        after, pages = agenda.next, pages + 1
    assert len(seen) == len(set(seen)) == 1000
    assert pages == 5


def test_items_without_rows_are_there_and_the_first_open_one_is_at_hand(setda: User) -> None:
    meeting = make_meeting(setda)
    agenda = queries.agenda_of(setda, meeting.id)
    assert [item.number for item in agenda.items] == [1, 2, 3]
    assert agenda.current is agenda.items[0]


def test_decisions_without_a_task_are_named(setda: User) -> None:
    meeting = make_meeting(setda)
    make_row(setda, meeting, "Keputusan", RowKind.DECISION)
    make_row(setda, meeting, "Catatan")
    assert [row.text for row in queries.agenda_of(setda, meeting.id).unowned] == ["Keputusan"]


def test_a_row_of_another_meeting_is_not_found(setda: User) -> None:
    meeting, other = make_meeting(setda), make_meeting(setda)
    row = make_row(setda, other)
    with pytest.raises(NotFound):
        queries.row_of(setda, meeting.id, row.id)
