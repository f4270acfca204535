"""The pages of a change of officials: what is looked at beforehand, and what may still be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db
from ilp.models.accounts import Account, RoleGrant
from ilp.models.directory import Appointment, AppointmentKind, Office, Person, Position, Transfer
from tests.factories.directory import (
    head_of,
    holder_of,
    make_account,
    make_person,
    make_transfer,
    office_named,
)
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


TYPED = {"prefix": "dr.", "name": "Yuliana Contoh", "suffix": "M.Kes.", "phone": "0812-3456-7890"}
"""Somebody who is not in the directory yet."""


def sent_by(page: Any, action: str) -> dict[str, Any]:
    """What the form of a look ahead would send as it stands."""
    hidden = page.soup.select(f'form[action="{action}"] [type=hidden]')
    return {field["name"]: field["value"] for field in hidden}


def test_somebody_new_is_stored_with_the_act_and_not_before(as_user: AsUser) -> None:
    position, before = head_of(KEPANJEN), people()
    look, act = (f"/direktori/{step}?jabatan={position.id}" for step in ("mutasi/pratinjau", "mutasi"))
    browser, at = as_user("admin"), f"/direktori/orang/baru?jabatan={position.id}&nama=Yuliana"
    kept = browser.form(at, look)
    assert kept["name"] == "Yuliana"
    wrong = browser.post(look, kept | TYPED | {"starts_on": "2099-01-01"}, status=422)
    assert wrong.soup.select_one(f'form[action="{look}"] [name=name][value="Yuliana Contoh"]')
    page = browser.post(look, kept | TYPED, status=200)
    assert "dr. Yuliana Contoh, M.Kes." in visible_text(page)
    assert people() == before, "nobody has said yes"
    form = sent_by(page, act)
    for _ in range(2):
        browser.post(act, form)
    assert people() == before + 1
    heir = holder_of(position, today())
    assert (heir.prefix, heir.name, heir.suffix, heir.phone) == (*list(TYPED.values())[:3], "+6281234567890")


@pytest.mark.parametrize("is_new", [True, False])
def test_what_was_typed_comes_back_whole_to_be_changed(as_user: AsUser, is_new: bool) -> None:
    position, before = head_of(KEPANJEN), people()
    where = f"?jabatan={position.id}"
    if not is_new:
        where += f"&orang={make_person(user_named('admin'), office_named(KEPANJEN)).id}"
        before += 1
    day = (today() + timedelta(days=5)).isoformat()
    terms = {"kind": "plh", "starts_on": day, "ends_on": day, "hand_over_roles": "y"}
    typed = terms | (TYPED if is_new else {})
    browser, look = as_user("admin"), f"/direktori/mutasi/pratinjau{where}"
    page = browser.post(look, typed, status=200)
    button = page.soup.select_one("button[name=ubah]")
    assert button["formaction"] == look
    sent = sent_by(page, f"/direktori/mutasi{where}")
    page = browser.post(look, sent | {"ubah": button["value"]}, status=200)
    form = page.soup.select_one(f'form[action="{look}"]')
    for name, value in typed.items():
        field = form.select_one(f"[name={name}]")
        shown = field.select_one("[selected]") if field.name == "select" else field
        assert shown["value"] == value
    assert form.select_one("[name=hand_over_roles]").has_attr("checked")
    assert form.select_one("[type=hidden][name=name]") is None, "it can be corrected"
    assert people() == before


@pytest.mark.parametrize("person", ["", "&orang={}"])
def test_a_look_ahead_opened_again_leads_to_the_form(as_user: AsUser, person: str) -> None:
    position = head_of(KEPANJEN)
    where = f"jabatan={position.id}{person.format(holder_of(position, today()).id)}"
    answer = as_user("admin").get(f"/direktori/mutasi/pratinjau?{where}", status=303)
    step = "mutasi" if person else "orang/baru"
    assert answer.location == f"/direktori/{step}?{where}"
    as_user("admin").get(answer.location)


def looked_at(as_user: AsUser, person: Person, **terms: Any) -> Any:
    """The look ahead at somebody's move to the head of Kepanjen."""
    typed = {"kind": "definitive", "starts_on": today().isoformat(), **terms}
    where = f"?jabatan={head_of(KEPANJEN).id}&orang={person.id}"
    return as_user("admin").post(f"/direktori/mutasi/pratinjau{where}", typed, status=200)


@pytest.mark.parametrize("kind", ["definitive", "plt"])
def test_every_role_that_is_lost_or_given_is_named_beforehand(as_user: AsUser, kind: str) -> None:
    admin, old = user_named("admin"), head_of("Kecamatan Pagak")
    mover = holder_of(old, today())
    account = make_account(admin, mover, office_named("Kecamatan Pagak"))
    leaves = db.session.scalars(
        sa.select(Appointment.id).where(Appointment.person_id == mover.id, Appointment.position_id == old.id)
    ).one()
    terms = {"kind": kind, "hand_over_roles": "y", "leaves": str(leaves)}
    told = visible_text(looked_at(as_user, mover, **terms))
    sent = {"starts_on": today().isoformat(), **terms}
    as_user("admin").post(f"/direktori/mutasi?jabatan={head_of(KEPANJEN).id}&orang={mover.id}", sent)
    revoked = db.session.execute(
        sa.select(RoleGrant, Account.username, Office.name)
        .join(Account, Account.id == RoleGrant.account_id)
        .join(Office, Office.id == RoleGrant.office_id)
        .where(RoleGrant.revoked_at.is_not(None))
    ).all()
    assert {name for _, _, name in revoked} == {"Kecamatan Pagak"} | (
        {KEPANJEN} if kind == "definitive" else set()
    )
    for grant, username, name in revoked:
        assert f"Peran {grant.role.label} akun {username} di {name} dicabut." in told
    assert told.count("dicabut.") == len(revoked)
    now_held = db.session.scalars(
        sa.select(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.revoked_at.is_(None))
    ).all()
    assert len(now_held) == told.count("diberikan kepada akun") == (kind == "definitive")
    for grant in now_held:
        assert f"Peran {grant.role.label} di {KEPANJEN} diberikan kepada akun {account.username}." in told


def test_a_stand_in_beside_a_definitive_holder_is_pointed_out(as_user: AsUser) -> None:
    admin, position = user_named("admin"), head_of(KEPANJEN)
    heir = make_person(admin, office_named(KEPANJEN))
    pointed = "masih ada pejabat definitifnya"
    assert pointed not in visible_text(looked_at(as_user, heir, kind="plh"))
    assert pointed in visible_text(looked_at(as_user, heir, kind="plt"))
    doubled = "Bila pejabat definitifnya sudah berhenti, akhiri masanya."
    assert doubled not in visible_text(as_user("admin").get(page_of(position)))
    make_transfer(admin, position, heir, today(), kind=AppointmentKind.PLT)
    assert doubled in visible_text(as_user("admin").get(page_of(position)))


@pytest.mark.parametrize("second", ["plt", "pj"])
def test_a_position_has_one_stand_in_at_a_time(as_user: AsUser, second: str) -> None:
    admin, position, office = user_named("admin"), head_of(KEPANJEN), office_named(KEPANJEN)
    first, other = make_person(admin, office, "Plt Contoh"), make_person(admin, office, "Kedua Contoh")
    begins, ends = today() + timedelta(days=10), today() + timedelta(days=20)
    make_transfer(admin, position, first, begins, kind=AppointmentKind.PLT, ends_on=ends)
    where = f"?jabatan={position.id}&orang={other.id}"
    for starts_on, ends_on, status in (
        (begins, "", 422),
        (today(), begins.isoformat(), 422),
        (today(), (begins - timedelta(days=1)).isoformat(), 200),
        (ends + timedelta(days=1), "", 200),
    ):
        typed = {"kind": second, "starts_on": starts_on.isoformat(), "ends_on": ends_on}
        page = as_user("admin").post(f"/direktori/mutasi/pratinjau{where}", typed, status=status)
        assert ("Jabatan ini sudah mempunyai Plt." in visible_text(page)) == (status == 422)
    assert "pejabat definitifnya" not in visible_text(looked_at(as_user, other, kind="plh"))


def test_a_term_to_come_is_not_said_to_run(as_user: AsUser) -> None:
    admin, position = user_named("admin"), head_of(KEPANJEN)
    heir, day = make_person(admin, office_named(KEPANJEN)), today() + timedelta(days=21)
    make_transfer(admin, position, heir, day)
    begins = day.strftime("%d/%m/%Y")
    for page in (page_of(position), f"{page_of(position)}?pada={day.isoformat()}"):
        text = visible_text(as_user("admin").get(page))
        assert f"mulai {begins}" in text
        assert "sekarang" not in text
    assert f"mulai {begins}" in visible_text(as_user("admin").get(f"/direktori/{position.office_id}"))
    assert "sekarang" not in visible_text(as_user("admin").get(f"/direktori/orang/{heir.id}"))
    other = make_person(admin, office_named(KEPANJEN), "Lebih Awal")
    typed = {"kind": "definitive", "starts_on": (day - timedelta(days=9)).isoformat()}
    where = f"?jabatan={position.id}&orang={other.id}"
    page = as_user("admin").post(f"/direktori/mutasi/pratinjau{where}", typed, status=422)
    assert "Pejabat berikutnya mulai" in visible_text(page)


def test_somebody_new_with_a_nip_of_somebody_else_is_refused_at_once(as_user: AsUser) -> None:
    nip = "198003152005011003"
    make_person(user_named("admin"), office_named(KEPANJEN), nip=nip)
    at, before = f"/direktori/mutasi/pratinjau?jabatan={head_of(KEPANJEN).id}", people()
    typed = {"name": "Yuliana Contoh", "nip": nip, "kind": "definitive", "starts_on": today().isoformat()}
    page = as_user("admin").post(at, typed, status=422)
    wrong = page.soup.select_one("[name=nip][aria-invalid=true]")
    assert "atas nama orang lain" in page.soup.select_one(f"#{wrong['aria-describedby'].split()[-1]}").text
    assert people() == before


@pytest.mark.parametrize("step", ["mutasi/pratinjau", "mutasi"])
def test_nobody_at_all_is_asked_for_a_name(as_user: AsUser, step: str) -> None:
    before, terms = people(), {"kind": "definitive", "starts_on": today().isoformat()}
    page = as_user("admin").post(f"/direktori/{step}?jabatan={head_of(KEPANJEN).id}", terms, status=422)
    assert page.soup.select_one("[name=name][aria-invalid=true]")
    assert people() == before
