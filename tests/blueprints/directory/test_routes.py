"""The directory: only one's own place, who holds what, and what an administrator changes."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.accounts import RoleGrant
from ilp.models.audit import AuditEntry
from ilp.models.directory import (
    Appointment,
    AppointmentKind,
    Constituency,
    Office,
    OfficeKind,
    Person,
    Position,
)
from ilp.models.place import place_codes
from tests.support.browser import visible_text
from tests.support.queries import counted


def office_named(name: str) -> Office:
    return db.session.scalars(sa.select(Office).where(Office.name == name)).one()


def position_titled(title: str, office: Office) -> Position:
    return db.session.scalars(
        sa.select(Position).where(Position.title == title, Position.office_id == office.id)
    ).one()


# --- looking up --------------------------------------------------------------------------
def test_the_list_begins_with_the_leaders_and_names_the_heads(as_user):
    page = as_user("setda.malang").get("/direktori/")
    names = [row.td.text for row in page.soup.select("tbody tr")]
    assert names[:2] == ["Bupati Malang", "Sekretariat Daerah Kabupaten Malang"]
    assert len(names) == 50
    assert "Drs. H." in visible_text(page) or "Dra. Hj." in visible_text(page)


def test_every_office_is_reached_by_paging(as_user):
    browser, seen, path = as_user("setda.malang"), [], "/direktori/?jenis=kecamatan"
    while path:
        soup = browser.get(path).soup
        seen += [row.td.text for row in soup.select("tbody tr")]
        older = soup.select_one("a[rel=next]")
        path = older["href"] if older else None
    assert len(seen) == len(set(seen)) == 33
    assert seen[0] == "Kecamatan Donomulyo"
    seen, path = [], "/direktori/?jenis=desa"
    while path:
        soup = browser.get(path).soup
        seen += [row.td.a["href"] for row in soup.select("tbody tr")]
        older = soup.select_one("a[rel=next]")
        path = older["href"] if older else None
    assert len(seen) == len(set(seen)) == 390


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("cari=puskesmas+kepanjen", "Puskesmas Kepanjen"),
        ("cari=Camat+Kepanjen", "Kecamatan Kepanjen"),
        ("jenis=rsud", "RSUD Lawang"),
        ("wilayah=35.07.13&jenis=pkk", "TP PKK Kecamatan Kepanjen"),
        ("kecamatan=35.07.13&jenis=kecamatan", "Kecamatan Kepanjen"),
    ],
)
def test_search_and_filters_are_in_the_address(as_user, query, found):
    assert found in visible_text(as_user("setda.malang").get(f"/direktori/?{query}"))


def test_search_by_the_name_of_whoever_holds_a_position(as_user):
    kepanjen = position_titled("Camat Kepanjen", office_named("Kecamatan Kepanjen"))
    name = db.session.scalar(
        sa.select(Person.name)
        .join(Appointment, Appointment.person_id == Person.id)
        .where(Appointment.position_id == kepanjen.id)
    )
    page = as_user("setda.malang").get(f"/direktori/?cari={name.upper()}")
    assert "Kecamatan Kepanjen" in visible_text(page)


def test_the_press_name_of_a_place_finds_its_office(as_user):
    page = as_user("pokjanal.gunungmas").get("/direktori/?cari=Kuala+Kurun")
    assert [row.td.text for row in page.soup.select("tbody tr")] == ["Kelurahan Kurun"]


def test_typing_swaps_the_list_alone(as_user):
    answer = as_user("setda.malang").get("/direktori/?cari=lawang", htmx=True)
    assert answer.text.lstrip().startswith('<div id="office-list"')


def test_nothing_found_says_so(as_user):
    page = as_user("setda.malang").get("/direktori/?cari=%25")
    assert "Tidak ada kantor yang cocok" in visible_text(page)


@pytest.mark.parametrize("query", ["jenis=apa", "wilayah=x", "setelah=kacau", "setelah=1~99999999999"])
def test_addresses_that_lead_nowhere(as_user, query):
    as_user("setda.malang").get(f"/direktori/?{query}", status=404)


# --- scope -------------------------------------------------------------------------------
def test_a_user_of_malang_finds_nothing_of_blitar(as_user):
    browser = as_user("setda.malang")
    for query in (
        "wilayah=35.05",
        "wilayah=35.05.11",
        "wilayah=35.05.11.2001",
        "cari=Garum",
        "cari=Blitar",
        "wilayah=35",
    ):
        text = visible_text(browser.get(f"/direktori/?{query}"))
        assert "Kecamatan Garum" not in text, query
        assert "Puskesmas Garum" not in text, query
    for name in ("Kecamatan Garum", "Puskesmas Garum", "Sekretariat Daerah Kabupaten Blitar"):
        browser.get(f"/direktori/{office_named(name).id}", status=404)


@pytest.mark.parametrize(
    ("username", "names"),
    [
        ("puskesmas.kepanjen", ["Puskesmas Kepanjen"]),
        ("lurah.tampang", ["Kelurahan Tampang Tumbang Anjir"]),
        ("mitra.blitar", ["Program MENTARI-PHC"]),
    ],
)
def test_without_a_place_one_sees_ones_own_office(as_user, username, names):
    soup = as_user(username).get("/direktori/").soup
    assert [row.td.text for row in soup.select("tbody tr")] == names
    assert not soup.select("select")


def test_a_camat_sees_the_kecamatan(as_user):
    text = visible_text(as_user("camat.kepanjen").get("/direktori/"))
    assert "Kecamatan Kepanjen" in text
    assert "Sekretariat Daerah" not in text
    assert "Kecamatan Pagak" not in text


def test_an_auditor_sees_the_whole_province(as_user):
    text = visible_text(as_user("auditor.jatim").get("/direktori/?cari=Kecamatan+Garum"))
    assert "Kecamatan Garum" in text
    assert "Guguak" not in visible_text(as_user("auditor.jatim").get("/direktori/?cari=Guguak"))


def test_telephone_numbers_only_to_secretariats_of_the_place_and_administrators(as_user):
    address = f"/direktori/{office_named('Kecamatan Kepanjen').id}"
    for username, seen in (
        ("setda.malang", True),
        ("admin", True),
        ("camat.kepanjen", False),
        ("auditor.jatim", False),
    ):
        assert ("+62812000" in as_user(username).get(address).text) is seen, username


def test_roles_and_accounts_only_to_administrators(as_user):
    address = f"/direktori/{office_named('Kecamatan Kepanjen').id}"
    assert "camat.kepanjen" in visible_text(as_user("admin").get(address))
    assert "camat.kepanjen" not in visible_text(as_user("setda.malang").get(address))


def test_an_office_shows_who_acts_and_its_letterhead(as_user):
    browser = as_user("setda.malang")
    text = visible_text(browser.get(f"/direktori/{office_named('Kecamatan Wagir').id}"))
    assert "Plh." in text
    assert "PEMERINTAH KABUPATEN MALANG" in text
    leader = visible_text(browser.get(f"/direktori/{office_named('Bupati Malang').id}"))
    assert "25/09/2024 s.d. 23/11/2024" in leader


# --- constant cost ----------------------------------------------------------------------
def _fill(count: int) -> None:
    """So many more Puskesmas with a head in Kepanjen."""
    with transaction():
        rows = [
            {
                "kind": OfficeKind.PUSKESMAS,
                "constituency": Constituency.PUSKESMAS,
                "name": f"Puskesmas Uji {number}",
                "sort_name": f"puskesmas uji {number}",
                "wilayah_code": "35.07.13",
                **place_codes("35.07.13"),
            }
            for number in range(count)
        ]
        db.session.execute(sa.insert(Office), rows)


@pytest.mark.parametrize("count", [1, 30, 185, 1000])
@pytest.mark.parametrize(
    "path", ["/direktori/", "/direktori/?cari=uji", "/direktori/?jenis=puskesmas&wilayah=35.07.13"]
)
def test_the_list_costs_the_same_for_any_number(as_user, count, path):
    _fill(count)
    browser = as_user("setda.malang")
    with counted() as statements:
        browser.get(path)
    assert len(statements) == 3


@pytest.mark.parametrize("count", [1, 30, 185])
def test_an_office_costs_the_same_for_any_number_of_positions(as_user, count):
    office = office_named("Kecamatan Kepanjen")
    with transaction():
        rows = [{"office_id": office.id, "title": f"Jabatan {number}"} for number in range(count)]
        db.session.execute(sa.insert(Position), rows)
    browser, path = as_user("admin"), f"/direktori/{office.id}"
    with counted() as statements:
        browser.get(path)
    assert len(statements) == 6


# --- changing ---------------------------------------------------------------------------
def test_only_an_administrator_of_the_place_changes_it(as_user):
    office = office_named("Kecamatan Kepanjen")
    position = position_titled("Camat Kepanjen", office)
    for path in ("/direktori/baru", f"/direktori/{office.id}/jabatan/baru"):
        as_user("setda.malang").get(path, status=403)
        as_user("setda.malang").post(path, {"name": "x"}, status=403)
    as_user("setda.blitar").get(f"/direktori/{office.id}/jabatan/{position.id}", status=404)


def test_a_successor_takes_over(as_user):
    office = office_named("Kecamatan Kepanjen")
    position = position_titled("Camat Kepanjen", office)
    page = f"/direktori/{office.id}/jabatan/{position.id}"
    as_user("admin").post(
        f"{page}/pejabat",
        {
            "kind": "definitive",
            "starts_on": "2026-03-02",
            "name": "Lintang Rekaan",
            "suffix": "S.STP.",
            "nip": "190001011920121999",
        },
        page=page,
    )
    terms = db.session.scalars(
        sa.select(Appointment).where(Appointment.position_id == position.id).order_by(Appointment.starts_on)
    ).all()
    assert [term.ends_on for term in terms] == [date(2026, 3, 1), None]
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(3)).all()
    acts = ["position:hand_over", "position:transfer", "position:appoint"]
    assert [(entry.action, entry.chain) for entry in entries] == [(act, "35.07") for act in acts]
    assert "Lintang" not in str([entry.changes for entry in entries])
    assert "Lintang Rekaan, S.STP." in visible_text(as_user("setda.malang").get(f"/direktori/{office.id}"))


@pytest.mark.parametrize("count", [1, 30, 185])
def test_an_appointment_costs_the_same_for_any_number_of_positions(as_user, count):
    office = office_named("Kecamatan Kepanjen")
    position = position_titled("Camat Kepanjen", office)
    path = f"/direktori/{office.id}/jabatan/{position.id}/pejabat"
    with transaction():
        rows = [{"office_id": office.id, "title": f"Jabatan {number}"} for number in range(count)]
        db.session.execute(sa.insert(Position), rows)
    browser = as_user("admin")
    data = {
        "csrf_token": browser.csrf(),
        "kind": "definitive",
        "starts_on": "2026-03-02",
        "name": "Lintang Rekaan",
    }
    with counted() as statements:
        browser.post(path, data)
    assert len(statements) == 21  # a person, an appointment, a transfer and what it hands over


def test_somebody_acting_stands_beside_the_definitive_holder(as_user):
    office = office_named("Kecamatan Kepanjen")
    position = position_titled("Camat Kepanjen", office)
    page = f"/direktori/{office.id}/jabatan/{position.id}"
    as_user("admin").post(
        f"{page}/pejabat",
        {"kind": "plh", "starts_on": "2026-03-02", "ends_on": "2026-03-06", "name": "Wulan Misal"},
        page=page,
    )
    kinds = db.session.scalars(
        sa.select(Appointment.kind).where(Appointment.position_id == position.id)
    ).all()
    assert set(kinds) == {AppointmentKind.DEFINITIVE, AppointmentKind.PLH}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "tulis nama orang baru"),
        ({"starts_on": "2022-01-01"}, "Pejabat sekarang mulai 2 Januari 2023"),
        ({"ends_on": "2025-01-01"}, "mendahului tanggal mulai"),
        ({"nip": "12"}, "18 angka"),
        ({"kind": "raja"}, "Pilih salah satu dari daftar"),
        ({"person_id": "1"}, "Pilih salah satu dari daftar"),
    ],
)
def test_a_wrong_appointment_is_answered_beside_its_field(as_user, change, sentence):
    office = office_named("Kecamatan Kepanjen")
    position = position_titled("Camat Kepanjen", office)
    page = f"/direktori/{office.id}/jabatan/{position.id}"
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Appointment))
    people = db.session.scalar(sa.select(sa.func.count()).select_from(Person))
    data = {"kind": "definitive", "starts_on": "2026-03-02", "name": "Lintang Rekaan", **change}
    answer = as_user("admin").post(f"{page}/pejabat", data, page=page, status=422)
    assert sentence in visible_text(answer)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Appointment)) == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == people


def test_a_term_is_ended_and_a_vacant_position_archived(as_user):
    office = office_named("Kecamatan Kepanjen")
    position = position_titled("Camat Kepanjen", office)
    page = f"/direktori/{office.id}/jabatan/{position.id}"
    browser = as_user("admin")
    refused = browser.post(
        f"{page}/arsipkan", status=422, headers={"Referer": f"http://localhost{page}?pada=2026-01-01"}
    )
    assert "masih ada pejabatnya" in visible_text(refused)
    assert "diketik" not in visible_text(refused), "nothing was"
    assert refused.soup.find("a", string="Kembali")["href"] == f"{page}?pada=2026-01-01"
    refused = browser.post(f"{page}/arsipkan", status=422, headers={"Referer": "https://contoh.id/jahat"})
    assert refused.soup.find("a", string="Kembali") is None
    term = db.session.scalars(sa.select(Appointment).where(Appointment.position_id == position.id)).one()
    early = browser.post(f"{page}/masa/{term.id}/akhiri", {"ends_on": "2020-01-01"}, page=page, status=422)
    assert "baru mulai 2 Januari 2023" in visible_text(early)
    browser.post(f"{page}/masa/{term.id}/akhiri", {"ends_on": "2026-02-01"}, page=page)
    browser.post(f"{page}/arsipkan", page=page)
    assert "Camat Kepanjen" not in visible_text(browser.get(f"/direktori/{office.id}"))
    browser.get(page, status=404)


def test_a_new_office_and_its_first_position(as_user):
    browser = as_user("admin")
    answer = browser.post(
        "/direktori/baru",
        {
            "provinsi": "35",
            "kabupaten": "35.73",
            "name": "Dinas Kesehatan Kota Malang",
            "kind": "health_agency",
            "constituency": "government",
        },
        page="/direktori/baru",
    )
    office = office_named("Dinas Kesehatan Kota Malang")
    assert office.regency_code == "35.73"
    assert answer.location.startswith(f"/direktori/{office.id}")
    page = f"/direktori/{office.id}/jabatan/baru"
    head = {"title": "Kepala Dinas Kesehatan", "is_head": "y"}
    browser.post(page, head, page=page)
    assert "sudah ada di kantor ini" in visible_text(browser.post(page, head, page=page, status=422))
    second = browser.post(page, {"title": "Pimpinan lain", "is_head": "y"}, page=page, status=422)
    assert "sudah mempunyai pimpinan" in visible_text(second)


def test_the_same_office_twice_is_refused(as_user):
    again = as_user("admin").post(
        "/direktori/baru",
        {
            "provinsi": "35",
            "kabupaten": "35.07",
            "name": "Dinas Kesehatan Kabupaten Malang",
            "kind": "agency",
            "constituency": "government",
        },
        page="/direktori/baru",
        status=422,
    )
    assert "sudah ada kantor dengan nama ini" in visible_text(again)


def test_an_administrator_of_malang_makes_no_office_in_blitar(as_user):
    with transaction():
        grant = db.session.scalars(sa.select(RoleGrant).where(RoleGrant.role == "administrator")).one()
        grant.office_id = office_named("Sekretariat Daerah Kabupaten Malang").id
    browser = as_user("admin")
    form = browser.get("/direktori/baru").soup
    assert [select["name"] for select in form.select(".wilayah select")] == ["kecamatan"]
    browser.post(
        "/direktori/baru",
        {
            "provinsi": "35",
            "kabupaten": "35.05",
            "kecamatan": "35.05.11",
            "name": "Puskesmas Rekaan",
            "kind": "puskesmas",
            "constituency": "puskesmas",
        },
    )
    assert office_named("Puskesmas Rekaan").wilayah_code == "35.07"
    browser.get(f"/direktori/{office_named('Kecamatan Garum').id}", status=404)
