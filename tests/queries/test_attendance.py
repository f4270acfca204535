from __future__ import annotations

import pytest

from ilp.core.db import transaction
from ilp.models.directory import Constituency
from ilp.models.meetings import AttendanceStatus
from ilp.queries.attendance import tally as tally_of
from ilp.services import attendance
from tests.factories.meetings import make_called, mark, seats_of
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def setda(app):
    return user_named("setda.malang")


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
        tally = tally_of(meeting_id)
    assert len(statements) == 1
    total = tally.total
    assert (total.invited, total.present, total.late, total.represented) == (35, 2, 1, 1)
    assert (total.excused, total.absent, total.waiting, total.extra, total.came) == (1, 32, 31, 1, 4)
    district = next(row for row in tally.rows if row.constituency is Constituency.DISTRICT)
    assert (district.invited, district.filled) == (33, 3)
