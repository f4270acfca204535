"""The minutes: who came, what was said, decided and given out."""

from __future__ import annotations

from typing import TypedDict

from ilp.core.indonesian import counted, number
from ilp.core.papers.parts import Letterhead, LetterNumber, SignatureBlock, signers


class TallyRow(TypedDict):
    """Seats of an unsur: invited = present + represented + absent; `extra` came without an invitation.

    {"group": "Camat dan unsur Muspika", "invited": 33, "present": 30, "represented": 3, "absent": 0,
     "extra": 0}
    """

    group: str
    invited: int
    present: int
    represented: int
    absent: int
    extra: int


class Remark(TypedDict):
    """What somebody said to an agenda item.

    {"who": "Direktur RSUD Kanjuruhan", "text": "alur rujuk balik ke Pustu perlu disepakati."}
    """

    who: str
    text: str


class AgendaPart(TypedDict):
    """An agenda item as it went.

    {"title": "Arah kebijakan dan kesiapan 39 Puskesmas", "presenter": "Pemapar: Kepala Dinas Kesehatan",
     "status": "", "notes": ["Pelayanan dibagi dalam lima klaster ..."], "remarks": [{...}]}

    `status` is printed in brackets after the title ("ditunda ke rapat berikut"). Each note is a paragraph.
    """

    title: str
    presenter: str
    status: str
    notes: list[str]
    remarks: list[Remark]


class Decision(TypedDict):
    """A decision under its number.

    {"number": "12/2024", "text": "Pelayanan Puskesmas dibagi dalam lima klaster."}
    """

    number: str
    text: str


class ActionRow(TypedDict):
    """A row of the follow-up table (RTL).

    {"issue": "Sosialisasi belum menjangkau desa", "action": "Sosialisasi ILP di 33 kecamatan",
     "owner": "Camat se-Kabupaten Malang (33)", "due": "13/12/2024", "evidence": "notula, daftar hadir",
     "status": "belum"}

    `issue` is the decision or problem behind it and may be "": the column is left out if all are.
    """

    issue: str
    action: str
    owner: str
    due: str
    evidence: str
    status: str


class Photo(TypedDict):
    """A photograph; `file` is the key of its bytes among the files given to the renderer.

    {"file": "<sha256>", "caption": "Pembukaan di Pendopo Agung."}
    """

    file: str
    caption: str


class MinutesPaper(TypedDict):
    """Notula: head, A peserta, B jalannya rapat, C keputusan, D rencana tindak lanjut, E penutup, foto.

    {"letterhead": {...}, "number": {...}, "event": "Kick Off ILP", "day": "Selasa, 15 Oktober 2024",
     "time": "pukul 08.30 s.d. 13.10 WIB", "place": "Pendopo Agung Kabupaten Malang",
     "invitation": "Nomor 400.7/1287/35.07.013/2024, 8 Oktober 2024",
     "chair": "Asisten Pemerintahan dan Kesejahteraan Rakyat", "secretary": "",
     "minute_taker": "Ratna Umpama, S.K.M.",
     "tally": [{...}], "agenda": [{...}], "decisions": [{...}], "actions": [{...}],
     "closing": "Rapat ditutup pukul 13.10 WIB.",
     "signatures": [<Notulis>, <Pimpinan Rapat>], "photos": []}

    `signatures` stand in pairs, left and right; a third (Mengetahui) stands below the second.
    """

    letterhead: Letterhead
    number: LetterNumber
    event: str
    day: str
    time: str
    place: str
    invitation: str
    chair: str
    secretary: str
    minute_taker: str
    tally: list[TallyRow]
    agenda: list[AgendaPart]
    decisions: list[Decision]
    actions: list[ActionRow]
    closing: str
    signatures: list[SignatureBlock]
    photos: list[Photo]


def presence_sentence(tally: list[TallyRow]) -> str:
    """How many came of how many invited, in a sentence whose figures are those of the table below it."""
    invited, represented, extra = (
        sum(row[key] for row in tally) for key in ("invited", "represented", "extra")
    )
    came = represented + sum(row["present"] for row in tally)
    sentence = f"Hadir {counted(came, 'orang')} dari {number(invited)} yang diundang"
    if represented:
        sentence += f", {number(represented)} di antaranya mewakili pejabat yang diundang"
    if extra:
        sentence += f". Hadir pula {counted(extra, 'orang')} di luar undangan"
    return f"{sentence}. Daftar hadir terlampir."


def names(paper: MinutesPaper) -> list[str]:
    """Who signs, who took the minutes, and whoever spoke or owes something."""
    spoke = [remark["who"] for part in paper["agenda"] for remark in part["remarks"]]
    owners = [row["owner"] for row in paper["actions"]]
    return [*signers(paper["signatures"]), paper["minute_taker"], *spoke, *owners]
