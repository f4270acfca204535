"""Every list as an Excel file: the rows of the page, nobody else's, and nothing that acts."""

from __future__ import annotations

import io
from datetime import date, datetime, time
from typing import Any
from urllib.parse import urljoin

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from ilp.core.clock import Zone, now, to_utc, today
from ilp.core.db import db, transaction
from ilp.core.paging import PAGE_SIZE
from ilp.models.accounts import Account, LoginSession
from ilp.models.commitments import Commitment
from ilp.models.directory import Constituency, Office, Person, Position
from ilp.models.documents import Document
from ilp.models.imports import Verdict
from ilp.models.meetings import Attendance, Invitation, Meeting
from ilp.models.notifications import Notification
from ilp.models.pokjanal import CoordinationBody, Seat
from ilp.models.privacy import SeenPage, ViewLog
from ilp.models.tasks import Assignment, AssignmentStatus, Task
from ilp.models.wilayah import RegencySetting
from ilp.policy.user import SYSTEM
from ilp.queries import tasks as queries
from ilp.queries.matrix import COLUMNS_OF_A_MATRIX
from ilp.queries.pokjanal import SEATS_SHOWN
from ilp.services import audit, directory, privacy
from ilp.web import sheets
from tests.factories.directory import head_of, make_person, make_transfer, office_named
from tests.factories.tasks import make_task
from tests.support.browser import Browser
from tests.support.jobs import run_jobs
from tests.support.people import user_named
from tests.support.queries import counted
from tests.support.sheets import Opened, made, opened

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
    "/notifikasi/": ("pokjanal.gunungmas", "camat.kurun"),
    "/akun/perangkat": ("setda.malang",),
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
    assert "Paling banyak 100 pasangan menurut nama" in " ".join(file.above)
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


def downloaded(browser: Browser, address: str) -> Opened:
    """The file that the pager of this page leads to."""
    with browser.get(browser.get(address).soup.select_one("footer a[href*='.xlsx']")["href"]) as answer:
        return opened(answer.data)


def test_the_offices_of_a_task_are_a_file_with_the_desa_below_each(demo):
    actor = user_named("pokjanal.gunungmas")
    task = db.session.scalars(
        sa.select(Task.id)
        .join(Assignment, Assignment.task_id == Task.id)
        .where(Task.owner_office_id.in_(actor.offices), Assignment.parent_id.is_not(None))
        .limit(1)
    ).one()
    at, desk = f"/tugas/{task}", Browser(demo, "pokjanal.gunungmas")
    page = desk.get(at).soup
    names = [row.td.get_text().strip() for row in page.select("tbody tr")]
    folds = {link.get_text().strip(): link["href"] for link in page.select("a.fold-link")}
    everything = downloaded(desk, at)
    tops = [row for row in everything.rows if row["Di bawah"] is None]
    assert [row["Kantor"] for row in tops] == names
    for row in tops:
        below = [one for one in everything.rows if one["Di bawah"] == row["Kantor"]]
        shown = desk.get(folds[row["Kantor"]]).soup.select("tr.below") if row["Kantor"] in folds else []
        assert [one["Kantor"] for one in below] == [one.td.get_text().strip() for one in shown]
    assert len(everything.rows) > len(tops)
    assert page.h1.get_text() in " ".join(everything.above)
    for status in AssignmentStatus:
        word = status.label.capitalize()
        if not (wanted := [row["Kantor"] for row in tops if row["Keadaan"] == word]):
            continue
        some = downloaded(desk, f"{at}?keadaan={status.value}")
        assert [row["Kantor"] for row in some.rows if row["Di bawah"] is None] == wanted
        assert word in " ".join(some.above)
    late = opened(desk.get(f"{at}/kantor.xlsx?terlambat=ya").data)
    assert all(row["Terlambat"] for row in late.rows if row["Di bawah"] is None)
    Browser(demo, "camat.guguak-panjang").get(f"{at}/kantor.xlsx", status=404)


def test_a_file_of_a_task_reads_on_where_the_page_ends_in_three_statements_each(demo, monkeypatch):
    actor = user_named("pokjanal.gunungmas")
    task = make_task(actor)
    desk, costs = Browser(demo, "pokjanal.gunungmas"), []
    desk.get(f"/tugas/{task.id}/kantor.xlsx")
    for size in (queries.ROWS_OF_A_TASK, 5):
        monkeypatch.setattr(queries, "ROWS_OF_A_TASK", size)
        queries._top_rows.cache_clear()
        with counted() as statements:
            file = opened(desk.get(f"/tugas/{task.id}/kantor.xlsx").data)
        costs.append((len(file.rows), len(statements)))
    queries._top_rows.cache_clear()
    (rows, whole), (same, in_parts) = costs
    assert rows == same > 5
    assert in_parts - whole == 3 * (-(-rows // 5) - 1)


def test_the_pages_of_a_task_keep_the_filter(demo, monkeypatch):
    task = make_task(user_named("pokjanal.gunungmas"))
    monkeypatch.setattr(queries, "ROWS_OF_A_TASK", 5)
    queries._top_rows.cache_clear()
    at = f"/tugas/{task.id}?keadaan=assigned"
    shown = pages(Browser(demo, "pokjanal.gunungmas"), at)
    queries._top_rows.cache_clear()
    assert len(shown) > 1
    for page in shown:
        assert page.select_one(".chips [aria-current]").get_text().startswith("Belum ")


def test_the_tasks_of_a_meeting_are_a_file(demo):
    meeting = db.session.scalar(
        sa.select(Task.meeting_id).where(Task.regency_code == "35.07", Task.meeting_id.is_not(None)).limit(1)
    )
    at, desk = f"/rapat/{meeting}/tugas", Browser(demo, "setda.malang")
    shown = [row.td.get_text() for row in desk.get(at).soup.select("tbody tr")]
    file = downloaded(desk, at)
    assert [row["Tugas"] for row in file.rows] == shown != []
    assert desk.get(at).soup.h1.get_text() in " ".join(file.above)
    Browser(demo, "camat.guguak-panjang").get(f"{at}.xlsx", status=404)


def test_the_invited_are_a_file_with_their_filter_and_phones_only_for_the_desk(demo):
    meeting = db.session.scalar(sa.select(Meeting.id).where(Meeting.regency_code == "35.07").limit(1))
    at = f"/rapat/{meeting}/undangan"
    desk, leader = Browser(demo, "setda.malang"), Browser(demo, "pimpinan.malang")
    everybody = downloaded(desk, at)
    shown = [row for page in pages(desk, at) for row in page.select("ul.people > li")]
    assert len(everybody.rows) == len(shown) > 100
    for row, line in zip(shown, everybody.rows, strict=True):
        assert row.b.get_text().startswith(line["Jabatan"])
        assert not line["Nomor HP"] or line["Nomor HP"] in row.get_text()
    assert any(row["Nomor HP"] for row in everybody.rows)
    some = downloaded(desk, f"{at}?unsur={Constituency.DISTRICT.value}")
    assert {row["Unsur"] for row in some.rows} == {Constituency.DISTRICT.label}
    assert Constituency.DISTRICT.label in " ".join(some.above)
    assert "Nomor HP" not in downloaded(leader, at).headings
    Browser(demo, "camat.guguak-panjang").get(f"{at}/daftar.xlsx", status=404)
    Browser(demo, "camat.kepanjen").get(f"{at}/daftar.xlsx", status=403)


HISTORIES = {
    "/jejak/tugas/{}": (Task, "setda.malang", "camat.guguak-panjang", 404),
    "/jejak/tugas-kantor/{}": (Assignment, "setda.malang", "camat.guguak-panjang", 404),
    "/jejak/komitmen/{}": (Commitment, "pokjanal.gunungmas", "camat.guguak-panjang", 404),
    "/jejak/dokumen/{}": (Document, "auditor.jatim", "camat.guguak-panjang", 404),
    "/jejak/kantor/{}": (Office, "auditor.jatim", "setda.malang", 403),
    "/jejak/orang/{}": (Person, "auditor.jatim", "camat.guguak-panjang", 404),
    "/jejak/akun/{}": (Account, "admin", "setda.malang", 404),
    "/rapat/{}/jejak": (Meeting, "setda.malang", "camat.guguak-panjang", 404),
}
"""Each kind of record with who reads its history, and who does not, and how he is refused."""


@pytest.mark.parametrize("address", HISTORIES)
def test_the_history_of_each_record_is_a_file(demo, address):
    model, reader, other, status = HISTORIES[address]
    setda = user_named("setda.malang")
    known = {Person: setda.person_id, Account: setda.account_id}
    place = "62.10" if model is Commitment else "35.07"
    key = known.get(model) or db.session.scalar(
        sa.select(model.id).where(model.regency_code == place).order_by(model.id).limit(1)
    )
    record, at = db.session.get_one(model, key), address.format(key)
    with transaction():
        for _ in range(PAGE_SIZE + 1):
            audit.record(SYSTEM, "office:edit", record, changes={"name": ["Lama", "=1+1"]})
    browser = Browser(demo, reader)
    shown = pages(browser, at)
    assert len(shown) > 1
    events = [words(event.get_text(" ")) for page in shown for event in page.select(".timeline > li")]
    link = shown[0].select_one(LINK)["href"]
    file = opened(browser.get(link).data)
    assert len(file.rows) == len(events)
    for event, line in zip(events, file.rows, strict=True):
        assert line["Siapa"] in event
        assert line["Perbuatan"] in event
    assert "=1+1" in file.rows[0]["Rincian"]
    assert not [cell for cell in file.cells if cell.data_type == "f"]
    Browser(demo, other).get(link, status=status)


def test_personal_values_are_in_the_file_of_a_history_only_where_the_page_shows_them(demo):
    person = db.session.get_one(Person, user_named("setda.malang").person_id)
    meeting = db.session.scalars(sa.select(Meeting).where(Meeting.regency_code == "35.07").limit(1)).one()
    for record in (person, meeting):
        with transaction():
            audit.record(SYSTEM, "person:edit", record, changes={}, personal={"phone": "=081200004321"})
    auditor = Browser(demo, "auditor.jatim")
    file = downloaded(auditor, f"/jejak/orang/{person.id}")
    cell = next(c for c in file.cells if "=081200004321" in str(c.value))
    assert cell.data_type == "s"
    assert file.rows[0]["Nilai pribadi"] == cell.value
    looked = sa.select(ViewLog.record_id).where(ViewLog.page == SeenPage.HISTORY)
    assert person.id in db.session.scalars(looked).all()
    assert "Nilai pribadi" not in downloaded(auditor, f"/rapat/{meeting.id}/jejak").headings


def test_the_seats_of_a_body_are_a_file(demo):
    actor = user_named("pokjanal.gunungmas")
    body = db.session.scalars(
        sa.select(CoordinationBody.id).where(CoordinationBody.office_id.in_(actor.offices)).limit(1)
    ).one()
    at, desk = f"/pokjanal/{body}", Browser(demo, "pokjanal.gunungmas")
    shown = [words(row.get_text(" ")) for row in desk.get(at).soup.select("#anggota ul.rows > li")]
    file = downloaded(desk, at)
    assert len(file.rows) == len(shown) > 0
    for row, line in zip(shown, file.rows, strict=True):
        assert line["Jabatan"] in row
        assert line["Kantor"] in row
    Browser(demo, "camat.guguak-panjang").get(f"{at}/anggota.xlsx", status=404)


def copies(record: Any, many: int, **over: Any) -> None:
    """So many rows more like this one; what is to differ is given as functions of their number."""
    model = type(record)
    kept = [c.key for c in sa.inspect(model).column_attrs if not c.columns[0].computed and c.key != "id"]
    same = {name: getattr(record, name) for name in kept}
    rows = [same | {name: value(at) for name, value in over.items()} for at in range(many)]
    with transaction():
        db.session.execute(sa.insert(model), rows)


def one_of(model: Any, *where: Any) -> Any:
    return db.session.scalars(sa.select(model).where(*where).order_by(model.id).limit(1)).one()


def test_the_file_of_a_meeting_holds_the_tasks_that_its_page_has_no_room_for(demo):
    task = one_of(Task, Task.regency_code == "35.07", Task.meeting_id.is_not(None))
    desk, at = Browser(demo, "setda.malang"), f"/rapat/{task.meeting_id}/tugas"
    assert "yang pertama" not in desk.get(at).text
    copies(task, queries.TASKS_OF_A_MEETING, title=lambda at: f"Tugas ke-{at}")
    shown = desk.get(at)
    assert len(shown.soup.select("tbody tr")) == queries.TASKS_OF_A_MEETING
    assert "Di sini 300 yang pertama; berkas Excel memuat semuanya." in shown.text
    titles = {row["Tugas"] for row in downloaded(desk, at).rows}
    assert titles >= {f"Tugas ke-{at}" for at in range(queries.TASKS_OF_A_MEETING)} | {task.title}


def test_the_file_of_a_body_holds_the_seats_that_its_page_has_no_room_for(demo):
    office = next(iter(user_named("pokjanal.gunungmas").offices))
    body = sa.select(CoordinationBody.id).where(CoordinationBody.office_id == office)
    seat = one_of(Seat, Seat.body_id.in_(body))
    position = db.session.get_one(Position, seat.position_id)
    copies(position, SEATS_SHOWN, title=lambda at: f"Anggota ke-{at}", is_head=lambda at: False)
    members = sa.select(Position.id).where(Position.title.startswith("Anggota ke-")).order_by(Position.id)
    keys = db.session.scalars(members).all()
    copies(seat, SEATS_SHOWN, position_id=lambda at: keys[at])
    desk, at = Browser(demo, "pokjanal.gunungmas"), f"/pokjanal/{seat.body_id}"
    shown = desk.get(at)
    assert len(shown.soup.select("#anggota ul.rows > li")) == SEATS_SHOWN
    assert "Di sini 200 yang pertama" in shown.text
    titles = {row["Jabatan"].rpartition(" ke-")[2] for row in downloaded(desk, at).rows}
    assert titles >= {str(at) for at in range(SEATS_SHOWN)}


def test_the_devices_of_an_account_are_a_file_for_who_administers_it_and_say_not_where(demo):
    session = one_of(LoginSession, LoginSession.account_id == user_named("setda.malang").account_id)
    words = {"token_hash": lambda at: f"{at:064}", "device": lambda at: f"Alat {at}"}
    copies(session, PAGE_SIZE, address=lambda at: "192.0.2.77", last_seen_at=lambda at: now(), **words)
    at, admin = f"/akun/{session.account_id}", Browser(demo, "admin")
    page = admin.get(at)
    assert "Di sini 50 yang pertama" in page.text
    shown = page.soup.select_one("footer a[href*='perangkat.xlsx']")
    file = opened(admin.get(shown["href"]).data)
    assert len(file.rows) > PAGE_SIZE
    assert file.headings == ["Perangkat", "Terakhir dipakai"]
    assert "setda.malang" in file.above
    assert "192.0.2.77" not in [cell.value for cell in file.cells]
    assert len(downloaded(Browser(demo, "setda.malang"), "/akun/perangkat").rows) > PAGE_SIZE
    Browser(demo, "setda.malang").get(shown["href"], status=404)


def test_a_file_that_shows_only_the_first_says_so_above_its_table(demo):
    task = one_of(Task, Task.regency_code == "62.10", Task.withdrawn_at.is_(None))
    at, desk = "/tugas/matriks", Browser(demo, "pokjanal.gunungmas")
    limit = f"{COLUMNS_OF_A_MATRIX} tugas dengan tenggat terakhir"

    def above():
        return " ".join(opened(desk.get(desk.get(at).soup.select_one(LINK)["href"]).data).above)

    assert limit not in above()
    for _ in range(COLUMNS_OF_A_MATRIX):
        make_task(user_named("pokjanal.gunungmas"), due_on=task.due_on)
    assert limit in above()


def test_the_matrix_of_desa_is_a_file_with_their_kecamatan(demo):
    desk, at = Browser(demo, "pokjanal.gunungmas"), "/tugas/matriks?jenjang=desa"
    page = desk.get(at).soup
    file = opened(desk.get(page.select_one(LINK)["href"]).data)
    assert file.headings[:3] == ["Kecamatan", "Desa/kelurahan", "Kode"]
    shown = [row.th.span.text for row in page.select("tr.village")]
    assert [row["Desa/kelurahan"] for row in file.rows] == shown
    assert len({row["Kecamatan"] for row in file.rows}) == len(page.select("tr.kc")) > 1
    late = opened(desk.get("/tugas/matriks.xlsx?jenjang=desa&keadaan=late").data)
    assert 0 < len(late.rows) < len(file.rows)
    assert all(", terlambat" in " ".join(map(str, row.values())) for row in late.rows)


def test_all_rows_of_an_import_are_a_file_with_the_verdict_on_each(demo):
    good = ["Kecamatan Kepanjen", "Staf Contoh", "Contoh Baru", "1 Maret 2025"]
    bad = ["Kecamatan Kepanjeng", "Staf Contoh", "=1+1", "31/02/2025"]
    browser, at = Browser(demo, "admin"), "/impor/pejabat"
    sent = made([["Kantor", "Jabatan", "Nama", "TMT"], good, bad])
    fields = {"place": "35.07", "file": (io.BytesIO(sent), "pejabat.xlsx")}
    answer = browser.post(at, fields, page=at, content_type="multipart/form-data")
    run = answer.location.partition("?")[0]
    run_jobs()
    file = downloaded(browser, run)
    assert [row["Nama"] for row in file.rows] == ["Contoh Baru", "=1+1"]
    assert [row["Putusan"] for row in file.rows] == [Verdict.NEW.label.capitalize(), "Salah"]
    assert not file.rows[0]["Catatan"]
    assert "Tanggal 31/02/2025 tidak ada." in file.rows[1]["Catatan"]
    assert next(cell for cell in file.cells if cell.value == "=1+1").data_type == "s"
    faults = downloaded(browser, f"{run}?putusan={Verdict.FAULT.value}")
    assert [row["Nama"] for row in faults.rows] == ["=1+1"]
    assert "pejabat.xlsx, Salah" in faults.above
    Browser(demo, "dinkes.malang").get(f"{run}/baris.xlsx", status=404)


def test_what_somebody_was_told_and_his_devices_are_files_of_his_own(demo):
    account = user_named("setda.malang").account_id
    row = {"text": "=1+1", "endpoint": "desk.index", "arguments": {}, "created_at": now()}
    with transaction():
        db.session.execute(sa.insert(Notification), [row | {"account_id": account}] * 120)
    mine, other = Browser(demo, "setda.malang"), Browser(demo, "camat.kepanjen")
    told = downloaded(mine, "/notifikasi/")
    assert [line["Pemberitahuan"] for line in told.rows].count("=1+1") == 120
    assert not [cell for cell in told.cells if cell.data_type == "f"]
    assert "=1+1" not in [cell.value for cell in opened(other.get("/notifikasi/daftar.xlsx").data).cells]
    devices = downloaded(mine, "/akun/perangkat")
    assert [line["Catatan"] for line in devices.rows].count("perangkat ini") == 1
    assert len(devices.rows) == len(mine.get("/akun/perangkat").soup.select("tbody tr")) > 1


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


def test_no_name_becomes_a_formula_in_the_files_of_one_record(demo):
    actor = user_named("setda.malang")
    meeting = db.session.scalars(
        sa.select(Task.meeting_id).where(Task.regency_code == "35.07", Task.meeting_id.is_not(None)).limit(1)
    ).one()
    office, task = office_named("Kecamatan Kepanjen"), make_task(actor)
    body = db.session.scalars(
        sa.select(Seat.body_id)
        .join(Position, Position.id == Seat.position_id)
        .where(Position.office_id == office_named("Kecamatan Kurun").id)
        .limit(1)
    ).one()
    with transaction():
        office.name = office_named("Kecamatan Kurun").name = "=1+1"
        for model, column in ((Task, Task.meeting_id), (Invitation, Invitation.meeting_id)):
            db.session.execute(sa.update(model).where(column == meeting).values(title="=1+1"))
    for username, at in (
        ("setda.malang", f"/tugas/{task.id}"),
        ("setda.malang", f"/rapat/{meeting}/tugas"),
        ("setda.malang", f"/rapat/{meeting}/undangan"),
        ("pokjanal.gunungmas", f"/pokjanal/{body}"),
    ):
        file = downloaded(Browser(demo, username), at)
        assert {cell.data_type for cell in file.cells if cell.value == "=1+1"} == {"s"}, at


def test_what_is_cut_off_is_said_in_the_file(demo, monkeypatch):
    monkeypatch.setattr(sheets, "MOST", 3)
    file = opened(Browser(demo, "setda.malang").get("/direktori/daftar.xlsx").data)
    assert len(file.rows) == 3
    assert "Persempit saringannya" in file.notes[0]


@pytest.mark.parametrize(("zone", "hour"), [(Zone.WIB, 13), (Zone.WIT, 15)])
def test_the_hour_in_the_file_is_that_of_the_page(demo, zone, hour):
    """Also for somebody who looks from a place that tells the time otherwise."""
    with transaction():
        settings = db.session.scalars(
            sa.select(RegencySetting).where(RegencySetting.regency_code == "35.07")
        ).one()
        settings.zone = zone
        meeting = db.session.scalars(sa.select(Meeting).where(Meeting.regency_code == "35.07").limit(1)).one()
        day, meeting.ends_at = to_utc(date(2024, 11, 20), time(13), Zone.WIB), None
        meeting.starts_at = day
        seat = db.session.scalars(
            sa.select(Attendance).where(
                Attendance.meeting_id == meeting.id, Attendance.arrived_at.is_not(None)
            )
        ).first()
        seat.arrived_at = day
    key, title = meeting.id, meeting.title
    shown = f"{hour}.00"
    for username in ("setda.malang", "auditor.jatim"):
        browser = Browser(demo, username)
        assert f"pukul {shown} {zone.label}" in words(browser.get(f"/rapat/{key}").soup.get_text(" "))
        line = next(
            row
            for row in downloaded(browser, "/rapat/?saring=semua").rows
            if row["Rapat"] == title and row["Mulai"].date() == date(2024, 11, 20)
        )
        assert (line["Mulai"].hour, line["Mulai"].minute, line["Zona"]) == (hour, 0, zone.label)
    desk = Browser(demo, "setda.malang")
    came = opened(desk.get(f"/rapat/{key}/kehadiran/daftar.xlsx").data)
    assert datetime(2024, 11, 20, hour) in [row["Datang"] for row in came.rows]
