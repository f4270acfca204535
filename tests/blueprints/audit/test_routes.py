"""The trail for auditors: their places only, by key, by filter."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.models.accounts import Account, Role
from ilp.models.directory import Office, OfficeGroup
from ilp.models.imports import ImportKind, ImportRun
from ilp.policy.user import SYSTEM
from ilp.queries.audit import entries_of
from ilp.services import accounts, audit
from tests.support.browser import Browser, visible_text
from tests.support.people import user_named
from tests.support.queries import counted
from tests.support.sheets import opened

AsUser = Callable[[str], Browser]


def write(code: str, number: int = 1, **over: object) -> int:
    """So many entries about an office of a place; returns its id."""
    office = db.session.scalars(sa.select(Office.id).where(Office.wilayah_code == code).limit(1)).one()
    with transaction():
        subject = db.session.get_one(Office, office)
        for n in range(number):
            audit.record(SYSTEM, "office:add", subject, changes={"n": n, "penanda": f"sandi-{code}"}, **over)
    return office


def test_only_who_oversees_a_place_reads_its_trail(as_user: AsUser) -> None:
    as_user("auditor.jatim").get("/jejak/")
    as_user("admin").get("/jejak/")
    for username in ("setda.malang", "pimpinan.malang", "mitra.blitar"):
        as_user(username).get("/jejak/", status=403)


def test_an_auditor_sees_his_province_only(as_user: AsUser) -> None:
    for code in ("35.07", "35.05", "62.10"):
        write(code)
    page = as_user("auditor.jatim").get("/jejak/").text
    assert "sandi-35.07" in page
    assert "sandi-35.05" in page
    assert "sandi-62.10" not in page


def test_accounts_of_one_office_are_told_apart(app, as_user: AsUser) -> None:
    office = db.session.scalars(sa.select(Office).where(Office.wilayah_code == "35.07").limit(1)).one()
    for username in ("setda.satu", "setda.dua"):
        with transaction():
            accounts.create_account(actor=SYSTEM, username=username, role=Role.ADMINISTRATOR, office=office)
        user = user_named(username)
        with transaction():
            audit.record(user, "office:edit", office)
    page = as_user("auditor.jatim").get("/jejak/?perbuatan=office:edit&pelaku=setda.dua").text
    assert f"{office.name} (setda.dua)" in page
    assert "setda.satu" not in page
    assert user_named("pimpinan.malang").signature == user_named("pimpinan.malang").name


def test_personal_values_stay_out_of_it(as_user: AsUser) -> None:
    write("35.07", personal={"name": "Nama Contoh Rahasia"})
    assert "Rahasia" not in as_user("auditor.jatim").get("/jejak/").text


def test_filters_live_in_the_address(as_user: AsUser) -> None:
    write("35.07")
    browser = as_user("auditor.jatim")
    assert "sandi-35.07" in browser.get("/jejak/?perbuatan=office:add&tentang=office").text
    assert "Tidak ada catatan" in browser.get("/jejak/?perbuatan=clause:add").text
    assert "sandi-35.07" in browser.get("/jejak/?dari=2020-01-01&sampai=2099-12-31").text
    assert "Tidak ada catatan" in browser.get("/jejak/?sampai=2020-01-01").text
    assert "sandi-35.07" in browser.get("/jejak/?pelaku=SISTEM&perbuatan=office:add").text
    assert "Tidak ada catatan" in browser.get("/jejak/?pelaku=bukan+siapa-siapa").text
    assert "Tidak ada catatan" in browser.get("/jejak/?kantor=2147483647").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("perbuatan=tidak:ada", 422),
        ("dari=kemarin", 422),
        ("dari=9999-99-99", 422),
        ("tentang=%00", 422),
        ("setelah=x", 404),
        ("kantor=0", 404),
        ("pelaku=" + "x" * 81, 422),
        ("setelah=2024-01-01~1", 404),
        ("setelah=2024-01-01T00:00:00%2B00:00~99999999999", 404),
    ],
)
def test_an_odd_filter_is_told(as_user: AsUser, query: str, status: int) -> None:
    as_user("auditor.jatim").get(f"/jejak/?{query}", status=status)
    if "setelah" not in query:
        as_user("auditor.jatim").get(f"/jejak/daftar.xlsx?{query}", status=status)


def test_what_cannot_be_is_told_beside_the_field(as_user: AsUser) -> None:
    page = as_user("auditor.jatim").get("/jejak/?dari=2026-13-40", status=422)
    field = page.soup.select_one("input[name=dari]")
    assert field["aria-invalid"] == "true"
    assert page.soup.find(id=field["aria-describedby"]).text.strip()


def test_only_what_is_written_can_be_asked_for(as_user: AsUser) -> None:
    page = as_user("admin").get("/jejak/")
    deeds, things = (
        {option["value"] for option in page.soup.select(f"select[name={name}] option")}
        for name in ("perbuatan", "tentang")
    )
    assert {"account:refused", "import:apply", "account:manage"} <= deeds
    assert not {"audit:read", "desk:read", "directory:read", "search:use"} & deeds
    assert "import_run" in things


def test_a_file_of_the_trail_says_its_filter_in_words(as_user: AsUser) -> None:
    office = write("35.07")
    address = f"/jejak/daftar.xlsx?perbuatan=office:add&tentang=office&dari=2024-01-02&kantor={office}"
    said = str(opened(as_user("auditor.jatim").get(address).data).above)
    assert "perbuatan: menambah kantor, tentang: Kantor, dari tanggal: 2 Januari 2024" in said
    assert "office" not in said


def test_files_and_groups_are_called_by_their_names(app, as_user: AsUser) -> None:
    owner = user_named("admin")
    with transaction():
        office = db.session.scalars(sa.select(Office).where(Office.wilayah_code == "35.07").limit(1)).one()
        run = ImportRun(
            kind=ImportKind.OFFICIALS,
            account_id=owner.account_id,
            wilayah_code="35.07",
            file_name="pejabat.xlsx",
            columns=[],
            ignored=[],
            rows=0,
            created_at=now(),
        )
        group = OfficeGroup(office_id=office.id, name="Tim kecil", created_at=now())
        db.session.add_all([run, group])
        db.session.flush()
        audit.record(owner, "import:receive", run, place="35.07")
        audit.record(owner, "group:add", group, place="35.07")
    for table, said in (("import_run", "Berkas impor pejabat.xlsx"), ("office_group", "Tim kecil")):
        assert said in visible_text(
            as_user("auditor.jatim").get(f"/jejak/?tentang={table}&pelaku={owner.name}")
        )


def test_what_was_refused_bears_no_tick(app, as_user: AsUser) -> None:
    account_id = user_named("setda.malang").account_id
    for attempt, tone in (("account:refused", "late"), ("account:login", "accepted")):
        with transaction():
            audit.record(
                SYSTEM,
                attempt,
                db.session.get_one(Account, account_id),
                place="35.07",
                changes={"attempt": "x"},
            )
        page = as_user("auditor.jatim").get(f"/jejak/akun/{account_id}")
        assert page.soup.select_one("main .timeline [data-s]")["data-s"] == tone


def test_pages_follow_each_other_by_key(as_user: AsUser) -> None:
    write("35.07", 120)
    browser, path, found, pages = as_user("auditor.jatim"), "/jejak/?perbuatan=office:add", [], 0
    while path:
        page = browser.get(path)
        found += [cell.text for cell in page.soup.select("td[data-label=Rantai]")]  # type: ignore[attr-defined]
        older = page.soup.find("a", rel="next")  # type: ignore[attr-defined]
        path, pages = (older["href"] if older else None), pages + 1
    assert len(found) == len(set(found)) >= 120
    assert pages == -(-len(found) // 50)


def test_the_page_costs_the_same_however_long_the_trail(as_user: AsUser) -> None:
    browser, costs = as_user("auditor.jatim"), []
    for more in (1, 29, 170, 800):
        write("35.07", more)
        with counted() as statements:
            browser.get("/jejak/")
        costs.append(len(statements))
    assert len(set(costs)) == 1
    assert costs[0] <= 5


def test_htmx_gets_the_list_alone(as_user: AsUser) -> None:
    answer = as_user("auditor.jatim").get("/jejak/", htmx=True)
    assert answer.text.lstrip().startswith('<div id="entries">')


def test_the_history_of_one_record(app, as_user: AsUser) -> None:
    key = write("35.07", 3)
    rows = entries_of("office", key, limit=2)
    assert [row.changes["n"] for row in rows] == [2, 1]
    assert "menambah kantor" in visible_text(as_user("auditor.jatim").get("/jejak/?tentang=office"))
