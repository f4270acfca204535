"""The invitation: a letter, and the list of the invited if it is long."""

from __future__ import annotations

from typing import TypedDict

from ilp.core.papers.parts import Letterhead, LetterNumber, SignatureBlock, signers


class InvitedLine(TypedDict):
    """One line of the list, however many seats it stands for.

    A group: {"text": "Camat se-Kabupaten Malang", "count": 33}. A position: {"text": "Direktur RSUD Lawang",
    "count": 1}. A free contact: {"text": "Sdr. Bagus Misal, Ketua Karang Taruna Kepanjen", "count": 1}.
    """

    text: str
    count: int


class InvitedGroup(TypedDict):
    """Those of one unsur: {"name": "Kecamatan", "lines": [{...}]}."""

    name: str
    lines: list[InvitedLine]


class InvitationPaper(TypedDict):
    """Undangan, with the list of the invited (daftar undangan) on its own pages unless `groups` is empty.

    {"letterhead": {...}, "number": {...}, "place_date": "Kepanjen, 8 Oktober 2024", "date": "8 Oktober 2024",
     "urgency": "Segera", "subject": "Undangan Kick Off ILP",
     "recipients": [], "destination": "Kabupaten Malang",
     "opening": ["Dalam rangka ..., kami mengharap kehadiran Bapak/Ibu/Saudara pada:"],
     "day": "Selasa, 15 Oktober 2024", "time": "pukul 08.00 WIB s.d. selesai",
     "place": "Pendopo Agung Kabupaten Malang", "event": "Kick Off ILP", "dress": "",
     "note": "membawa data capaian; yang diwakili menugaskan pejabat yang berwenang mengambil keputusan",
     "closing": ["Atas kehadiran Bapak/Ibu/Saudara disampaikan terima kasih."],
     "signature": {...}, "copies": ["Bupati Malang (sebagai laporan)"],
     "issuer": "Asisten Pemerintahan dan Kesejahteraan Rakyat a.n. Bupati Malang",
     "groups": [{"name": "Kecamatan", "lines": [{"text": "Camat se-Kabupaten Malang", "count": 33}]}]}

    `recipients` are the *Yth.* lines of a letter to few; empty, it says "(daftar undangan terlampir)".
    `copies` is the *Tembusan*. `issuer` heads the list ("Lampiran surat"). `groups` come in protocol order.
    The line *Lampiran* counts the pages of the list by itself.
    """

    letterhead: Letterhead
    number: LetterNumber
    place_date: str
    date: str
    urgency: str
    subject: str
    recipients: list[str]
    destination: str
    opening: list[str]
    day: str
    time: str
    place: str
    event: str
    dress: str
    note: str
    closing: list[str]
    signature: SignatureBlock
    copies: list[str]
    issuer: str
    groups: list[InvitedGroup]


def total(paper: InvitationPaper) -> int:
    """How many people the list of the invited stands for."""
    return sum(line["count"] for group in paper["groups"] for line in group["lines"])


def names(paper: InvitationPaper) -> list[str]:
    """Each invited line, and the signer below the letter and below its list."""
    lines = [line["text"] for group in paper["groups"] for line in group["lines"]]
    return lines + paper["recipients"] + signers([paper["signature"]]) * (2 if lines else 1)
