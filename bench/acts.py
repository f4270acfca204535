"""What is measured: each page and form with who asks for it, and how one request of it is made.

The same address is asked for at both servers; only the poll has no page of its own at the floor and is
compared with the floor's meeting page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from bench.client import ENCODINGS, Line, Visitor, new_key
from bench.landmarks import Landmarks

VERSION = re.compile(rb"_kabar\?versi=(\d+)")
EDITED = "Camat menyampaikan rencana pelaksanaan beserta kebutuhan anggarannya, catatan ke-{}."

PAGES = (
    "desk",
    "list",
    "meeting",
    "attendance",
    "matrix33",
    "matrix390",
    "villages",
    "first",
    "middle",
    "last",
    "inbox",
    "search",
    "verification",
    "poll",
)
ACTS = (*PAGES, "row", "edit", "check-in")
"""The names of all rows, in the order of the table; known before there is a database to look at."""
OVERSEEN = {
    "auditor-desk": ("Meja kerja", "/"),
    "auditor-register": ("register of meetings", "/rapat/?saring=semua"),
    "auditor-tasks": ("all tasks", "/tugas/?tampil=semua"),
    "auditor-late": ("late tasks", "/tugas/?tampil=terlambat"),
    "auditor-reports": ("reports", "/laporan/"),
    "auditor-documents": ("documents", "/dokumen/"),
    "auditor-trail": ("audit trail", "/jejak/"),
    "auditor-search": ("search for one common word", "/cari/?cari=rapat"),
}
"""What the auditor of a province looks at: label and address by name."""

Maker = Callable[[int], bytes]
"""Makes the n-th request of a run."""


@dataclass(frozen=True)
class Act:
    """A row of the table. `prepare` looks at the product once and says how requests are made.

    `status` is what a success answers; `limit` bounds the requests of a run.
    """

    name: str
    label: str
    who: str
    prepare: Callable[[Visitor], Maker]
    kind: str = "page"
    status: tuple[int, ...] = (200,)
    against: str = ""
    """The act of the floor to compare with, if not this one."""
    limit: int = 0

    def ask(self, line: Line, request: bytes) -> None:
        """Sends one of its requests. Raises RuntimeError if it is refused: that would be quick."""
        if (status := line.ask(request).status) not in self.status:
            raise RuntimeError(f"{self.label} answers {status}")


def _page(name: str, label: str, who: str, path: str) -> Act:
    def prepare(visitor: Visitor) -> Maker:
        request = visitor.request("GET", path, encodings=ENCODINGS)
        return lambda number: request

    return Act(name, label, who, prepare)


def acts(marks: Landmarks) -> list[Act]:
    """All rows, in the order of the table."""
    register, who = "/rapat/?saring=semua", marks.secretariat
    return [
        _page("desk", "Meja kerja", who, "/"),
        _page("list", "meeting list", who, "/rapat/"),
        _page("meeting", "meeting page, 15 items", who, f"/rapat/{marks.meeting}"),
        _page("attendance", "attendance of 185", who, f"/rapat/{marks.meeting}/kehadiran/daftar"),
        _page("matrix33", "matrix of 33 kecamatan", who, f"/tugas/matriks?wilayah={marks.regency}"),
        _page("matrix390", "matrix of 390 desa", who, f"/tugas/matriks?wilayah={marks.regency}&jenjang=desa"),
        _page("villages", "task of 390 desa", who, f"/tugas/{marks.task_of_villages}"),
        _page("first", "register, first page", who, register),
        _page("middle", "register, middle page", who, f"{register}&setelah={_quoted(marks.register.middle)}"),
        _page("last", "register, last page", who, f"{register}&setelah={_quoted(marks.register.last)}"),
        _page("inbox", "task inbox", marks.district, "/tugas/?tampil=saya"),
        _page("search", "search for two words", who, "/cari/?cari=rapat+koordinasi"),
        _page("verification", "verification page", "", f"/v/{marks.code}"),
        _poll(marks),
        _new_row(marks),
        _edit("edit", "POST of an edited row", marks),
        _check_in(marks),
    ]


def overseen(marks: Landmarks) -> list[Act]:
    """What the auditor of a province looks at: pages over all of its regencies."""
    return [_page(name, f"{label}, auditor", marks.auditor, path) for name, (label, path) in OVERSEEN.items()]


def _quoted(cursor: str) -> str:
    return cursor.replace("+", "%2B").replace(":", "%3A")


def _poll(marks: Landmarks) -> Act:
    page = f"/rapat/{marks.live_meeting}"

    def prepare(visitor: Visitor) -> Maker:
        found = VERSION.search(visitor.get(page).body)
        if found is None:
            raise RuntimeError(f"{page} does not ask for news")
        path = f"{page}/_kabar?versi={found[1].decode()}"
        request = visitor.request("GET", path, htmx=True, encodings=ENCODINGS)
        return lambda number: request

    return Act(
        "poll", "poll without news", marks.secretariat, prepare, "poll", status=(204,), against="meeting"
    )


def _new_row(marks: Landmarks) -> Act:
    path = f"/rapat/{marks.live_meeting}/butir/{marks.live_item}/baris"

    def prepare(visitor: Visitor) -> Maker:
        return _sent(visitor, path, visitor.form(f"{path}?jenis=note", path, htmx=True))

    return Act("row", "POST of a minutes row", marks.secretariat, prepare, "post")


def _sent(visitor: Visitor, path: str, fields: dict[str, str], **more: Callable[[], str]) -> Maker:
    """The form as a browser sends it, each time with other words and a key of its own."""

    def make(number: int) -> bytes:
        fresh = {"kunci": new_key(), "text": EDITED.format(number), **{k: f() for k, f in more.items()}}
        return visitor.request("POST", path, fields | fresh, htmx=True, encodings=ENCODINGS)

    return make


def write_row(visitor: Visitor, marks: Landmarks) -> int:
    """A new row of the minutes, by its form; its id."""
    path = f"/rapat/{marks.live_meeting}/butir/{marks.live_item}/baris"
    fields = visitor.form(f"{path}?jenis=note", path, htmx=True)
    answer = visitor.post(path, fields | {"text": "Naskah pertama."}, htmx=True)
    found = re.search(rb'id="baris-(\d+)"', answer.body)
    if found is None:
        raise RuntimeError(f"{path} answers {answer.status} without a row")
    return int(found[1])


def _edit(name: str, label: str, marks: Landmarks, row: int | None = None) -> Act:
    """Rewrites one row again and again; without `row` a new one each time it is prepared."""

    def prepare(visitor: Visitor) -> Maker:
        path = f"/rapat/{marks.live_meeting}/baris/{row or write_row(visitor, marks)}/ubah"
        fields = visitor.form(path, path, htmx=True)
        versions = count(int(fields["version"]))
        return _sent(visitor, path, fields, version=lambda: str(next(versions)))

    return Act(name, label, marks.secretariat, prepare, "post", limit=300)


def edit_of(row: int, marks: Landmarks) -> Act:
    """Editing a row with a long history."""
    return _edit("edit-old", "the same after many edits", marks, row)


def _check_in(marks: Landmarks) -> Act:
    def prepare(visitor: Visitor) -> Maker:
        desk = f"/rapat/{marks.desk_meeting}/kehadiran"
        path = f"{desk}/{marks.seats[0]}"
        fields = visitor.form(f"{desk}?kursi={marks.seats[0]}", path)

        def make(number: int) -> bytes:
            fresh = {"kunci": new_key(), "mark": "present"}
            seat = f"{desk}/{marks.seats[number % len(marks.seats)]}"
            return visitor.request("POST", seat, fields | fresh, htmx=True, encodings=ENCODINGS)

        return make

    return Act(
        "check-in",
        "POST of a check-in",
        marks.secretariat,
        prepare,
        "post",
        status=(303,),
        limit=len(marks.seats),
    )
