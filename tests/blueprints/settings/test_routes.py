"""What a regency decides for itself: rules of passwords, and the note of its last backup."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ilp.core.clock import now, today
from ilp.core.db import db, transaction
from ilp.core.demo import PASSWORD
from ilp.models.accounts import Account, Role
from ilp.models.audit import AuditEntry
from ilp.models.directory import Office
from ilp.models.wilayah import RegencySetting
from ilp.policy.user import SYSTEM
from ilp.services import accounts
from tests.support.browser import Browser

AsUser = Callable[[str], Browser]
MALANG = "/pengaturan/35.07"


def setting(code: str = "35.07") -> RegencySetting:
    return db.session.get_one(RegencySetting, code)


@pytest.fixture
def local(app, as_user: AsUser) -> Browser:
    """The administrator of Kabupaten Malang."""
    office = sa.select(Office).where(Office.kind == "setda", Office.wilayah_code == "35.07")
    with transaction():
        accounts.create_account(
            actor=SYSTEM,
            username="admin.malang",
            role=Role.ADMINISTRATOR,
            office=db.session.scalars(office).first(),
        )
    return as_user("admin.malang")


def test_the_only_regency_is_opened_at_once(as_user: AsUser, local: Browser) -> None:
    assert local.get("/pengaturan/", status=303).location == MALANG
    assert "Kabupaten Blitar" in as_user("admin").get("/pengaturan/").text


ANSWERS = {
    "admin": 200,
    "setda.malang": 404,
    "pimpinan.malang": 404,
    "dinkes.malang": 404,
    "camat.kepanjen": 404,
    "mitra.blitar": 404,
    "auditor.jatim": 404,
}


@pytest.mark.parametrize("username", ANSWERS)
def test_only_an_administrator_of_the_place_sees_and_changes_it(as_user: AsUser, username: str) -> None:
    browser = as_user(username)
    browser.get(MALANG, status=ANSWERS[username])
    browser.get("/pengaturan/", status=200 if username == "admin" else 403)
    for act in ("kata-sandi", "cadangan"):
        if username != "admin":
            browser.post(f"{MALANG}/{act}", {"password_mixture": "y"}, status=404)
    assert not setting().password_mixture


def test_another_place_does_not_exist_and_the_try_is_kept(local: Browser) -> None:
    local.get("/pengaturan/35.05", status=404)
    local.post("/pengaturan/35.05/kata-sandi", {"password_mixture": "y"}, status=404)
    assert not setting("35.05").password_mixture
    last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last.action == "account:refused"
    assert last.changes["attempt"] == "settings.change_password_rule /pengaturan/35.05/kata-sandi"


def test_a_mixture_is_asked_of_new_passwords_there(as_user: AsUser, local: Browser) -> None:
    local.post(f"{MALANG}/kata-sandi", {"password_mixture": "y", "password_days": ""}, page=MALANG)
    assert setting().password_mixture
    plain, mixed = "kuda meja biru lari", "Kuda meja 7 biru!"
    for username, status in (("camat.kepanjen", 422), ("camat.garum", 303)):
        form = {"old_password": PASSWORD, "new_password": plain, "repeated_password": plain}
        answer = as_user(username).post("/akun/sandi", form, page="/akun/sandi", status=status)
        assert ("huruf besar" in answer.text) == (status == 422)
    form = {"old_password": PASSWORD, "new_password": mixed, "repeated_password": mixed}
    as_user("camat.kepanjen").post("/akun/sandi", form, page="/akun/sandi")


def test_an_old_password_is_changed_before_anything_else(as_user: AsUser, local: Browser) -> None:
    local.post(f"{MALANG}/kata-sandi", {"password_days": "90"}, page=MALANG)
    camat = db.session.scalars(sa.select(Account).where(Account.username == "camat.kepanjen")).one()
    with transaction():
        camat.password_changed_at = now() - timedelta(days=91)
    browser = as_user("camat.kepanjen")
    assert browser.get("/", status=303).location == "/akun/sandi?kabar=password"
    assert "batas umurnya" in browser.get("/akun/sandi?kabar=password").text
    new = "kuda meja biru lari"
    browser.post(
        "/akun/sandi",
        {"old_password": PASSWORD, "new_password": new, "repeated_password": new},
        page="/akun/sandi",
    )
    browser.get("/")
    as_user("camat.garum").get("/")


@pytest.mark.parametrize(
    ("act", "typed", "sentence"),
    [
        ("kata-sandi", {"password_days": "7"}, "30 sampai 730"),
        ("kata-sandi", {"password_days": "sering"}, "angka"),
        ("cadangan", {"backup_on": "", "backup_place": "Brankas"}, "perlu diisi"),
        ("cadangan", {"backup_on": "2026-13-01", "backup_place": "Brankas"}, "Bulan"),
        ("cadangan", {"backup_on": "2099-01-01", "backup_place": "Brankas"}, "belum tiba"),
        ("cadangan", {"backup_on": "2026-11-01", "backup_place": " "}, "perlu diisi"),
    ],
)
def test_bad_input_is_named_and_changes_nothing(local: Browser, act: str, typed: dict, sentence: str) -> None:
    page = local.post(f"{MALANG}/{act}", typed, page=MALANG, status=422)
    assert sentence in page.text
    assert (setting().password_days, setting().backup_on) == (None, None)


def test_a_backup_is_noted_and_the_checklist_knows(local: Browser) -> None:
    before = local.get("/").text
    assert "Buat cadangan data" in before
    day = today().isoformat()
    local.post(f"{MALANG}/cadangan", {"backup_on": day, "backup_place": "Brankas"}, page=MALANG)
    assert (setting().backup_on, setting().backup_place) == (today(), "Brankas")
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "regency:settings")).one()
    assert entry.changes["before"]["backup_on"] is None

    def done(page: str) -> int:
        return page.count("Sudah<")

    assert done(local.get("/").text) == done(before) + 1
