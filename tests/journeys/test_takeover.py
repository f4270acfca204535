"""Attempts to take an account or a place over: each is refused, and the trail tells of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.core.demo import PASSWORD
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.audit import AuditEntry
from ilp.models.directory import Office
from ilp.policy.user import SYSTEM
from ilp.services import accounts
from ilp.services.audit import verify_chain
from tests.support.browser import Browser

AsUser = Callable[[str], Browser]
NEW = "kuda meja biru lari"


def account(username: str) -> Account:
    return db.session.scalars(sa.select(Account).where(Account.username == username)).one()


def setda(code: str) -> Office:
    found = sa.select(Office).where(Office.kind == "setda", Office.wilayah_code == code).order_by(Office.id)
    return db.session.scalars(found.limit(1)).one()


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
                actor=SYSTEM, username=username, role=Role.ADMINISTRATOR, office=setda(code)
            )
        return as_user(username)

    return of


def test_nobody_gives_himself_a_role(admins) -> None:
    malang = admins("35.07")
    me = account("admin.35-07")
    grants = sa.select(sa.func.count()).where(RoleGrant.account_id == me.id)
    page = malang.post(f"/akun/{me.id}/peran", {"role": "leader", "office_id": setda("35.07").id}, status=422)
    assert "administrator lain" in page.text
    assert db.session.scalar(grants) == 1
    assert attempts() == ["grant_self"]


def test_nobody_without_the_role_gives_one(as_user: AsUser) -> None:
    me = account("camat.kepanjen")
    as_user("camat.kepanjen").post(
        f"/akun/{me.id}/peran", {"role": "administrator", "office_id": setda("35.07").id}, status=404
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
        accounts.grant_role(actor=SYSTEM, account=leader, role=Role.AUDITOR, office=setda("35.05"))
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


# act: what an administrator of the same regency, of one above, beside and below, and others get
TABLE = {
    "own": 303,
    "above": 303,
    "beside": 404,
    "setda.malang": 404,
    "pimpinan.malang": 404,
    "dinkes.malang": 404,
    "puskesmas.kepanjen": 404,
    "auditor.jatim": 404,
    "mitra.blitar": 404,
}


@pytest.mark.parametrize("who", TABLE)
@pytest.mark.parametrize("act", ["bekukan", "keluarkan", "peran", "tautan-sandi"])
def test_who_does_what_to_an_account(admins, as_user: AsUser, who: str, act: str) -> None:
    number = account("camat.kepanjen").id
    chosen = {
        "own": lambda: admins("35.07"),
        "beside": lambda: admins("35.05"),
        "above": lambda: as_user("admin"),
    }
    browser = chosen.get(who, lambda: as_user(who))()
    answer = browser.post(
        f"/akun/{number}/{act}",
        {"role": "auditor", "office_id": str(setda("35.07").id)} if act == "peran" else None,
        status=(200, 303, 404),
    )
    expected = 200 if act == "tautan-sandi" and TABLE[who] == 303 else TABLE[who]
    assert answer.status_code == expected
