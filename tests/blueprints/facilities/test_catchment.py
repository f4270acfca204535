"""Facilities as offices, and the desa they serve: of two kecamatan, two Puskesmas in one."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.audit import AuditEntry
from ilp.models.directory import Office
from ilp.models.facilities import Catchment, Facility, FacilityKind
from ilp.models.wilayah import Wilayah
from tests.support.browser import visible_text
from tests.support.queries import counted


@pytest.fixture(autouse=True)
def nothing_served(app) -> None:
    """What the demo says is served is put aside."""
    with transaction():
        db.session.execute(sa.delete(Catchment))


def centre(name: str) -> Facility:
    return db.session.scalars(sa.select(Facility).where(Facility.name == name)).one()


def villages(district: str) -> list[str]:
    found = sa.select(Wilayah.code).where(Wilayah.code.startswith(f"{district}.")).order_by(Wilayah.code)
    return list(db.session.scalars(found))


def served(facility: Facility) -> list[str]:
    found = sa.select(Catchment.wilayah_code).where(Catchment.facility_id == facility.id)
    return sorted(db.session.scalars(found))


def save(as_user, facility: Facility, codes: list[str], status: int = 303, username: str = "dinkes.malang"):
    path = f"/capaian/{facility.id}/wilayah-kerja"
    return as_user(username).post(path, {"village": codes}, status=status)


# --- what is served -------------------------------------------------------------------------------
def test_a_puskesmas_serves_desa_of_two_kecamatan(as_user):
    facility = centre("Puskesmas Kepanjen")
    codes = villages("35.07.13")[:3] + villages("35.07.09")[:2]
    page = f"/capaian/{facility.id}/wilayah-kerja"
    offered = as_user("dinkes.malang").get(f"{page}?kecamatan=35.07.09").soup
    assert {box["value"] for box in offered.select("input[name=village]")} >= set(codes)
    save(as_user, facility, codes)
    assert served(facility) == sorted(codes)
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.chain) == ("facility:catchment", "35.07")
    shown = visible_text(as_user("dinkes.malang").get(f"/capaian/{facility.id}"))
    assert "Wilayah kerja 5" in shown
    save(as_user, facility, codes[:1])
    assert served(facility) == codes[:1]


def test_two_puskesmas_share_a_kecamatan_but_no_desa(as_user):
    one, two = centre("Puskesmas Turen"), centre("Puskesmas Kepanjen")
    codes = villages(one.district_code)
    save(as_user, one, codes[:4])
    refused = save(as_user, two, codes[3:6], status=422)
    assert "sudah masuk wilayah kerja Puskesmas Turen" in visible_text(refused)
    assert served(two) == []
    save(as_user, two, codes[4:6])
    assert (served(one), served(two)) == (codes[:4], codes[4:6])


@pytest.mark.parametrize("code", ["35.07.13", "35.05.11.2001", "x", "35.07.13.9999"])
def test_only_villages_of_the_regency_are_taken(as_user, code):
    facility = centre("Puskesmas Kepanjen")
    answer = save(as_user, facility, [code], status=422)
    assert "Pilih desa/kelurahan dari daftar" in visible_text(answer)
    assert served(facility) == []


@pytest.mark.parametrize(
    ("username", "status"),
    [
        ("dinkes.malang", 200),
        ("setda.malang", 403),
        ("pimpinan.malang", 403),
        ("camat.kepanjen", 403),
        ("puskesmas.kepanjen", 403),
        ("auditor.jatim", 403),
        ("setda.blitar", 404),
        ("mitra.blitar", 404),
        ("admin", 404),
    ],
)
def test_the_health_office_of_the_place_says_what_is_served(as_user, username, status):
    facility = centre("Puskesmas Kepanjen")
    as_user(username).get(f"/capaian/{facility.id}/wilayah-kerja", status=status)
    if status != 200:
        save(as_user, facility, villages("35.07.13")[:1], status=status, username=username)
        assert served(facility) == []


def test_the_page_costs_the_same_for_any_number(as_user):
    facility, costs = centre("Puskesmas Kepanjen"), []
    for count in (1, 12):
        save(as_user, facility, villages("35.07.13")[:count])
        browser = as_user("dinkes.malang")
        with counted() as statements:
            browser.get(f"/capaian/{facility.id}/wilayah-kerja")
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 7


# --- facilities as offices --------------------------------------------------------------------------
def test_a_new_puskesmas_is_a_facility_too_and_a_posyandu_stands_under_it(as_user):
    admin = as_user("admin")
    place = {"provinsi": "35", "kabupaten": "35.07", "kecamatan": "35.07.13"}
    new = {"kind": "puskesmas", "constituency": "puskesmas", "name": "Puskesmas Rekaan"}
    admin.post("/direktori/baru", place | new, page="/direktori/baru")
    centre_office = db.session.scalars(sa.select(Office).where(Office.name == "Puskesmas Rekaan")).one()
    found = centre("Puskesmas Rekaan")
    assert (found.kind, found.office_id, found.wilayah_code) == (
        FacilityKind.PUSKESMAS,
        centre_office.id,
        "35.07.13",
    )
    village = villages("35.07.13")[0]
    new = {"kind": "posyandu", "constituency": "cadre", "name": "Posyandu Melati Rekaan"}
    admin.post("/direktori/baru", place | new | {"desa": village}, page="/direktori/baru")
    office = db.session.scalars(sa.select(Office).where(Office.name == "Posyandu Melati Rekaan")).one()
    edit = f"/direktori/{office.id}/ubah"
    admin.post(edit, {"parent_id": str(centre_office.id), "name": "Posyandu Mawar Rekaan"}, page=edit)
    posyandu = centre("Posyandu Mawar Rekaan")
    assert (posyandu.office_id, posyandu.parent_id, posyandu.wilayah_code) == (office.id, found.id, village)
    network = visible_text(as_user("dinkes.malang").get(f"/capaian/{found.id}"))
    assert "Posyandu Mawar Rekaan" in network
