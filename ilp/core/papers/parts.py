"""What several papers share: heads, numbers, names, signatures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NotRequired, TypedDict

from ilp.core.indonesian import full_name, joined, number


class Letterhead(TypedDict):
    """The kop, from the letterhead of the office that signs.

    {"tiers": ["PEMERINTAH KABUPATEN MALANG"], "unit": "DINAS KESEHATAN",
     "address": ["Jalan Contoh Nomor 2, Kepanjen 65163", "Telepon (0341) 000001"],
     "emblem": "<sha256>", "margins": [20, 20, 25, 30]}

    `emblem` is the key of the lambang among the files given to the renderer, "" for the usual one; `margins`
    are top, right, bottom, left in millimetres. Older papers have neither.
    """

    tiers: list[str]
    unit: str
    address: list[str]
    emblem: NotRequired[str]
    margins: NotRequired[list[int]]


class LetterNumber(TypedDict):
    """A number, or the room for one: with an empty `text` the paper prints `400.7/          /35.07.013/2024`.

    `classification` is what stands before the count, `rest` what stands after it; either may be "".

    {"text": "400.7/1287/35.07.013/2024", "classification": "400.7", "rest": "35.07.013/2024"}
    """

    text: str
    classification: str
    rest: str


class Name(TypedDict):
    """A name in its three fields.

    {"prefix": "Drs. H.", "name": "SURYA CONTOH", "suffix": "M.Si."}
    """

    prefix: str
    name: str
    suffix: str


class Person(Name):
    """Who signs. Elected officials have neither rank nor NIP: both are then "".

    {"prefix": "Drs. H.", "name": "SURYA CONTOH", "suffix": "M.Si.",
     "rank": "Pembina Utama Muda", "nip": "190001011920011001"}
    """

    rank: str
    nip: str


class Stroke(TypedDict):
    """A drawn signature as `core/strokes.py` made it: one SVG path, its box, its pen's width in the box."""

    d: str
    box: str
    pen: int


class Ink(TypedDict):
    """What stands in the room for ink, and what is said about it below the name.

    Drawn: `stroke`; typed: `typed`; wet ink or not yet signed: neither, and the room stays free.
    `method` is the label of the method ("goresan layar", "nama diketik", "tanda tangan basah") or "";
    `at` is when, "15/10/2024 13.32 WIB", or "".
    """

    stroke: Stroke | None
    typed: str
    method: str
    at: str


class Step(TypedDict):
    """One line of the office above a signature; `hang` stands in the column before it ("a.n.", "Plt.").

    a.n. with u.b. is four steps:
    {"hang": "a.n.", "text": "BUPATI MALANG"}, {"hang": "", "text": "Sekretaris Daerah"},
    {"hang": "", "text": "u.b."}, {"hang": "", "text": "Asisten Pemerintahan dan Kesejahteraan Rakyat,"}
    """

    hang: str
    text: str


class SignatureBlock(Ink):
    """Who signs, for which office.

    {"place_date": "Kepanjen, 15 Oktober 2024", "steps": [{"hang": "", "text": "KEPALA DINAS KESEHATAN,"}],
     "person": {...}, "stroke": None, "typed": "", "method": "", "at": ""}
    """

    place_date: str
    steps: list[Step]
    person: Person


def person_name(name: Name) -> str:
    """The full name of somebody in fields."""
    return full_name(name["prefix"], name["name"], name["suffix"])


def listed(counts: Counter[str]) -> str:
    """`32 goresan layar, 8 nama diketik`, the most first."""
    return ", ".join(f"{number(count)} {word}" for word, count in counts.most_common())


def broken_down(parts: list[tuple[int, str]]) -> str:
    """`: 20 laki-laki dan 14 perempuan`, to follow a sum; nothing if there is nothing to tell."""
    named = [f"{number(count)} {word}" for count, word in parts if count]
    return f": {joined(named)}" if named else ""


def signers(blocks: Iterable[SignatureBlock]) -> list[str]:
    """The names below these blocks, and what was typed in place of a signature."""
    return [text for block in blocks for text in (person_name(block["person"]), block["typed"])]
