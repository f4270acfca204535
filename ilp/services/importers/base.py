"""The one mechanism of all imports: columns are declared, rows are read, met with what is there, and judged.

An area subclasses `Importer`: it declares `columns`, and says of a row that could be read what stands there
already (`meet`), what else is wrong (`Met.complain`), and which verbs carry it out (`carry_out`). The
verdict on each cell follows. A subclass loads what stands in the place when it is made, in a few statements
whatever the number of rows; it is made anew under the lock before anything is applied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, ClassVar

from ilp.adapters.sheets import Cell
from ilp.core.cells import Raw, Unreadable, counted, heading_key, plain
from ilp.core.enums import LabelledEnum
from ilp.core.indonesian import short_date, sort_key
from ilp.models.imports import ImportKind, Verdict
from ilp.models.wilayah import Words
from ilp.policy.actions import Action
from ilp.policy.user import User

Values = dict[str, Any]
"""What the filled cells of a row mean, by column; an empty cell is missing and leaves what is there."""
Finding = tuple[Verdict, str]


@dataclass(frozen=True)
class ImportColumn:
    """A column: what it is called, how a cell is read, and what the template says of it."""

    key: str
    heading: str
    read: Callable[[Raw], Any]
    hint: str
    example: str = ""
    required: bool = False
    also: tuple[str, ...] = ()
    """Other headings that people use for it."""
    width: int = 18

    @property
    def title(self) -> str:
        """The heading in the template; a star says that each row needs it."""
        return f"{self.heading} *" if self.required else self.heading

    def names(self, words: Words) -> set[str]:
        """What it is known by, as the regency of these words calls it, too."""
        return {heading_key(name) for name in (self.heading, words.said(self.heading), *self.also)}


@dataclass
class Met:
    """A row that has met what is there: what stands in each column now, and what is thought of its cells."""

    values: Values
    standing: Values | None = None
    """What is there, by column; a column that is missing is new, and so is all of it for None."""
    findings: dict[str, Finding] = field(default_factory=dict)
    known: dict[str, Any] = field(default_factory=dict)
    """Records of the area, for carrying the row out."""
    claims: set[Any] = field(default_factory=set)
    """What no later row may be about, unless this one is at fault."""

    def complain(self, key: str, sentence: str, verdict: Verdict = Verdict.FAULT) -> None:
        """Finds fault with a cell: the worst of all that is said of it stays, and whatever is as bad."""
        before, told = self.findings.get(key, (verdict, ""))
        if before.weight < verdict.weight:
            told = ""
        if before.weight <= verdict.weight and sentence not in told:
            self.findings[key] = (verdict, f"{told} {sentence}".lstrip())

    def wrong(self, key: str) -> bool:
        """Whether a cell is filled with what cannot be, so that nothing follows from it."""
        return self.findings.get(key, (Verdict.SAME, ""))[0] is Verdict.FAULT

    @property
    def faulty(self) -> bool:
        return any(verdict is Verdict.FAULT for verdict, _ in self.findings.values())

    @property
    def verdict(self) -> Verdict:
        """That of the worst cell."""
        return max((verdict for verdict, _ in self.findings.values()), key=lambda v: v.weight)


class Importer:
    """An area. `place` is the regency within which all rows must lie."""

    kind: ClassVar[ImportKind]
    action: ClassVar[Action]
    """What somebody must be allowed to do there, to import this."""
    columns: ClassVar[tuple[ImportColumn, ...]]
    about: ClassVar[str]

    def __init__(self, actor: User, place: str) -> None:
        self.actor, self.place = actor, place
        self.seen: dict[Any, int] = {}
        self.number = 0

    # --- what an area says ------------------------------------------------------------------------
    def allowed(self, key: str) -> Sequence[str]:
        """The values that the template offers for a column; none for free ones."""
        return ()

    def expect(self, rows: Iterable[Mapping[str, Raw]]) -> None:
        """Looks up what the cells of all rows name beyond the place, before any is judged."""

    def meet(self, row: Met) -> None:
        """Fills `standing` and `known` of a row, and complains of all that is wrong with it.

        Cells that could not be read are missing from its values, be they required; what can be said without
        them is said all the same, so that whoever mends a row mends it once.
        """
        raise NotImplementedError

    def carry_out(self, row: Met) -> None:
        """Does by the verbs of the area what a row without fault asks for; later rows see it."""
        raise NotImplementedError

    def finish(self) -> None:
        """Announces what all rows together have done."""

    def lines(self) -> Iterable[Values]:
        """What is there, as rows of the template; handed in again each is the same."""
        raise NotImplementedError

    # --- what follows -----------------------------------------------------------------------------
    def judge(self, number: int, cells: Mapping[str, Raw]) -> Met:
        """Reads the cells of a row and says of each what it would do."""
        self.number = number
        row = self.read(cells)
        self.meet(row)
        if row.faulty and row.standing is None:  # of what stands beside the fault nothing is known yet
            return row
        if not row.faulty:
            self.seen |= dict.fromkeys(row.claims, number)
        for key in row.values:
            if key not in row.findings:
                row.findings[key] = self._verdict(row, key)
        return row

    def read(self, cells: Mapping[str, Raw]) -> Met:
        """What the cells of a row mean, with a complaint of each that cannot be read."""
        row = Met({})
        for column in self.columns:
            raw = cells.get(column.key, "")
            if plain(raw) in EMPTY:
                if column.required:
                    row.complain(column.key, f"{column.heading} perlu diisi.")
                continue
            try:
                row.values[column.key] = column.read(counted(raw))
            except Unreadable as unreadable:
                row.complain(column.key, str(unreadable))
        return row

    def read_all(self, key: str, rows: Iterable[Mapping[str, Raw]]) -> set[Any]:
        """What the readable cells of a column say in all rows."""
        column = next(column for column in self.columns if column.key == key)
        found = set()
        for cells in rows:
            with suppress(Unreadable):
                if plain(cells.get(key, "")) not in EMPTY:
                    found.add(column.read(counted(cells[key])))
        return found

    @staticmethod
    def _verdict(row: Met, key: str) -> Finding:
        if row.standing is None or key not in row.standing:
            return Verdict.NEW, ""
        before = row.standing[key]
        if before == row.values[key]:
            return Verdict.SAME, ""
        return Verdict.CHANGED, f"semula {said(before)}" if said(before) else "semula kosong"

    def once(self, row: Met, key: str, identity: Any, sentence: str) -> None:
        """Complains if an earlier row without fault was about the same: `{row}` in the sentence."""
        claim = (key, identity)
        if claim in self.seen:
            row.complain(key, sentence.format(row=self.seen[claim]))
        row.claims.add(claim)

    @staticmethod
    def met_by(row: Met, *keys: str) -> None:
        """These cells found what is there: however they were spelt, they change nothing."""
        assert row.standing is not None  # noqa: S101 (it was found)
        row.standing |= {key: row.values[key] for key in keys if key in row.values}

    def cells_of(self, line: Values) -> list[Cell]:
        """A line as cells of a sheet."""
        return [_cell(line.get(column.key)) for column in self.columns]


def said(value: Any) -> str:
    """A value as the preview says it."""
    if isinstance(value, date):
        return short_date(value)
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, frozenset | tuple):
        return "; ".join(map(str, value))
    return value.label or "definitif" if isinstance(value, LabelledEnum) else str(value or "")


def _cell(value: Any) -> Cell:
    return value if isinstance(value, date) else said(value)


def perhaps(word: str, known: Iterable[str]) -> str:
    """`Mungkin maksudnya “Kampung Udopi”.` for a name that nearly is one, else nothing."""
    names = {sort_key(name): name for name in known}
    close = get_close_matches(sort_key(word), names, n=1, cutoff=0.75)
    return f" Mungkin maksudnya “{names[close[0]]}”." if close else ""


# --- the table in a file --------------------------------------------------------------------------
EMPTY = frozenset(("", "-", "–", "—"))
"""What people write where there is nothing to write."""
ROW_HEADING, FAULTS_HEADING = "Baris", "Yang perlu dibetulkan"
"""The two columns that we add to rejected rows; they come back with them."""
LOOKED_AT = 25
"""Rows at the top among which the heading is looked for."""
TOTALS = {"jumlah", "total", "jumlah total", "total keseluruhan"}


@dataclass(frozen=True)
class Table:
    """The table found in a file: its columns, headings that nobody knows, and its rows by their number."""

    columns: list[str]
    ignored: list[str]
    rows: list[tuple[int, dict[str, Raw]]]


def find_table(columns: Sequence[ImportColumn], sheet: Sequence[Sequence[Raw]], words: Words) -> Table:
    """Finds the row of headings below titles and merged heads, and reads on to the end.

    Empty rows, a row that numbers the columns, and totals at the end are left out. Headings may stand in
    any order. A column that is not there is missing from `columns`.
    """
    names = {name: column.key for column in columns for name in column.names(words)}
    found: dict[int, str] = {}
    top = 0
    for number in range(min(len(sheet), LOOKED_AT)):
        here = _headings(sheet, number, names)
        if len(here) > len(found):
            found, top = here, number
    known = {"", "no", "nomor", "no urut", *map(heading_key, (ROW_HEADING, FAULTS_HEADING))}
    ignored = [plain(cell) for n, cell in enumerate(sheet[top]) if n not in found] if found else []
    rows = [
        (number, {key: row[n] for n, key in found.items() if n < len(row) and plain(row[n])})
        for number, row in enumerate(sheet[top + 1 :], start=top + 2)
        if not _is_aside(row)
    ]
    ignored = [heading for heading in ignored if heading_key(heading) not in known]
    return Table(list(found.values()), ignored, [(number, cells) for number, cells in rows if cells])


def _headings(sheet: Sequence[Sequence[Raw]], number: int, names: Mapping[str, str]) -> dict[int, str]:
    """The known headings of a row by their place; an empty cell takes that of a head merged from above."""
    found: dict[int, str] = {}
    above = sheet[number - 1] if number else ()
    for place, cell in enumerate(sheet[number]):
        text = heading_key(cell) or (heading_key(above[place]) if place < len(above) else "")
        key = names.get(text)
        if key is not None and key not in found.values():
            found[place] = key
    return found


def _is_aside(row: Sequence[Raw]) -> bool:
    """A line of totals, or one that only numbers the columns."""
    filled = [plain(cell) for cell in row if plain(cell)]
    if not filled:
        return True
    numbered = len(filled) > 2 and filled == [str(n) for n in range(1, len(filled) + 1)]
    return numbered or heading_key(filled[0]) in TOTALS


def all_lines(importer: Importer) -> Iterator[list[Cell]]:
    """What is there, as the rows of a sheet."""
    return (importer.cells_of(line) for line in importer.lines())
