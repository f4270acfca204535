"""Every list as an Excel file: the rows of the page, nobody else's, and nothing that acts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.models.directory import Person
from ilp.models.meetings import Meeting
from ilp.models.privacy import SeenPage
from ilp.models.tasks import Task
from ilp.services import directory, privacy
from ilp.web import sheets
from tests.factories.directory import head_of, make_person, make_transfer, office_named
from tests.support.browser import Browser
from tests.support.people import user_named
from tests.support.sheets import opened

LISTS = {
    "/rapat/?saring=semua": ("setda.malang", "camat.kepanjen", "mitra.blitar", "auditor.jatim"),
    "/rapat/?saring=selesai&jenis=kickoff": ("setda.malang",),
    "/tugas/?tampil=semua": ("pokjanal.gunungmas", "camat.kurun", "lurah.tampang", "mitra.blitar"),
    "/tugas/?tampil=saya": ("camat.kurun", "lurah.tampang"),
    "/tugas/?tampil=terlambat&keadaan=assigned": ("pokjanal.gunungmas",),
    "/tugas/matriks": ("pokjanal.gunungmas",),
    "/komitmen/": ("pokjanal.gunungmas", "auditor.jatim"),
    "/dokumen/": ("setda.malang", "camat.kurun"),
    "/direktori/?jenis=puskesmas": ("setda.malang", "camat.kepanjen"),
    "/direktori/": ("camat.kepanjen", "lurah.tampang"),
    "/direktori/orang/": ("setda.malang", "lurah.tampang"),
    "/direktori/orang/?cari=siti": ("setda.malang",),
    "/pokjanal/": ("pokjanal.gunungmas",),
    "/capaian/daftar?wilayah=35.08": ("dinkes.lumajang", "auditor.jatim"),
    "/capaian/": ("dinkes.lumajang",),
    "/laporan/?tahun=2024": ("pokjanal.gunungmas",),
    "/laporan/daftar?bagian=rapat&wilayah=35.07&tahun=2024": ("setda.malang",),
    "/laporan/daftar?bagian=keputusan&wilayah=35.07&tahun=2024": ("setda.malang",),
    "/laporan/daftar?bagian=tugas&wilayah=62.10&tahun=2024": ("pokjanal.gunungmas",),
    "/akun/": ("admin",),
    "/akun/?cari=malang": ("admin",),
    "/jejak/": ("auditor.jatim",),
    "/jejak/?dari=2024-01-01&tentang=meeting": ("auditor.jatim",),
    "/wilayah/": ("mitra.blitar",),
    "/wilayah/35.07": ("setda.malang",),
}
LINK = 'main a[href*=".xlsx"]'
ROWS = "tbody tr, ul.rows > li, ul.people > li"


def pages(browser: Browser, address: str) -> list[BeautifulSoup]:
    """A list from its first page to its last."""
    found = [browser.get(address).soup]
    while older := found[-1].select_one('.pager a[rel="next"]'):
        address = urljoin(address, older["href"])
        found.append(browser.get(address).soup)
    return found


def listed(page: BeautifulSoup) -> list[Any]:
    """The rows of the list that the link to the file stands beside."""
    link = page.select_one(LINK)
    return ((link and link.find_parent("section")) or page.main).select(ROWS)


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(("address", "username"), [(a, u) for a, who in LISTS.items() for u in who])
def test_a_file_holds_the_rows_of_the_page_in_their_order(demo, address, username):
    browser = Browser(demo, username)
    shown = pages(browser, address)
    link = shown[0].select_one(LINK)
    rows = [words(row.get_text(" ")) for page in shown for row in listed(page)]
    if link is None:
        assert not rows, f"{address} has no file"
        pytest.skip("this person's list is empty")
    answer = browser.get(link["href"])
    file = opened(answer.data)
    assert len(file.rows) == len(rows)
    first = file.headings[0]
    for row, line in zip(rows, file.rows, strict=True):
        value = line[first]
        assert str(value) in row or f"{value:%d/%m/%Y}" in row
    assert not [cell for cell in file.cells if cell.data_type == "f"]
    assert any("Keadaan" in line for line in file.above)
    assert ".xlsx" in answer.headers["Content-Disposition"]


def test_the_list_of_who_came_is_a_file_with_its_filter_and_phones_only_for_the_desk(demo):
    meeting = db.session.scalar(sa.select(Meeting.id).where(Meeting.regency_code == "35.07").limit(1))
    at = f"/rapat/{meeting}/kehadiran/daftar"
    desk, leader = Browser(demo, "setda.malang"), Browser(demo, "pimpinan.malang")
    everybody = opened(desk.get(f"{at}.xlsx").data)
    shown = pages(desk, at)
    assert len(everybody.rows) == sum(len(page.select("ul.people > li")) for page in shown) > 100
    assert any(row["Nomor HP"] for row in everybody.rows)
    some = opened(desk.get(f"{at}.xlsx?status=diwakili").data)
    assert 0 < len(some.rows) < len(everybody.rows)
    assert "Diwakili" in " ".join(some.above)
    assert not any(row["Nomor HP"] for row in opened(leader.get(f"{at}.xlsx").data).rows)
    Browser(demo, "camat.guguak-panjang").get(f"{at}.xlsx", status=404)


def test_a_file_of_a_foreign_place_is_not_found(demo):
    browser = Browser(demo, "camat.guguak-panjang")
    for address in (
        "/capaian/daftar.xlsx?wilayah=35.08",
        "/laporan/daftar.xlsx?bagian=rapat&wilayah=35.07",
        "/capaian/rekap.xlsx?wilayah=35.08",
        "/tugas/matriks.xlsx?wilayah=62.10",
    ):
        browser.get(address, status=404)
    browser.get("/akun/daftar.xlsx", status=403)
    browser.get("/jejak/daftar.xlsx", status=403)


def test_groups_and_their_members_are_files(demo):
    browser, at = Browser(demo, "setda.malang"), "/direktori/kelompok/"
    made = browser.post(at, {"name": "Tim Kepanjen"}, page=at).location.partition("?")[0]
    position = head_of("Kecamatan Kepanjen")
    browser.post(f"{made}/tambah", {"position_id": str(position.id)}, page=f"{made}?cari=Kepanjen")
    groups = opened(browser.get(browser.get(at).soup.select_one(LINK)["href"]).data)
    assert {"Kelompok": "Tim Kepanjen", "Jabatan": 1} in groups.rows
    members = opened(browser.get(browser.get(made).soup.select_one(LINK)["href"]).data)
    assert [(row["Jabatan"], row["Kantor"]) for row in members.rows] == [
        (position.title, "Kecamatan Kepanjen")
    ]
    assert "Tim Kepanjen" in " ".join(members.above)
    link = f"{made}/daftar.xlsx"
    Browser(demo, "setda.blitar").get(link, status=404)
    Browser(demo, "pimpinan.malang").get("/direktori/kelompok/daftar.xlsx", status=403)


def test_people_recorded_twice_are_a_file(demo):
    admin, at = user_named("admin"), "/direktori/orang/ganda"
    office = office_named("Kecamatan Kepanjen")
    for suffix in ("S.STP.", "M.Si."):
        person = make_person(admin, office, "Lintang Rekaan Kembar", suffix=suffix)
        with transaction():
            post = directory.add_position(actor=admin, office=office, title=f"Kasi {suffix}", is_head=False)
        make_transfer(admin, post, person, today())
    browser = Browser(demo, "admin")
    page = browser.get(at)
    file = opened(browser.get(page.soup.select_one(LINK)["href"]).data)
    assert len(file.rows) == len(page.soup.select("tbody tr"))
    twins = [row for row in file.rows if row["Tercatat"].startswith("Lintang Rekaan Kembar")]
    assert [(row["Tercatat lagi"][:21], row["Sama"]) for row in twins] == [("Lintang Rekaan Kembar", "nama")]
    assert "Kasi" in twins[0]["Tercatat"]
    Browser(demo, "setda.malang").get(f"{at}.xlsx", status=403)


def test_the_register_of_numbers_is_a_file_with_the_year_of_the_page(demo):
    office = office_named("Sekretariat Daerah Kabupaten Malang")
    at = f"/direktori/{office.id}/nomor"
    browser = Browser(demo, "setda.malang")
    shown = pages(browser, f"{at}?tahun=2024")
    file = opened(browser.get(shown[0].select_one(LINK)["href"]).data)
    numbers = [row.td.text for page in shown for row in page.select("tbody tr")]
    assert [row["Nomor"] for row in file.rows] == numbers != []
    assert "tahun 2024" in " ".join(file.above)
    none = opened(browser.get(f"{at}.xlsx?tahun=2001").data)
    assert none.rows == []
    Browser(demo, "camat.guguak-panjang").get(f"{at}.xlsx", status=404)


def test_who_looked_is_a_file_for_the_person_and_who_may_ask(demo):
    person = db.session.get_one(Person, user_named("setda.malang").person_id)
    looked = user_named("admin").account_id
    privacy.note_view(account_id=looked, page=SeenPage.PERSON, record_id=person.id, day=today())
    for browser, at in (
        (Browser(demo, "setda.malang"), "/data-pribadi/saya"),
        (Browser(demo, "auditor.jatim"), f"/data-pribadi/orang/{person.id}"),
    ):
        file = opened(browser.get(browser.get(at).soup.select_one(LINK)["href"]).data)
        assert [(row["Akun"], row["Halaman"]) for row in file.rows] == [("admin", SeenPage.PERSON.label)]
    Browser(demo, "dinkes.malang").get(f"/data-pribadi/orang/{person.id}.xlsx", status=403)
    Browser(demo, "camat.kepanjen").get(f"/data-pribadi/orang/{person.id}.xlsx", status=404)


def test_a_text_that_looks_like_a_formula_stays_a_text(demo):
    """And what somebody typed into an address never becomes an argument of ours."""
    actor = user_named("pokjanal.gunungmas")
    with transaction():
        task = db.session.scalars(
            sa.select(Task).where(Task.owner_office_id.in_(actor.offices)).limit(1)
        ).one()
        task.title = '=HYPERLINK("http://contoh","+62")'
    browser = Browser(demo, "pokjanal.gunungmas")
    page = browser.get("/tugas/?tampil=semua&endpoint=x&_external=1&asal=")
    link = page.soup.select_one('main a[href*=".xlsx"]')["href"]
    file = opened(browser.get(link).data)
    cell = next(c for c in file.cells if str(c.value).startswith("=HYPERLINK"))
    assert cell.data_type == "s"
    assert cell.hyperlink is None


def test_what_is_cut_off_is_said_in_the_file(demo, monkeypatch):
    monkeypatch.setattr(sheets, "MOST", 3)
    file = opened(Browser(demo, "setda.malang").get("/direktori/daftar.xlsx").data)
    assert len(file.rows) == 3
    assert "Persempit saringannya" in file.notes[0]
