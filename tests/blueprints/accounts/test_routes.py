"""One's own account, and what an administrator may do for others and may not."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.models.accounts import Account, LoginSession, Role, RoleGrant
from ilp.models.directory import Office
from ilp.policy.user import SYSTEM
from ilp.services import accounts, audit
from tests.support.browser import Browser, visible_text
from tests.support.queries import counted

AsUser = Callable[[str], Browser]


def account(username: str) -> Account:
    return db.session.scalars(sa.select(Account).where(Account.username == username)).one()


def office(kind: str, code: str) -> Office:
    found = sa.select(Office).where(Office.kind == kind, Office.wilayah_code == code).order_by(Office.id)
    return db.session.scalars(found.limit(1)).one()


@pytest.fixture
def local(app, as_user: AsUser) -> Browser:
    """The administrator of Kabupaten Malang."""
    with transaction():
        accounts.create_account(
            actor=SYSTEM, username="admin.malang", role=Role.ADMINISTRATOR, office=office("setda", "35.07")
        )
    return as_user("admin.malang")


# --- one's own ------------------------------------------------------------------------------------


def test_everybody_sees_his_own_account(as_user: AsUser) -> None:
    page = as_user("mitra.blitar").get("/akun/saya")
    assert "MENTARI-PHC" in page.text
    assert "Mitra" in page.text


def test_devices_are_listed_and_ended(as_user: AsUser) -> None:
    here, there = as_user("camat.kepanjen"), as_user("camat.kepanjen")
    page = here.get("/akun/perangkat")
    assert page.text.count("perangkat ini") == 1
    rows = db.session.scalars(
        sa.select(LoginSession.id).where(LoginSession.account_id == account("camat.kepanjen").id)
    ).all()
    here.post(f"/akun/perangkat/{max(rows)}/keluarkan", page="/akun/perangkat")
    there.get("/akun/saya", status=303)
    here.get("/akun/saya")


def test_all_other_devices_are_ended_at_once(as_user: AsUser) -> None:
    here, there, elsewhere = (as_user("camat.kepanjen") for _ in range(3))
    here.post("/akun/perangkat/keluarkan-lain", page="/akun/perangkat")
    there.get("/akun/saya", status=303)
    elsewhere.get("/akun/saya", status=303)
    here.get("/akun/saya")


def test_somebody_elses_device_does_not_exist(as_user: AsUser) -> None:
    as_user("setda.malang")
    foreign = db.session.scalars(sa.select(sa.func.max(LoginSession.id))).one()
    browser = as_user("camat.kepanjen")
    browser.post(f"/akun/perangkat/{foreign}/keluarkan", status=404)
    browser.post(f"/akun/perangkat/{foreign + 1000}/keluarkan", status=404)


@pytest.mark.parametrize(
    ("old", "new", "again", "sentence"),
    [
        ("salah", "kuda meja biru lari", "kuda meja biru lari", "tersisa 4 kesempatan"),
        ("contoh-ilp-2024", "pendek", "pendek", "12 sampai 128"),
        ("contoh-ilp-2024", "camat.kepanjen1", "camat.kepanjen1", "nama"),
        ("contoh-ilp-2024", "kuda meja biru lari", "kuda meja biru", "belum sama"),
        ("", "", "", "perlu diisi"),
    ],
)
def test_a_password_is_changed_only_by_the_rules(
    as_user: AsUser, old: str, new: str, again: str, sentence: str
) -> None:
    form = {"old_password": old, "new_password": new, "repeated_password": again}
    page = as_user("camat.kepanjen").post("/akun/sandi", form, page="/akun/sandi", status=422)
    assert sentence in page.text
    assert f'value="{new or "-"}"' not in page.text


# --- an administrator -----------------------------------------------------------------------------


def test_only_administrators_manage_accounts(as_user: AsUser) -> None:
    for username in ("setda.malang", "auditor.jatim", "pimpinan.malang", "mitra.blitar"):
        browser = as_user(username)
        browser.get("/akun/", status=403)
        browser.get("/akun/baru", status=403)
        browser.get(f"/akun/{account('camat.kepanjen').id}", status=404)
        browser.post(f"/akun/{account('camat.kepanjen').id}/bekukan", status=404)


def test_the_list_shows_the_administered_subtree(as_user: AsUser, local: Browser) -> None:
    nation, mine = as_user("admin").get("/akun/?cari=garum").text, local.get("/akun/?cari=camat").text
    assert "camat.garum" in nation
    assert "camat.kepanjen" in mine
    assert "camat.garum" not in mine
    for foreign in ("garum", "setda.blitar", "auditor.jatim"):
        assert "Tidak ada akun" in local.get(f"/akun/?cari={foreign}").text


def test_the_list_is_searched_and_paged(as_user: AsUser) -> None:
    browser = as_user("admin")
    found = browser.get("/akun/?cari=kepanjen").text
    assert "puskesmas.kepanjen" in found
    assert "setda.malang" not in found
    assert "Tidak ada akun" in browser.get("/akun/?cari=tidakadanamaini%00").text
    make_accounts(60)
    first = browser.get("/akun/?cari=massal")
    link = first.soup.find("a", rel="next")  # type: ignore[attr-defined]
    second = browser.get(link["href"])
    names = [re.findall(r">(massal\.\d{4})<", page.text) for page in (first, second)]
    assert (len(names[0]), len(names[1])) == (50, 10)
    assert not set(names[0]) & set(names[1])


def make_accounts(number: int) -> None:
    here = office("setda", "35.07")
    with transaction():
        db.session.execute(
            sa.insert(Account),
            [
                {"username": f"massal.{n:04}", "password_hash": "", "office_id": here.id, "created_at": now()}
                for n in range(number)
            ],
        )
        made = db.session.scalars(sa.select(Account.id).where(Account.username.like("massal.%"))).all()
        db.session.execute(
            sa.insert(RoleGrant),
            [
                {"account_id": key, "role": Role.LEADER, "office_id": here.id, "granted_at": now()}
                for key in made
            ],
        )


def test_the_list_costs_the_same_however_long(as_user: AsUser) -> None:
    browser = as_user("admin")
    costs = []
    for number in (0, 30, 1000):
        if number:
            make_accounts_from(number)
        with counted() as statements:
            browser.get("/akun/")
        costs.append(len(statements))
    assert len(set(costs)) == 1
    assert costs[0] <= 8


def make_accounts_from(number: int) -> None:
    with transaction():
        db.session.execute(sa.delete(RoleGrant).where(RoleGrant.account_id.in_(massal())))
        db.session.execute(sa.delete(Account).where(Account.username.like("massal.%")))
    make_accounts(number)


def massal() -> sa.Select[int]:
    return sa.select(Account.id).where(Account.username.like("massal.%"))


def test_the_page_of_an_account_tells_its_roles_and_history(as_user: AsUser) -> None:
    browser = as_user("admin")
    with counted() as statements:
        page = browser.get(f"/akun/{account('camat.kepanjen').id}?kantor=kepanjen")
    assert "Kecamatan Kepanjen" in visible_text(page)
    assert len(statements) <= 8


def test_accounts_of_another_place_do_not_exist(local: Browser) -> None:
    for username in ("camat.garum", "auditor.jatim", "admin"):
        local.get(f"/akun/{account(username).id}", status=404)
        local.post(f"/akun/{account(username).id}/tautan-sandi", status=404)


def test_an_administrator_below_does_not_reach_one_above(as_user: AsUser, local: Browser) -> None:
    """An account with a role here and one above is seen here, but its password is not to be had."""
    with transaction():
        accounts.grant_role(
            actor=SYSTEM, account=account("admin"), role=Role.LEADER, office=office("setda", "35.07")
        )
    key = account("admin").id
    page = local.get(f"/akun/{key}")
    assert "Tautan kata sandi" not in page.text
    local.post(f"/akun/{key}/tautan-sandi", status=403)
    local.post(f"/akun/{key}/bekukan", status=403)


def test_a_role_is_given_and_taken(as_user: AsUser) -> None:
    browser, key = as_user("admin"), account("camat.kepanjen").id
    search = f"/akun/{key}?kantor=Kecamatan+Kepanjen"
    page = browser.post(f"/akun/{key}/peran", {"role": "leader"}, page=search)
    assert "Peran diberikan" in browser.get(page.location).text
    grant = db.session.scalars(
        sa.select(RoleGrant.id).where(RoleGrant.role == Role.LEADER).order_by(RoleGrant.id.desc())
    ).first()
    with counted() as statements:
        browser.post(f"/akun/{key}/peran/{grant}/cabut", page=f"/akun/{key}")
    assert len(statements) <= 20
    assert f"/peran/{grant}/cabut" not in browser.get(f"/akun/{key}").text


def test_an_office_elsewhere_cannot_be_chosen(local: Browser) -> None:
    key, foreign = account("camat.kepanjen").id, office("setda", "35.05").id
    for chosen in (str(foreign), "999999", "0", "x", "²", "99999999999999999999"):
        local.post(f"/akun/{key}/peran", {"role": "leader", "office_id": chosen}, status=422)
    assert (
        db.session.scalar(
            sa.select(sa.func.count()).where(RoleGrant.office_id == foreign, RoleGrant.account_id == key)
        )
        == 0
    )


def test_a_role_held_elsewhere_cannot_be_taken(local: Browser) -> None:
    grant = db.session.scalars(
        sa.select(RoleGrant).join(Account).where(Account.username == "camat.garum")
    ).one()
    local.post(f"/akun/{grant.account_id}/peran/{grant.id}/cabut", status=404)
    local.post(f"/akun/{account('camat.kepanjen').id}/peran/{grant.id}/cabut", status=404)


def test_suspending_bites_on_the_next_click(as_user: AsUser) -> None:
    camat, admin = as_user("camat.kepanjen"), as_user("admin")
    key = account("camat.kepanjen").id
    camat.get("/akun/saya")
    answer = admin.post(f"/akun/{key}/bekukan", page=f"/akun/{key}")
    assert "dikeluarkan" in admin.get(answer.location).text
    camat.get("/akun/saya", status=303)
    admin.post(f"/akun/{key}/bekukan", status=422)
    admin.post(f"/akun/{key}/pulihkan", page=f"/akun/{key}")
    camat.get("/akun/saya", status=303)


def test_a_taken_role_bites_on_the_next_click(as_user: AsUser) -> None:
    camat = as_user("camat.kepanjen")
    camat.get("/rapat/")
    with transaction():
        grant = db.session.scalars(
            sa.select(RoleGrant).join(Account).where(Account.username == "camat.kepanjen")
        ).one()
        accounts.revoke_role(actor=SYSTEM, grant=grant)
    camat.get("/rapat/", status=403)


def test_the_link_is_shown_once(as_user: AsUser) -> None:
    admin, key = as_user("admin"), account("camat.kepanjen").id
    form = admin.form(f"/akun/{key}", f"/akun/{key}/tautan-sandi")
    page = admin.post(f"/akun/{key}/tautan-sandi", form, status=200)
    found = re.search(r"http://127\.0\.0\.1:\d+(/sandi/\S+)", page.text)
    assert found
    assert admin.send("GET", found[1]).status_code == 200
    repeat = admin.post(f"/akun/{key}/tautan-sandi", form)
    assert repeat.location == f"/akun/{key}"
    assert "/sandi/" not in admin.get(f"/akun/{key}").text


def test_a_new_account_is_made_without_a_password(local: Browser) -> None:
    page = "/akun/baru?kantor=Kecamatan+Dau"
    refused = local.post(
        "/akun/baru", {"username": "Camat Dau", "role": "implementer"}, page=page, status=422
    )
    assert "huruf kecil" in refused.text
    answer = local.post("/akun/baru", {"username": "camat.dau", "role": "implementer"}, page=page)
    assert answer.location == f"/akun/{account('camat.dau').id}?kabar=akun-dibuat"
    assert account("camat.dau").password_hash == ""
    taken = local.post("/akun/baru", {"username": "camat.dau", "role": "implementer"}, page=page, status=422)
    assert "sudah dipakai" in taken.text


def test_an_administrator_cannot_lock_himself_out(as_user: AsUser) -> None:
    admin, key = as_user("admin"), account("admin").id
    admin.post(f"/akun/{key}/bekukan", status=422)
    admin.post(f"/akun/{key}/tautan-sandi", status=422)
    grant = db.session.scalars(sa.select(RoleGrant.id).where(RoleGrant.account_id == key)).one()
    answer = admin.post(f"/akun/{key}/peran/{grant}/cabut", status=422)
    assert "terakhir" in answer.text


def test_who_gives_up_his_own_role_is_led_to_a_page_that_is_still_his(app, as_user):
    account = db.session.scalars(sa.select(Account).where(Account.username == "admin")).one()
    other = db.session.scalars(sa.select(Account).where(Account.username == "setda.malang")).one()
    grant = db.session.scalars(
        sa.select(RoleGrant).where(RoleGrant.account_id == account.id, RoleGrant.revoked_at.is_(None))
    ).one()
    with transaction():
        office = db.session.get_one(Office, grant.office_id)
        accounts.grant_role(actor=SYSTEM, account=other, role=Role.ADMINISTRATOR, office=office)
    admin = as_user("admin")
    show = f"/akun/{account.id}"
    answer = admin.post(f"{show}/peran/{grant.id}/cabut", admin.form(show, f"{show}/peran/{grant.id}/cabut"))
    assert answer.headers["Location"].startswith("/?kabar=")
    admin.get(answer.headers["Location"])


def test_the_history_beside_an_account_names_offices_and_attempts(as_user: AsUser) -> None:
    admin, own = as_user("admin"), account("admin")
    admin.post(f"/akun/{own.id}/bekukan", status=422)
    granted = {"role": Role.SECRETARIAT, "office_id": office("kecamatan", "35.07.13").id}
    with transaction():
        audit.record(SYSTEM, "account:manage", own, changes={"granted": granted})
    history = visible_text(admin.get(f"/akun/{own.id}"))
    assert "Percobaan membekukan akun sendiri" in history
    assert "Kecamatan Kepanjen, Sekretariat" in history
    assert "suspend_self" not in history
