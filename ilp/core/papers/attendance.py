"""The attendance list, printed before the meeting for ink or after it with what was recorded."""

from __future__ import annotations

from collections import Counter
from typing import Literal, TypedDict

from ilp.core.indonesian import counted, number
from ilp.core.papers.parts import Letterhead, SignatureBlock, Stroke, broken_down, listed, signers

CAME = frozenset({"present", "late", "represented"})


AttendanceStatus = Literal["expected", "present", "late", "represented", "excused", "absent"]
"""`expected` stands on a list printed before the meeting, whose lines wait for ink."""


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


def totals(paper: AttendancePaper) -> list[tuple[str, str]]:
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
    lines = [("Jumlah hadir", f"{counted(len(came), 'orang')}{broken_down(by_sex)}")]
    if delegates := sum(bool(row["represents"]) for row in came):
        lines.append(("Mewakili", counted(delegates, "orang")))
    if late := sum(row["status"] == "late" for row in came):
        lines.append(("Terlambat", counted(late, "orang")))
    if away := len(rows) - len(came):
        excused = sum(row["status"] == "excused" for row in rows)
        lines.append(("Tidak hadir", f"{counted(away, 'orang')}{broken_down([(excused, 'dengan izin')])}"))
    if sources := Counter(row["source"] for row in came if row["source"]):
        lines.append(("Cara mencatat", listed(sources)))
    lines.append(
        (
            "Tanda tangan",
            f"{number(drawn)} goresan layar, {number(len(came) - drawn)} ruang tanda tangan basah",
        )
    )
    return lines


def names(paper: AttendancePaper) -> list[str]:
    """Everybody on the list, and the signer."""
    return [row["name"] for group in paper["groups"] for row in group["rows"]] + signers([paper["signature"]])
