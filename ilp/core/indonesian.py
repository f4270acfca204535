"""How dates, times, numbers and names are written in Indonesian official prose. Pure functions.

Local by intent: the caller turns a stored moment into the zone of its regency (`core/clock.py`) first.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

WEEKDAYS = "Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()
MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
_ONES = "nol satu dua tiga empat lima enam tujuh delapan sembilan sepuluh sebelas".split()
# size, its word, and the fused word for exactly one of it
_SCALES = (
    (10**12, "triliun", None),
    (10**9, "miliar", None),
    (10**6, "juta", None),
    (1000, "ribu", "seribu"),
    (100, "ratus", "seratus"),
    (10, "puluh", None),
)
_KINDS_OF_OFFICE = frozenset("Badan Bagian Dinas Daerah Kantor Kecamatan Puskesmas".split())
_ROMAN = list(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        "M CM D CD C XC L XL X IX V IV I".split(),
        strict=True,
    )
)


# --- dates -------------------------------------------------------------------
def plain_date(day: date) -> str:
    """`15 Oktober 2024`, as beside the place of a letter."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def long_date(day: date) -> str:
    """`Selasa, 15 Oktober 2024`."""
    return f"{WEEKDAYS[day.weekday()]}, {plain_date(day)}"


def short_date(day: date) -> str:
    """`15/10/2024`."""
    return f"{day.day:02d}/{day.month:02d}/{day.year}"


def days_of(starts_on: date, ends_on: date | None, today: date) -> str:
    """`02/01/2023 s.d. 16/12/2026`; without an end `02/01/2023 s.d. sekarang`, or `mulai ...` if to come."""
    if ends_on is not None:
        return f"{short_date(starts_on)} s.d. {short_date(ends_on)}"
    return (
        f"{short_date(starts_on)} s.d. sekarang" if starts_on <= today else f"mulai {short_date(starts_on)}"
    )


def relative_day(day: date, today: date) -> str:
    """`Hari ini`, `Kemarin` or `Besok`; any other day is written out short."""
    return {-1: "Kemarin", 0: "Hari ini", 1: "Besok"}.get((day - today).days, short_date(day))


def due_words(due: date, today: date) -> str:
    """How a due date stands today: `Lewat 4 hari`, `Hari ini`, `Besok`, `6 hari lagi`, then the date."""
    days = (due - today).days
    if days < 0:
        return f"Lewat {-days} hari"
    if 2 <= days <= 14:
        return f"{days} hari lagi"
    return relative_day(due, today)


# --- time of day ----------------------------------------------------------------
def clock(moment: time | datetime) -> str:
    """`09.12`: twenty-four hours, with a full stop."""
    return f"{moment.hour:02d}.{moment.minute:02d}"


def clock_range(start: time | datetime, end: time | datetime | None, zone: str) -> str:
    """`pukul 08.00 s.d. 13.10 WIB`; without an end `pukul 08.00 WIB s.d. selesai`."""
    if end is None:
        return f"pukul {clock(start)} {zone} s.d. selesai"
    return f"pukul {clock(start)} s.d. {clock(end)} {zone}"


def number(value: float, decimals: int = 0) -> str:
    """`1.234,5`: full stops between thousands, a comma before decimals."""
    return f"{value:,.{decimals}f}".translate(str.maketrans(",.", ".,"))


def terbilang(value: int) -> str:
    """A whole number in words: `seratus delapan puluh lima`, `seribu sebelas`, `minus dua`.

    Refuses 10^15 and beyond (ValueError): no paper of ours counts that far.
    """
    if value < 0:
        return f"minus {terbilang(-value)}"
    if value >= 10**15:
        raise ValueError(f"terbilang: {value} is too large")
    if value < len(_ONES):
        return _ONES[value]
    if value < 20:
        return f"{_ONES[value - 10]} belas"
    size, word, one = next(scale for scale in _SCALES if value >= scale[0])
    count, rest = divmod(value, size)
    head = one if one and count == 1 else f"{terbilang(count)} {word}"
    return f"{head} {terbilang(rest)}" if rest else head


def counted(value: int, noun: str) -> str:
    """`3 (tiga) lembar`: a count that cannot be changed by one stroke of a pen."""
    return f"{number(value)} ({terbilang(value)}) {noun}"


def roman(value: int) -> str:
    """`XIV` for 14. Refuses numbers below 1 and above 3999 (ValueError)."""
    if not 1 <= value <= 3999:
        raise ValueError(f"roman: {value} has no Roman figure")
    figures = ""
    for size, figure in _ROMAN:
        count, value = divmod(value, size)
        figures += figure * count
    return figures


def joined(parts: list[str]) -> str:
    """`a, b dan c`."""
    return " dan ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


# --- names --------------------------------------------------------------------------
_TITLES_BEFORE = re.compile(
    r"(?:(?:(?:prof|drs?|dra|drg|drh|ir|hj|kh|apt|ns)\b\.?|k\.\s?h\.|h\.(?!\w\.))\s*(?=\w))+", re.IGNORECASE
)
_DEGREES = frozenset(
    """sag sap se sfarm sgz sh shi shut si sik sip skep skes sked skg skm skom slkom sos spd spdi spi spsi spt
    ssi ssos ssn st stp str strkeb strkes sstp stpt sst
    mag map mars mba meng mepid mfarm mgizi mh mha mhum mikom mip mkeb mkep mkes mkm mkom mm mmkes mp mpd mph
    mpdi mpsi mpub msc msi msos msn mt ma mak
    amd amk amkeb amkep amkg amkl amdkeb amdkep amdkes amdgz ners phd spa spb spog spogk spp sppd spjp spkk
    spkj spm spn sprad span sptht""".split()
)
"""Degrees without their full stops."""


def full_name(prefix: str, name: str, suffix: str) -> str:
    """`dr. Hj. Ratna Contoh, M.Kes.` from its three fields, exactly as typed (`dr.` is not `Dr.`)."""
    titled = f"{prefix} {name}" if prefix else name
    return f"{titled}, {suffix}" if suffix else titled


def titles_in(name: str) -> tuple[str, str]:
    """The titles that somebody wrote before and behind a name, where there are fields for them.

    Initials are none (`H.` before a name is: haji), and neither is what only begins like a title.

    >>> titles_in("dr. Hj. Ratna Contoh, M.Kes")
    ('dr. Hj.', 'M.Kes')
    >>> titles_in("Drajat H. Contoh")
    ('', '')
    """
    before = _TITLES_BEFORE.match(name)
    start = before.end() if before else 0
    bare, comma, behind = name[start:].partition(",")
    words = re.sub(r"(?<= [A-Z]\.) (?=[A-Z][a-z]*\b)", "", bare).split()  # `M. Kes` is `M.Kes`
    last = len(words)
    while last > 1 and _is_degree(words[last - 1]):
        last -= 1
    return name[:start].strip(), f"{' '.join(words[last:])}{comma}{behind}".strip(" ,")


def _is_degree(word: str) -> bool:
    """`M.Kes`, `SKM`, `MSi`; no name is written so."""
    letters = word.replace(".", "").casefold()
    return letters in _DEGREES and ("." in word or word[1:] != word[1:].casefold())


def with_office(title: str, office: str) -> str:
    """`Sekretaris, Inspektorat Kabupaten Malang`; a title that names its office stands alone.

    >>> with_office("Camat Dampit", "Kecamatan Dampit")
    'Camat Dampit'
    """
    named = set(title.split()[1:])
    told = named <= set(office.replace("(", " ").replace(")", " ").split()) and not named <= _KINDS_OF_OFFICE
    return title if told else ", ".join(filter(None, [title, office]))


def sort_key(name: str) -> str:
    """What lists are sorted and searched by: the bare name, accents stripped, case folded, single spaces."""
    letters = (c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join("".join(letters).casefold().split())


def masked_phone(phone: str) -> str:
    """Enough of a number to tell two people apart, not enough to call: `0812 **** 4471`; "" for none."""
    digits = phone.replace("+62", "0", 1) if phone.startswith("+62") else phone
    return f"{digits[:4]} **** {digits[-4:]}" if len(digits) > 8 else "****" if digits else ""


def nip(digits: str) -> str:
    """An 18-digit NIP in its printed groups, `19000101 192001 1 001`; anything else as it came."""
    if len(digits) != 18 or not digits.isdigit():
        return digits
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"
