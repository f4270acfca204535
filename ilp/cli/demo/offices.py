"""Which offices and positions the five regencies of the demo have: positions real, persons not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ilp.cli.demo.people import Style
from ilp.models.directory import AppointmentKind, Constituency, OfficeKind

Kind = OfficeKind
Unsur = Constituency


@dataclass(frozen=True)
class PositionSpec:
    """A position; `same_as` names the position (by key) whose holder holds this one, too."""

    key: str
    title: str
    style: Style | None
    head: bool = False
    stands_for: Constituency | None = None
    order: int = 500
    kind: AppointmentKind = AppointmentKind.DEFINITIVE
    same_as: str = ""


@dataclass(frozen=True)
class OfficeSpec:
    """An office at a place, with its positions and, if it writes letters, its letterhead's unit."""

    key: str
    kind: OfficeKind
    constituency: Constituency
    name: str
    code: str
    order: int
    positions: tuple[PositionSpec, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class Regency:
    """One regency or city of the demo."""

    code: str
    name: str
    seat: str
    head: str = "Bupati"
    paper: str = "A4"
    hospitals: tuple[str, ...] = ()
    second_puskesmas: tuple[str, ...] = ()
    professions: tuple[str, ...] = ("IDI", "PPNI", "IBI")
    colleges: tuple[str, ...] = ()
    nurses: int = 0
    acting: tuple[str, ...] = ()

    @property
    def is_city(self) -> bool:
        return self.head == "Wali Kota"

    @property
    def full_name(self) -> str:
        return f"{'Kota' if self.is_city else 'Kabupaten'} {self.name}"


REGENCIES = (
    Regency(
        "35.07",
        "Malang",
        "Kepanjen",
        hospitals=("RSUD Kanjuruhan", "RSUD Lawang"),
        second_puskesmas=(
            "Dampit",
            "Gondanglegi",
            "Pakis",
            "Singosari",
            "Sumbermanjing Wetan",
            "Turen",
        ),
        professions=("IDI", "PPNI", "IBI", "PDGI", "PERSAGI", "HAKLI"),
        colleges=(
            "Fakultas Kedokteran Universitas Contoh",
            "Fakultas Ilmu Kesehatan Universitas Umpama",
            "Politeknik Kesehatan Contoh",
            "STIKes Misal Kepanjen",
            "Akademi Kebidanan Rekaan",
            "Akademi Keperawatan Andaian",
            "Sekolah Tinggi Farmasi Contoh",
        ),
        nurses=12,
        acting=("dppkb", "35.07.21"),
    ),
    Regency(
        "62.10",
        "Gunung Mas",
        "Kuala Kurun",
        paper="F4",
        hospitals=("RSUD Kabupaten Gunung Mas",),
        acting=("perkim", "62.10.08"),
    ),
    Regency(
        "13.75",
        "Bukittinggi",
        "Bukittinggi",
        head="Wali Kota",
        hospitals=("RSUD Kota Bukittinggi",),
        colleges=("STIKes Contoh Bukittinggi",),
        acting=("kominfo",),
    ),
    Regency(
        "35.05",
        "Blitar",
        "Kanigoro",
        hospitals=("RSUD Kabupaten Blitar",),
        colleges=("STIKes Contoh Blitar", "Akademi Keperawatan Umpama Blitar"),
        acting=("dinsos", "35.05.19"),
    ),
    Regency(
        "35.08",
        "Lumajang",
        "Lumajang",
        hospitals=("RSUD Kabupaten Lumajang",),
        colleges=("Akademi Kebidanan Contoh Lumajang",),
        acting=("pupr", "35.08.13"),
    ),
)

AGENCIES = (
    ("inspektorat", "Inspektorat", "Inspektur", 110),
    ("bappeda", "Badan Perencanaan Pembangunan Daerah", "Kepala Badan Perencanaan Pembangunan Daerah", 120),
    ("dpmd", "Dinas Pemberdayaan Masyarakat dan Desa", "", 131),
    ("disdik", "Dinas Pendidikan", "", 132),
    ("dinsos", "Dinas Sosial", "", 133),
    ("pupr", "Dinas Pekerjaan Umum dan Penataan Ruang", "", 134),
    ("perkim", "Dinas Perumahan dan Kawasan Permukiman", "", 135),
    ("dppkb", "Dinas Pengendalian Penduduk dan Keluarga Berencana", "", 136),
    ("dp3a", "Dinas Pemberdayaan Perempuan dan Perlindungan Anak", "", 137),
    ("kominfo", "Dinas Komunikasi dan Informatika", "", 138),
    ("satpolpp", "Satuan Polisi Pamong Praja", "", 139),
    ("bpbd", "Badan Penanggulangan Bencana Daerah", "Kepala Pelaksana BPBD", 140),
    ("kemenag", "Kantor Kementerian Agama", "", 150),
)
"""Key, name, title of the head (usual form if empty), protocol order; with Dinas Kesehatan fourteen."""

PROFESSIONS: dict[str, tuple[str, Style]] = {
    "IDI": ("Ikatan Dokter Indonesia (IDI)", "doctor"),
    "PPNI": ("Persatuan Perawat Nasional Indonesia (PPNI)", "nurse"),
    "IBI": ("Ikatan Bidan Indonesia (IBI)", "midwife"),
    "PDGI": ("Persatuan Dokter Gigi Indonesia (PDGI)", "doctor"),
    "PERSAGI": ("Persatuan Ahli Gizi Indonesia (PERSAGI)", "promoter"),
    "HAKLI": ("Himpunan Ahli Kesehatan Lingkungan Indonesia (HAKLI)", "promoter"),
}


@dataclass(frozen=True)
class District:
    """A kecamatan of the register."""

    code: str
    name: str


def offices(regency: Regency, districts: list[District]) -> Iterator[OfficeSpec]:
    """All offices of a regency beside the kecamatan and desa/kelurahan themselves."""
    yield from _leadership(regency)
    yield from _agencies(regency)
    yield from _organisations(regency)
    for district in districts:
        yield from _in_district(regency, district)


def _leadership(regency: Regency) -> Iterator[OfficeSpec]:
    place, code = regency.full_name, regency.code
    head = f"{regency.head} {regency.name}"
    acting = regency.code == "35.07"
    yield OfficeSpec(
        "leader",
        Kind.SETDA,
        Unsur.LEADERS,
        head,
        code,
        10,
        (
            PositionSpec("leader", head, "regent", head=True, stands_for=Unsur.LEADERS, order=10),
            PositionSpec(
                "deputy", f"Wakil {head}", "regent" if acting else None, stands_for=Unsur.LEADERS, order=11
            ),
        ),
        unit=head,
    )
    yield OfficeSpec(
        "setda",
        Kind.SETDA,
        Unsur.GOVERNMENT,
        f"Sekretariat Daerah {place}",
        code,
        20,
        (
            PositionSpec(
                "sekda",
                f"Sekretaris Daerah {place}",
                "secretary",
                head=True,
                stands_for=Unsur.LEADERS,
                order=20,
            ),
            *(
                PositionSpec(key, title, "chief", stands_for=Unsur.GOVERNMENT, order=order)
                for key, title, order in (
                    ("asisten1", "Asisten Pemerintahan dan Kesejahteraan Rakyat", 31),
                    ("asisten2", "Asisten Perekonomian dan Pembangunan", 32),
                    ("asisten3", "Asisten Administrasi Umum", 33),
                )
            ),
            *(
                PositionSpec(key, title, "head", stands_for=Unsur.GOVERNMENT, order=order)
                for key, title, order in (
                    ("tapem", "Kepala Bagian Tata Pemerintahan", 41),
                    ("kesra", "Kepala Bagian Kesejahteraan Rakyat", 42),
                    ("hukum", "Kepala Bagian Hukum", 43),
                )
            ),
            PositionSpec("notulis", "Analis Kebijakan Bagian Tata Pemerintahan", "civil", order=90),
        ),
        unit="Sekretariat Daerah",
    )
    yield OfficeSpec(
        "pokjanal",
        Kind.POKJANAL,
        Unsur.GOVERNMENT,
        f"Pokjanal Posyandu {place}",
        code,
        160,
        (
            PositionSpec(
                "pokjanal.chair",
                f"Ketua Pokjanal Posyandu {place}",
                None,
                head=True,
                order=160,
                same_as="asisten1",
            ),
            PositionSpec(
                "pokjanal.secretary",
                f"Sekretaris Pokjanal Posyandu {place}",
                None,
                order=161,
                same_as="dpmd",
            ),
        ),
        unit="Pokjanal Posyandu",
    )


def _agencies(regency: Regency) -> Iterator[OfficeSpec]:
    place, code = regency.full_name, regency.code
    yield OfficeSpec(
        "dinkes",
        Kind.HEALTH_AGENCY,
        Unsur.GOVERNMENT,
        f"Dinas Kesehatan {place}",
        code,
        130,
        (
            PositionSpec("dinkes", "Kepala Dinas Kesehatan", "doctor", head=True, order=130),
            PositionSpec("dinkes.secretary", "Sekretaris Dinas Kesehatan", "head", order=171),
            PositionSpec("dinkes.service", "Kepala Bidang Pelayanan Kesehatan", "doctor", order=172),
            PositionSpec("dinkes.public", "Kepala Bidang Kesehatan Masyarakat", "promoter", order=173),
        ),
        unit="Dinas Kesehatan",
    )
    for key, name, title, order in AGENCIES:
        kind = Kind.INSPECTORATE if key == "inspektorat" else Kind.AGENCY
        more: tuple[PositionSpec, ...] = ()
        if key == "dpmd":
            more = (
                PositionSpec("dpmd.secretary", f"Sekretaris {name}", "head", order=174),
                PositionSpec("dpmd.community", "Kepala Bidang Pemberdayaan Masyarakat", "head", order=175),
            )
        head = PositionSpec(
            key,
            title or f"Kepala {name}",
            "chief",
            head=True,
            order=order,
            kind=AppointmentKind.PLT if key in regency.acting else AppointmentKind.DEFINITIVE,
        )
        yield OfficeSpec(
            key, kind, Unsur.GOVERNMENT, f"{name} {place}", code, order, (head, *more), unit=name
        )


def _organisations(regency: Regency) -> Iterator[OfficeSpec]:
    place, code = regency.full_name, regency.code
    for number, name in enumerate(regency.hospitals, 1):
        yield _headed(f"rsud{number}", Kind.HOSPITAL, name, code, 600, word="Direktur", style="doctor")
    pkk = _headed("pkk", Kind.PKK, f"TP PKK {place}", code, 650, word="Ketua", style="pkk")
    treasurer = PositionSpec("pkk.treasurer", f"Bendahara TP PKK {place}", "pkk", order=651)
    yield replace(pkk, positions=(*pkk.positions, treasurer))
    for short in regency.professions:
        name, style = PROFESSIONS[short]
        yield _headed(
            short.lower(), Kind.PROFESSION, f"{name} {place}", code, 800, word=f"Ketua {short}", style=style
        )
    for number, name in enumerate(regency.colleges, 1):
        yield _headed(f"college{number}", Kind.ACADEMIC, name, code, 820, word="Pimpinan", style="secretary")
    name = f"Pimpinan Daerah Muhammadiyah (PDM) {place}"
    yield _headed("pdm", Kind.COMMUNITY, name, code, 840, word="Ketua PDM", style="kades")


def _headed(
    key: str, kind: OfficeKind, name: str, code: str, order: int, *, word: str, style: Style
) -> OfficeSpec:
    """An office of which only the head's position matters: "Direktur RSUD Lawang", "Ketua IDI"."""
    title = word if " " in word else f"{word} {name}"
    head = PositionSpec(key, title, style, head=True, order=order)
    return OfficeSpec(key, kind, Unsur(kind.value), name, code, order, (head,))


def _in_district(regency: Regency, district: District) -> Iterator[OfficeSpec]:
    code, name = district.code, district.name
    names = [f"Puskesmas {name}"]
    if name in regency.second_puskesmas:
        names.append(f"Puskesmas {name} (contoh 2)")
    for number, puskesmas in enumerate(names):
        key = f"{code}.puskesmas{number or ''}"
        positions = [
            PositionSpec(key, f"Kepala {puskesmas}", "doctor", head=True, order=400),
            PositionSpec(
                f"{key}.promotion",
                f"Penanggung Jawab Promosi Kesehatan {puskesmas}",
                "promoter",
                stands_for=Unsur.PROMOTION,
                order=450,
            ),
        ]
        if not number and int(code[-2:]) <= regency.nurses:
            word: str
            style: Style
            word, style = ("Bidan", "midwife") if int(code[-2:]) % 2 else ("Perawat", "nurse")
            positions.append(
                PositionSpec(
                    f"{key}.nurse",
                    f"{word} Koordinator {puskesmas}",
                    style,
                    stands_for=Unsur.HEALTH_WORKER,
                    order=830,
                )
            )
        yield OfficeSpec(
            key,
            Kind.PUSKESMAS,
            Unsur.PUSKESMAS,
            puskesmas,
            code,
            400,
            tuple(positions),
            unit=f"UPT {puskesmas}",
        )
    pkk = f"TP PKK Kecamatan {name}"
    yield _headed(f"{code}.pkk", Kind.PKK, pkk, code, 660, word="Ketua", style="pkk")
    yield OfficeSpec(
        f"{code}.pokjanal",
        Kind.POKJANAL,
        Unsur.GOVERNMENT,
        f"Pokjanal Posyandu Kecamatan {name}",
        code,
        670,
        (
            PositionSpec(
                f"{code}.pokjanal.chair",
                f"Ketua Pokjanal Posyandu Kecamatan {name}",
                None,
                head=True,
                order=670,
                same_as=code,
            ),
        ),
    )


ELSEWHERE = (
    OfficeSpec(
        "mentari",
        Kind.PARTNER,
        Unsur.PARTNER,
        "Program MENTARI-PHC",
        "35.05",
        850,
        (PositionSpec("mentari", "Koordinator Provinsi Program MENTARI-PHC", "kades", head=True, order=850),),
    ),
    OfficeSpec(
        "inspektorat.jatim",
        Kind.INSPECTORATE,
        Unsur.GOVERNMENT,
        "Inspektorat Provinsi Jawa Timur",
        "35",
        110,
        (
            PositionSpec("inspektur.jatim", "Inspektur Provinsi Jawa Timur", "chief", head=True, order=110),
            PositionSpec("auditor.jatim", "Auditor Ahli Madya", "head", order=180),
        ),
    ),
    OfficeSpec(
        "operator",
        Kind.OPERATOR,
        Unsur.OTHER,
        "Pengelola Simpul",
        "",
        900,
        (PositionSpec("operator", "Administrator Simpul", "civil", head=True, order=900),),
    ),
)
"""Offices that are not of one regency's government."""


@dataclass(frozen=True)
class SeatSpec:
    """A seat of a Pokjanal by the key of its position."""

    division: str
    role: str
    position: str


@dataclass(frozen=True)
class Division:
    """A bidang: its head first, then its members, by the keys of their positions."""

    name: str
    positions: tuple[str, ...]


BOARD = (("patron", "leader"), ("chair", "asisten1"), ("secretary", "dpmd"), ("treasurer", "pkk.treasurer"))
DIVISIONS = (
    Division("Kelembagaan", ("tapem", "dpmd.community", "kesra", "satpolpp")),
    Division("Pelayanan Kesehatan dan KB", ("dinkes", "dinkes.service", "dinkes.public", "dppkb", "ibi")),
    Division("Komunikasi, Informasi, dan Edukasi", ("kominfo", "kemenag", "pkk")),
    Division("Sumber Daya Manusia", ("disdik", "ppni", "idi")),
    Division("Bina Program", ("bappeda", "dinsos", "pupr", "perkim", "dp3a")),
)


def seats() -> list[SeatSpec]:
    """The twenty-four seats of a Pokjanal of a regency: four of the board, twenty in five divisions."""
    board = [SeatSpec("", role, key) for role, key in BOARD]
    return board + [
        SeatSpec(division.name, "member" if place else "head", key)
        for division in DIVISIONS
        for place, key in enumerate(division.positions)
    ]
