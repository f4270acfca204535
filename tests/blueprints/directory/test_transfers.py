"""The pages of a change of officials: what is looked at beforehand, and what may still be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db
from ilp.models.directory import Appointment, Position, Transfer
from tests.factories.directory import head_of, holder_of, make_person, make_transfer, office_named
from tests.factories.meetings import issue, make_draft, signer_of
from tests.support.browser import Browser, visible_text
from tests.support.people import user_named

AsUser = Callable[[str], Browser]
KEPANJEN, SETDA = "Kecamatan Kepanjen", "Sekretariat Daerah Kabupaten Malang"


def page_of(position: Position) -> str:
    return f"/direktori/{position.office_id}/jabatan/{position.id}"


@pytest.mark.parametrize("step", ["mutasi/pratinjau", "mutasi"])
@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"starts_on": "2022-01-01"}, "starts_on", "Pejabat sekarang mulai 2 Januari 2023"),
        ({"starts_on": "2099-01-01"}, "starts_on", "paling lama setahun di muka"),
        ({"kind": "plh", "ends_on": "2020-01-01"}, "ends_on", "mendahului tanggal mulai"),
    ],
)
def test_the_look_ahead_refuses_what_the_act_refuses(
    as_user: AsUser, step: str, change: dict[str, str], field: str, sentence: str
) -> None:
    admin, position = user_named("admin"), head_of(KEPANJEN)
    heir = make_person(admin, office_named(KEPANJEN))
    typed = {"kind": "definitive", "starts_on": today().isoformat(), **change}
    page = as_user("admin").post(
        f"/direktori/{step}?jabatan={position.id}&orang={heir.id}", typed, status=422
    )
    wrong = page.soup.select_one(f"[name={field}][aria-invalid=true]")
    assert sentence in page.soup.select_one(f"#{wrong['aria-describedby'].split()[-1]}").text
    assert db.session.scalars(sa.select(Transfer)).all() == []


@pytest.mark.parametrize("step", ["mutasi/pratinjau", "mutasi"])
def test_what_is_left_must_have_begun(as_user: AsUser, step: str) -> None:
    position, left = head_of(KEPANJEN), head_of("Kecamatan Pagak")
    heir = make_person(user_named("admin"), office_named(KEPANJEN))
    make_transfer(user_named("admin"), left, heir, today() + timedelta(days=9))
    term = db.session.scalars(sa.select(Appointment.id).where(Appointment.person_id == heir.id)).one()
    typed = {"kind": "definitive", "starts_on": today().isoformat(), "leaves": str(term)}
    page = as_user("admin").post(
        f"/direktori/{step}?jabatan={position.id}&orang={heir.id}", typed, status=422
    )
    assert "belum mulai pada hari itu" in visible_text(page)


def test_the_page_says_why_a_change_stays_instead_of_offering_to_take_it_back(as_user: AsUser) -> None:
    setda, admin = user_named("setda.malang"), user_named("admin")
    meeting = make_draft(setda, groups=("rsud",))
    position = db.session.get_one(Position, signer_of(meeting))
    made = make_transfer(admin, position, make_person(admin, office_named(SETDA)), today())
    undo = f'form[action="/direktori/mutasi/{made.id}/batalkan"]'
    assert as_user("admin").get(page_of(position)).soup.select_one(undo)
    issue(setda, meeting)
    page = as_user("admin").get(page_of(position))
    assert page.soup.select_one(undo) is None
    assert "tidak dapat dibatalkan. Sudah ada surat terbit atas nama penggantinya." in visible_text(page)
    assert "tidak dapat dibatalkan" not in visible_text(as_user("setda.malang").get(page_of(position)))


def test_a_year_ahead_is_no_slip(as_user: AsUser) -> None:
    admin, position = user_named("admin"), head_of(KEPANJEN)
    heir, before = make_person(admin, office_named(KEPANJEN)), holder_of(position, today())
    typed = {"kind": "definitive", "starts_on": (today() + timedelta(days=365)).isoformat()}
    where = f"jabatan={position.id}&orang={heir.id}"
    as_user("admin").post(f"/direktori/mutasi?{where}", typed)
    assert holder_of(position, today()).id == before.id
    assert holder_of(position, today() + timedelta(days=365)).id == heir.id
