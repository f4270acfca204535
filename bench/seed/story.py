"""The landmarks of Kabupaten Malang, told by the product's own verbs, with their papers and their trail."""

from __future__ import annotations

from datetime import date, time, timedelta

from bench.landmarks import DESK, LARGE, LIVE, REGENCY, TO_DISTRICTS, TO_VILLAGES, leader, secretariat
from bench.seed import words
from ilp.cli.demo import papers
from ilp.cli.demo.malang import GROUPS
from ilp.cli.demo.story import (
    Crew,
    Point,
    Work,
    answering,
    call,
    carry_out,
    decision,
    hold,
    note,
    office_of,
    on,
    rows_of,
    task,
    user,
)
from ilp.models.meetings import AgendaStatus, MeetingKind, RowKind
from ilp.models.tasks import Assignment
from ilp.queries import meetings as queries
from ilp.services import meetings, minutes
from ilp.services.meetings import Plan
from ilp.services.minutes import Errand

NOT_SIMPLY_THERE = "RLRERLRLE" * 3
STATES = "o-p-s-k-o-p-"
"""Rows of the kecamatan: half of them have not begun."""
ANSWERED = 40
"""Rows of desa/kelurahan with an answer; the others wait."""
HALL = "Pendopo Kabupaten Malang, Kepanjen"


def fill(day: date) -> None:
    """The large meeting a fortnight before a day, and two in session on that day."""
    crew = Crew(user(secretariat(REGENCY)), user(f"notulis.{REGENCY}"), user(leader(REGENCY)))
    districts, villages = _large(crew, day)
    people = answering(REGENCY)
    reported = Work(day - timedelta(days=6), (words.REPORTED,), returned=words.RETURNED)
    carry_out(people, crew.desk, rows_of(districts), STATES * 3, reported)
    asked = rows_of(villages, Assignment.parent_id.is_not(None))[:ANSWERED]
    reviewers = {row.parent_id: people[row.parent.office_id] for row in asked if row.parent}
    carry_out(people, reviewers, asked, STATES * 4, reported)
    _live(crew, day)
    _desk(crew, day)
    papers.finish()


def _large(crew: Crew, day: date) -> tuple[int, int]:
    """The tasks it gave: to all kecamatan, and to all desa/kelurahan."""
    agenda = _agenda(day)
    meeting = call(
        actor=crew.desk,
        office=office_of(REGENCY, "Sekretariat Daerah Kabupaten Malang"),
        plan=_plan(crew, LARGE, MeetingKind.COORDINATION, day - timedelta(days=14)),
        points=agenda,
        groups=GROUPS,
        written_on=day - timedelta(days=21),
        subject="Undangan rapat koordinasi penerapan ILP",
        copies=["Bupati Malang"],
    )
    districts, villages = hold(crew, meeting, agenda, ends=time(13), marks=NOT_SIMPLY_THERE)
    return districts, villages


def _agenda(day: date) -> tuple[Point, ...]:
    """Fifteen points, each with notes, every third with a decision, two with a task."""
    due = day + timedelta(days=30)
    asked = {
        5: task(TO_DISTRICTS, Errand(due_on=due, groups=["kecamatan"])),
        8: task(TO_VILLAGES, Errand(due_on=due, groups=["desa"])),
    }
    points = []
    for number in range(15):
        topic = words.turn(words.TOPICS, number)
        lines = [note(words.turn(words.NOTES, number + step).format(topic=topic)) for step in range(2)]
        if number % 3 == 2:
            lines.append(decision(words.turn(words.DECISIONS, number // 3).format(topic=topic)))
        if number in asked:
            lines.append(asked[number])
        status = AgendaStatus.DECIDED if number % 3 == 2 else AgendaStatus.DISCUSSED
        points.append(Point(f"Perkembangan {topic}", "Kepala Dinas Kesehatan", 15, tuple(lines), status))
    return tuple(points)


def _live(crew: Crew, day: date) -> None:
    """In session, its first items written."""
    meeting = call(
        actor=crew.desk,
        office=office_of(REGENCY, "Sekretariat Daerah Kabupaten Malang"),
        plan=_plan(crew, LIVE, MeetingKind.MINI_WORKSHOP_QUARTERLY, day),
        points=[
            Point(title.format(topic=words.TOPICS[0]), "Kepala Dinas Kesehatan", 20) for title in words.ITEMS
        ],
        groups=["opd", "camat"],
        written_on=day - timedelta(days=7),
    )
    with on(day, 8):
        meetings.open_meeting(actor=crew.desk, meeting=meeting)
        for item in queries.agenda(meeting.id)[:3]:
            for text in words.NOTES[:2]:
                minutes.write_row(
                    actor=crew.taker,
                    meeting=meeting,
                    item_id=item.id,
                    kind=RowKind.NOTE,
                    text=text.format(topic=words.TOPICS[0]),
                )


def _desk(crew: Crew, day: date) -> None:
    """In session, nobody checked in: the seats of the large meeting and every lurah and kepala desa."""
    meeting = call(
        actor=crew.desk,
        office=office_of(REGENCY, "Sekretariat Daerah Kabupaten Malang"),
        plan=_plan(crew, DESK, MeetingKind.KICKOFF, day),
        points=[Point(words.ITEMS[0]), Point(words.ITEMS[-1])],
        groups=[*GROUPS, "desa"],
        written_on=day - timedelta(days=7),
    )
    with on(day, 8):
        meetings.open_meeting(actor=crew.desk, meeting=meeting)


def _plan(crew: Crew, title: str, kind: MeetingKind, day: date) -> Plan:
    return Plan(
        title=title,
        kind=kind,
        day=day,
        start=time(9),
        place=HALL,
        chair="Sekretaris Daerah Kabupaten Malang",
        minute_taker_id=crew.taker.account_id,
        basis="Keputusan Menteri Kesehatan Nomor HK.01.07/MENKES/2015/2023",
    )
