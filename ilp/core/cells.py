"""What people write into the cells of a sheet, and what they mean by it. Pure functions.

A cell is a text or a number, as the file holds it; a date arrives as `2025-03-01`. Whoever reads one raises
`Unreadable` with a sentence that says what is wrong and what to write instead.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import TypeVar

from ilp.core.enums import LabelledEnum
from ilp.core.indonesian import MONTHS, sort_key
from ilp.core.phones import normalised

Raw = str | int | float
Member = TypeVar("Member", bound=LabelledEnum)

FIRST_DAY = date(1899, 12, 30)
"""Day 0 of Excel; serials before March 1900 are wrong by one, and nobody's appointment."""
LARGEST_EXACT = 10**15
"""Excel keeps fifteen digits of a number and makes the rest zero."""
UNCOUNTED = "#RUMUS!"
"""What `adapters.sandbox` puts for a formula whose value the file does not hold."""
ROUNDED = "#BULAT!"
"""What `returned` puts for a number that Excel has rounded."""
ERRORS = frozenset(
    """#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #GETTING_DATA #SPILL! #CALC! #FIELD! #BLOCKED!
    #CONNECT! #BUSY!""".split()
)
"""What Excel writes where a formula failed."""
UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]+")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
WRITTEN = re.compile(r"(\d{1,2})[\s./-]+(\d{1,2}|[a-z]{3,9})[\s./-]+(\d{4}|\d{2})")
SHORT_MONTHS = {"agt": 8, "ags": 8, "sept": 9, "nop": 11, "nopember": 11, "peb": 2, "pebruari": 2}
NAMES = {month.casefold(): n for n, month in enumerate(MONTHS, 1)} | SHORT_MONTHS
NAMES |= {month.casefold()[:3]: n for n, month in enumerate(MONTHS, 1)}


class Unreadable(ValueError):
    """A cell that says nothing we understand; the message is for whoever filled it in."""


def plain(raw: Raw) -> str:
    """A cell as one line of text, with single spaces; whole numbers without a decimal point."""
    if isinstance(raw, float) and raw.is_integer() and abs(raw) < 10**18:
        raw = int(raw)
    text = unicodedata.normalize("NFC", str(raw))
    return " ".join(UNPRINTABLE.sub(" ", text).split())


def counted(raw: Raw) -> Raw:
    """The cell, unless a formula stands there that failed or was never counted, or a number was rounded."""
    found = plain(raw).upper()
    if found == ROUNDED:
        raise Unreadable("Angka di sel ini sudah dibulatkan Excel. Ketik ulang sebagai teks.")
    if found == UNCOUNTED:
        raise Unreadable(
            "Rumus di sel ini belum dihitung. Simpan ulang berkasnya di Excel, atau ketik isinya."
        )
    if found in ERRORS:
        raise Unreadable(f"Rumus di sel ini gagal: {found}. Ketik isinya.")
    return raw


def returned(raw: Raw) -> str:
    """A cell as it goes back to whoever filled it in: what Excel has rounded is no number any more.

    As a text its made-up zeros would be taken for true when they come in again.
    """
    return ROUNDED if _is_rounded(raw) else plain(raw)


def _is_rounded(raw: Raw) -> bool:
    return isinstance(raw, int | float) and abs(raw) >= LARGEST_EXACT


def heading_key(raw: Raw) -> str:
    """What a heading is known by: `Nomor HP *`, `nomor  hp` and `NOMOR-HP (wajib)` are one.

    So are `L/P` and `L / P`.
    """
    words = re.sub(r"\(.*?\)", " ", sort_key(plain(raw)))
    return re.sub(r" ?/ ?", "/", " ".join(re.sub(r"[^a-z0-9/]+", " ", words).split()))


def text(longest: int) -> Callable[[Raw], str]:
    """Reads one line of at most so many letters."""

    def read(raw: Raw) -> str:
        found = plain(raw)
        if len(found) > longest:
            raise Unreadable(f"Terlalu panjang: paling banyak {longest} huruf.")
        return found

    return read


def name(longest: int) -> Callable[[Raw], str]:
    """Reads a name or a title, which holds at least one letter."""
    one = text(longest)

    def read(raw: Raw) -> str:
        found = one(raw)
        if not has_letter(found):
            raise Unreadable(f"Tulis dengan huruf; di sini hanya “{found}”.")
        return found

    return read


def has_letter(written: str) -> bool:
    """Whether it is more than a number, a day, or a dash."""
    return any(letter.isalpha() for letter in written)


def listed(longest: int) -> Callable[[Raw], tuple[str, ...]]:
    """Reads several names in one cell, parted by semicolons, commas or line breaks."""
    one = text(longest)

    def read(raw: Raw) -> tuple[str, ...]:
        return tuple(filter(None, (one(part) for part in re.split(r"[;,\n]+", str(raw)))))

    return read


def digits(raw: Raw, what: str) -> str:
    """The digits of a number that is a name. Refuses what Excel has rounded on the way."""
    if _is_rounded(raw):
        raise Unreadable(f"Excel membulatkan {what} ini. Ubah selnya menjadi teks, lalu ketik ulang.")
    found = plain(raw).lstrip("'")
    if re.fullmatch(r"\d+[.,]\d+e\+?\d+", found, re.IGNORECASE):
        raise Unreadable(f"{what} ini ditulis sebagai {found}. Ubah selnya menjadi teks, lalu ketik ulang.")
    return re.sub(r"[\s.-]+", "", found)


def nip(raw: Raw) -> str:
    """A NIP of 18 digits that begins with a day of birth."""
    found = digits(raw, "NIP")
    if not (found.isascii() and found.isdigit()):
        raise Unreadable("NIP hanya terdiri atas angka.")
    if len(found) != 18:
        raise Unreadable(f"NIP terdiri atas 18 angka; di sini {len(found)}.")
    year, month, of_month = int(found[:4]), int(found[4:6]), int(found[6:8])
    if not (1900 <= year <= 2030 and 1 <= month <= 12 and 1 <= of_month <= monthrange(year, month)[1]):
        raise Unreadable(f"NIP diawali tanggal lahir; {found[6:8]}/{found[4:6]}/{found[:4]} tidak ada.")
    return found


def phone(raw: Raw) -> str:
    """A telephone number as it is kept; a zero that Excel has dropped is put back."""
    try:
        return normalised(digits(raw, "nomor HP"))
    except Unreadable:
        raise
    except ValueError as error:
        raise Unreadable("Nomor HP ditulis seperti 0812-3456-7890.") from error


def day(raw: Raw) -> date:
    """`1 Maret 2025`, `01/03/2025`, `2025-03-01`, or the serial number that Excel keeps for a day."""
    if isinstance(raw, int | float):
        return _serial(raw)
    written = plain(raw).casefold()
    if found := ISO.fullmatch(written):
        return _existing(int(found[1]), int(found[2]), int(found[3]), written)
    if written.isascii() and written.isdigit():
        return _serial(int(written))
    spoken = re.sub(r"^(senin|selasa|rabu|kamis|jumat|sabtu|minggu),?\s+", "", written)
    found = WRITTEN.fullmatch(spoken)
    month = _month(found[2]) if found else None
    if found is None or month is None:
        raise Unreadable("Tulis tanggal seperti 01/03/2025 atau 1 Maret 2025.")
    year = int(found[3]) if len(found[3]) == 4 else 2000 + int(found[3])
    return _existing(year, month, int(found[1]), plain(raw))


def _serial(raw: float) -> date:
    if not 20_000 <= raw <= 80_000:
        raise Unreadable("Tulis tanggal seperti 01/03/2025 atau 1 Maret 2025.")
    return FIRST_DAY + timedelta(days=int(raw))


def _month(word: str) -> int | None:
    return int(word) if word.isdigit() else NAMES.get(word)


def _existing(year: int, month: int, of_month: int, written: str) -> date:
    if not (1 <= month <= 12 and 1 <= of_month <= monthrange(year, month)[1]):
        raise Unreadable(f"Tanggal {written} tidak ada.")
    if not 1950 <= year <= 2100:
        raise Unreadable("Tahunnya di luar 1950 sampai 2100. Periksa kembali tanggal ini.")
    return date(year, month, of_month)


def yes(raw: Raw) -> bool:
    """`ya` or `tidak`, and what else people put there."""
    word = sort_key(plain(raw))
    if word in {"ya", "y", "x", "v", "1", "benar", "true"}:
        return True
    if word in {"tidak", "t", "-", "0", "bukan", "false"}:
        return False
    raise Unreadable("Isi dengan ya atau tidak.")


def one_of(words: Mapping[str, Member]) -> Callable[[Raw], Member]:
    """Reads one of a closed list of words, whatever its case and full stops."""
    known = {_loose(word): member for word, member in words.items()}
    offered = ", ".join(dict.fromkeys(words))

    def read(raw: Raw) -> Member:
        found = known.get(_loose(plain(raw)))
        if found is None:
            raise Unreadable(f"Pilih salah satu: {offered}.")
        return found

    return read


def _loose(word: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", sort_key(word))
