"""Kabupaten Gunung Mas: the kick-off of 15 October 2024, the commitment signed there, Pokjanal tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from decimal import Decimal
from math import cos, sin

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

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
    moment,
    note,
    office_of,
    on,
    positions,
    rows_of,
    user,
)
from ilp.core.clock import as_of, today
from ilp.core.db import db, transaction
from ilp.core.indonesian import full_name
from ilp.core.strokes import Strokes
from ilp.models.commitments import Capacity, Commitment, Slot
from ilp.models.directory import Office, OfficeKind, Position
from ilp.models.meetings import AgendaStatus, Meeting, MeetingKind
from ilp.models.pokjanal import CoordinationBody
from ilp.models.tasks import Assignment, TaskOrigin
from ilp.policy.user import User
from ilp.queries import directory
from ilp.queries.commitments import current_version
from ilp.services import commitments, numbering, signing, tasks
from ilp.services.meetings import Plan

CODE = "62.10"
FACTS = EVENTS["gunung-mas-2024-10-15"]
DAY = date.fromisoformat(FACTS["date"])
POKJANAL = "Pokjanal Posyandu Kabupaten Gunung Mas"
ASSISTANT = "Asisten Pemerintahan dan Kesejahteraan Rakyat"
KUALA_KURUN, TAMPANG = "62.10.02.1012", "62.10.02.1001"
CADRES_OF = ("Kurun", "Kurun", "Tampang Tumbang Anjir", "Tampang Tumbang Anjir")

AGENCIES = (
    "Kepala Badan Perencanaan Pembangunan Daerah",
    "Kepala Dinas Kesehatan",
    "Kepala Dinas Pemberdayaan Masyarakat dan Desa",
    "Kepala Dinas Pendidikan",
    "Kepala Dinas Sosial",
    "Kepala Dinas Pekerjaan Umum dan Penataan Ruang",
    "Kepala Dinas Perumahan dan Kawasan Permukiman",
    "Kepala Dinas Pengendalian Penduduk dan Keluarga Berencana",
    "Kepala Dinas Pemberdayaan Perempuan dan Perlindungan Anak",
    "Kepala Kantor Kementerian Agama",
)
OTHERS = (
    "Direktur RSUD Kabupaten Gunung Mas",
    f"Ketua TP PKK {FACTS['area']}",
    "Ketua IDI",
    "Ketua PPNI",
    "Ketua IBI",
)
EXCUSED = ("Kepala Dinas Sosial", "Ketua IDI")
"""Two of the forty-two asked were away on duty; forty have signed."""


def fill() -> None:
    """The kick-off, the commitment with its signatures, and the five reported tasks of the Pokjanal."""
    day = today()
    roster = _roster()
    with as_of(BEGINNING), transaction():
        accounts.enrol(
            Office.regency_code == CODE,
            sa.or_(
                sa.and_(
                    Position.is_head,
                    Office.kind.in_([OfficeKind.KECAMATAN, OfficeKind.DESA, OfficeKind.KELURAHAN]),
                ),
                Position.id.in_([key for keys in roster for key in keys]),
            ),
        )
    secretary, chair = user("pokjanal.gunungmas"), user("asisten.gunungmas")
    meeting = _kick_off(Crew(secretary, secretary, chair))
    _commitment(secretary, meeting, roster, due_on=date(day.year + 1, 12, 31))
    _tasks(secretary, day)


def _roster() -> tuple[list[int], list[int]]:
    """Who is asked to sign: the assistant in another's name, and everybody else in their own."""
    (assistant,) = positions(CODE, ASSISTANT)
    places = directory.seats_of("camat", CODE, DAY) + directory.seats_of("puskesmas", CODE, DAY)
    return [assistant], [
        *positions(CODE, *AGENCIES),
        *(seat.position_id for seat in places),
        *positions(KUALA_KURUN, "Lurah Kurun"),
        *positions(TAMPANG, "Lurah Tampang Tumbang Anjir"),
        *positions(CODE, *OTHERS),
    ]


# --- the kick-off ---------------------------------------------------------------------------------------
AGENDA = (
    Point(
        "Pembukaan",
        ASSISTANT,
        15,
        (
            note("Asisten, mewakili Sekretaris Daerah, membuka kick off di Kuala Kurun."),
            note(f"Tujuan: {'; '.join(FACTS['purposes'])}."),
        ),
    ),
    Point(
        "Layanan menurut siklus hidup",
        "Kepala Dinas Kesehatan",
        45,
        (
            note(f"Layanan mencakup {', '.join(FACTS['life_cycle'])}."),
            decision("Kebijakan integrasi layanan primer disamakan di 12 kecamatan dan 127 desa/kelurahan."),
        ),
        AgendaStatus.DECIDED,
    ),
    Point(
        "Tugas Pokjanal Posyandu",
        "Sekretaris Pokjanal Posyandu",
        45,
        (
            decision(
                "Pokjanal Posyandu melaksanakan lima tugas: " + "; ".join(FACTS["pokjanal_tasks"]) + "."
            ),
            note("Camat meneruskan tugas kepada desa/kelurahan dan memeriksa laporannya."),
        ),
        AgendaStatus.DECIDED,
    ),
    Point(
        "Penandatanganan komitmen bersama",
        ASSISTANT,
        30,
        (note("Komitmen bersama ditandatangani Asisten dan para pemangku kepentingan yang hadir."),),
    ),
)


def _kick_off(crew: Crew) -> Meeting:
    meeting = call(
        actor=crew.desk,
        office=office_of(CODE, POKJANAL),
        plan=Plan(
            title="Kick Off Integrasi Layanan Primer (ILP) dan Penandatanganan Komitmen Bersama",
            kind=MeetingKind.KICKOFF,
            day=DAY,
            start=time(9),
            place=FACTS["place"],
            chair=ASSISTANT,
            opened_by=FACTS["opened_by"],
            minute_taker_id=crew.taker.account_id,
            note=SOURCE,
        ),
        points=AGENDA,
        groups=["pokjanal", "camat", "puskesmas", "promkes"],
        seats=[
            *positions(KUALA_KURUN, "Lurah Kurun"),
            *positions(TAMPANG, "Lurah Tampang Tumbang Anjir"),
        ],
        contacts=[("Kader Posyandu", f"Kelurahan {name}") for name in CADRES_OF],
        written_on=date(2024, 10, 7),
        subject="Undangan Kick Off ILP dan Penandatanganan Komitmen Bersama",
    )
    hold(crew, meeting, AGENDA, ends=time(12), marks="RLERL")
    return meeting


# --- the commitment -------------------------------------------------------------------------------------
CLAUSES = (
    ("Penyelenggaraan", "Mendukung penyelenggaraan ILP di seluruh Puskesmas, Pustu, dan Posyandu."),
    ("Kelembagaan", "Memperkuat Pokjanal Posyandu di kabupaten, kecamatan, dan desa/kelurahan."),
    ("Anggaran", "Mengupayakan dukungan APBD, APBDes, dan Dana Desa bagi Posyandu."),
    ("Tenaga", "Memenuhi tenaga kesehatan serta kader terlatih dengan 25 keterampilan dasar."),
    ("Sarana", "Melengkapi sarana, prasarana, dan alat kesehatan di Pustu dan Posyandu."),
    ("Kunjungan rumah", "Melaksanakan kunjungan rumah dan pemantauan wilayah setempat, serta berbagi data."),
    ("Peran masyarakat", "Meningkatkan peran masyarakat memanfaatkan Posyandu dan UKBM lainnya."),
    ("Pemantauan", "Melaksanakan monitoring dan evaluasi bersama serta melaporkannya setiap triwulan."),
)
TARGETS = (
    ("Kecamatan yang Posyandunya melayani seluruh siklus hidup", "kecamatan", 12),
    ("Desa/kelurahan dengan pengurus Posyandu lengkap", "desa/kelurahan", 127),
    ("Desa/kelurahan yang menganggarkan dukungan Posyandu", "desa/kelurahan", 127),
    ("Kecamatan dengan kader terlatih di setiap Posyandu", "kecamatan", 12),
    ("Kecamatan yang mendata sarana Pustu dan Posyandu", "kecamatan", 12),
    ("Desa/kelurahan dengan jadwal kunjungan rumah", "desa/kelurahan", 127),
    ("Desa/kelurahan yang mengumumkan hari buka Posyandu", "desa/kelurahan", 127),
    ("Kecamatan yang melapor setiap triwulan", "kecamatan", 12),
)
"""One for each clause; they count places, of which the report gives the numbers."""


def _commitment(secretary: User, meeting: Meeting, roster: tuple[list[int], list[int]], due_on: date) -> None:
    """Drafted before the day, opened and signed at the kick-off, closed on the same day."""
    people = {each.person_id: each for each in answering(CODE).values()}
    assistant = user("asisten.gunungmas")
    people[assistant.person_id] = assistant
    commitment = _draft(secretary, meeting, roster, due_on)
    with on(DAY, 10, 30):
        signing.open_for_signing(actor=secretary, commitment=commitment)
    with on(DAY, 10, 40):
        version = current_version(commitment)
        text = version.content_sha256 if version else ""
        for number, slot in enumerate(_slots(commitment)):
            with as_of(moment(DAY, 10, 40) + timedelta(minutes=number)):
                _sign(secretary, people.get(slot.person_id), commitment, slot, text=text, number=number)
    with on(DAY, 13):
        number_taken = numbering.take(actor=secretary, office=office_of(CODE, POKJANAL), letter_date=DAY)
        signing.close_signing(actor=secretary, commitment=commitment, letter_date=DAY, number=number_taken)


def _draft(
    secretary: User, meeting: Meeting, roster: tuple[list[int], list[int]], due_on: date
) -> Commitment:
    with on(date(2024, 10, 9), 9):
        office = office_of(CODE, POKJANAL)
        commitment = commitments.draft_commitment(
            actor=secretary,
            office=office,
            title="Komitmen Bersama Penyelenggaraan Integrasi Layanan Primer Kabupaten Gunung Mas",
            preamble=(
                "Pada hari ini, Selasa, lima belas Oktober dua ribu dua puluh empat, bertempat di Kuala "
                "Kurun, kami yang bertanda tangan di bawah ini berkomitmen:"
            ),
            closing="Demikian komitmen bersama ini dibuat untuk dilaksanakan sesuai peran masing-masing.",
            place=FACTS["place"],
            signed_on=DAY,
            meeting=meeting,
        )
        clauses = [
            commitments.add_clause(actor=secretary, commitment=commitment, heading=heading, text=text)
            for heading, text in CLAUSES
        ]
        for clause, (indicator, unit, value) in zip(clauses, TARGETS, strict=True):
            commitments.add_target(
                actor=secretary,
                commitment=commitment,
                clause=clause,
                indicator=indicator,
                unit=unit,
                baseline=Decimal(0),
                value=Decimal(value),
                due_on=due_on,
                lead_office_id=office.id,
                live_figure=None,
            )
        for keys, capacity, behalf in (
            (roster[0], Capacity.ON_BEHALF, "Sekretaris Daerah Kabupaten Gunung Mas"),
            (roster[1], Capacity.OWN, ""),
        ):
            found = {seat.position_id: seat for seat in directory.seats(keys, sa.true(), DAY)}
            commitments.add_signatories(
                actor=secretary,
                commitment=commitment,
                seats=[found[key] for key in keys],
                capacity=capacity,
                on_behalf_of=behalf,
            )
        return commitment


def _slots(commitment: Commitment) -> Sequence[Slot]:
    return db.session.scalars(
        sa.select(Slot).where(Slot.commitment_id == commitment.id).order_by(Slot.place)
    ).all()


def _sign(
    secretary: User, actor: User | None, commitment: Commitment, slot: Slot, *, text: str, number: int
) -> None:
    """Each from an account of their own; every sixth typed the name, the others drew."""
    if actor is None or slot.title in EXCUSED:
        signing.excuse(actor=secretary, commitment=commitment, slot=slot, reason="Sedang dinas luar daerah")
        return
    signing.open_slot(actor=actor, commitment=commitment, slot=slot)
    types = number % 6 == 5
    signing.sign(
        actor=actor,
        commitment=commitment,
        slot=slot,
        content_sha256=text,
        strokes=None if types else flourish(number),
        typed_name=full_name("", slot.name, "") if types else "",
    )


def flourish(number: int) -> Strokes:
    """A signature nobody has: loops that grow smaller, and mostly a dash; different for every number."""
    kinds = [number * step % size for step, size in ((3, 7), (5, 11), (7, 5), (11, 9))]
    speed, swing, lean = 0.3 + kinds[0] / 14, 9 + 3 * kinds[1], kinds[2] - 2
    line = []
    for t in range(56):
        size = (26 + 4 * kinds[3]) * (1 - t / 70)
        rise = size * sin(speed * t + kinds[1]) + 12 * sin(t / (3 + kinds[2]))
        line.append((round(40 + 4 * t + swing * cos(speed * t)), round(90 - lean * t / 4 - rise)))
    dash = [(60 + 9 * t, 140 - lean * t // 2 + (t * kinds[0]) % 3) for t in range(8 + kinds[3])]
    return [line, dash] if kinds[2] else [line]


# --- the tasks of the Pokjanal ----------------------------------------------------------------------------
DIVISIONS = (
    "Pelayanan Kesehatan dan KB",
    "Kelembagaan",
    "Komunikasi, Informasi, dan Edukasi",
    "Bina Program",
    "Sumber Daya Manusia",
)
NOTES = (
    "Posyandu melayani seluruh siklus hidup pada hari buka bulan ini.",
    "Kader dan perangkat desa bermusyawarah; kesepakatan dicatat.",
    "Sosialisasi dilaksanakan di balai desa bersama TP PKK.",
)


def _tasks(secretary: User, day: date) -> None:
    """Five as reported, to twelve kecamatan: one passed on by all, one by some, one issued yesterday."""
    people = answering(CODE)
    strengthening, transforming, participation, advocacy, fresh = FACTS["pokjanal_tasks"]
    first = _issue(
        secretary, strengthening, DIVISIONS[0], day - timedelta(days=45), due=day + timedelta(days=2)
    )
    other = _issue(
        secretary, participation, DIVISIONS[2], day - timedelta(days=30), due=day - timedelta(days=2)
    )
    plain = [
        _issue(secretary, transforming, DIVISIONS[1], day - timedelta(days=30), due=day + timedelta(days=9)),
        _issue(secretary, advocacy, DIVISIONS[3], day - timedelta(days=28), due=day + timedelta(days=14)),
    ]
    _pass_on(people, first, day - timedelta(days=40), districts=12)
    _pass_on(people, other, day - timedelta(days=25), districts=5)
    _villages(people, first, "oo-osoopoko-s-oo-p--oooon-", day - timedelta(days=12))
    _villages(people, other, "p-okoospo--o", day - timedelta(days=10))
    _districts(secretary, people, other, "-----so-opk-", day - timedelta(days=7))
    for number, task_id in enumerate(plain):
        _districts(
            secretary, people, task_id, ("o-opsooko-po", "-p--o--s----")[number], day - timedelta(days=5)
        )
    papers.finish()
    catch_up(CODE, day - timedelta(days=1))
    _issue(secretary, fresh, DIVISIONS[4], day - timedelta(days=1), due=day + timedelta(days=20))


def _issue(secretary: User, title: str, division: str, issued: date, *, due: date) -> int:
    offices = directory.offices_of("kecamatan", CODE)
    with on(issued, 9):
        body = db.session.scalars(
            sa.select(CoordinationBody)
            .where(CoordinationBody.wilayah_code == CODE)
            .options(joinedload(CoordinationBody.office))
        ).one()
        return tasks.issue_task(
            actor=secretary,
            owner_office=body.office,
            title=title,
            due_on=due,
            office_ids=[office.id for office in offices],
            origin=TaskOrigin.BODY,
            body=body,
            division=division,
            addressed_to=f"{len(offices)} dari {len(offices)} kecamatan",
        ).id


def _pass_on(people: Mapping[int, User], task_id: int, day: date, *, districts: int) -> None:
    """The first so many kecamatan give the task to each desa/kelurahan of theirs."""
    with on(day, 9):
        for row in rows_of(task_id, Assignment.parent_id.is_(None))[:districts]:
            tasks.delegate(actor=people[row.office_id], assignment=row, version=row.version)


def _villages(people: Mapping[int, User], task_id: int, states: str, day: date) -> None:
    """The desa/kelurahan answer, each camat judges; that of the lurah of Tampang is not finished."""
    below = rows_of(task_id, Assignment.parent_id.is_not(None))
    camat: dict[int | None, User] = {
        row.id: people[row.office_id] for row in rows_of(task_id, Assignment.parent_id.is_(None))
    }
    pattern = "".join(states[number % len(states)] for number in range(len(below)))
    carry_out(
        people, camat, below, pattern, Work(day, NOTES, returned="Mohon sebutkan tanggal dan pesertanya.")
    )


def _districts(secretary: User, people: Mapping[int, User], task_id: int, states: str, day: date) -> None:
    """What the kecamatan themselves have reported; a row that was passed on stays in progress."""
    rows = rows_of(task_id, Assignment.parent_id.is_(None))
    carry_out(people, secretary, rows, states, Work(day, ("Dibahas dalam lokakarya mini kecamatan.", *NOTES)))
