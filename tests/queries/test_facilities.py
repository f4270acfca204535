"""Counts and lists of the roll-out: reported figures, and nothing beyond one's reach."""

from __future__ import annotations

import pytest
from flask import Flask

from ilp.cli.demo.facts import EVENTS
from ilp.models.commitments import LiveFigure
from ilp.models.facilities import FacilityKind, FacilityStatus
from ilp.queries import facilities
from ilp.queries.facilities import Filter
from tests.factories.facilities import facility, make_posyandu
from tests.support.people import user_named
from tests.support.queries import counted

K, F = FacilityKind, FacilityStatus
LUMAJANG, MALANG = "35.08", "35.07"


def count(username: str, chosen: Filter) -> int:
    return sum(cell.count for cell in facilities.cells(user_named(username), chosen))


def test_lumajang_stands_as_reported(app: Flask) -> None:
    rollout = EVENTS["lumajang-2024"]["rollout"]
    for kind, reported in rollout["focus"].items():
        marked = Filter(LUMAJANG, kind=K(kind), status=F.IN_PROGRESS, focus=True)
        assert count("dinkes.lumajang", marked) == reported
    others = Filter(LUMAJANG, kind=K.POSYANDU, status=F.IN_PROGRESS, focus=False)
    assert count("dinkes.lumajang", others) == rollout["in_progress"]["posyandu"]
    assert count("dinkes.lumajang", Filter(LUMAJANG, focus=True)) == 42
    goal = facilities.goal(LUMAJANG, K.PUSKESMAS)
    assert goal is not None
    assert (goal.year, goal.text) == (2025, rollout["roadmap"]["puskesmas"])


def test_malang_has_39_puskesmas_of_which_not_all_run(app: Flask) -> None:
    assert count("setda.malang", Filter(MALANG, kind=K.PUSKESMAS)) == 39
    running = Filter(MALANG, kind=K.PUSKESMAS, status=F.RUNNING)
    assert count("setda.malang", running) == 9
    steps = facilities.steps_to_running(user_named("setda.malang"), Filter(MALANG, kind=K.PUSKESMAS))
    assert sum(number for _, number in steps) == 9
    assert LiveFigure.PUSKESMAS_RUNNING.label == "Puskesmas yang menerapkan ILP"


@pytest.mark.parametrize(
    "chosen",
    [
        Filter(LUMAJANG),
        Filter(LUMAJANG, kind=K.PUSTU),
        Filter(LUMAJANG, kind=K.PUSKESMAS, status=F.NONE),
        Filter(LUMAJANG, focus=False),
        Filter("35.08.02", status=F.IN_PROGRESS, focus=True),
        Filter("35.08.02", kind=K.POSYANDU, status=F.RUNNING),
    ],
)
def test_a_figure_and_its_list_are_the_same_rows(app: Flask, chosen: Filter) -> None:
    user, rows, after = user_named("dinkes.lumajang"), [], None
    while True:
        page = facilities.facilities(user, chosen, after)
        rows += page.rows
        after = page.after
        if after is None:
            break
    assert len({row.id for row in rows}) == len(rows) == count("dinkes.lumajang", chosen)
    assert all(chosen.kind in (None, row.kind) and chosen.status in (None, row.status) for row in rows)
    assert all(chosen.focus in (None, row.focus_on is not None) for row in rows)


@pytest.mark.parametrize(
    ("username", "seen"),
    [
        ("setda.malang", 0),
        ("setda.blitar", 0),
        ("mitra.blitar", 0),
        ("admin", 0),
        ("auditor.jatim", 85),
        ("dinkes.lumajang", 85),
    ],
)
def test_nobody_counts_beyond_his_reach(app: Flask, username: str, seen: int) -> None:
    assert count(username, Filter(LUMAJANG)) == seen


def test_a_camat_sees_his_kecamatan_and_a_puskesmas_itself(app: Flask) -> None:
    camat, centre = user_named("camat.kepanjen"), user_named("puskesmas.kepanjen")
    assert {cell.district_code for cell in facilities.cells(camat, Filter(MALANG))} == {"35.07.13"}
    (own,) = facilities.facilities(centre, Filter(MALANG)).rows
    assert own.name == "Puskesmas Kepanjen"


def test_a_puskesmas_sees_its_network(app: Flask) -> None:
    kepanjen = facility("35.07.13")
    make_posyandu(2, "35.07.13", parent_id=kepanjen.id)
    assert len(facilities.network(user_named("puskesmas.kepanjen"), kepanjen)) == 2


@pytest.mark.parametrize("more", [0, 1, 30, 185, 1000])
def test_counts_and_a_page_cost_the_same_whatever_the_number(app: Flask, more: int) -> None:
    user = user_named("dinkes.lumajang")
    if more:
        make_posyandu(more)
    with counted() as statements:
        facilities.cells(user, Filter(LUMAJANG))
        facilities.facilities(user, Filter(LUMAJANG))
    assert len(statements) == 2
