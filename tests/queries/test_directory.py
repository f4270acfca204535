"""Who holds what on a day, whom a group means, and which offices a task addresses."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.core.errors import NotFound
from ilp.models.directory import AppointmentKind, Constituency, Office, OfficeKind, Position
from ilp.queries import directory
from tests.factories.meetings import make_draft
from tests.support.people import user_named
from tests.support.queries import counted

KICK_OFF = date(2024, 10, 15)


def position(title: str) -> Position:
    return db.session.scalars(sa.select(Position).where(Position.title == title)).one()


def test_the_groups_of_malang_make_the_185_of_its_kick_off(app):
    counts = {group.key: group.count for group in directory.groups("35.07")}
    invited = (
        "camat",
        "puskesmas",
        "pkk-kecamatan",
        "promkes",
        "opd",
        "nakes",
        "akademisi",
        "profesi",
        "rsud",
    )
    assert [counts[key] for key in invited] == [33, 39, 33, 39, 14, 12, 7, 6, 2]
    assert sum(counts[key] for key in invited) == 185


def test_a_group_has_as_many_seats_as_it_says(app):
    for regency in ("35.07", "62.10", "13.75", "35.05", "35.08"):
        for group in directory.groups(regency):
            assert len(directory.seats_of(group.key, regency, KICK_OFF)) == group.count, group


@pytest.mark.parametrize(
    ("code", "only", "line"),
    [
        ("13.75", None, "Lurah se-Kota Bukittinggi"),
        ("35.07", None, "Lurah dan kepala desa se-Kabupaten Malang"),
        ("35.07", OfficeKind.DESA, "Kepala desa se-Kabupaten Malang"),
    ],
)
def test_the_line_of_the_villages_names_the_kinds_there_are(app, code, only, line):
    if only is not None:
        others = sa.and_(
            Office.regency_code == code, Office.kind.in_({OfficeKind.KELURAHAN, OfficeKind.DESA} - {only})
        )
        with transaction():
            db.session.execute(sa.update(Office).where(others).values(archived_at=now()))
    assert next(group.label for group in directory.groups(code) if group.key == "desa") == line


def test_groups_and_seats_are_one_statement_each(app):
    with counted() as statements:
        directory.groups("35.07")
        directory.seats_of("desa", "35.07", KICK_OFF)
    assert len(statements) == 2


def test_an_unknown_group_leads_nowhere(app):
    with pytest.raises(NotFound):
        directory.seats_of("semua", "35.07", KICK_OFF)
    with pytest.raises(NotFound):
        directory.offices_of("semua", "35.07")


def test_seats_stand_in_protocol_order_with_their_own_constituency(app):
    seats = directory.seats_of("pimpinan", "35.07", KICK_OFF)
    assert [seat.title for seat in seats] == [
        "Bupati Malang",
        "Wakil Bupati Malang",
        "Sekretaris Daerah Kabupaten Malang",
    ]
    promotion = directory.seats_of("promkes", "35.07", KICK_OFF)
    assert {seat.constituency for seat in promotion} == {Constituency.PROMOTION}
    assert all(seat.name and seat.phone for seat in promotion)


def test_the_pokjanal_of_gunung_mas_has_24_seats(app):
    seats = directory.seats_of("pokjanal", "62.10", KICK_OFF)
    assert len(seats) == 24
    assert seats[0].title == "Bupati Gunung Mas"
    assert Counter(seat.constituency for seat in seats)[Constituency.PKK] == 2


def held(title: str, on: date) -> tuple[AppointmentKind | None, str]:
    """In which quality, and by whom, a position is held on a day."""
    (seat,) = directory.seats([position(title).id], sa.true(), on)
    return seat.kind, seat.name


def test_the_deputy_acted_for_the_regent_on_the_day_of_the_kick_off(app):
    deputy = held("Wakil Bupati Malang", KICK_OFF)[1]
    assert held("Bupati Malang", KICK_OFF) == (AppointmentKind.PLT, deputy)
    before, after = held("Bupati Malang", date(2024, 9, 24)), held("Bupati Malang", date(2024, 11, 24))
    assert before == after
    assert before[0] is AppointmentKind.DEFINITIVE
    assert before[1] != deputy


def test_a_position_without_anybody_is_vacant(app):
    assert held("Wakil Bupati Blitar", KICK_OFF) == (None, "")
    assert held("Camat Garum", date(2000, 1, 1)) == (None, "")


def test_seats_are_bounded_by_the_scope_given(app):
    garum = position("Camat Garum").id
    assert directory.seats([garum], Office.regency_code == "35.07", KICK_OFF) == []


@pytest.mark.parametrize(
    ("key", "code", "count"),
    [
        ("kecamatan", "35.07", 33),
        ("desa", "35.07", 390),
        ("desa", "35.07.13", 18),
        ("kecamatan", "62.10", 12),
        ("desa", "62.10", 127),
        ("desa", "13.75", 24),
        ("puskesmas", "35.07", 39),
        ("opd", "35.07", 14),
    ],
)
def test_offices_a_task_is_addressed_to(app, key, code, count):
    offices = directory.offices_of(key, code)
    assert len(offices) == count
    assert all(office.wilayah_code.startswith(code) for office in offices)


def test_a_group_knows_who_of_it_was_invited_another_way(app):
    """Pokjanal's members also come as heads of agencies: they are counted, and not asked twice."""
    meeting = make_draft(user_named("setda.malang"), groups=("opd",))
    by_key = {group.key: group for group in directory.groups("35.07", meeting.id)}
    assert by_key["opd"].invited == by_key["opd"].count
    assert 0 < by_key["pokjanal"].invited < by_key["pokjanal"].count
    assert by_key["camat"].invited == 0
