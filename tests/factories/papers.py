"""Contents of the four papers: public facts of the 2024 events, persons and strokes evidently made up."""

from __future__ import annotations

import json
import math
import random
from itertools import islice
from typing import Any

from ilp.core.papers import (
    AttendancePaper,
    AttendanceRow,
    CommitmentPaper,
    InvitationPaper,
    Letterhead,
    LetterNumber,
    MinutesPaper,
    Person,
    Signatory,
    SignatureBlock,
    Stroke,
)
from ilp.core.strokes import draw, read_strokes

EVENT = "Kick Off Integrasi Pelayanan Kesehatan Primer (ILP)"
DAY = "Selasa, 15 Oktober 2024"
LONG_NAME = "Prof. Dr. dr. Hj. CONTOH NAMA YANG PANJANG SEKALI, Sp.PD., Subsp.G.E.H.(K)., M.Kes., M.M., FINASIM"
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
    """Undangan to 217 people in 46 lines, signed a.n. with u.b."""
    groups = [
        (
            "Forum Koordinasi Pimpinan Daerah",
            "Ketua DPRD Kabupaten Malang; Kepala Kepolisian Resor Malang; Komandan Kodim 0818; "
            "Kepala Kejaksaan Negeri Kabupaten Malang; Ketua Pengadilan Negeri Kepanjen",
        ),
        (
            "Sekretariat Daerah",
            "Sekretaris Daerah Kabupaten Malang; Asisten Pemerintahan dan Kesejahteraan Rakyat; "
            "Asisten Perekonomian dan Pembangunan; Asisten Administrasi Umum; Kepala Bagian Tata Pemerintahan; "
            "Kepala Bagian Kesejahteraan Rakyat; Kepala Bagian Hukum; Kepala Bagian Organisasi",
        ),
        (
            "Perangkat daerah dan instansi vertikal",
            "Inspektur Daerah; Kepala Badan Perencanaan Pembangunan Daerah; Kepala Badan Keuangan dan Aset Daerah; "
            "Kepala Badan Kepegawaian dan Pengembangan Sumber Daya Manusia; Kepala Dinas Kesehatan; "
            "Kepala Dinas Pendidikan; Kepala Dinas Sosial; Kepala Dinas Pemberdayaan Masyarakat dan Desa; "
            "Kepala Dinas Pengendalian Penduduk dan Keluarga Berencana; Kepala Dinas Lingkungan Hidup; "
            "Kepala Dinas Perumahan, Kawasan Permukiman dan Cipta Karya; Kepala Dinas Pekerjaan Umum Bina Marga; "
            "Kepala Dinas Komunikasi dan Informatika; Kepala Satuan Polisi Pamong Praja; "
            "Kepala Kantor Kementerian Agama Kabupaten Malang",
        ),
        (
            "Kecamatan",
            "Camat se-Kabupaten Malang (33); Ketua TP PKK Kecamatan se-Kabupaten Malang (33); "
            "Komandan Koramil se-Kabupaten Malang, perwakilan (8)",
        ),
        (
            "Fasilitas kesehatan",
            "Direktur RSUD Kanjuruhan; Direktur RSUD Lawang; Kepala Puskesmas se-Kabupaten Malang (39); "
            "Penanggung jawab promosi kesehatan Puskesmas, perwakilan (21)",
        ),
        (
            "Organisasi dan lembaga pendidikan",
            "Ketua TP PKK Kabupaten Malang; Ketua IDI Kabupaten Malang; Ketua PPNI Kabupaten Malang; "
            "Ketua IBI Kabupaten Malang; Ketua PERSAGI Kabupaten Malang; Pimpinan lembaga pendidikan kesehatan (4); "
            "Sdr. Bagus Misal, Ketua Karang Taruna Kepanjen; Sdri. Dewi Rekaan, kader Posyandu Melati",
        ),
    ]
    paper: InvitationPaper = {
        "letterhead": make_letterhead(),
        "number": make_number(),
        "place_date": "Kepanjen, 8 Oktober 2024",
        "date": "8 Oktober 2024",
        "urgency": "Segera",
        "subject": f"Undangan {EVENT}",
        "recipients": [],
        "destination": "Kabupaten Malang",
        "opening": [
            "Dalam rangka pelaksanaan Keputusan Menteri Kesehatan Nomor HK.01.07/MENKES/2015/2023 tentang "
            "Petunjuk Teknis Integrasi Pelayanan Kesehatan Primer, Pemerintah Kabupaten Malang akan "
            "menyelenggarakan kick off dan penandatanganan komitmen bersama. Sehubungan dengan hal tersebut, "
            "kami mengharap kehadiran Bapak/Ibu/Saudara pada:"
        ],
        "day": DAY,
        "time": "pukul 08.00 WIB s.d. selesai",
        "place": "Pendopo Agung Kabupaten Malang",
        "event": EVENT,
        "dress": "",
        "note": "hadir 30 menit sebelum acara dengan membawa data capaian; yang diwakili menugaskan pejabat "
        "yang berwenang mengambil keputusan",
        "closing": [
            "Konfirmasi kehadiran disampaikan paling lambat 11 Oktober 2024.",
            "Demikian untuk menjadi perhatian. Atas kehadiran Bapak/Ibu/Saudara disampaikan terima kasih.",
        ],
        "signature": make_signature(
            ("a.n.", "BUPATI MALANG"),
            ("", "Sekretaris Daerah"),
            ("", "u.b."),
            ("", "Asisten Pemerintahan dan"),
            ("", "Kesejahteraan Rakyat,"),
        ),
        "copies": ["Bupati Malang (sebagai laporan)", "Sekretaris Daerah Kabupaten Malang"],
        "issuer": "Asisten Pemerintahan dan Kesejahteraan Rakyat a.n. Bupati Malang",
        "groups": [
            {"name": name, "lines": [_line(text) for text in lines.split("; ")]} for name, lines in groups
        ],
    }
    return paper | over  # type: ignore[return-value]


def _line(text: str) -> Any:
    text, _, count = text.removesuffix(")").partition(" (")
    return {"text": text, "count": int(count or 1)}


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
    """Notula of Malang's kick-off: five agenda items, five decisions, ten follow-ups, a drawn and a typed hand."""
    paper: MinutesPaper = {
        "letterhead": make_letterhead("DINAS KESEHATAN"),
        "number": make_number("1340"),
        "event": EVENT,
        "day": DAY,
        "time": "pukul 08.30 s.d. 13.10 WIB",
        "place": "Pendopo Agung Kabupaten Malang",
        "invitation": "Nomor 400.7/1287/35.07.013/2024, 8 Oktober 2024",
        "chair": "Asisten Pemerintahan dan Kesejahteraan Rakyat",
        "secretary": "Kepala Bidang Pelayanan Kesehatan, Dinas Kesehatan",
        "minute_taker": "Ratna Umpama, S.K.M., M.Kes.",
        "tally": [
            {
                "group": group,
                "invited": invited,
                "present": invited - represented - absent,
                "represented": represented,
                "absent": absent,
                "extra": 0,
            }
            for group, invited, represented, absent in (
                ("Pimpinan daerah", 5, 0, 0),
                ("Setda dan OPD", 15, 1, 1),
                ("Camat dan unsur Muspika", 33, 3, 0),
                ("Kepala Puskesmas", 39, 2, 0),
                ("RSUD", 4, 0, 0),
                ("Lembaga pendidikan kesehatan", 8, 0, 0),
                ("Penanggung jawab promosi kesehatan", 21, 0, 0),
                ("Organisasi profesi", 8, 0, 0),
                ("Tenaga kesehatan", 20, 0, 0),
                ("TP PKK", 33, 0, 0),
            )
        ],
        "agenda": [
            {
                "title": "Pembukaan",
                "presenter": "Plt. Bupati Malang, pukul 08.40 s.d. 09.05 WIB",
                "status": "",
                "notes": [
                    "Plt. Bupati membuka acara dan menegaskan bahwa Integrasi Pelayanan Kesehatan Primer bukan "
                    "program Dinas Kesehatan semata, melainkan cara kerja seluruh perangkat daerah, kecamatan, "
                    "desa dan kelurahan. Tujuan kegiatan adalah membangun sinergi transformasi kesehatan dan "
                    "memperkuat perencanaan pembangunan kesehatan di Kabupaten Malang.",
                    "Setiap camat diminta menjadi penghubung antara Puskesmas dan pemerintah desa.",
                ],
                "remarks": [],
            },
            {
                "title": "Arah kebijakan dan kesiapan 39 Puskesmas",
                "presenter": "Pemapar: Kepala Dinas Kesehatan",
                "status": "",
                "notes": [
                    "Pelayanan dibagi dalam lima klaster: manajemen; ibu dan anak; usia dewasa dan lanjut usia; "
                    "penanggulangan penyakit menular; serta lintas klaster. Seluruh 39 Puskesmas disiapkan untuk "
                    "menerapkan ILP, dengan jejaring Pustu di desa/kelurahan dan Posyandu yang melayani seluruh "
                    "siklus hidup."
                ],
                "remarks": [
                    {
                        "who": "Camat Sumbermanjing Wetan",
                        "text": "wilayah kerja dua Puskesmas dalam satu kecamatan memerlukan pembagian desa "
                        "binaan yang tertulis, agar kunjungan rumah tidak tumpang tindih.",
                    },
                    {
                        "who": "Kepala Badan Kepegawaian",
                        "text": "usulan penempatan disampaikan paling lambat akhir Oktober.",
                    },
                ],
            },
            {
                "title": "Peningkatan layanan promotif dan preventif",
                "presenter": "Pemapar: Kepala Bidang Kesehatan Masyarakat",
                "status": "",
                "notes": [
                    "Pencegahan, deteksi dini dan promosi kesehatan dilaksanakan menurut fase kehidupan, dari ibu "
                    "hamil sampai lanjut usia. Kader memerlukan orientasi 25 keterampilan dasar; penilaian "
                    "dilakukan bertahap dan dicatat per Posyandu."
                ],
                "remarks": [
                    {
                        "who": "Ketua TP PKK Kecamatan Tumpang",
                        "text": "kader di dusun terjauh memerlukan jadwal orientasi di kecamatan.",
                    }
                ],
            },
            {
                "title": "Infrastruktur, sarana prasarana, dan sumber daya manusia kesehatan",
                "presenter": "Pemapar: Kepala Badan Perencanaan Pembangunan Daerah, diwakili",
                "status": "",
                "notes": [
                    "Kebutuhan sarana Pustu dan Posyandu diusulkan melalui musyawarah perencanaan desa dan "
                    "kecamatan tahun 2025. Usulan yang memerlukan APBD dimasukkan sebelum penyusunan rancangan "
                    "KUA-PPAS; usulan yang menjadi kewenangan desa dimasukkan dalam RKPDes dan APBDes."
                ],
                "remarks": [
                    {"who": "Direktur RSUD Kanjuruhan", "text": "alur rujuk balik ke Pustu perlu disepakati."}
                ],
            },
            {
                "title": "Penguatan manajemen layanan primer",
                "presenter": "",
                "status": "ditunda ke rapat berikut",
                "notes": [],
                "remarks": [],
            },
        ],
        "decisions": [
            {"number": f"{number}/2024", "text": text}
            for number, text in enumerate(
                (
                    "ILP dilaksanakan di seluruh Puskesmas Kabupaten Malang, yaitu 39 Puskesmas.",
                    "Sosialisasi, orientasi, penguatan kapasitas dan monitoring dilaksanakan di seluruh wilayah: "
                    "kabupaten, kecamatan, hingga desa.",
                    "Pelayanan Puskesmas dibagi dalam lima klaster dengan struktur yang ditetapkan kepala Puskesmas.",
                    "Setiap kecamatan membahas kemajuan ILP dalam lokakarya mini lintas sektor tribulanan; camat "
                    "melaporkan hasilnya kepada Bupati melalui Sekretaris Daerah.",
                    "Tindak lanjut rapat ini dievaluasi pada pembukaan rapat koordinasi berikutnya.",
                ),
                12,
            )
        ],
        "actions": [
            dict(zip(("issue", "action", "owner", "due", "evidence", "status"), row, strict=True))
            for row in (
                (
                    "Struktur klaster belum ditetapkan di semua Puskesmas",
                    "Menetapkan surat keputusan struktur klaster beserta penanggung jawab",
                    "Kepala Puskesmas se-Kabupaten Malang (39)",
                    "30/11/2024",
                    "Salinan SK",
                    "dikerjakan",
                ),
                (
                    "Sosialisasi belum menjangkau desa",
                    "Sosialisasi ILP di 33 kecamatan bersama kepala desa/lurah dan TP PKK",
                    "Camat se-Kabupaten Malang (33)",
                    "13/12/2024",
                    "Notula, daftar hadir",
                    "belum",
                ),
                (
                    "SK pengurus Posyandu kedaluwarsa",
                    "Memperbarui SK pengurus Posyandu di 390 desa/kelurahan dan menyampaikan salinannya",
                    "Dinas Pemberdayaan Masyarakat dan Desa",
                    "20/12/2024",
                    "Salinan SK per desa",
                    "belum",
                ),
                (
                    "Pustu tanpa perawat tetap",
                    "Menyusun usulan penempatan tenaga Pustu",
                    "Badan Kepegawaian dan Pengembangan Sumber Daya Manusia",
                    "31/10/2024",
                    "Daftar usulan",
                    "dilaporkan",
                ),
                (
                    "Kader belum mengikuti orientasi",
                    "Orientasi 25 keterampilan dasar kader di tiap kecamatan",
                    "Ketua TP PKK Kecamatan se-Kabupaten Malang (33)",
                    "31/03/2025",
                    "Rekap kader dilatih",
                    "belum",
                ),
                (
                    "Alur rujuk balik belum disepakati",
                    "Menyusun alur rujuk balik rumah sakit, Puskesmas dan Pustu",
                    "RSUD Kanjuruhan dan RSUD Lawang",
                    "29/11/2024",
                    "Naskah alur",
                    "dikembalikan",
                ),
                (
                    "Kebutuhan sarana belum masuk perencanaan",
                    "Memasukkan usulan sarana Pustu dan Posyandu dalam Musrenbang desa dan kecamatan 2025",
                    "Badan Perencanaan Pembangunan Daerah",
                    "28/02/2025",
                    "Berita acara Musrenbang",
                    "belum",
                ),
                (
                    "Pemantauan belum seragam",
                    "Menyusun jadwal monitoring triwulan dan format laporan satu halaman",
                    "Bagian Kesejahteraan Rakyat",
                    "15/11/2024",
                    "Jadwal, format",
                    "diterima",
                ),
            )
        ],  # type: ignore[typeddict-item]
        "closing": "Rapat ditutup pukul 13.10 WIB. Notula ini dibacakan di hadapan pimpinan rapat dan menjadi dasar "
        "tindak lanjut seluruh pihak yang disebut di dalamnya.",
        "signatures": [
            make_signature(
                ("", "Notulis,"),
                person=make_person(
                    prefix="",
                    name="RATNA UMPAMA",
                    suffix="S.K.M., M.Kes.",
                    rank="Penata Tingkat I",
                    nip="190003031920012003",
                ),
                typed="Ratna Umpama",
                method="nama diketik",
                at="15/10/2024 13.32 WIB",
            ),
            make_signature(
                ("", "Pimpinan Rapat,"),
                place_date="Kepanjen, 15 Oktober 2024",
                stroke=make_stroke(5),
                method="goresan layar",
                at="15/10/2024 13.35 WIB",
            ),
        ],
        "photos": [],
    }
    return paper | over  # type: ignore[return-value]


CLAUSES = (
    ("Menerapkan ILP", "di seluruh Puskesmas, Pustu dan Posyandu dengan pendekatan setiap fase kehidupan."),
    ("Memperkuat kelembagaan", "Pokjanal/Tim Pembina Posyandu serta Posyandu yang melayani seluruh siklus hidup."),
    ("Menyediakan anggaran", "melalui APBD, APBDes dan Dana Desa sesuai dengan kewenangan masing-masing."),
    ("Memenuhi tenaga", "kesehatan di Pustu dan meningkatkan keterampilan kader secara bertahap."),
    ("Melengkapi sarana dan prasarana", "pelayanan sampai dengan tingkat desa, kelurahan dan dusun."),
    ("Melaksanakan kunjungan rumah", "dan pemantauan wilayah setempat setiap bulan serta berbagi data."),
    ("Membagi peran dan tanggung jawab", "lintas sektor serta menilai kemajuannya setiap triwulan."),
)


def make_commitment(count: int = 40, **over: Any) -> CommitmentPaper:
    """Naskah of so many signatories by unsur; every fifth typed the name, one declined, one was absent."""
    groups: list[Any] = []
    crowd = enumerate(people(count))
    for name, size, title in _UNSUR:
        signed = [_signatory(i, person, title.format(DISTRICTS[i % 33])) for i, person in islice(crowd, size)]
        if signed:
            groups.append({"name": name, "people": signed})
    paper: CommitmentPaper = {
        "issuer": "Pemerintah Kabupaten Malang",
        "subject": ["Penyelenggaraan Integrasi Pelayanan Kesehatan Primer", "Kabupaten Malang"],
        "number": make_number("1342"),
        "preamble": "Pada hari ini, Selasa tanggal lima belas bulan Oktober tahun dua ribu dua puluh empat, bertempat "
        "di Pendopo Agung Kabupaten Malang, kami yang bertanda tangan di bawah ini, dengan kesadaran bahwa "
        "kesehatan masyarakat adalah tanggung jawab bersama lintas program dan lintas sektor,",
        "clauses": [
            {
                "lead": lead,
                "text": text,
                "targets": [
                    {
                        "text": "Puskesmas yang menerapkan ILP",
                        "value": "39 Puskesmas",
                        "due": "31/12/2025",
                        "lead": "Dinas Kesehatan",
                    }
                ]
                if lead == "Menerapkan ILP"
                else [],
            }
            for lead, text in CLAUSES
        ],
        "closing": "Komitmen bersama ini dilaksanakan dengan penuh tanggung jawab sesuai dengan tugas dan kewenangan "
        "masing-masing.",
        "place_date": "Kepanjen, 15 Oktober 2024",
        "groups": groups,
        "record": {
            "version": 2,
            "content_sha256": "553584e76c2816eec75b4690293e8b84d3182c2d3c4c5d05a4785bc2a7f8ff0a",
            "opened": "15/10/2024 09.40 WIB",
            "closed": "15/10/2024 11.25 WIB",
            "zone": "WIB",
            "unsigned": [
                {
                    "prefix": "Bdn.",
                    "name": "Sekar Fiktif Rekaan",
                    "suffix": "S.Keb.",
                    "position": "Ketua IBI Kabupaten Malang",
                    "outcome": "menolak",
                    "reason": "menunggu rapat pengurus",
                },
                {
                    "prefix": "",
                    "name": "Rudi Fiktif Misal",
                    "suffix": "S.Sos.",
                    "position": "Camat Dau",
                    "outcome": "berhalangan",
                    "reason": "",
                },
            ],
        },
    }
    return paper | over  # type: ignore[return-value]


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
