"""Changing an office: what it is, where it stands, and putting it away."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.accounts import RoleGrant
from ilp.models.audit import AuditEntry
from ilp.models.directory import Constituency, Office, OfficeKind, Position
from ilp.services import directory
from tests.support.browser import visible_text
from tests.support.people import user_named
from tests.support.queries import counted


def office_named(name: str) -> Office:
    return db.session.scalars(sa.select(Office).where(Office.name == name)).one()


def head_order(office: Office) -> int:
    found = sa.select(Position.protocol_order).where(Position.office_id == office.id, Position.is_head)
    return db.session.scalars(found).one()


def last_entry() -> AuditEntry:
    return db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()


HOSPITAL = "RSUD Lawang"


def test_an_office_is_renamed_moved_and_placed_under_another(as_user):
    office, parent = office_named(HOSPITAL), office_named("Dinas Kesehatan Kabupaten Malang")
    path, order, head = f"/direktori/{office.id}/ubah", office.protocol_order, head_order(office)
    change = {
        "name": "RSUD Lawang Baru",
        "parent_id": str(parent.id),
        "protocol_order": str(order + 7),
        "kecamatan": "35.07.25",
    }
    as_user("admin").post(path, change, page=path)
    found = office_named("RSUD Lawang Baru")
    assert (found.id, found.sort_name) == (office.id, "rsud lawang baru")
    assert (found.wilayah_code, found.district_code) == ("35.07.25", "35.07.25")
    assert head_order(found) == head + 7
    entry = last_entry()
    assert (entry.action, entry.chain) == ("office:edit", "35.07")
    assert entry.changes["name"] == [HOSPITAL, "RSUD Lawang Baru"]
    shown = visible_text(as_user("setda.malang").get(f"/direktori/{office.id}"))
    assert "Induk: Dinas Kesehatan Kabupaten Malang" in shown


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": ""}, "perlu diisi"),
        ({"name": "RSUD Kanjuruhan"}, "sudah ada kantor dengan nama ini"),
        ({"protocol_order": "x"}, "angka bulat"),
        ({"parent_id": "1"}, "Pilih salah satu dari daftar"),
        ({"kind": "operator"}, "Pilih salah satu dari daftar"),
    ],
)
def test_a_wrong_change_is_answered_beside_its_field(as_user, change, sentence):
    path = f"/direktori/{office_named(HOSPITAL).id}/ubah"
    answer = as_user("admin").post(path, change, page=path, status=422)
    assert sentence in visible_text(answer)
    assert office_named(HOSPITAL)


def test_an_office_of_a_place_keeps_its_kind_and_place(as_user):
    office = office_named("Kecamatan Kepanjen")
    path = f"/direktori/{office.id}/ubah"
    for change in ({"kind": "agency"}, {"kecamatan": "35.07.09"}):
        answer = as_user("admin").post(path, change, page=path, status=422)
        assert "mengikuti daftar wilayah" in visible_text(answer)
    as_user("admin").post(path, {"protocol_order": "301"}, page=path)
    assert office_named("Kecamatan Kepanjen").protocol_order == 301


def test_no_office_stands_under_itself(as_user):
    upper, lower = office_named("Dinas Kesehatan Kabupaten Malang"), office_named("RSUD Lawang")
    below = f"/direktori/{lower.id}/ubah"
    as_user("admin").post(below, {"parent_id": str(upper.id)}, page=below)
    above = f"/direktori/{upper.id}/ubah"
    answer = as_user("admin").post(above, {"parent_id": str(lower.id)}, page=above, status=422)
    assert "berada di bawah kantor ini" in visible_text(answer)


def test_only_the_administrator_of_both_places_moves_an_office(as_user):
    office = office_named(HOSPITAL)
    path = f"/direktori/{office.id}/ubah"
    for username, status in (("setda.malang", 403), ("auditor.jatim", 403), ("setda.blitar", 404)):
        as_user(username).get(path, status=status)
        as_user(username).post(path, {"name": "x"}, status=status)
    with transaction():
        grant = db.session.scalars(sa.select(RoleGrant).where(RoleGrant.role == "administrator")).one()
        grant.office_id = office_named("Sekretariat Daerah Kabupaten Malang").id
    as_user("admin").post(path, {"provinsi": "35", "kabupaten": "35.05"}, page=path)
    assert office_named(HOSPITAL).regency_code == "35.07"


def test_an_office_is_put_away_and_brought_back(as_user):
    browser = as_user("admin")
    admin = user_named("admin")
    with transaction():
        office = directory.add_office(
            actor=admin,
            kind=OfficeKind.COMMUNITY,
            constituency=Constituency.COMMUNITY,
            name="Forum Rekaan",
            wilayah_code="35.07",
        )
    edit = f"/direktori/{office.id}/ubah"
    browser.post(f"/direktori/{office.id}/arsipkan", page=edit)
    assert "Forum Rekaan" not in visible_text(browser.get("/direktori/?cari=Forum+Rekaan"))
    assert "Forum Rekaan" in visible_text(browser.get("/direktori/?arsip=&cari=Forum+Rekaan"))
    assert "Diarsipkan" in visible_text(browser.get(f"/direktori/{office.id}"))
    browser.post(f"/direktori/{office.id}/arsipkan", status=422)
    browser.post(f"/direktori/{office.id}/pulihkan", page=edit)
    assert "Forum Rekaan" in visible_text(browser.get("/direktori/?cari=Forum+Rekaan"))
    browser.post(f"/direktori/{office.id}/pulihkan", status=422)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("Kecamatan Kepanjen", "Masih ada pejabat"), ("Program MENTARI-PHC", "Masih ada")],
)
def test_an_office_in_use_is_not_put_away(as_user, name, sentence):
    office = office_named(name)
    answer = as_user("admin").post(f"/direktori/{office.id}/arsipkan", status=422)
    assert sentence in visible_text(answer)
    assert office_named(name).archived_at is None


def test_the_form_of_an_office_costs_few_statements(as_user):
    path, browser = f"/direktori/{office_named(HOSPITAL).id}/ubah", as_user("admin")
    with counted() as statements:
        browser.get(path)
    assert len(statements) <= 6
