"""A small seed has what it promises, stands up to every check, and its landmarks open."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from bench.acts import ACTS, OVERSEEN, PAGES, acts, overseen
from bench.landmarks import REGENCY, REGISTER, landmarks
from bench.seed import seed
from bench.seed.small import SMALL, fill
from bench.sites import Site
from bench.wall import measured
from ilp.core.clock import today
from ilp.core.db import db
from ilp.models.audit import AuditHead
from ilp.models.meetings import Attendance, Invitation, Meeting, MinutesRow
from ilp.models.tasks import Assignment, AssignmentEvent
from ilp.services.audit import verify_chain
from tests.support.browser import Browser
from tests.support.databases import blank, located, only_once, run_in


@pytest.fixture(scope="module")
def app(engine, tmp_path_factory):
    folder = Path(os.environ["ILP_TEST_FOLDER"])
    with only_once(folder, f"bench-{engine}") as first:
        if first:
            run_in(blank(engine, "ilp_bench", folder), fill)
    app = located(engine, "ilp_bench", folder).app()
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def found(app):
    return landmarks(db.session.connection())


def count(column, *where):
    return db.session.scalar(sa.select(sa.func.count(column)).where(*where))


def test_it_has_exactly_what_was_asked_for(app):
    assert count(Meeting.id) == SMALL.meetings
    assert count(Attendance.id) == SMALL.attendance
    assert count(Assignment.id) == SMALL.assignments


def test_a_second_seed_is_refused(app):
    with pytest.raises(ValueError, match="sudah berisi"):
        seed(SMALL, on=today())


def test_the_chains_hold(app):
    assert {chain: verify_chain(chain) for chain in db.session.scalars(sa.select(AuditHead.chain))} == {
        "": None,
        REGENCY: None,
    }


def test_no_key_leads_nowhere(app):
    if db.engine.dialect.name == "sqlite":
        assert db.session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
    orphans = count(Assignment.id, ~sa.exists().where(AssignmentEvent.assignment_id == Assignment.id))
    assert orphans == 0


def test_the_landmarks_are_what_their_names_say(app, found):
    assert count(Invitation.id, Invitation.meeting_id == found.meeting) == 185
    assert count(MinutesRow.id, MinutesRow.meeting_id == found.meeting) > 15 * 2
    assert count(Assignment.id, Assignment.task_id == found.task_of_districts) == 33
    below = (Assignment.task_id == found.task_of_villages, Assignment.parent_id.is_not(None))
    assert count(Assignment.id, *below) == 390
    assert len(found.seats) > 185
    assert len(found.reports) >= 20


def test_all_rows_are_known_by_name(found):
    assert [act.name for act in acts(found)] == list(ACTS)
    assert [act.name for act in acts(found) if act.kind != "post"] == list(PAGES)
    assert [act.name for act in overseen(found)] == list(OVERSEEN)


def test_the_landmarks_open(app, found):
    pages = {
        found.secretariat: [
            "/",
            "/rapat/",
            *(REGISTER + quote(key) for key in vars(found.register).values()),
            f"/rapat/{found.meeting}",
            f"/rapat/{found.meeting}/kehadiran/daftar",
            f"/rapat/{found.live_meeting}/butir/{found.live_item}/baris",
            f"/rapat/{found.desk_meeting}/kehadiran?kursi={found.seats[0]}",
            f"/tugas/matriks?rapat={found.meeting}",
            f"/tugas/matriks?wilayah={found.regency}&jenjang=desa",
            f"/tugas/{found.task_of_districts}",
            f"/tugas/{found.task_of_villages}",
            f"/v/{found.code}",
        ],
        found.district: ["/", "/tugas/", f"/tugas/rincian/{found.reports[0].assignment}"],
        found.auditor: ["/", *(REGISTER + quote(key) for key in vars(found.province_register).values())],
        found.leader: ["/"],
    }
    for username, paths in pages.items():
        browser = Browser(app, username)
        for path in paths:
            browser.get(path)


def test_the_measured_matrix_has_a_row_for_each_desa(app, found):
    page = Browser(app, found.secretariat).get(f"/tugas/matriks?wilayah={found.regency}&jenjang=desa")
    assert len(page.soup.select("tr.village")) == 390


def test_the_last_page_of_the_register_is_the_last(app, found):
    browser = Browser(app, found.secretariat)
    assert "setelah=" in browser.get(REGISTER + quote(found.register.middle)).text
    assert "setelah=" not in browser.get(REGISTER + quote(found.register.last)).text


def test_every_page_is_measured_with_what_it_reads(app, found, engine):
    place = located(engine, "ilp_bench", Path(os.environ["ILP_TEST_FOLDER"]))
    pages = measured(Site(place.url, place.instance), [], times=1)
    assert len(pages) == len({page.label for page in pages}) > 20
    assert all(len(page.took) == 1 and page.statements and page.rows for page in pages)
    assert all((page.read is None) == (engine == "sqlite") for page in pages)
