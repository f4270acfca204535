"""Kabupaten Blitar: the multistakeholder series with its focus kecamatan, and what a partner does not see."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta

import sqlalchemy as sa

from ilp.cli.demo import accounts, papers
from ilp.cli.demo.directory import BEGINNING
from ilp.cli.demo.facts import EVENTS, SOURCE
from ilp.cli.demo.story import (
    Crew,
    Point,
    Work,
    answering,
    call,
    carry_out,
    catch_up,
    decision,
    hold,
    note,
    office_of,
    on,
    positions,
    rows_of,
    send,
    task,
    user,
)
from ilp.core.clock import as_of, today
from ilp.core.db import db, transaction
from ilp.models.directory import Letterhead, Office, OfficeKind, Position
from ilp.models.meetings import AgendaStatus, Meeting, MeetingKind
from ilp.models.tasks import Assignment, TaskOrigin
from ilp.policy.user import User
from ilp.queries import directory
from ilp.services import meetings, tasks
from ilp.services.meetings import Plan
from ilp.services.minutes import Errand

CODE = "35.05"
FACTS = EVENTS["blitar-2024-09-18"]
DAY = date.fromisoformat(FACTS["date"])
FOCUS = {district["code"]: district["name"] for district in FACTS["focus_districts"]}
SETDA = "Sekretariat Daerah Kabupaten Blitar"
PARTNER = "Program MENTARI-PHC"

CLOSED_MEETING = "Rapat Terbatas Pembagian Dana Insentif Kader"
CLOSED_TASK = "Menyampaikan daftar penerima insentif kader menurut desa/kelurahan"
FOLLOWED_TASK = "Menata jadwal Posyandu siklus hidup di setiap desa/kelurahan"


def fill() -> None:
    """The partner's meeting of 2024 and the next of its series, a task it follows, one it cannot see."""
    day = today()
    with as_of(BEGINNING), transaction():
        accounts.enrol(Office.regency_code == CODE, Office.kind == OfficeKind.KECAMATAN, Position.is_head)
        _letterhead()
    people = answering(CODE)
    first = _workshop(people, day)
    _followed(people, day)
    _closed(people, day)
    papers.finish()
    catch_up(CODE, day - timedelta(days=1))
    _next(first, day)
    papers.finish()


def _letterhead() -> None:
    """The partner's letters; what they look like was not reported."""
    db.session.add(
        Letterhead(
            office_id=office_of(CODE, PARTNER).id,
            tiers=[],
            unit="PROGRAM MENTARI-PHC",
            address=["Kop contoh, bukan kop resmi mitra"],
            town="Blitar",
            classification="",
            unit_code="MENTARI-PHC",
        )
    )


# --- the series of the partner -------------------------------------------------------------------------
def _workshop(people: Mapping[int, User], day: date) -> Meeting:
    """As reported: at Kampung Coklat, of MENTARI-PHC; the government of Blitar kept the papers."""
    setda = user("setda.blitar")
    agenda = _points(day)
    meeting = call(
        actor=setda,
        office=office_of(CODE, PARTNER),
        plan=Plan(
            title=FACTS["title"],
            kind=MeetingKind.MULTISTAKEHOLDER,
            day=DAY,
            start=time(9),
            place=FACTS["place"],
            chair="Kepala Bidang Pelayanan Kesehatan Dinas Kesehatan",
            minute_taker_id=setda.account_id,
            note=f"{FACTS['kind']}. Penyelenggara: {FACTS['organizer']}. {SOURCE}",
        ),
        points=agenda,
        groups=["mitra", "profesi", "akademisi", "ormas"],
        seats=[
            *positions(CODE, "Kepala Bidang Pelayanan Kesehatan", "Kepala Bagian Kesejahteraan Rakyat"),
            *(
                position
                for code, name in FOCUS.items()
                for position in positions(code, f"Camat {name}", f"Kepala Puskesmas {name}")
            ),
        ],
        written_on=date(2024, 9, 11),
        subject="Undangan Lokakarya Integrasi Pelayanan Kesehatan Primer",
    )
    crew = Crew(setda, setda, user("dinkes.blitar"))
    mapping, support = hold(
        crew, meeting, agenda, ends=time(14, 30), marks="RL", guests=["Forum Kader Contoh"]
    )
    carry_out(
        people,
        setda,
        rows_of(mapping),
        "o",
        Work(date(2024, 10, 21), ("Pemangku kepentingan tingkat kecamatan dipetakan bersama Puskesmas.",)),
    )
    carry_out(
        people,
        setda,
        rows_of(support),
        "s-p",
        Work(day - timedelta(days=3), ("Tiga desa sudah mengalokasikan dukungan untuk Posyandu.",)),
    )
    return meeting


def _points(day: date) -> tuple[Point, ...]:
    cycle, stakeholders = FACTS["discussed"]
    focus = sorted(FOCUS)
    offices = db.session.scalars(
        sa.select(Office.id).where(Office.kind == OfficeKind.KECAMATAN, Office.wilayah_code.in_(focus))
    ).all()
    return (
        Point(
            "ILP berbasis siklus hidup",
            "Kepala Bidang Pelayanan Kesehatan",
            60,
            (
                note(f"{cycle}."),
                decision(
                    "Target bersama: 100 persen Puskesmas di Kabupaten Blitar berubah menuju ILP, dengan "
                    "fokus pendampingan di Kecamatan Udanawu, Garum, dan Binangun."
                ),
            ),
            AgendaStatus.DECIDED,
        ),
        Point(
            "Peran pemangku kepentingan lintas sektor",
            "Koordinator Provinsi Program MENTARI-PHC",
            60,
            (
                note(f"{stakeholders}."),
                decision(
                    "Pertemuan multipihak diselenggarakan berkala; kemajuan kecamatan fokus dilaporkan."
                ),
                task(
                    "Memetakan pemangku kepentingan dan peran mereka di kecamatan fokus.",
                    Errand(due_on=date(2024, 10, 31), offices=offices),
                ),
                task(
                    "Melaporkan dukungan desa/kelurahan bagi Posyandu di kecamatan fokus.",
                    Errand(due_on=day + timedelta(days=4), offices=offices),
                ),
            ),
            AgendaStatus.DECIDED,
        ),
    )


def _next(first: Meeting, day: date) -> None:
    """The next meeting of the series: what is unfinished stands first on its agenda."""
    setda = user("setda.blitar")
    with on(day - timedelta(days=2), 9):
        meeting = meetings.next_of_series(
            actor=setda,
            previous=first,
            plan=Plan(
                title="Pertemuan Multipihak ILP Kabupaten Blitar",
                kind=MeetingKind.MULTISTAKEHOLDER,
                day=day + timedelta(days=9),
                start=time(9),
                place="Aula Dinas Kesehatan Kabupaten Blitar",
                chair="Kepala Bidang Pelayanan Kesehatan Dinas Kesehatan",
                minute_taker_id=setda.account_id,
            ),
        )
        meetings.add_agenda_item(
            actor=setda, meeting=meeting, title="Kemajuan kecamatan fokus", minutes_planned=45
        )
        meetings.add_agenda_item(
            actor=setda, meeting=meeting, title="Rencana pendampingan triwulan berikut", minutes_planned=30
        )
    send(
        actor=setda,
        meeting=meeting,
        written_on=day - timedelta(days=2),
        subject="Undangan Pertemuan Multipihak ILP",
    )


# --- what the partner follows, and what it does not know of ----------------------------------------------
def _followed(people: Mapping[int, User], day: date) -> None:
    """A task of the Setda to all kecamatan; the partner follows the rows of the focus kecamatan."""
    setda = user("setda.blitar")
    offices = directory.offices_of("kecamatan", CODE)
    with on(day - timedelta(days=25), 9):
        made = tasks.issue_task(
            actor=setda,
            owner_office=office_of(CODE, SETDA),
            title=FOLLOWED_TASK,
            due_on=day + timedelta(days=1),
            office_ids=[office.id for office in offices],
            origin=TaskOrigin.OFFICE,
            addressed_to=f"{len(offices)} kecamatan di Kabupaten Blitar",
        )
        _let_follow(setda, made.id)
    carry_out(
        people,
        setda,
        rows_of(made.id),
        "ospoo-ookop-oosoo-oopo",
        Work(day - timedelta(days=7), ("Jadwal ditetapkan dan dipasang di balai desa.",)),
    )


def _let_follow(actor: User, task_id: int) -> None:
    """Gives the rows of the focus kecamatan to the partner."""
    partner = office_of(CODE, PARTNER)
    for row in rows_of(task_id, Assignment.district_code.in_(sorted(FOCUS))):
        tasks.give_to_follow(actor=actor, assignment=row, partner=partner)


def _closed(people: Mapping[int, User], day: date) -> None:
    """A meeting of the government alone, with its task."""
    setda = user("setda.blitar")
    crew = Crew(setda, setda, user("sekda.blitar"))
    met_on = day - timedelta(days=20)
    agenda = (
        Point(
            "Pembagian dana insentif kader",
            "Sekretaris Daerah",
            45,
            (
                note("Data kader dari kecamatan belum seragam dan perlu dicocokkan sebelum dana dibagikan."),
                decision("Dana insentif dibagikan menurut daftar penerima yang disahkan camat."),
                task(CLOSED_TASK + ".", Errand(due_on=day + timedelta(days=5), groups=["kecamatan"])),
            ),
            AgendaStatus.DECIDED,
        ),
    )
    meeting = call(
        actor=setda,
        office=office_of(CODE, SETDA),
        plan=Plan(
            title=CLOSED_MEETING,
            kind=MeetingKind.COORDINATION,
            day=met_on,
            start=time(9),
            place="Ruang Rapat Sekretariat Daerah Kanigoro",
            chair="Sekretaris Daerah Kabupaten Blitar",
            minute_taker_id=setda.account_id,
        ),
        points=agenda,
        groups=["camat"],
        written_on=met_on - timedelta(days=6),
        subject="Undangan Rapat Terbatas",
    )
    (given,) = hold(crew, meeting, agenda, ends=time(11), marks="RLE")
    carry_out(
        people,
        setda,
        rows_of(given),
        "o-p-o-ks-o--",
        Work(day - timedelta(days=5), ("Daftar penerima sudah dicocokkan dengan data Puskesmas.",)),
    )
