from __future__ import annotations

import pytest

from ilp.models.directory import Constituency
from ilp.models.meetings import AttendanceStatus
from ilp.queries import seats as queries
from ilp.queries.seats import Presence
from tests.factories.meetings import add_seats, make_called, make_draft, mark, seats_of
from tests.support.people import user_named


@pytest.fixture
def setda(app):
    return user_named("setda.malang")


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
    assert [row.id for row in queries.seats(meeting.id, presence=Presence.CAME).rows] == [first.id]
    assert [row.id for row in queries.seats(meeting.id, presence=Presence.EXCUSED).rows] == [second.id]
    assert len(queries.seats(meeting.id, presence=Presence.WAITING).rows) == 33
    assert len(queries.seats(meeting.id, constituency=Constituency.HOSPITAL).rows) == 2


def test_a_long_list_is_read_page_by_page(setda):
    meeting = make_draft(setda)
    add_seats(meeting, queries.LIST_LIMIT + 90)
    first = queries.seats(meeting.id)
    rest = queries.seats(meeting.id, after=first.after)
    assert (len(first.rows), len(rest.rows)) == (queries.LIST_LIMIT, 90)
    assert (first.first, rest.first, rest.after) == (True, False, None)
    assert len({row.id for row in [*first.rows, *rest.rows]}) == queries.LIST_LIMIT + 90
