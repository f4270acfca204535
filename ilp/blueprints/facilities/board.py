"""The page of counts: its figures, its rows by kecamatan, and the steps towards the goal of the roadmap."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from ilp.core.indonesian import MONTHS
from ilp.models.facilities import FacilityKind, FacilityStatus
from ilp.policy.user import covers
from ilp.queries.facilities import Cell

FEW = 8
"""Up to so many facilities of a kecamatan are drawn one by one; more become a bar."""


@dataclass(frozen=True)
class Tally:
    """Facilities counted, asked by kind, status and mark."""

    cells: Sequence[Cell]

    def n(
        self,
        kind: FacilityKind | None = None,
        status: FacilityStatus | None = None,
        *,
        focus: bool | None = None,
    ) -> int:
        return sum(
            cell.count
            for cell in self.cells
            if kind in (None, cell.kind) and status in (None, cell.status) and focus in (None, cell.focus)
        )

    @property
    def examples(self) -> int:
        return sum(cell.examples for cell in self.cells)


@dataclass(frozen=True)
class Group:
    """The facilities of one kind in one kecamatan by status, from the top of the ladder down."""

    kind: FacilityKind
    counts: tuple[tuple[FacilityStatus, int], ...]

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)

    @property
    def label(self) -> str:
        return ", ".join(f"{count} {status.label}" for status, count in self.counts)

    @property
    def few(self) -> bool:
        return self.total <= FEW and self.kind is not FacilityKind.POSYANDU


@dataclass(frozen=True)
class Line:
    """A kecamatan in the table."""

    code: str
    name: str
    groups: tuple[Group, ...]
    focus: int


def lines(cells: Iterable[Cell], districts: Iterable[Any], places: Collection[str]) -> list[Line]:
    """The kecamatan whose whole area the user reads, and those in which he sees at least one facility."""
    by_district: dict[str, list[Cell]] = {}
    for cell in cells:
        by_district.setdefault(cell.district_code, []).append(cell)
    return [
        _line(code, name, Tally(by_district.get(code, [])))
        for code, name, _ in districts
        if code in by_district or any(covers(place, code) for place in places)
    ]


def _line(code: str, name: str, tally: Tally) -> Line:
    groups = tuple(
        Group(kind, tuple((status, tally.n(kind, status)) for status in reversed(FacilityStatus)))
        for kind in FacilityKind
    )
    return Line(code, name, groups, tally.n(focus=True))


# --- the way to the goal --------------------------------------------------------------------------
LEFT, RIGHT, TOP, BOTTOM = 34.0, 346.0, 25.0, 160.0


@dataclass(frozen=True)
class Mark:
    """A place in the drawing with its words."""

    x: float
    y: float
    text: str = ""


@dataclass(frozen=True)
class Plot:
    """A staircase of units that run ILP, drawn from the first year to the goal or today."""

    line: str
    area: str
    here: Mark
    goal: Mark | None
    levels: tuple[Mark, ...]
    months: tuple[Mark, ...]
    table: tuple[tuple[date, int], ...]


def plot(steps: Sequence[tuple[date, int]], total: int, goal: Any, today: date) -> Plot:
    """`steps` are days and how many units joined on each; `goal` a RoadmapGoal or None."""
    days = [day for day, _ in steps]
    ends_on = date(goal.year, 12, 31) if goal else today
    start = date(min([*(day.year for day in days), ends_on.year - 1, today.year]), 1, 1)
    end = max(ends_on, today)
    reached = list(accumulate(count for _, count in steps))
    wanted = -(-total * goal.share // 100) if goal else total
    top = max(wanted, total, 1)

    def x(day: date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - start).days / max((end - start).days, 1), 1)

    def y(count: int) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * count / top, 1)

    stairs = "".join(f"H{x(day)}V{y(count)}" for day, count in zip(days, reached, strict=True))
    now = reached[-1] if reached else 0
    line = f"M{LEFT} {BOTTOM}{stairs}H{x(today)}"
    return Plot(
        line=line,
        area=f"{line}V{BOTTOM}H{LEFT}z",
        here=Mark(x(today), y(now), f"{now} Puskesmas, {_month(today)}"),
        goal=Mark(x(ends_on), y(wanted), f"peta jalan: {wanted} pada {goal.year}") if goal else None,
        levels=tuple(Mark(LEFT - 6, y(count), str(count)) for count in sorted({0, top // 2, top})),
        months=(Mark(LEFT, 0, _month(start)), Mark(RIGHT, 0, _month(end))),
        table=tuple(zip(days, reached, strict=True)),
    )


def _month(day: date) -> str:
    return f"{MONTHS[day.month - 1][:3]} {day.year}"
