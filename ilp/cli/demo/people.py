"""Evidently made-up persons: given names of the archipelago, surnames that say "example"."""

from __future__ import annotations

from typing import Any, Literal

from ilp.core.indonesian import sort_key
from ilp.models.directory import Sex

Style = Literal[
    "regent",
    "secretary",
    "chief",
    "head",
    "camat",
    "lurah",
    "kades",
    "doctor",
    "promoter",
    "nurse",
    "midwife",
    "pkk",
    "civil",
]

SURNAMES = "Contoh Umpama Misal Rekaan Andaian".split()
MEN = (
    "Surya Bagas Narendra Tirta Galih Wira Bayu Satria Damar Panji Lintang Raka Yoga Gilang Cakra Aditya "
    "Baruna Dharma Elang Fajar Guntur Harun Ilham Jatmika Krisna Laksana Mahesa Nata Pandu Rangga Seno "
    "Teguh Udaya Wisnu Yudha Zulkarnain Antang Bungai Tambun Rajo Sutan Malin Buyung Togar Mangara Made "
    "Ketut Daeng Andi Lalu Kornelis Yosep Markus Tole Ucok Syahdan"
).split()
WOMEN = (
    "Ratri Wulan Mira Intan Ningsih Sekar Ratna Laras Kirana Melati Dewi Anggun Bunga Citra Dahlia Embun "
    "Fitri Gendis Hapsari Indira Juwita Kinanti Lestari Mawar Nawang Padma Puspa Rahayu Safira Tiara Utari "
    "Wening Yasmin Zahra Lamiang Nyai Puti Siti Upik Butet Luh Wayan Besse Tenri Baiq Maria Yohana Ester "
    "Nona Rosna Halimah Aminah"
).split()
PREFIXES = {
    "regent": ("Drs. H.", "Dra. Hj."),
    "secretary": ("Dr.", "Dr."),
    "chief": ("Drs.", "Dra."),
    "head": ("", "Hj."),
    "camat": ("", ""),
    "lurah": ("", ""),
    "kades": ("H.", ""),
    "doctor": ("dr.", "dr."),
    "promoter": ("", ""),
    "nurse": ("Ns.", "Ns."),
    "midwife": ("", "Bd."),
    "pkk": ("", "Hj."),
    "civil": ("", ""),
}
"""By sex; given to every other person of a style, so that lists look like lists."""

SUFFIXES = {
    "regent": ("M.Si.", "M.M."),
    "secretary": ("S.E., M.Si.", "S.H., M.H."),
    "chief": ("M.Si.", "M.M."),
    "head": ("S.Sos., M.A.P.", "S.T., M.T."),
    "camat": ("S.STP., M.Si.", "S.Sos."),
    "lurah": ("S.E.", "S.A.P."),
    "kades": ("", ""),
    "doctor": ("M.Kes.", "M.M."),
    "promoter": ("S.K.M.", "A.Md.Keb."),
    "nurse": ("S.Kep.", "S.Kep."),
    "midwife": ("S.Tr.Keb.", "S.Keb."),
    "pkk": ("", ""),
    "civil": ("S.A.P.", "S.Kom."),
}
RANKS = {
    "secretary": "Pembina Utama Madya",
    "chief": "Pembina Utama Muda",
    "head": "Pembina Tingkat I",
    "camat": "Pembina",
    "lurah": "Penata",
    "doctor": "Penata Tingkat I",
    "promoter": "Penata Muda",
    "nurse": "Penata Muda",
    "midwife": "Penata Muda",
    "civil": "Penata Muda Tingkat I",
}
"""Who has no rank (elected heads, organisations) has no NIP either."""


def person(style: Style, number: int) -> dict[str, Any]:
    """The row of the person with this running number."""
    woman = style in ("midwife", "pkk") or number % 5 in (1, 3)
    given = WOMEN if woman else MEN
    first = given[number * 7 % len(given)]
    second = given[(number * 11 + number // len(given)) % len(given)]
    surname = SURNAMES[number // 3 % len(SURNAMES)]
    name = " ".join(dict.fromkeys((first, second, surname)))
    titled = number % 2 == 0 or style in ("doctor", "regent", "secretary")
    return {
        "prefix": PREFIXES[style][woman] if titled else "",
        "name": name,
        "suffix": SUFFIXES[style][number % 2],
        "sort_name": sort_key(name),
        "sex": Sex.FEMALE if woman else Sex.MALE,
        "nip": nip(number, woman=woman) if style in RANKS else None,
        "rank": RANKS.get(style, ""),
        "phone": f"+62812000{number:05d}",
    }


def nip(number: int, *, woman: bool) -> str:
    """A number nobody can have: born on 1 January 1900, in service since 1920."""
    month, serial = divmod(number, 1000)
    return f"190001011920{month + 1:02d}{2 if woman else 1}{serial:03d}"
