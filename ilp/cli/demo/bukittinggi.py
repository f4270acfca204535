"""Kota Bukittinggi: the coordination meeting of 20 June 2024 with camat and lurah, and what came of it."""

from __future__ import annotations

from datetime import date, time, timedelta

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
    positions,
    rows_of,
    task,
    user,
)
from ilp.core.clock import as_of, today
from ilp.core.db import transaction
from ilp.models.directory import Office, OfficeKind, Position
from ilp.models.meetings import AgendaStatus, MeetingKind
from ilp.services.meetings import Plan
from ilp.services.minutes import Errand

CODE = "13.75"
FACTS = EVENTS["bukittinggi-2024-06-20"]
DAY = date.fromisoformat(FACTS["date"])
GROUPS = ("opd", "camat", "desa", "pkk-kabupaten", "puskesmas")


def fill() -> None:
    """The reported meeting of Dinas Kesehatan, one task done and one running, and a meeting to come."""
    day = today()
    with as_of(BEGINNING), transaction():
        accounts.enrol(Office.regency_code == CODE, Office.kind == OfficeKind.KECAMATAN, Position.is_head)
    dinkes = user("dinkes.bukittinggi")
    crew = Crew(dinkes, dinkes, user("kadinkes.bukittinggi"))
    agenda = _points(day)
    meeting = call(
        actor=dinkes,
        office=office_of(CODE, "Dinas Kesehatan Kota Bukittinggi"),
        plan=Plan(
            title=FACTS["title"],
            kind=MeetingKind.COORDINATION,
            day=DAY,
            start=time(8, 30),
            place=FACTS["place"].capitalize(),
            chair="Kepala Dinas Kesehatan Kota Bukittinggi",
            opened_by=FACTS["opened_by"],
            minute_taker_id=dinkes.account_id,
            note=f"Pembiayaan: {FACTS['funding']}. {SOURCE}",
        ),
        points=agenda,
        groups=GROUPS,
        seats=positions(
            CODE, "Asisten Pemerintahan dan Kesejahteraan Rakyat", "Kepala Bagian Tata Pemerintahan"
        ),
        written_on=date(2024, 6, 13),
        subject="Undangan Rapat Koordinasi Pelaksanaan ILP",
    )
    visits, monitoring = hold(crew, meeting, agenda, ends=time(12, 15), marks="RLERLRA")
    people = answering(CODE)
    carry_out(
        people,
        dinkes,
        rows_of(visits),
        "o",
        Work(date(2024, 7, 22), ("Jadwal kunjungan rumah setiap kelurahan disepakati bersama TP PKK.",)),
    )
    carry_out(
        people,
        dinkes,
        rows_of(monitoring),
        "-sp",
        Work(
            day - timedelta(days=3),
            ("Data PWS seluruh kelurahan sudah masuk ke papan pantau.", "Empat kelurahan sudah lengkap."),
        ),
    )
    papers.finish()
    catch_up(CODE, day - timedelta(days=1))
    _coming(day)
    papers.finish()


def _points(day: date) -> tuple[Point, ...]:
    life_cycle, network, watch = FACTS["focus"]
    return (
        Point(
            "Pembukaan dan arahan Wali Kota",
            "Asisten I Setdako",
            20,
            (
                note("Asisten I, mewakili Wali Kota, membuka rapat koordinasi."),
                note(f"Tujuan: {'; '.join(FACTS['purposes'])}."),
            ),
        ),
        Point(
            "Fokus Integrasi Layanan Primer",
            "Kepala Dinas Kesehatan",
            40,
            (
                note(f"{life_cycle}."),
                note(f"{network}."),
                decision(
                    "Pelayanan disusun berjenjang dan terpadu dengan kegiatan PKK dan kelurahan: Puskesmas, "
                    "unit pelayanan kesehatan kelurahan (Pustu), Posyandu, dan kunjungan rumah."
                ),
                task(
                    "Setiap camat menyepakati jadwal kunjungan rumah dengan lurah, Puskesmas, dan TP PKK.",
                    Errand(due_on=date(2024, 7, 31), groups=["kecamatan"]),
                ),
            ),
            AgendaStatus.DECIDED,
        ),
        Point(
            "Pemantauan wilayah setempat",
            "Kepala Bidang Kesehatan Masyarakat",
            30,
            (
                note(f"{watch}."),
                decision("Camat dan lurah memperkuat pemantauan wilayah setempat (PWS) di 24 kelurahan."),
                task(
                    "Setiap camat melaporkan PWS kelurahan di wilayahnya.",
                    Errand(due_on=day + timedelta(days=3), groups=["kecamatan"]),
                ),
            ),
            AgendaStatus.DECIDED,
        ),
        Point("Penutup", "Kepala Dinas Kesehatan", 10, (note("Rapat ditutup; notula dibagikan."),)),
    )


def _coming(day: date) -> None:
    """The Setda has called the next meeting with camat and lurah."""
    setda = user("setda.bukittinggi")
    call(
        actor=setda,
        office=office_of(CODE, "Sekretariat Daerah Kota Bukittinggi"),
        plan=Plan(
            title="Rapat Evaluasi Pelaksanaan ILP Kota Bukittinggi",
            kind=MeetingKind.COORDINATION,
            day=day + timedelta(days=10),
            start=time(9),
            place="Balai Kota Bukittinggi",
            chair="Sekretaris Daerah Kota Bukittinggi",
            minute_taker_id=setda.account_id,
        ),
        points=[
            Point("Laporan PWS 24 kelurahan", "Kepala Dinas Kesehatan", 30),
            Point("Dukungan kelurahan dan TP PKK", "Kepala Bagian Tata Pemerintahan", 30),
        ],
        groups=["camat", "desa", "pkk-kabupaten"],
        written_on=day - timedelta(days=4),
        subject="Undangan Rapat Evaluasi Pelaksanaan ILP",
    )
