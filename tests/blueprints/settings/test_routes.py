"""What a regency decides for itself: rules of passwords, and the note of its last backup."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ilp.core.clock import Zone, now, today
from ilp.core.clock import local as to_zone
from ilp.core.db import db, transaction
from ilp.core.demo import PASSWORD
from ilp.core.indonesian import clock
from ilp.models.accounts import Account, Role
from ilp.models.audit import AuditEntry
from ilp.models.directory import Office
from ilp.models.documents import Document
from ilp.models.meetings import MeetingStatus
from ilp.models.wilayah import RegencySetting
from ilp.policy.user import SYSTEM
from ilp.services import accounts, meetings
from tests.factories.directory import head_of
from tests.factories.meetings import issue, make_called, make_draft, plan, seats_of
from tests.support.browser import Browser, visible_text
from tests.support.people import user_named

AsUser = Callable[[str], Browser]
MALANG = "/pengaturan/35.07"
NAGARI = {"zone": "Asia/Jayapura", "district_label": "Distrik", "village_label": "Nagari"}


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
    for act in ("sebutan", "kata-sandi", "cadangan"):
        if username != "admin":
            browser.post(f"{MALANG}/{act}", {**NAGARI, "password_mixture": "y"}, status=404)
    assert not setting().password_mixture
    assert setting().zone is Zone.WIB


def test_other_words_rename_what_bears_the_old_ones_and_leave_an_entry(local: Browser) -> None:
    desa = db.session.scalars(sa.select(Office).where(Office.name == "Desa Curungrejo")).one()
    own = db.session.scalars(sa.select(Office).where(Office.name == "Desa Ngadilangkung")).one()
    with transaction():
        own.name = "Pemerintah Desa Ngadilangkung"
    local.post(f"{MALANG}/sebutan", NAGARI, page=MALANG)
    db.session.expire_all()
    assert (desa.name, desa.sort_name) == ("Nagari Curungrejo", "nagari curungrejo")
    assert own.name == "Pemerintah Desa Ngadilangkung"
    assert head_of("Nagari Curungrejo").title == "Wali Nagari Curungrejo"
    assert head_of("Distrik Kepanjen").title == "Kepala Distrik Kepanjen"
    elsewhere = sa.select(sa.func.count()).where(Office.name.startswith("Nagari "))
    assert db.session.scalar(elsewhere.where(Office.regency_code != "35.07")) == 0
    assert "Nagari Curungrejo" in local.get("/direktori/?cari=curungrejo").text
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "regency:settings")).one()
    assert entry.changes["before"] == {
        "zone": "Asia/Jakarta",
        "district_label": "Kecamatan",
        "village_label": "Desa",
    }
    assert entry.changes["village_label"] == "Nagari"
    assert "Wilayah Malang" in visible_text(local.get("/jejak/?tentang=wilayah"))


def test_papers_to_come_say_the_new_words_and_issued_ones_the_old(local: Browser) -> None:
    setda = user_named("setda.malang")
    called, draft = make_called(setda, groups=("camat",)), make_draft(setda, groups=("camat", "desa"))
    elsewhere = make_draft(user_named("setda.blitar"), groups=("camat",))
    frozen = db.session.scalars(sa.select(Document)).one()
    local.post(f"{MALANG}/sebutan", NAGARI, page=MALANG)
    db.session.expire_all()

    lines = str(issue(setda, draft).content)
    assert "Kepala Distrik se-Kabupaten Malang" in lines
    assert "Lurah dan wali nagari se-Kabupaten Malang" in lines
    assert "Camat" not in lines
    assert "Camat se-Kabupaten Malang" in str(frozen.content)
    for meeting in (called, draft):
        seats = {seat.title: seat.office_name for seat in seats_of(meeting)}
        assert seats["Kepala Distrik Kepanjen"] == "Distrik Kepanjen"
    assert {seat.group_name for seat in seats_of(elsewhere)} == {"Camat se-Kabupaten Blitar"}


def test_a_closed_meeting_keeps_its_words_and_the_next_one_has_the_new(local: Browser) -> None:
    setda = user_named("setda.malang")
    past = make_draft(setda, groups=("camat",))
    with transaction():
        past.status = MeetingStatus.APPROVED
    local.post(f"{MALANG}/sebutan", NAGARI, page=MALANG)
    db.session.expire_all()
    with transaction():
        following = meetings.next_of_series(actor=setda, previous=past, plan=plan())
    assert "Camat Kepanjen" in {seat.title for seat in seats_of(past)}
    copied = seats_of(following)
    assert "Kepala Distrik Kepanjen" in {seat.title for seat in copied}
    assert {seat.group_name for seat in copied} == {"Kepala Distrik se-Kabupaten Malang"}


def test_an_older_window_does_not_put_the_words_back(local: Browser) -> None:
    older = local.form(MALANG, f"{MALANG}/sebutan")
    local.post(f"{MALANG}/sebutan", NAGARI, page=MALANG)
    page = local.post(f"{MALANG}/sebutan", older, status=409)
    assert "baru saja disimpan" in page.text
    assert "Distrik, Nagari" in visible_text(page)
    assert setting().village_label == "Nagari"
    version = page.soup.find("input", attrs={"name": "version"})["value"]
    local.post(f"{MALANG}/sebutan", {**older, "version": version})
    assert setting().village_label == "Desa"


def test_a_called_meeting_keeps_its_instant_and_its_letter_its_hour(as_user: AsUser, local: Browser) -> None:
    setda = user_named("setda.malang")
    meeting = make_draft(setda, groups=("camat",))
    letter, instant = issue(setda, meeting).id, meeting.starts_at
    hour = f"{clock(to_zone(instant, Zone.WIB))} WIB"
    assert hour in visible_text(as_user("setda.malang").get(f"/rapat/{meeting.id}"))
    local.post(f"{MALANG}/sebutan", {**NAGARI, "zone": "Asia/Makassar"}, page=MALANG)
    db.session.expire_all()
    assert meeting.starts_at == instant
    later = f"{clock(to_zone(instant, Zone.WITA))} WITA"
    assert later in visible_text(as_user("setda.malang").get(f"/rapat/{meeting.id}"))
    content = str(db.session.get_one(Document, letter).content)
    assert "WIB" in content
    assert "WITA" not in content


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
        ("sebutan", {**NAGARI, "zone": "gmt"}, "Pilih salah satu dari daftar"),
        ("sebutan", {**NAGARI, "village_label": "Negeri"}, "Pilih salah satu dari daftar"),
        ("sebutan", {**NAGARI, "district_label": ""}, "Pilih salah satu dari daftar"),
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
