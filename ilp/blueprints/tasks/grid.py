"""The matrix: the tasks of a regency against its kecamatan, or against all its desa/kelurahan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from typing import Any, NamedTuple

from flask import url_for

from ilp.core.clock import today
from ilp.core.enums import LabelledEnum
from ilp.models.tasks import ASSIGNMENT, OPEN, AssignmentStatus, TaskOrigin
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.policy.user import User
from ilp.queries import matrix
from ilp.queries.matrix import DISTRICT, PlaceRows
from ilp.queries.tasks import Progress, progress_below_tasks

VILLAGES_OF_A_PAGE = 500
"""Nearly every regency in one piece; a larger one goes on after a whole kecamatan."""
OVERDUE = ", terlambat"
WORDS = {status.value: status.label for status in AssignmentStatus}
BY_ITSELF = {
    (state, late): word.capitalize() + (OVERDUE if late else "")
    for state, word in WORDS.items()
    for late in (False, True)
}
"""What is said of a cell of a desa, by its state and whether it is late."""


class Rows(LabelledEnum):
    """Whose rows the matrix is about: its figures and its filter count them."""

    DISTRICTS = "kecamatan", "Kecamatan"
    VILLAGES = "desa", "Desa/kelurahan"


class Shown(LabelledEnum):
    """Which places the matrix shows: those with at least one cell like this."""

    LATE = "late", "Terlambat"
    ASSIGNED = "assigned", "Belum"
    IN_PROGRESS = "in_progress", "Dikerjakan"
    SUBMITTED = "submitted", "Dilaporkan"
    RETURNED = "returned", "Dikembalikan"
    ACCEPTED = "accepted", "Diterima"
    NOT_APPLICABLE = "not_applicable", "Tidak berlaku"


class Cell(NamedTuple):
    """One row of a task as the matrix prints it: plain strings, for there are thousands.

    `label` is for screen readers; `text` is a kecamatan's: how many of its desa are done.
    """

    id: int
    status: str
    late: bool
    label: str = ""
    text: str = ""


NOTHING = Cell(0, "", late=False)
"""Where a place was not addressed."""


@dataclass(frozen=True)
class Line:
    """One place in the matrix: its cells in the order of the columns."""

    code: str
    name: str
    cells: Sequence[Cell]

    @cached_property
    def statuses(self) -> list[str]:
        return [cell[1] for cell in self.cells if cell[0]]

    @cached_property
    def late(self) -> int:
        return sum([cell[2] for cell in self.cells])

    @cached_property
    def progress(self) -> Progress:
        return Progress.of(self.statuses)

    @property
    def first(self) -> int:
        """The row that opens when the place is clicked."""
        return next(cell.id for cell in self.cells if cell.id)

    def fits(self, wanted: Shown | None) -> bool:
        if wanted is Shown.LATE:
            return self.late > 0
        return wanted is None or wanted in self.statuses


class Block(NamedTuple):
    """A kecamatan and, where it is open, its desa/kelurahan.

    `waiting` is the row that the user may pass on to them, while they have none; else 0.
    """

    line: Line
    villages: Sequence[Line] | None = None
    waiting: int = 0


@dataclass(frozen=True)
class Matrix:
    """What a user sees of the tasks of a regency (none without one), as an address asks for it."""

    user: User
    regency: Any
    rows: Rows
    origin: TaskOrigin | None
    body_id: int | None
    meeting_id: int | None
    wanted: Shown | None
    opened: str

    @property
    def code(self) -> str:
        return self.regency.code if self.regency else ""

    @property
    def of_villages(self) -> bool:
        return self.rows is Rows.VILLAGES

    def address(self, rows: Rows = Rows.DISTRICTS) -> str:
        """Where these tasks stand against kecamatan or desa/kelurahan, unfiltered."""
        return url_for(
            "tasks.show_matrix",
            wilayah=self.code or None,
            jenjang=None if rows is Rows.DISTRICTS else rows.value,
            asal=self.origin,
            badan=self.body_id,
            rapat=self.meeting_id,
        )

    @cached_property
    def columns(self) -> Sequence[Any]:
        return matrix.tasks_of_matrix(
            self.user,
            self.code,
            origin=self.origin,
            body_id=self.body_id,
            meeting_id=self.meeting_id,
            below=self.of_villages,
        )

    @cached_property
    def tasks(self) -> list[int]:
        return [column.id for column in self.columns]

    @property
    def villages(self) -> Mapping[str, int]:
        """How many desa/kelurahan each kecamatan has, with tasks or without."""
        return matrix.villages_by_district(self.code) if self.regency else {}

    @cached_property
    def blocks(self) -> Sequence[Block]:
        """All there is, whatever the filter."""
        return self._both() if self.of_villages else self._districts()

    def _districts(self) -> list[Block]:
        day = today(self.user.zone)
        places = matrix.cells(self.user, self.tasks, day)
        below = progress_below_tasks(self.user, self.tasks)
        opened = [cell.id for place in places if place.code == self.opened for cell in place.cells]
        villages = (
            [self._village(one) for one in matrix.cells(self.user, self.tasks, day, opened)] if opened else []
        )
        return [self._block(one, below, villages if one.code == self.opened else None) for one in places]

    def _both(self) -> list[Block]:
        places = matrix.cells_of_both(self.user, self.code, self.tasks, today(self.user.zone))
        return [self._group(*group) for _, group in groupby(places, lambda one: one.code[:DISTRICT])]

    def _group(self, above: PlaceRows, *villages: PlaceRows) -> Block:
        """A kecamatan with the places that follow it."""
        lines = [self._village(one) for one in villages]
        reached = _progress(lines) or [Progress()] * len(self.columns)
        below = {cell[0]: reached[self._column[cell[1]]] for cell in above.cells}
        return self._block(above, below, lines)

    def _block(
        self, place: PlaceRows, below: Mapping[int, Progress], villages: Sequence[Line] | None
    ) -> Block:
        waiting = 0 if villages or villages is None else self._waiting(place)
        return Block(self._district(place, below), villages, waiting)

    def _waiting(self, place: PlaceRows) -> int:
        """The first row of a kecamatan, by the columns, that the user may pass on now."""
        ready = {
            self._column[cell.task_id]: cell.id
            for cell in place.cells
            if ASSIGNMENT.allows("delegate", AssignmentStatus(cell.status))
            and allowed(self.user, Action.ASSIGNMENT_DELEGATE, cell)
        }
        return ready[min(ready)] if ready else 0

    @cached_property
    def _column(self) -> dict[int, int]:
        return {task: n for n, task in enumerate(self.tasks)}

    def _village(self, place: PlaceRows) -> Line:
        cells, column = [NOTHING] * len(self.columns), self._column
        for key, task, status, late, *_ in place.cells:
            cells[column[task]] = Cell(key, status, late, BY_ITSELF[status, late])
        return Line(place.code, place.name, cells)

    def _district(self, place: PlaceRows, below: Mapping[int, Progress]) -> Line:
        """`9/12` is written only while desa are still moving."""
        cells, column = [NOTHING] * len(self.columns), self._column
        for key, task, status, late, *_ in place.cells:
            n, moved = column[task], below.get(key)
            moving = moved and status in OPEN and moved.accepted < moved.total
            text = f"{moved.accepted}/{moved.total}" if moved and moving else ""
            said = f", {text} {self.user.words.village}" if text else ""
            label = f"T{n + 1} {place.name}: {WORDS[status]}{said}{OVERDUE if late else ''}"
            cells[n] = Cell(key, status, late, label, text)
        return Line(place.code, place.name, cells)

    @cached_property
    def counted(self) -> Sequence[Line]:
        """The lines that the figures are about."""
        if self.of_villages:
            return list(chain.from_iterable(block.villages or () for block in self.blocks))
        return [block.line for block in self.blocks]

    @property
    def narrowed(self) -> list[Block]:
        """What passes the filter; of a kecamatan, those of its desa that do."""
        if self.wanted is None:
            return list(self.blocks)
        if not self.of_villages:
            return [block for block in self.blocks if block.line.fits(self.wanted)]
        kept = [
            block._replace(villages=[line for line in block.villages or () if line.fits(self.wanted)])
            for block in self.blocks
        ]
        return [block for block in kept if block.villages]

    @property
    def tally(self) -> dict[str, int]:
        """How many cells stand where, and how many are late."""
        counts = Counter(chain.from_iterable(line.statuses for line in self.counted))
        return {**{one.value: counts[one] for one in Shown}, "late": sum(line.late for line in self.counted)}

    @cached_property
    def sum(self) -> Progress:
        """How far all that is counted has come."""
        return Progress.of(chain.from_iterable(line.statuses for line in self.counted))

    @property
    def footing(self) -> list[Progress]:
        """How far each column has come."""
        return _progress(self.counted)

    def page(self, after: str) -> tuple[list[Block], str]:
        """Whole kecamatan behind the code `after`, and the last one's code when there are more."""
        taken: list[Block] = []
        room = VILLAGES_OF_A_PAGE
        for block in self.narrowed:
            if block.line.code <= after:
                continue
            room -= len(block.villages or ())
            if taken and room < 0:
                return taken, taken[-1].line.code
            taken.append(block)
        return taken, ""

    def lines(self) -> Iterator[tuple[Line, str]]:
        """Those of the file, each desa/kelurahan with its kecamatan; one that passed nothing on says so."""
        passed_on = self.user.words.said("Belum diteruskan ke desa")
        for line, villages, _ in self.narrowed:
            if self.of_villages:
                nobody = Line(line.code, passed_on, [NOTHING] * len(self.columns))
                yield from ((village, line.name) for village in villages or [nobody])
            else:
                yield line, ""


def _progress(lines: Iterable[Line]) -> list[Progress]:
    """How far each column of these lines has come; nothing at all without lines."""
    columns = zip(*(line.cells for line in lines), strict=True)
    return [Progress.of([cell[1] for cell in column if cell[0]]) for column in columns]
