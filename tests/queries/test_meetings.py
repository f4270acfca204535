from __future__ import annotations

from datetime import time

import pytest

from ilp.core.clock import Zone, to_utc, today
from ilp.core.db import transaction
from ilp.models.meetings import MeetingKind, MeetingStatus
from ilp.queries import meetings as queries
from ilp.queries.meetings import Shelf
from tests.factories.meetings import make_called, make_draft
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def setda(app):
    return user_named("setda.malang")


def listed(user, shelf=Shelf.ALL, kind=None, after=None):
    midnight = to_utc(today(), time(0), Zone.WIB)
    return queries.meetings(user, shelf=shelf, kind=kind, midnight=midnight, after=after)


def ids(user, shelf=Shelf.ALL, kind=None):
    return {row.id for row in listed(user, shelf, kind).rows}


def test_shelves_divide_by_day_and_state(setda):
    coming, past = make_draft(setda, days=3), make_draft(setda, days=-3)
    held, off = make_draft(setda, days=-5), make_draft(setda, days=5)
    with transaction():
        held.status = MeetingStatus.APPROVED
        off.status = MeetingStatus.CANCELLED
    mine = {coming.id, past.id, held.id, off.id}
    assert ids(setda) & mine == mine
    assert ids(setda, Shelf.UPCOMING) & mine == {coming.id}
    assert ids(setda, Shelf.PAST) & mine == {held.id}
    assert ids(setda, Shelf.DRAFT) & mine == {coming.id, past.id}


def test_what_comes_is_sorted_from_today_and_all_else_newest_first(setda):
    late, soon = make_draft(setda, days=30), make_draft(setda, days=1)
    order = [row.id for row in listed(setda, Shelf.UPCOMING).rows if row.id in (late.id, soon.id)]
    assert order == [soon.id, late.id]
    order = [row.id for row in listed(setda, Shelf.ALL).rows if row.id in (late.id, soon.id)]
    assert order == [late.id, soon.id]


def test_a_kind_filters(setda):
    kickoff, workshop = make_draft(setda), make_draft(setda, kind=MeetingKind.WORKSHOP)
    found = ids(setda, kind=MeetingKind.WORKSHOP)
    assert workshop.id in found
    assert kickoff.id not in found


def test_pages_follow_each_other_by_key_at_the_same_cost(setda):
    for number in range(120):
        make_draft(setda, days=number + 1)
    seen, after, costs = [], None, []
    while True:
        with counted() as statements:
            page = listed(setda, Shelf.UPCOMING, after=after)
        costs.append(len(statements))
        seen += [row.id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) >= 120
    assert set(costs) == {1}


def test_who_sees_which_meeting(setda):
    draft = make_draft(setda, groups=("camat",))
    called = make_called(setda, groups=("camat",))
    uninvited = make_called(setda, groups=("rsud",))
    both = {draft.id, called.id, uninvited.id}
    assert ids(user_named("dinkes.malang")) & both == both
    assert ids(user_named("camat.kepanjen")) & both == {called.id}
    for stranger in ("setda.blitar", "camat.kurun", "mitra.blitar", "admin"):
        assert not ids(user_named(stranger)) & both
