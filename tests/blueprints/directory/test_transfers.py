"""The pages of a change of officials: what is looked at beforehand, and what may still be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db
from ilp.models.directory import Appointment, Person, Position, Transfer
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


def people() -> int:
    return db.session.scalar(sa.select(sa.func.count(Person.id))) or 0


def test_somebody_new_is_stored_with_the_act_and_not_before(as_user: AsUser) -> None:
    position, before = head_of(KEPANJEN), people()
    browser, at = as_user("admin"), f"/direktori/orang/baru?jabatan={position.id}"
    typed = {"prefix": "dr.", "name": "Yuliana Contoh", "suffix": "M.Kes.", "phone": "0812-3456-7890"}
    page = browser.post(at, typed, page=f"{at}&nama=Yuliana", status=200)
    assert "dr. Yuliana Contoh, M.Kes." in visible_text(page)
    look, act = (f"/direktori/{step}?jabatan={position.id}" for step in ("mutasi/pratinjau", "mutasi"))
    terms = {"kind": "definitive", "starts_on": today().isoformat()}
    kept = {
        field["name"]: field["value"] for field in page.soup.select(f'form[action="{look}"] [type=hidden]')
    }
    assert typed.items() <= kept.items()
    wrong = browser.post(look, kept | terms | {"starts_on": "2099-01-01"}, status=422)
    assert wrong.soup.select_one(f'form[action="{look}"] [name=name][value="Yuliana Contoh"]')
    page = browser.post(look, kept | terms, status=200)
    back = page.soup.select_one(f'form[action="{at}"]')
    assert {field["name"]: field["value"] for field in back.select("[type=hidden]")}["name"] == typed["name"]
    assert people() == before, "nobody has said yes"
    form = {
        field["name"]: field["value"] for field in page.soup.select(f'form[action="{act}"] [type=hidden]')
    }
    for _ in range(2):
        browser.post(act, form)
    assert people() == before + 1
    heir = holder_of(position, today())
    assert (heir.prefix, heir.name, heir.suffix, heir.phone) == (*list(typed.values())[:3], "+6281234567890")


def test_somebody_new_with_a_nip_of_somebody_else_is_refused_at_once(as_user: AsUser) -> None:
    nip = "198003152005011003"
    make_person(user_named("admin"), office_named(KEPANJEN), nip=nip)
    at, before = f"/direktori/orang/baru?jabatan={head_of(KEPANJEN).id}", people()
    page = as_user("admin").post(at, {"name": "Yuliana Contoh", "nip": nip}, page=at, status=422)
    wrong = page.soup.select_one("[name=nip][aria-invalid=true]")
    assert "atas nama orang lain" in page.soup.select_one(f"#{wrong['aria-describedby'].split()[-1]}").text
    assert people() == before


@pytest.mark.parametrize("step", ["mutasi/pratinjau", "mutasi"])
def test_nobody_at_all_is_asked_for_a_name(as_user: AsUser, step: str) -> None:
    before, terms = people(), {"kind": "definitive", "starts_on": today().isoformat()}
    page = as_user("admin").post(f"/direktori/{step}?jabatan={head_of(KEPANJEN).id}", terms, status=422)
    assert page.soup.select_one("[name=name][aria-invalid=true]")
    assert people() == before
