"""The code from the phone by the browser: enrolling, logging in, signing, and what production asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
import time_machine

from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.core.demo import PASSWORD
from ilp.models.accounts import Account, Role
from ilp.models.commitments import Slot, SlotStatus
from ilp.models.directory import Office
from ilp.models.wilayah import RegencySetting
from ilp.policy.user import SYSTEM
from ilp.services import accounts, second_factor
from tests.factories.commitments import open_commitment, slot_for
from tests.pages.factor import PAGE, enrol
from tests.support.browser import Browser
from tests.support.people import user_named

AsUser = Callable[[str], Browser]


@pytest.fixture
def clock():
    with time_machine.travel(now().replace(second=5, microsecond=0), tick=False) as moved:
        yield moved


def account(username: str) -> Account:
    return db.session.scalars(sa.select(Account).where(Account.username == username)).one()


def test_from_the_symbol_to_logging_in_with_it(as_user: AsUser, visitor: Browser, clock) -> None:
    owner = as_user("setda.malang")
    assert "Siapkan kode masuk" in owner.get(PAGE).text
    prepared = owner.get(owner.post(f"{PAGE}/siapkan", page=PAGE).location)
    assert "lalu ketik kodenya untuk mengaktifkan" in prepared.soup.select_one("[role=status]").text
    wrong = {"code": "000 000", "password": PASSWORD}
    assert "belum cocok" in owner.post(PAGE, wrong, page=PAGE, status=422).text
    phone, ten = enrol(owner)
    assert len(ten) == 10
    assert "10 kode cadangan" in owner.get(PAGE).text
    assert ten[0] not in owner.get(PAGE).text
    clock.shift(30)
    asked = visitor.post(
        "/masuk",
        {"username": "setda.malang", "password": PASSWORD},
        page="/masuk?next=/akun/saya",
        status=200,
    )
    assert "aplikasi autentikator" in asked.text
    assert visitor.get("/akun/saya", status=303).location.startswith("/masuk")
    field = asked.soup.find("input", {"name": "csrf_token"})["value"]
    again = visitor.post("/masuk/kode", {"code": "123", "csrf_token": field}, status=422)
    assert "belum cocok" in again.text
    answer = visitor.post("/masuk/kode", {"code": phone.at(now()), "next": "/akun/saya"}, page="/masuk/kode")
    assert answer.location == "/akun/saya"
    visitor.get("/akun/saya")


def enabling(owner: Browser) -> tuple[pyotp.TOTP, dict[str, str]]:
    """The form that proves a phone, as it is first sent, and the phone."""
    owner.post(f"{PAGE}/siapkan", page=PAGE)
    shown = owner.get(PAGE).soup.get_text()
    phone = pyotp.TOTP(shown.partition("kunci ini: ")[2][:39].replace(" ", ""))
    return phone, owner.form(PAGE, PAGE) | {"code": phone.at(now())}


def test_an_open_screen_does_not_choose_the_phone(as_user: AsUser, clock) -> None:
    owner = as_user("setda.malang")
    _, form = enabling(owner)
    assert "belum cocok" in owner.post(PAGE, form | {"password": "salah sama sekali"}, status=422).text
    assert "perlu diisi" in owner.post(PAGE, form | {"password": ""}, status=422).text
    assert not second_factor.stands(account("setda.malang").id)


def test_a_second_click_shows_the_same_codes_and_no_later_one_does(as_user: AsUser, clock) -> None:
    owner = as_user("setda.malang")
    _, form = enabling(owner)
    form |= {"password": PASSWORD}
    first, second = (
        [code.text for code in owner.post(PAGE, form, status=200).soup.select("ol code")] for _ in range(2)
    )
    assert len(set(first)) == 10
    assert first == second
    assert second_factor.codes_left(account("setda.malang").id) == 10
    clock.shift(90)
    assert first[0] not in owner.post(PAGE, form, status=422).text


def test_an_old_password_comes_before_a_new_phone(production, as_user: AsUser, clock) -> None:
    with transaction():
        db.session.execute(sa.update(RegencySetting).values(password_days=90))
        db.session.execute(
            sa.update(Account)
            .where(Account.username == "setda.malang")
            .values(password_changed_at=now() - timedelta(days=91))
        )
    owner = as_user("setda.malang")
    assert owner.get(PAGE, status=303).location.startswith("/akun/sandi")
    token = owner.form("/akun/sandi", "/akun/sandi")["csrf_token"]
    owner.post(f"{PAGE}/siapkan", {"csrf_token": token}, status=403)
    assert second_factor.waiting_key(account("setda.malang").id) is None


def test_the_proof_of_the_password_lasts_five_minutes(as_user: AsUser, visitor: Browser, clock) -> None:
    phone, _ = enrol(as_user("setda.malang"))
    visitor.get("/masuk/kode", status=303)
    visitor.post("/masuk", {"username": "setda.malang", "password": PASSWORD}, page="/masuk", status=200)
    fields = visitor.form("/masuk/kode", "/masuk/kode")
    clock.shift(301)
    late = visitor.post("/masuk/kode", {**fields, "code": phone.at(now())}, status=200)
    assert "Kata sandi" in late.text
    visitor.get("/akun/saya", status=303)


def test_a_password_changed_meanwhile_ends_the_proof(as_user: AsUser, visitor: Browser, clock) -> None:
    phone, _ = enrol(as_user("setda.malang"))
    visitor.post("/masuk", {"username": "setda.malang", "password": PASSWORD}, page="/masuk", status=200)
    with transaction():
        account("setda.malang").password_hash = "lain"
    clock.shift(30)
    page = visitor.post("/masuk/kode", {"code": phone.at(now())}, page="/masuk/kode", status=422)
    assert "Hubungi administrator" in page.text


def test_an_administrator_resets_it_and_one_of_another_place_cannot(as_user: AsUser) -> None:
    enrol(as_user("setda.malang"))
    number = account("setda.malang").id
    office = db.session.scalars(
        sa.select(Office).where(Office.kind == "setda", Office.wilayah_code == "35.05")
    )
    with transaction():
        accounts.create_account(
            actor=SYSTEM, username="admin.blitar", role=Role.ADMINISTRATOR, office=office.first()
        )
    as_user("admin.blitar").post(f"/akun/{number}/kode-masuk/atur-ulang", status=404)
    as_user("camat.kepanjen").post(f"/akun/{number}/kode-masuk/atur-ulang", status=404)
    assert second_factor.stands(number)
    admin = as_user("admin")
    admin.post(f"/akun/{number}/kode-masuk/atur-ulang", page=f"/akun/{number}")
    assert not second_factor.stands(number)


# --- outside the demo -------------------------------------------------------------------------------


@pytest.fixture
def production(app, monkeypatch):
    monkeypatch.setitem(app.config, "ILP", replace(app.config["ILP"], demo=False))


SECURED = ("setda.malang", "pokjanal.gunungmas", "pimpinan.malang", "admin")
OTHERS = ("camat.kepanjen", "puskesmas.kepanjen", "dinkes.malang", "mitra.blitar", "auditor.jatim")


@pytest.mark.parametrize("username", [*SECURED, *OTHERS])
def test_who_must_enrol_before_anything_else(production, as_user: AsUser, username: str) -> None:
    browser = as_user(username)
    if username in OTHERS:
        browser.get("/")
        return
    for path in ("/", "/direktori/"):
        assert browser.get(path, status=303).location == f"{PAGE}?kabar=second-factor"
    browser.post(
        "/rapat/baru",
        {"title": "x", "csrf_token": browser.form(PAGE, f"{PAGE}/siapkan")["csrf_token"]},
        status=403,
    )
    for path in (PAGE, "/akun/saya", "/akun/perangkat", "/akun/sandi", "/notifikasi/"):
        browser.get(path)
    enrol(browser)
    browser.get("/")


def test_in_the_demo_it_is_offered_only(as_user: AsUser) -> None:
    browser = as_user("setda.malang")
    browser.get("/")
    assert "Aktifkan kode masuk" in browser.get("/akun/saya").text


def test_a_role_that_needs_it_bites_on_the_next_request(production, as_user: AsUser) -> None:
    browser = as_user("camat.kepanjen")
    browser.get("/")
    office = db.session.scalars(
        sa.select(Office).where(Office.kind == "setda", Office.wilayah_code == "35.07")
    ).first()
    with transaction():
        accounts.grant_role(
            actor=SYSTEM, account=account("camat.kepanjen"), role=Role.SECRETARIAT, office=office
        )
    assert browser.get("/", status=303).location.startswith(PAGE)


# --- signing ----------------------------------------------------------------------------------------


@pytest.fixture
def pad(app, as_user: AsUser) -> str:
    """A commitment that waits for the signature of pimpinan.malang."""
    slot = slot_for(open_commitment(user_named("setda.malang")), "pimpinan.malang")
    return f"/komitmen/tandatangan/{slot.id}"


def slot_of(pad: str) -> Slot:
    return db.session.get_one(Slot, int(pad.rpartition("/")[2]))


def test_signing_asks_for_a_fresh_code(as_user: AsUser, pad: str, clock) -> None:
    signer = as_user("pimpinan.malang")
    phone, _ = enrol(signer)
    signer.post(f"{pad}/buka")
    given = {"typed_name": slot_of(pad).name, "password": PASSWORD}
    used = phone.at(now())
    for code, sentence in (("", "belum cocok"), ("000000", "belum cocok"), (used, "sudah dipakai")):
        assert sentence in signer.post(pad, {**given, "code": code}, page=pad, status=422).text
        assert slot_of(pad).status is SlotStatus.OPENED
    clock.shift(30)
    signer.post(pad, {**given, "code": phone.at(now())}, page=pad)
    assert slot_of(pad).status is SlotStatus.SIGNED


def test_in_production_nobody_signs_without_a_phone(production, as_user: AsUser) -> None:
    slot = slot_for(open_commitment(user_named("setda.malang")), "camat.kepanjen")
    pad = f"/komitmen/tandatangan/{slot.id}"
    signer = as_user("camat.kepanjen")
    signer.post(f"{pad}/buka")
    page = signer.post(pad, {"typed_name": slot.name, "password": PASSWORD}, page=pad, status=422)
    assert "Aktifkan dahulu kode masuk" in page.text
    assert slot_of(pad).status is SlotStatus.OPENED
