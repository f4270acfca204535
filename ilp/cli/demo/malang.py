"""Kabupaten Malang: the kick-off of 15 October 2024 with its 185 participants, and what is due today."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import sqlalchemy as sa

from ilp.cli.demo import accounts, papers, pictures
from ilp.cli.demo.directory import BEGINNING
from ilp.cli.demo.facts import EVENTS, SOURCE
from ilp.cli.demo.story import (
    Crew,
    Point,
    Work,
    answer,
    answering,
    call,
    carry_out,
    catch_up,
    decision,
    hold,
    note,
    office_of,
    on,
    rows_of,
    task,
    user,
)
from ilp.core.clock import as_of, today
from ilp.core.db import db, transaction
from ilp.models.directory import Office, OfficeKind, Position
from ilp.models.meetings import AgendaStatus, InvitationStatus, MeetingKind
from ilp.models.tasks import Assignment, EvidenceKind, Task, TaskOrigin
from ilp.policy.scope import within
from ilp.policy.user import User
from ilp.queries import directory
from ilp.services import files, groups, tasks
from ilp.services.meetings import Plan
from ilp.services.minutes import Errand
from ilp.services.tasks import Report

CODE = "35.07"
FACTS = EVENTS["malang-2024-10-15"]
DAY = date.fromisoformat(FACTS["date"])
KEPANJEN = "35.07.13"
GROUPS = ("opd", "camat", "puskesmas", "promkes", "rsud", "pkk-kecamatan", "profesi", "akademisi", "nakes")
"""Unsur as reported; together 185 seats."""

NOT_SIMPLY_THERE = "RLRERLRLE" * 3
"""Twelve delegates, nine late, six who sent word."""

GUESTS = (
    "Yayasan Contoh Sehat",
    "Universitas Umpama",
    "Klinik Pratama Rekaan",
    "Forum Kader Misal",
    "Apotek Andaian",
    "Karang Taruna Contoh",
)
"""Six came without an invitation, so that with the 179 seats filled there were the 185 of the report."""

MONITORING = "Setiap kecamatan melaporkan monitoring ILP sampai desa/kelurahan, dengan foto kegiatan."
"""The task of the decision, in all states; two rows wait for review, that of Kepanjen is not begun."""

SCHEDULE = "Menetapkan jadwal Posyandu siklus hidup di setiap desa/kelurahan"


def fill() -> None:
    """The reported kick-off, the tasks that are running, and the meetings to come."""
    day = today()
    with as_of(BEGINNING), transaction():
        accounts.enrol(
            Office.regency_code == CODE,
            Position.is_head,
            sa.or_(
                Office.kind.in_([OfficeKind.KECAMATAN, OfficeKind.PUSKESMAS]),
                sa.and_(
                    Office.district_code == KEPANJEN,
                    Office.kind.in_([OfficeKind.DESA, OfficeKind.KELURAHAN]),
                ),
            ),
        )
    people = answering(CODE)
    crew = Crew(user("setda.malang"), user("notulis.malang"), user("pimpinan.malang"))
    orientation, monitoring, clusters = _kick_off(crew, day)
    carry_out(people, crew.desk, rows_of(orientation), "ooooooonooooooooooooooonooooooooo", ORIENTED)
    carry_out(people, crew.desk, rows_of(clusters), "o", CLUSTERED)
    _set_tasks(crew.desk, people, day)
    _monitor(crew.desk, people, monitoring, day)
    _for_the_secretariat(user("dinkes.malang"), crew.desk, people, day)
    papers.finish()
    catch_up(CODE, day - timedelta(days=1))
    _coming(crew.desk, crew.taker, people, day)
    papers.finish()
    _core_team(crew.desk)


def _core_team(setda: User) -> None:
    """The positions that the secretariat invites again and again, kept as a group."""
    office = db.session.get_one(Office, setda.grants[0].office_id)
    heads = (
        sa.select(Position.id)
        .join(Position.office)
        .where(
            Office.regency_code == CODE,
            Position.is_head,
            Office.kind.in_([OfficeKind.HEALTH_AGENCY, OfficeKind.HOSPITAL]),
        )
    )
    with transaction():
        group = groups.create_group(actor=setda, office=office, name="Tim inti ILP")
        ids = list(db.session.scalars(heads))
        groups.add_members(
            actor=setda, group=group, office=office, position_ids=ids, scope=within(Office, CODE)
        )


# --- the reported kick-off ---------------------------------------------------------------------------
def points(day: date) -> tuple[Point, ...]:
    """The agenda with its minutes; what is monitored has its due date near the day of seeding."""
    return (
        Point(
            "Pembukaan dan arahan Plt. Bupati",
            "Plt. Bupati Malang",
            15,
            (
                note(
                    "Plt. Bupati Malang membuka kegiatan. Tujuan: membangun sinergi transformasi kesehatan "
                    "dan menguatkan perencanaan pembangunan kesehatan."
                ),
                note(
                    "Layanan promotif dan preventif ditingkatkan: pencegahan, deteksi dini, dan promosi "
                    "kesehatan."
                ),
            ),
        ),
        Point(
            "Kebijakan ILP dan pembagian lima klaster",
            "Kepala Dinas Kesehatan",
            20,
            (
                note(
                    "Dinas Kesehatan, pelaksana teknis kegiatan ini, memaparkan kebijakan ILP dan kesiapan "
                    "39 Puskesmas: sarana dan prasarana, SDMK, serta manajemen di seluruh layanan primer."
                ),
                decision(
                    "Pelayanan dibagi dalam lima klaster: Klaster 1 Manajemen, Klaster 2 Ibu dan Anak, "
                    "Klaster 3 Usia Dewasa dan Lanjut Usia, Klaster 4 Penanggulangan Penyakit Menular, dan "
                    "Lintas Klaster."
                ),
                task(
                    "Setiap Puskesmas menetapkan penanggung jawab kelima klaster dengan surat keputusan.",
                    Errand(due_on=date(2024, 12, 13), groups=["puskesmas"]),
                ),
            ),
            AgendaStatus.DECIDED,
        ),
        Point(
            "Peran lintas sektor dan langkah tiap kecamatan",
            "Kepala Bidang Pelayanan Kesehatan",
            30,
            (
                note(
                    "Unsur Muspika, PKK kecamatan, dan organisasi profesi menyampaikan dukungannya. RSUD "
                    "Kanjuruhan dan RSUD Lawang menjadi rujukan pembinaan."
                ),
                decision(
                    "Sosialisasi, orientasi, penguatan kapasitas, dan monitoring ILP dilaksanakan berjenjang "
                    "di seluruh wilayah: kabupaten, 33 kecamatan, hingga 390 desa/kelurahan."
                ),
                task(
                    "Setiap kecamatan menetapkan jadwal orientasi ILP bagi desa/kelurahan dan melaporkan "
                    "daftar hadirnya.",
                    Errand(due_on=date(2024, 11, 29), groups=["kecamatan"]),
                ),
                task(
                    MONITORING,
                    Errand(
                        due_on=day + timedelta(days=2),
                        groups=["kecamatan"],
                        evidence=EvidenceKind.PHOTO,
                        detail="Sebutkan desa/kelurahan yang sudah dikunjungi dan kendala yang ditemukan.",
                    ),
                ),
            ),
            AgendaStatus.DECIDED,
        ),
        Point(
            "Komitmen pelaksanaan ILP di 39 Puskesmas",
            "Sekretaris Daerah",
            30,
            (
                note(
                    "Disepakati bahwa ILP dilaksanakan di seluruh Puskesmas, yaitu 39 Puskesmas. Naskah "
                    "komitmen bersama disiapkan Sekretariat Daerah."
                ),
            ),
        ),
        Point(
            "Rencana tindak lanjut dan penutup",
            "Asisten Pemerintahan dan Kesejahteraan Rakyat",
            25,
            (note("Tindak lanjut dibahas kembali pada rapat berikutnya menurut laporan setiap kecamatan."),),
        ),
    )


def _kick_off(crew: Crew, day: date) -> tuple[int, int, int]:
    """The tasks it gave: orientation, monitoring, and persons in charge of the clusters."""
    agenda = points(day)
    meeting = call(
        actor=crew.desk,
        office=office_of(CODE, "Sekretariat Daerah Kabupaten Malang"),
        plan=Plan(
            title="Kick Off Integrasi Pelayanan Kesehatan Primer (ILP) Kabupaten Malang",
            kind=MeetingKind.KICKOFF,
            day=DAY,
            start=time(9),
            place=FACTS["place"],
            chair="Sekretaris Daerah Kabupaten Malang",
            opened_by="Plt. Bupati Malang",
            minute_taker_id=crew.taker.account_id,
            basis="Keputusan Menteri Kesehatan Nomor HK.01.07/MENKES/2015/2023",
            note=f"Pelaksana teknis: {FACTS['organizer']}. {SOURCE}",
        ),
        points=agenda,
        groups=GROUPS,
        written_on=date(2024, 10, 8),
        subject="Undangan Kick Off Integrasi Pelayanan Kesehatan Primer",
        copies=["Plt. Bupati Malang"],
    )
    clusters, orientation, monitoring = hold(
        crew, meeting, agenda, ends=time(11, 50), marks=NOT_SIMPLY_THERE, guests=GUESTS
    )
    return orientation, monitoring, clusters


ORIENTED = Work(
    day=date(2024, 11, 25),
    notes=(
        "Orientasi dilaksanakan di pendopo kecamatan, seluruh desa/kelurahan hadir.",
        "Jadwal ditetapkan bersama Puskesmas; daftar hadir disimpan di kantor kecamatan.",
        "Orientasi digabung dengan lokakarya mini; kader dan bidan desa ikut serta.",
    ),
    exempted="Orientasi sudah dilaksanakan sebelum kick off, menurut laporan Puskesmas.",
)
CLUSTERED = Work(
    day=date(2024, 12, 9),
    notes=("Surat keputusan sudah ditandatangani; lima klaster berpenanggung jawab.",),
)


# --- what is due about now ----------------------------------------------------------------------------
def _set_tasks(setda: User, people: dict[int, User], day: date) -> None:
    """Three tasks of the Setda to all kecamatan: late, due today, due next week."""
    late = _issue(setda, SCHEDULE, day - timedelta(days=3), issued=day - timedelta(days=40))
    data = _issue(
        setda,
        "Menyerahkan data sasaran siklus hidup per desa/kelurahan ke Puskesmas",
        day,
        issued=day - timedelta(days=30),
    )
    cadres = _issue(
        setda,
        "Mengusulkan jumlah kader yang perlu dilatih 25 keterampilan dasar",
        day + timedelta(days=6),
        issued=day - timedelta(days=20),
        evidence=EvidenceKind.FIGURE,
    )
    _pass_on(people, late, day - timedelta(days=30))
    others = Assignment.district_code != KEPANJEN
    carry_out(
        people,
        setda,
        rows_of(late, Assignment.parent_id.is_(None), others),
        "oopooookooooo-oooooopoonoooo-ooo",
        Work(
            day - timedelta(days=14),
            ("Jadwal setiap desa/kelurahan ditetapkan dan dipasang di balai desa.",),
            returned="Jadwal usia sekolah dan lansia belum tercantum. Mohon dilengkapi.",
        ),
    )
    carry_out(
        people,
        setda,
        rows_of(data, others),
        "ooo-ooospooosooo-ooopooosooo-oo-",
        Work(day - timedelta(days=8), ("Data diserahkan kepada Kepala Puskesmas dengan berita acara.",)),
    )
    figures = tuple(Report(figure=Decimal(n), unit="kader") for n in (24, 35, 18, 42, 30))
    carry_out(
        people,
        setda,
        rows_of(cadres, others),
        "--o-p--o---k--o-----o-p----o----",
        Work(day - timedelta(days=4), ("Dihitung bersama Puskesmas dan TP PKK kecamatan.",), reports=figures),
    )


def _issue(
    actor: User, title: str, due: date, *, issued: date, evidence: EvidenceKind = EvidenceKind.NOTE
) -> int:
    offices = directory.offices_of("kecamatan", CODE)
    with on(issued, 9):
        made = tasks.issue_task(
            actor=actor,
            owner_office=office_of(CODE, "Sekretariat Daerah Kabupaten Malang"),
            title=title,
            due_on=due,
            office_ids=[office.id for office in offices],
            origin=TaskOrigin.OFFICE,
            evidence=evidence,
            addressed_to=f"{len(offices)} kecamatan di Kabupaten Malang",
        )
        return made.id


def _pass_on(people: dict[int, User], task_id: int, day: date) -> None:
    """Kepanjen has passed the schedule on; most of its desa/kelurahan have answered."""
    mine = Assignment.district_code == KEPANJEN
    camat = user("camat.kepanjen")
    with on(day, 9):
        (row,) = rows_of(task_id, mine)
        tasks.delegate(actor=camat, assignment=row, version=row.version)
    carry_out(
        people,
        camat,
        rows_of(task_id, mine, Assignment.parent_id.is_not(None)),
        "ooooospoookoo-sooo",
        Work(
            day + timedelta(days=12),
            ("Papan jadwal sudah terpasang di balai desa.", "Jadwal disepakati dalam musyawarah dusun."),
            returned="Hari buka untuk usia produktif belum ada. Mohon dilengkapi.",
        ),
    )


def _monitor(setda: User, people: dict[int, User], task_id: int, day: date) -> None:
    """The decision's task: in all states, two rows wait for review, Kepanjen has not begun."""
    kept = pictures.notice_board()
    last = day - timedelta(days=3)
    with on(last, 8):
        (photo,) = files.store(actor=setda, kept=[kept])
    notes = (
        "Delapan desa sudah dikunjungi bersama Puskesmas; Posyandu melayani seluruh siklus hidup.",
        "Monitoring dilaksanakan di seluruh desa; dua Posyandu belum memiliki timbangan dewasa.",
        "Kunjungan rumah oleh kader berjalan; pencatatan dibantu bidan desa.",
    )
    carry_out(
        people,
        setda,
        rows_of(task_id, Assignment.district_code != KEPANJEN),
        "oopokoo-oosoonoopoo-ookoopo-osoo",
        Work(
            last,
            notes,
            returned="Foto belum menunjukkan kegiatannya. Mohon diganti, lalu kirim lagi.",
            reports=[Report(files=[photo])],
        ),
    )


SECRETARIAT_TASKS = (
    (-4, "Menghimpun surat keputusan Pokjanal kecamatan yang berlaku"),
    (0, "Menetapkan narahubung Sekretariat Daerah untuk pemantauan wilayah setempat"),
    (2, "Menyampaikan edaran Sekretaris Daerah tentang dukungan lima klaster kepada camat"),
    (5, "Mengusulkan dukungan sarana Pustu dalam RKPD"),
)
"""What Dinas Kesehatan asked the Setda for: due in so many days."""


def _for_the_secretariat(dinkes: User, setda: User, people: dict[int, User], day: date) -> None:
    """What waits on the desk of the Setda itself; and one task of Dinas Kesehatan to all Puskesmas."""
    office = office_of(CODE, "Dinas Kesehatan Kabupaten Malang")
    asked = office_of(CODE, "Sekretariat Daerah Kabupaten Malang").id
    puskesmas = [row.id for row in directory.offices_of("puskesmas", CODE)]
    given: list[Task] = []
    with on(day - timedelta(days=12), 9):
        for days, title in SECRETARIAT_TASKS:
            given.append(
                tasks.issue_task(
                    actor=dinkes,
                    owner_office=office,
                    title=title,
                    due_on=day + timedelta(days=days),
                    office_ids=[asked],
                    origin=TaskOrigin.OFFICE,
                    addressed_to="Sekretariat Daerah Kabupaten Malang",
                )
            )
        visits = tasks.issue_task(
            actor=dinkes,
            owner_office=office,
            title="Melaporkan jumlah kunjungan rumah bulan ini",
            due_on=day + timedelta(days=4),
            office_ids=puskesmas,
            origin=TaskOrigin.OFFICE,
            evidence=EvidenceKind.FIGURE,
            addressed_to=f"{len(puskesmas)} Puskesmas di Kabupaten Malang",
        ).id
        first = given[0].id
    figures = [Report(figure=Decimal(n), unit="kunjungan") for n in (118, 96, 143, 75)]
    carry_out(
        people | {asked: setda},
        dinkes,
        rows_of(first),
        "p",
        Work(day - timedelta(days=6), ("Dua puluh enam surat keputusan sudah terkumpul.",)),
    )
    others = Assignment.district_code != KEPANJEN
    carry_out(
        people,
        dinkes,
        rows_of(visits, others),
        "o-so--o-p-oo-so---o-",
        Work(day - timedelta(days=3), ("Sesuai catatan kader dan Pustu.",), reports=figures),
    )


# --- to come -------------------------------------------------------------------------------------------
def _coming(setda: User, taker: User, people: dict[int, User], day: date) -> None:
    """A meeting today, one that is called with answers coming in, and one being prepared."""
    office = office_of(CODE, "Sekretariat Daerah Kabupaten Malang")

    def plan(title: str, kind: MeetingKind, days: int, start: time, place: str) -> Plan:
        return Plan(
            title=title,
            kind=kind,
            day=day + timedelta(days=days),
            start=start,
            place=place,
            chair="Sekretaris Daerah Kabupaten Malang",
            minute_taker_id=taker.account_id,
        )

    call(
        actor=setda,
        office=office,
        plan=plan(
            "Rapat persiapan lokakarya mini tribulanan",
            MeetingKind.POKJANAL,
            0,
            time(13),
            "Ruang Rapat Sekretariat Daerah",
        ),
        points=[Point("Kesiapan Pokjanal kecamatan"), Point("Pembagian tugas pendamping")],
        groups=["pokjanal"],
        written_on=day - timedelta(days=7),
        subject="Undangan Rapat Persiapan Lokakarya Mini Tribulanan",
    )
    rakor = call(
        actor=setda,
        office=office,
        plan=plan(
            "Rapat koordinasi lintas program dan lintas sektor ILP",
            MeetingKind.COORDINATION,
            12,
            time(8, 30),
            FACTS["place"],
        ),
        points=[
            Point("Laporan penerapan ILP di 39 Puskesmas", "Kepala Dinas Kesehatan", 30),
            Point("Dukungan perangkat daerah untuk Posyandu", "Kepala Bappeda", 30),
            Point("Rencana tindak lanjut", "Sekretaris Daerah", 20),
        ],
        groups=["opd", "camat", "puskesmas", "pkk-kecamatan"],
        written_on=day - timedelta(days=3),
        subject="Undangan Rapat Koordinasi ILP",
    )
    here, deputy, away = (
        InvitationStatus.ATTENDING,
        InvitationStatus.REPRESENTED,
        InvitationStatus.DECLINED,
    )
    answer(people, rakor, day - timedelta(days=1), [here, here, deputy, here, here, here, away] * 6)
    call(
        actor=setda,
        office=office,
        plan=plan("Evaluasi komitmen bersama ILP", MeetingKind.COORDINATION, 33, time(9), "Pendopo Kepanjen"),
        points=[Point("Capaian komitmen 39 Puskesmas", "Kepala Dinas Kesehatan", 30)],
        groups=["opd"],
        written_on=day - timedelta(days=1),
    )
