from __future__ import annotations

from datetime import time

import pytest

from ilp.core.clock import Zone, to_utc, today
from ilp.core.db import transaction
from ilp.models.directory import Constituency
from ilp.models.meetings import AttendanceStatus, MeetingKind, MeetingStatus
from ilp.queries import meetings as queries
from ilp.queries.meetings import Presence, Shelf
from ilp.services import attendance
from tests.factories.meetings import add_seats, make_called, make_draft, mark, seats_of
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


def test_counts_add_up_by_constituency(setda):
    meeting = make_called(setda, groups=("rsud", "camat"))
    seats = seats_of(meeting)
    mark(setda, meeting, seats[0])
    mark(setda, meeting, seats[1], AttendanceStatus.LATE)
    mark(setda, meeting, seats[2], AttendanceStatus.REPRESENTED, name="Ani Misal")
    mark(setda, meeting, seats[3], AttendanceStatus.EXCUSED, reason="Sakit")
    with transaction():
        attendance.register_walk_in(
            actor=setda, meeting=meeting, name="Sari Umpama", office_name="Radio", phone="0812"
        )
    meeting_id = meeting.id
    with counted() as statements:
        tally = queries.tally(meeting_id)
    assert len(statements) == 1
    total = tally.total
    assert (total.invited, total.present, total.late, total.represented) == (35, 2, 1, 1)
    assert (total.excused, total.absent, total.waiting, total.extra, total.came) == (1, 32, 31, 1, 4)
    district = next(row for row in tally.rows if row.constituency is Constituency.DISTRICT)
    assert (district.invited, district.filled) == (33, 3)


def test_seats_are_found_by_every_word(setda):
    meeting = make_called(setda, groups=("camat", "puskesmas"))
    assert {row.title for row in queries.find_seats(meeting.id, ["kepanjen"])} == {
        "Camat Kepanjen",
        "Kepala Puskesmas Kepanjen",
    }
    (found,) = queries.find_seats(meeting.id, ["kepanjen", "puskesmas"])
    assert found.title == "Kepala Puskesmas Kepanjen"
    assert queries.find_seats(meeting.id, ["%"]) == []


def test_lists_filter_by_what_was_recorded(setda):
    meeting = make_called(setda, groups=("rsud", "camat"))
    first, second = seats_of(meeting)[:2]
    mark(setda, meeting, first)
    mark(setda, meeting, second, AttendanceStatus.EXCUSED, reason="Sakit")
    assert [row.id for row in queries.seats(meeting.id, presence=Presence.CAME)] == [first.id]
    assert [row.id for row in queries.seats(meeting.id, presence=Presence.EXCUSED)] == [second.id]
    assert len(queries.seats(meeting.id, presence=Presence.WAITING)) == 33
    assert len(queries.seats(meeting.id, constituency=Constituency.HOSPITAL)) == 2


def test_a_long_list_is_cut(setda):
    meeting = make_draft(setda)
    add_seats(meeting, queries.LIST_LIMIT + 5)
    assert len(queries.seats(meeting.id)) == queries.LIST_LIMIT
    assert queries.tally(meeting.id).total.invited == queries.LIST_LIMIT + 5
