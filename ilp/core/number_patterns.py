"""How an office writes the numbers of its letters: a pattern of fields between strokes. Pure functions."""

from __future__ import annotations

import re
from datetime import date

from ilp.core.indonesian import roman

USUAL = "{klasifikasi}/{nomor}/{unit}/{tahun}"
FIELDS = ("klasifikasi", "nomor", "unit", "bulan", "bulan_romawi", "tahun")
COUNT, YEAR = "{nomor}", "{tahun}"
_FIELD = re.compile(r"\{([^{}]*)\}")
_PLAIN = re.compile(r"[A-Za-z0-9 .\-]*")


def fault(pattern: str) -> str:
    """What is wrong with a pattern, as a sentence for who wrote it; "" if it can be used."""
    for field in _FIELD.findall(pattern):
        if field not in FIELDS:
            known = ", ".join(f"{{{name}}}" for name in FIELDS)
            return f"{{{field}}} tidak dikenal. Pakai hanya {known}."
    parts = pattern.split("/")
    if parts.count(COUNT) != 1:
        return "Tulis {nomor} satu kali, berdiri sendiri di antara garis miring."
    if YEAR not in pattern:
        return "Tambahkan {tahun}: hitungan mulai dari 1 setiap tahun, jadi tanpa tahun nomor akan berulang."
    if not all(_PLAIN.fullmatch(_FIELD.sub("", part)) for part in parts):
        return "Di luar isian hanya boleh huruf, angka, spasi, titik, dan tanda hubung."
    return ""


def written(pattern: str, count: int, *, classification: str, unit: str, day: date) -> str:
    """A number after its pattern; a part whose fields are all empty is left out with its stroke.

    >>> written("{klasifikasi}/{nomor}/{unit}/{bulan_romawi}/{tahun}", 12, classification="400.7",
    ...         unit="35.07.013", day=date(2024, 10, 8))
    '400.7/12/35.07.013/X/2024'
    """
    before, after = around(pattern, classification=classification, unit=unit, day=day)
    return "/".join(filter(None, (before, str(count), after)))


def around(pattern: str, *, classification: str, unit: str, day: date) -> tuple[str, str]:
    """What stands before and after the count, without the strokes beside it."""
    values = {
        "klasifikasi": classification,
        "unit": unit,
        "bulan": f"{day.month:02d}",
        "bulan_romawi": roman(day.month),
        "tahun": str(day.year),
    }
    parts = pattern.split("/")
    cut = parts.index(COUNT)
    before, after = ([_filled(part, values) for part in side] for side in (parts[:cut], parts[cut + 1 :]))
    return "/".join(filter(None, before)), "/".join(filter(None, after))


def _filled(part: str, values: dict[str, str]) -> str:
    """A part with its fields filled; nothing if it has fields and none of them has a value."""
    fields = _FIELD.findall(part)
    if fields and not any(values[name] for name in fields):
        return ""
    return _FIELD.sub(lambda field: values[field[1]], part).strip()
