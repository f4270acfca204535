"""Attempts to take an account or a place over: each is refused, and the trail tells of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.core.demo import PASSWORD
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.audit import AuditEntry
from ilp.models.directory import Appointment, Office, Person, Position
from ilp.models.notifications import Notification
from ilp.policy.user import SYSTEM
from ilp.services import accounts, directory, merging, second_factor
from ilp.services.audit import verify_chain
from tests.support.browser import Browser

AsUser = Callable[[str], Browser]
NEW = "kuda meja biru lari"


def account(username: str) -> Account:
    return db.session.scalars(sa.select(Account).where(Account.username == username)).one()


def office_at(code: str) -> Office:
    """The first office at a place: the Setda of a regency, the office of a kecamatan or desa."""
    found = sa.select(Office).where(Office.wilayah_code == code)
    first = found.order_by(Office.kind.not_in(("setda", "kecamatan", "desa")), Office.id).limit(1)
    return db.session.scalars(first).one()


def attempts() -> list[str]:
    """What the trail tells of refusals, the latest last; its chains are whole."""
    entries = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "account:refused").order_by(AuditEntry.id)
    ).all()
    for chain in {entry.chain for entry in entries}:
        assert verify_chain(chain) is None
    return [entry.changes["attempt"] for entry in entries]


@pytest.fixture
def admins(app, as_user: AsUser) -> Callable[[str], Browser]:
    """An administrator of a regency, by its code."""

    def of(code: str) -> Browser:
        username = f"admin.{code.replace('.', '-')}"
        with transaction():
            accounts.create_account(
                actor=SYSTEM, username=username, role=Role.ADMINISTRATOR, office=office_at(code)
            )
        return as_user(username)

    return of


def test_nobody_gives_himself_a_role(admins) -> None:
    malang = admins("35.07")
    me = account("admin.35-07")
    grants = sa.select(sa.func.count()).where(RoleGrant.account_id == me.id)
    page = malang.post(
        f"/akun/{me.id}/peran", {"role": "leader", "office_id": office_at("35.07").id}, status=422
    )
    assert "administrator lain" in page.text
    assert db.session.scalar(grants) == 1
    assert attempts() == ["grant_self"]


def test_nobody_without_the_role_gives_one(as_user: AsUser) -> None:
    me = account("camat.kepanjen")
    as_user("camat.kepanjen").post(
        f"/akun/{me.id}/peran", {"role": "administrator", "office_id": office_at("35.07").id}, status=404
    )
    assert attempts() == [f"accounts.grant /akun/{me.id}/peran"]


@pytest.mark.parametrize("act", ["tautan-sandi", "bekukan", "keluarkan", "kode-masuk/atur-ulang"])
def test_a_leader_is_not_reset_from_another_place(admins, act: str) -> None:
    blitar, leader = admins("35.05"), account("pimpinan.malang")
    before = (leader.password_hash, leader.suspended_at)
    blitar.post(f"/akun/{leader.id}/{act}", status=404)
    assert (leader.password_hash, leader.suspended_at) == before
    assert attempts()[-1].endswith(f"/akun/{leader.id}/{act}")


def test_who_holds_a_role_elsewhere_too_is_out_of_a_local_administrators_hands(admins) -> None:
    malang, leader = admins("35.07"), account("pimpinan.malang")
    with transaction():
        accounts.grant_role(actor=SYSTEM, account=leader, role=Role.AUDITOR, office=office_at("35.05"))
    malang.post(f"/akun/{leader.id}/tautan-sandi", status=403)
    assert attempts() == [f"accounts.issue_link /akun/{leader.id}/tautan-sandi"]


def test_a_link_is_used_once(app, visitor: Browser) -> None:
    with transaction():
        token = accounts.issue_password_link(actor=SYSTEM, account=account("camat.kepanjen"))
    path = f"/sandi/{token}"
    visitor.post(path, page=path)
    visitor.post("/sandi", {"new_password": NEW, "repeated_password": NEW}, page="/sandi")
    thief, before = Browser(app), account("camat.kepanjen").password_hash
    page = thief.post(path, page=path, status=410)
    assert "tidak berlaku lagi" in page.text
    thief.post(
        "/sandi", {"new_password": "lain sekali lagi", "repeated_password": "lain sekali lagi"}, status=410
    )
    assert account("camat.kepanjen").password_hash == before
    assert attempts() == ["dead_link"]


def told(username: str) -> list[str]:
    """What an account was told, the latest last."""
    texts = sa.select(Notification.text).where(Notification.account_id == account(username).id)
    return list(db.session.scalars(texts.order_by(Notification.id)))


def test_who_makes_himself_a_link_to_a_leader_is_seen(app, admins, as_user: AsUser) -> None:
    malang, leader = admins("35.07"), account("pimpinan.malang")
    with transaction():
        accounts.create_account(
            actor=SYSTEM, username="admin.kedua", role=Role.ADMINISTRATOR, office=office_at("35.07")
        )
    page = malang.post(f"/akun/{leader.id}/tautan-sandi", page=f"/akun/{leader.id}", status=200)
    made = f"Tautan kata sandi untuk pimpinan.malang dibuat oleh {office_at('35.07').name} (admin.35-07)."
    assert told("pimpinan.malang")[-1].startswith(made)
    assert told("admin.kedua")[-1] == told("admin")[-1] == made
    assert made not in told("admin.35-07")
    thief = Browser(app)
    link = re.search(r"http://127\.0\.0\.1:8000(/sandi/\S+)", page.text)[1]
    thief.post(link, page=link)
    thief.post("/sandi", {"new_password": NEW, "repeated_password": NEW}, page="/sandi")
    used = "Kata sandi pimpinan.malang diganti lewat tautan dari admin.35-07."
    assert told("pimpinan.malang")[-1].startswith(used)
    assert told("admin.kedua")[-1] == told("admin")[-1] == told("admin.35-07")[-1] == used
    assert "Tautan kata sandi untuk pimpinan.malang" in as_user("pimpinan.malang").get("/notifikasi/").text
    mine = db.session.scalars(
        sa.select(AuditEntry.action).where(
            AuditEntry.subject == "account", AuditEntry.subject_id == leader.id
        )
    ).all()
    assert mine[-2:] == ["account:issue_link", "account:set_password"]


def test_an_invitation_is_nothing_to_be_told_of(admins) -> None:
    malang = admins("35.07")
    with transaction():
        new = accounts.create_account(
            actor=SYSTEM, username="baru.kepanjen", role=Role.IMPLEMENTER, office=office_at("35.07.13")
        )
    before = told("admin")
    malang.post(f"/akun/{new.id}/tautan-sandi", page=f"/akun/{new.id}", status=200)
    assert (told("admin"), told("baru.kepanjen")) == (before, [])


def test_a_session_does_not_outlive_a_suspension(as_user: AsUser, visitor: Browser) -> None:
    camat, number = as_user("camat.kepanjen"), account("camat.kepanjen").id
    camat.get("/")
    as_user("admin").post(f"/akun/{number}/bekukan", page=f"/akun/{number}")
    assert camat.get("/", status=303).location.startswith("/masuk")
    camat.post("/keluar", {"csrf_token": "x"}, status=(303, 400, 401))
    ended = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "account:suspend")).one()
    assert ended.changes["sessions_ended"] == 1
    page = visitor.post(
        "/masuk", {"username": "camat.kepanjen", "password": PASSWORD}, page="/masuk", status=422
    )
    assert "dibekukan" in page.text
    assert attempts() == ["login_suspended"]


def test_the_last_administrator_stays(as_user: AsUser) -> None:
    grant = db.session.scalars(
        sa.select(RoleGrant)
        .join(Account)
        .where(Account.username == "admin", RoleGrant.role == "administrator")
    ).one()
    page = as_user("admin").post(
        f"/akun/{grant.account_id}/peran/{grant.id}/cabut", page=f"/akun/{grant.account_id}", status=422
    )
    assert "administrator terakhir" in page.text
    assert db.session.get_one(RoleGrant, grant.id).revoked_at is None
    as_user("admin").post(f"/akun/{grant.account_id}/bekukan", status=422)
    assert attempts() == ["last_administrator", "suspend_self"]


def test_a_role_that_another_window_took_away_is_gone_and_nobody_accused(admins) -> None:
    malang, target = admins("35.07"), account("camat.kepanjen")
    grant = db.session.scalars(sa.select(RoleGrant.id).where(RoleGrant.account_id == target.id)).one()
    path = f"/akun/{target.id}/peran/{grant}/cabut"
    malang.post(path, page=f"/akun/{target.id}")
    page = malang.post(path, status=422)
    assert "sudah dicabut sebelumnya" in page.text
    assert attempts() == []


# Who acts on camat.kepanjen (35.07.13): administrators by the code of their office, then other roles.
PLACES = {"": 303, "35.07": 303, "35.07.13": 303, "35.05": 404, "35.07.09": 404, "35.07.13.2001": 404}
OTHERS = (
    "setda.malang",
    "pimpinan.malang",
    "dinkes.malang",
    "puskesmas.kepanjen",
    "auditor.jatim",
    "mitra.blitar",
    "camat.kepanjen",
)
ACTS = (
    "bekukan",
    "pulihkan",
    "keluarkan",
    "kode-masuk/atur-ulang",
    "tautan-sandi",
    "peran",
    "peran/{grant}/cabut",
)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", [*PLACES, *OTHERS])
def test_who_does_what_to_an_account(admins, as_user: AsUser, who: str, act: str) -> None:
    target = account("camat.kepanjen")
    browser = admins(who) if who in PLACES and who else as_user(who or "admin")
    grant = db.session.scalars(sa.select(RoleGrant.id).where(RoleGrant.account_id == target.id)).first()
    with transaction():
        second_factor.prepare(target.id)
        if act == "pulihkan":
            accounts.suspend(actor=SYSTEM, account=target)
    office = office_at("35.07.13") if who == "35.07.13" else office_at("35.07")
    fields = {"role": "auditor", "office_id": str(office.id)} if act == "peran" else None
    path = f"/akun/{target.id}/{act.format(grant=grant)}"
    if (who, act) == ("camat.kepanjen", "pulihkan"):
        browser.post(path, {"csrf_token": "x"}, status=(303, 400, 401))
        assert target.suspended_at is not None
        return
    answer = browser.post(path, fields, status=(200, 303, 404))
    shown = {303: 200, 404: 404} if act == "tautan-sandi" else {303: 303, 404: 404}
    assert answer.status_code == shown[PLACES.get(who, 404)]


@pytest.fixture
def climber(app) -> Person:
    """Somebody of Kepanjen who administers Blitar, too."""
    with transaction():
        position = Position(office_id=office_at("35.07.13").id, title="Sekretaris Camat Uji")
        person = Person(name="Rangkap Contoh", sort_name="rangkap contoh", phone="+6281200000001")
        db.session.add_all([position, person])
        db.session.flush()
        db.session.add(Appointment(position_id=position.id, person_id=person.id, starts_on=date(2024, 1, 1)))
        accounts.create_account(
            actor=SYSTEM,
            username="rangkap.contoh",
            role=Role.ADMINISTRATOR,
            office=office_at("35.05"),
            person_id=person.id,
        )
    return person


def typed(person: Person, **changes: str) -> dict[str, str]:
    """What the form of a person sends."""
    fields = ("prefix", "name", "suffix", "nip", "rank", "phone", "email")
    return {name: getattr(person, name) or "" for name in fields} | {"sex": ""} | changes


def test_an_address_by_which_one_logs_in_is_not_given_from_another_place(
    admins, as_user: AsUser, climber
) -> None:
    malang, path = admins("35.07"), f"/direktori/orang/{climber.id}/ubah"
    page = malang.post(path, typed(climber, email="palsu@contoh.go.id"), page=path, status=422)
    assert "administrator yang membawahi keduanya" in page.text
    malang.post(path, typed(climber, rank="Pembina"), page=path)
    db.session.refresh(climber)
    assert (climber.email, climber.rank) == ("", "Pembina")
    as_user("admin").post(path, typed(climber, email="benar@contoh.go.id"), page=path)
    db.session.refresh(climber)
    assert climber.email == "benar@contoh.go.id"


def test_a_record_with_a_role_elsewhere_is_neither_joined_nor_parted_nor_erased(admins, climber) -> None:
    malang, owned = admins("35.07"), account("rangkap.contoh")
    with transaction():
        kepanjen = office_at("35.07.13")
        dummy = directory.add_person(actor=SYSTEM, office=kepanjen, name="Rangkap Contoh")
        other = directory.add_person(actor=SYSTEM, office=kepanjen, name="Rangkap Contoh")
        made = merging.merge(actor=SYSTEM, kept=climber, gone=other)
    people = f"/direktori/orang/{dummy.id}", f"/direktori/orang/{climber.id}"
    malang.post(f"{people[0]}/gabung/{climber.id}", status=403)
    malang.post(f"{people[1]}/gabung/{dummy.id}", status=403)
    malang.get(f"{people[1]}/gabung/{dummy.id}", status=403)
    assert "Pisahkan" not in malang.get(people[1]).text
    malang.post(f"/direktori/orang/gabungan/{made.id}/pisahkan", status=403)
    malang.post(f"/data-pribadi/orang/{climber.id}/hapus", {"basis": "request"}, status=403)
    db.session.refresh(owned)
    assert (owned.person_id, owned.username, owned.suspended_at) == (climber.id, "rangkap.contoh", None)
    assert db.session.get_one(Person, climber.id).anonymised_at is None


LISTS = {"/akun/": 200, "/akun/baru": 200, "/pengaturan/": 303, "/persiapan": 200}


@pytest.mark.parametrize("path", LISTS)
def test_the_pages_of_an_administrator_are_his(admins, as_user: AsUser, path: str) -> None:
    admins("35.07").get(path, status=LISTS[path])
    for who in OTHERS:
        as_user(who).get(path, status=403)
