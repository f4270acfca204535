"""Contents of the four papers: public facts of the 2024 events, persons and strokes evidently made up.

Their fixed parts are JSON, as they would be in the database: `tests/data/papers/`.
"""

from __future__ import annotations

import json
import math
import random
from itertools import islice
from pathlib import Path
from typing import Any

from ilp.core.papers.attendance import AttendancePaper, AttendanceRow
from ilp.core.papers.commitment import CommitmentPaper, Signatory
from ilp.core.papers.invitation import InvitationPaper
from ilp.core.papers.minutes import MinutesPaper
from ilp.core.papers.parts import Letterhead, LetterNumber, Person, SignatureBlock, Stroke
from ilp.core.strokes import draw, read_strokes

FROZEN = Path(__file__).parents[1] / "data/papers"
EVENT = "Kick Off Integrasi Pelayanan Kesehatan Primer (ILP)"
DAY = "Selasa, 15 Oktober 2024"
LONG_NAME = (
    "Prof. Dr. dr. Hj. CONTOH NAMA YANG PANJANG SEKALI, Sp.PD., Subsp.G.E.H.(K)., M.Kes., M.M., FINASIM"
)
DISTRICTS = (
    "Donomulyo, Pagak, Bantur, Sumbermanjing Wetan, Dampit, Ampelgading, Poncokusumo, Wajak, Turen, "
    "Gondanglegi, Kalipare, Sumberpucung, Kepanjen, Bululawang, Tajinan, Tumpang, Jabung, Pakis, Pakisaji, "
    "Ngajum, Wagir, Dau, Karangploso, Singosari, Lawang, Pujon, Ngantang, Kasembon, Gedangan, Tirtoyudo, "
    "Kromengan, Wonosari, Pagelaran"
).split(", ")
_MEN = "Surya Bagus Dimas Hendra Agung Rudi Wahyu Eko Joko Fajar Bambang Slamet Arif Yusuf Imam Teguh".split()
_WOMEN = "Ratna Siti Dewi Endang Fitri Lestari Wulan Nur Indah Sri Yuni Rina Maya Anisa Puji Kartika".split()
_SURNAMES = "Contoh Umpama Misal Rekaan Andaian Misalnya Contohnya Umpamanya".split()
_PREFIXES = ("", "", "Drs. H.", "dr.", "Hj.", "Ns.", "Dr. dr. H.")
_SUFFIXES = ("", "M.Si.", "S.STP., M.AP.", "M.Kes.", "S.K.M., M.Kes.", "A.Md.Keb.", "Sp.PD., M.Kes.")


def people(count: int) -> list[dict[str, str]]:
    """So many different made-up people, in fields, with their sex."""
    chance = random.Random(7)
    given = [(name, "L") for name in _MEN] + [(name, "P") for name in _WOMEN]
    pool = [(first, last, sex) for first, sex in given for last in _SURNAMES]
    chance.shuffle(pool)
    return [
        {
            "prefix": chance.choice(_PREFIXES),
            "name": f"{first} {last}",
            "suffix": chance.choice(_SUFFIXES),
            "sex": sex,
        }
        for first, last, sex in islice(pool, count)
    ]


def make_stroke(seed: int) -> Stroke:
    """A made-up hand, as a pad of 600 x 200 pixels would send it."""
    chance = random.Random(seed)
    x, height, tempo = 30.0, chance.uniform(44, 88), chance.uniform(0.6, 1.7)
    points = []
    for i in range(chance.randint(16, 46)):
        wave = math.sin(i * tempo + seed)
        x += chance.uniform(8, 30) - (15 if wave > 0.55 else 0)
        points.append([round(min(585, max(12, x))), round(104 + height * wave * (1 - i / 84))])
    flourish = [[round(points[-1][0] + dx) % 600, 150 + dy] for dx, dy in ((40, 0), (-160, 22), (60, -10))]
    strokes = [points, flourish] if chance.random() < 0.6 else [points]
    return draw(read_strokes(json.dumps(strokes)))


def make_person(**over: Any) -> Person:
    person: Person = {
        "prefix": "Drs. H.",
        "name": "SURYA CONTOH",
        "suffix": "M.Si.",
        "rank": "Pembina Utama Muda",
        "nip": "190001011920011001",
    }
    return person | over  # type: ignore[return-value]


def make_signature(*steps: tuple[str, str], **over: Any) -> SignatureBlock:
    block: SignatureBlock = {
        "place_date": "",
        "steps": [{"hang": hang, "text": text} for hang, text in steps],
        "person": make_person(),
        "stroke": None,
        "typed": "",
        "method": "",
        "at": "",
    }
    return block | over  # type: ignore[return-value]


def make_letterhead(unit: str = "SEKRETARIAT DAERAH") -> Letterhead:
    return {
        "tiers": ["PEMERINTAH KABUPATEN MALANG"],
        "unit": unit,
        "address": [
            "Jalan Contoh Nomor 1, Kepanjen, Kabupaten Malang 65163",
            "Telepon (0341) 000000, laman setda.malang.example, pos-el setda@malang.example",
        ],
    }


def make_number(sequence: str = "1287") -> LetterNumber:
    rest = "35.07.013/2024"
    return {"text": sequence and f"400.7/{sequence}/{rest}", "classification": "400.7", "rest": rest}


def make_invitation(**over: Any) -> InvitationPaper:
    """Undangan to 175 people in 43 lines, signed a.n. with u.b."""
    return _frozen("invitation") | over


_UNSUR = [
    ("Pimpinan daerah", 5, "Asisten {}"),
    ("Setda dan OPD", 14, "Kepala Bidang pada Dinas {}"),
    ("Camat dan unsur Muspika", 33, "Camat {}"),
    ("Kepala Puskesmas", 39, "Kepala Puskesmas {}"),
    ("Penanggung jawab promosi kesehatan", 21, "Penanggung jawab promosi kesehatan Puskesmas {}"),
    ("Tenaga kesehatan", 40, "Bidan Puskesmas {}"),
    ("TP PKK", 1000, "Ketua TP PKK Kecamatan {}"),
]


def make_attendance(count: int = 185, **over: Any) -> AttendancePaper:
    """Daftar hadir of so many by unsur: a third drew their signature, every ninth stands in for somebody."""
    groups: list[Any] = []
    crowd = enumerate(people(count))
    for name, size, title in _UNSUR:
        rows = [
            _attendance_row(i, person, title.format(DISTRICTS[i % 33])) for i, person in islice(crowd, size)
        ]
        if rows:
            groups.append({"name": name, "rows": rows})
    groups[0]["rows"][0]["name"] = LONG_NAME
    paper: AttendancePaper = {
        "letterhead": make_letterhead("DINAS KESEHATAN"),
        "event": EVENT,
        "day": DAY,
        "time": "pukul 08.00 s.d. 13.10 WIB",
        "place": "Pendopo Agung Kabupaten Malang",
        "groups": groups,
        "signature": make_signature(
            ("", "KEPALA DINAS KESEHATAN,"),
            place_date="Kepanjen, 15 Oktober 2024",
            person=make_person(
                prefix="Dr. dr. H.",
                name="CONTOH PANJANG SEKALI",
                suffix="Sp.PD., M.Kes.",
                rank="Pembina Tingkat I",
                nip="190002021920011002",
            ),
        ),
    }
    return paper | over  # type: ignore[return-value]


def _attendance_row(i: int, person: dict[str, str], position: str) -> AttendanceRow:
    prefix, suffix = person["prefix"], person["suffix"]
    delegate = i % 9 == 8
    return {
        "name": f"{prefix} {person['name']}".strip() + (f", {suffix}" if suffix else ""),
        "sex": person["sex"],
        "position": f"Sekretaris {position.removeprefix('Ketua ')}" if delegate else position,
        "represents": position if delegate else "",
        "status": "represented" if delegate else "late" if i % 40 == 39 else "present",
        "arrived": f"{7 + (40 + i) // 60:02d}.{(40 + i) % 60:02d}",
        "source": ("meja presensi", "mandiri", "QR")[i % 3],
        "stroke": make_stroke(i) if i % 3 == 1 else None,
    }


def make_minutes(**over: Any) -> MinutesPaper:
    """Notula of Malang's kick-off: five agenda items, five decisions, eight tasks."""
    paper = _frozen("minutes")
    paper["signatures"][1]["stroke"] = make_stroke(5)
    return paper | over


def make_commitment(count: int = 40, **over: Any) -> CommitmentPaper:
    """Naskah of so many signatories by unsur; every fifth typed the name, one declined, one was absent."""
    paper = _frozen("commitment")
    crowd = enumerate(people(count))
    for name, size, title in _UNSUR:
        signed = [_signatory(i, person, title.format(DISTRICTS[i % 33])) for i, person in islice(crowd, size)]
        if signed:
            paper["groups"].append({"name": name, "people": signed})
    return paper | over


def _signatory(i: int, person: dict[str, str], position: str) -> Signatory:
    typed = i % 5 == 4
    return {
        "prefix": person["prefix"],
        "name": person["name"],
        "suffix": person["suffix"],
        "position": position,
        "capacity": "a.n. Bupati Malang" if i == 0 else "",
        "stroke": None if typed else make_stroke(i),
        "typed": person["name"] if typed else "",
        "method": "nama diketik" if typed else "goresan layar",
        "at": f"15/10/2024 09.{40 + i // 60 % 20:02d}.{i % 60:02d}",
        "trace": f"{i * 2654435761 % 16**12:012x}",
    }


def _frozen(name: str) -> Any:
    return json.loads((FROZEN / f"{name}.json").read_text())
