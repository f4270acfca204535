"""What the official papers say: the frozen content of a document, before it is set in type.

A service builds one of the four papers below, stores it with the document, and never touches it again;
`adapters/pdf.py` prints it. So everything here is plain JSON (text, whole numbers, lists, dicts, None), and
the same content always gives the same bytes.

- Texts are printed as they stand: dates, times and names are written out when the content is frozen
  (`core/indonesian.py`), never recapitalised, never cut. Markup in them is printed, not obeyed.
- What is absent is `""` or `[]`; its line is then left out. Keys are never missing.
- Sums are not frozen: they are counted from the rows, so that a total cannot contradict its list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal, NotRequired, TypedDict

from ilp.core.indonesian import counted, full_name, joined, number

Kind = Literal["invitation", "attendance", "minutes", "commitment"]
"""The papers of this module; the members of `models.documents.DocumentKind`."""

AttendanceStatus = Literal["expected", "present", "late", "represented", "excused", "absent"]
"""`expected` stands on a list printed before the meeting, whose lines wait for ink."""
CAME = frozenset({"present", "late", "represented"})
TITLE = "komitmen bersama "


# --- shared parts -----------------------------------------------------------------------------
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


# --- undangan -------------------------------------------------------------------------------------
class InvitedLine(TypedDict):
    """One line of the list, however many seats it stands for.

    A group: {"text": "Camat se-Kabupaten Malang", "count": 33}. A position: {"text": "Direktur RSUD Lawang",
    "count": 1}. A free contact: {"text": "Sdr. Bagus Misal, Ketua Karang Taruna Kepanjen", "count": 1}.
    """

    text: str
    count: int


class InvitedGroup(TypedDict):
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


# --- daftar hadir ------------------------------------------------------------------------------------
class AttendanceRow(TypedDict):
    """Somebody on the list.

    {"name": "Sri Misal, S.Sos.", "sex": "P", "position": "Sekretaris Kecamatan Dampit",
     "represents": "Camat Dampit", "status": "represented", "arrived": "08.12",
     "source": "meja presensi", "stroke": None}

    `sex` is "L", "P" or ""; `represents` is whose seat a delegate filled; `arrived` and `source` (the label
    of how it was recorded) are "" for somebody who did not come. Without `stroke` there is room for ink.
    """

    name: str
    sex: str
    position: str
    represents: str
    status: AttendanceStatus
    arrived: str
    source: str
    stroke: Stroke | None


class AttendanceGroup(TypedDict):
    """An unsur and its people, in protocol order."""

    name: str
    rows: list[AttendanceRow]


class AttendancePaper(TypedDict):
    """Daftar hadir: everybody by unsur, then the totals (counted from the rows) and the host's signature.

    {"letterhead": {...}, "event": "Kick Off ILP", "day": "Selasa, 15 Oktober 2024",
     "time": "pukul 08.00 s.d. 13.10 WIB", "place": "Pendopo Agung Kabupaten Malang",
     "groups": [{"name": "Kepala Puskesmas", "rows": [...]}], "signature": {...}}
    """

    letterhead: Letterhead
    event: str
    day: str
    time: str
    place: str
    groups: list[AttendanceGroup]
    signature: SignatureBlock


# --- notula --------------------------------------------------------------------------------------------
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


# --- naskah komitmen bersama ----------------------------------------------------------------------------
class Target(TypedDict):
    """What a clause comes to.

    {"text": "Puskesmas yang menerapkan ILP", "value": "39 Puskesmas", "due": "31/12/2025",
     "lead": "Dinas Kesehatan"}
    """

    text: str
    value: str
    due: str
    lead: str


class Clause(TypedDict):
    """A numbered promise; its first words are bold.

    {"lead": "Menerapkan ILP", "text": "di seluruh Puskesmas, Pustu dan Posyandu.", "targets": [{...}]}
    """

    lead: str
    text: str
    targets: list[Target]


class Signatory(Name, Ink):
    """Somebody who signed.

    {"prefix": "", "name": "Budi Rekaan", "suffix": "S.STP.", "position": "Camat Kurun",
     "capacity": "", "stroke": {...}, "typed": "", "method": "goresan layar",
     "at": "15/10/2024 09.42.55", "trace": "47a64b1b0822"}

    `position` carries Plt./Plh./Pj. before the office; `capacity` is in whose name, "a.n. Bupati Gunung Mas".
    `trace` is the first 12 hex digits of what was drawn or typed, or "".
    """

    position: str
    capacity: str
    trace: str


class SignatoryGroup(TypedDict):
    """An unsur and its signatories, in protocol order."""

    name: str
    people: list[Signatory]


class Unsigned(Name):
    """Somebody asked who did not sign; stands on the audit page only.

    {"prefix": "", "name": "Dewi Rekaan", "suffix": "", "position": "Ketua IBI",
     "outcome": "menolak", "reason": ""}

    `reason` only if the signatory wished it to be printed.
    """

    position: str
    outcome: str
    reason: str


class SigningRecord(TypedDict):
    """How it was signed.

    {"version": 1, "content_sha256": "<64 hex>", "opened": "15/10/2024 09.40 WIB",
     "closed": "15/10/2024 11.25 WIB", "zone": "WIB", "unsigned": []}
    """

    version: int
    content_sha256: str
    opened: str
    closed: str
    zone: str
    unsigned: list[Unsigned]


class CommitmentPaper(TypedDict):
    """Naskah komitmen bersama: page 1 the text, then the signatories by unsur, then how they signed.

    {"letterhead": {...}, "issuer": "Pemerintah Kabupaten Malang",
     "subject": ["Penyelenggaraan Integrasi Pelayanan Kesehatan Primer Kabupaten Malang"],
     "number": {...}, "preamble": "Pada hari ini, Selasa tanggal lima belas ..., kami ...",
     "clauses": [{...}], "closing": "Komitmen bersama ini dilaksanakan dengan penuh tanggung jawab.",
     "place_date": "Kepanjen, 15 Oktober 2024", "groups": [{"name": "Camat", "people": [...]}],
     "record": {...}}

    The title KOMITMEN BERSAMA and the word BERKOMITMEN between preamble and clauses belong to the paper;
    a `subject` that begins with the same words is printed without them. Of the letterhead it takes emblem and
    margins; papers from before they were frozen with it have none.
    """

    letterhead: NotRequired[Letterhead]
    issuer: str
    subject: list[str]
    number: LetterNumber
    preamble: str
    clauses: list[Clause]
    closing: str
    place_date: str
    groups: list[SignatoryGroup]
    record: SigningRecord


Paper = InvitationPaper | AttendancePaper | MinutesPaper | CommitmentPaper


# --- counted from the rows ---------------------------------------------------------------------------------
def person_name(name: Name) -> str:
    """The full name of somebody in fields."""
    return full_name(name["prefix"], name["name"], name["suffix"])


def invited_total(paper: InvitationPaper) -> int:
    """How many people the list of the invited stands for."""
    return sum(line["count"] for group in paper["groups"] for line in group["lines"])


def attendance_totals(paper: AttendancePaper) -> list[tuple[str, str]]:
    """The closing lines of an attendance list: came by sex, delegates, absent, how recorded.

    A list printed before the meeting knows only how many are expected.
    """
    rows = [row for group in paper["groups"] for row in group["rows"]]
    if expected := sum(row["status"] == "expected" and bool(row["name"]) for row in rows):
        return [("Jumlah undangan", counted(expected, "orang")), ("Jumlah hadir", "................ orang")]
    came = [row for row in rows if row["status"] in CAME]
    sexes = Counter(row["sex"] for row in came)
    by_sex = [(sexes["L"], "laki-laki"), (sexes["P"], "perempuan"), (sexes[""], "tidak dicatat")]
    drawn = sum(row["stroke"] is not None for row in came)
    lines = [("Jumlah hadir", f"{counted(len(came), 'orang')}{_split(by_sex)}")]
    if delegates := sum(bool(row["represents"]) for row in came):
        lines.append(("Mewakili", counted(delegates, "orang")))
    if late := sum(row["status"] == "late" for row in came):
        lines.append(("Terlambat", counted(late, "orang")))
    if away := len(rows) - len(came):
        excused = sum(row["status"] == "excused" for row in rows)
        lines.append(("Tidak hadir", f"{counted(away, 'orang')}{_split([(excused, 'dengan izin')])}"))
    if sources := Counter(row["source"] for row in came if row["source"]):
        lines.append(("Cara mencatat", _listed(sources)))
    lines.append(
        (
            "Tanda tangan",
            f"{number(drawn)} goresan layar, {number(len(came) - drawn)} ruang tanda tangan basah",
        )
    )
    return lines


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


def commitment_subject(paper: CommitmentPaper) -> str:
    """What is promised, as it stands below the title: without the title's own words."""
    subject = " ".join(paper["subject"])
    return subject[len(TITLE) :].lstrip() if subject.casefold().startswith(TITLE) else subject


def signed_by_method(paper: CommitmentPaper) -> str:
    """`3 (tiga) orang: 2 goresan layar, 1 nama diketik`."""
    people = [person for group in paper["groups"] for person in group["people"]]
    methods = Counter(person["method"] for person in people if person["method"])
    return counted(len(people), "orang") + (f": {_listed(methods)}" if methods else "")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{number(count)} {word}" for word, count in counts.most_common())


def _split(parts: list[tuple[int, str]]) -> str:
    named = [f"{number(count)} {word}" for count, word in parts if count]
    return f": {joined(named)}" if named else ""


# --- what must be readable in the finished paper -----------------------------------------------------
def invitation_names(paper: InvitationPaper) -> list[str]:
    """Each invited line, and the signer below the letter and below its list."""
    lines = [line["text"] for group in paper["groups"] for line in group["lines"]]
    return lines + paper["recipients"] + _signers([paper["signature"]]) * (2 if lines else 1)


def attendance_names(paper: AttendancePaper) -> list[str]:
    """Everybody on the list, and the signer."""
    return [row["name"] for group in paper["groups"] for row in group["rows"]] + _signers(
        [paper["signature"]]
    )


def minutes_names(paper: MinutesPaper) -> list[str]:
    """Who signs, who took the minutes, and whoever spoke or owes something."""
    spoke = [remark["who"] for part in paper["agenda"] for remark in part["remarks"]]
    owners = [row["owner"] for row in paper["actions"]]
    return [*_signers(paper["signatures"]), paper["minute_taker"], *spoke, *owners]


def commitment_names(paper: CommitmentPaper) -> list[str]:
    """Every signatory twice (with the signature and on the audit page), typed names, and the unsigned."""
    people = [person for group in paper["groups"] for person in group["people"]]
    names = [person_name(person) for person in people]
    unsigned = [person_name(person) for person in paper["record"]["unsigned"]]
    return names * 2 + unsigned + [person["typed"] for person in people]


def _signers(blocks: Iterable[SignatureBlock]) -> list[str]:
    return [text for block in blocks for text in (person_name(block["person"]), block["typed"])]
