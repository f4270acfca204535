"""The drawing of how many units run ILP: every day has its place in it."""

from __future__ import annotations

from datetime import date

import pytest

from ilp.blueprints.facilities.board import LEFT, RIGHT, plot
from ilp.models.facilities import RoadmapGoal

LEAP_DAY = date(2028, 2, 29)


@pytest.mark.parametrize("year", [None, 2024, 2028, 2031])
@pytest.mark.parametrize("steps", [[], [(date(2023, 5, 1), 2), (LEAP_DAY, 1)]], ids=["none", "some"])
def test_today_and_every_step_lie_within_the_drawing(steps: list[tuple[date, int]], year: int | None) -> None:
    goal = RoadmapGoal(year=year, share=80) if year else None
    drawn = plot(steps, 10, goal, LEAP_DAY)
    stairs = [float(part.split("V")[0]) for part in drawn.line.split("H")[1:]]
    assert len(stairs) == len(steps) + 1
    assert all(LEFT <= x <= RIGHT for x in (*stairs, drawn.here.x, drawn.goal.x if drawn.goal else LEFT))
    assert stairs == sorted(stairs)
