"""The import of the official list, over the whole country on each database."""

from __future__ import annotations

import time
import uuid
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ilp.core.clock import Zone
from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.audit import AuditEntry
from ilp.models.directory import Office, OfficeKind, Position
from ilp.models.wilayah import Level, RegencySetting, Wilayah, WilayahAlias, WilayahKind
from ilp.policy.user import SYSTEM
from ilp.services.wilayah import (
    PACKAGE,
    Imported,
    Place,
    import_codes,
    read_package,
    set_up_regency,
    zone_of,
)
from tests.support.databases import blank

COUNTS = {Level.PROVINCE: 38, Level.REGENCY: 514, Level.DISTRICT: 7_285, Level.VILLAGE: 83_762}


def one(code: str) -> Wilayah:
    return db.session.scalars(sa.select(Wilayah).where(Wilayah.code == code)).one()


@pytest.fixture(scope="module")
def country():
    return read_package()


def test_the_package_names_the_whole_country(country):
    assert Counter(place.level for place in country) == COUNTS
    assert len({place.code for place in country}) == len(country)
    names = {place.code: place.name for place in country}
    assert (names["35.07"], names["13.75"], names["91.03.01.3007"]) == ("Malang", "Bukittinggi", "Yoboi")
    kinds = Counter(place.kind for place in country)
    assert (kinds[WilayahKind.KABUPATEN], kinds[WilayahKind.KOTA]) == (416, 98)
    assert (kinds[WilayahKind.KELURAHAN], kinds[WilayahKind.DESA], kinds[WilayahKind.DESA_ADAT]) == (
        8_496,
        75_252,
        14,
    )


def test_a_package_cut_short_is_refused(tmp_path: Path):
    for file in PACKAGE.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    rows = (PACKAGE / "regencies.csv").read_text().splitlines()
    (tmp_path / "regencies.csv").write_text("\n".join(rows[:-1]))
    with pytest.raises(RuleViolation, match="514"):
        read_package(tmp_path)


@pytest.fixture
def empty(engine, tmp_path):
    """The schema, and nothing in it."""
    app = blank(engine, f"ilp_{uuid.uuid4().hex[:12]}", tmp_path).app()
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_the_whole_country_is_imported_once(empty, country):
    seen: list[tuple[int, int]] = []
    start = time.process_time()  # our own work: a busy machine is no reason to fail
    assert import_codes(country, lambda done, total: seen.append((done, total))) == Imported(91_599, 0, 0)
    assert time.process_time() - start < 20
    assert seen[-1] == (91_599, 91_599)
    assert seen == sorted(seen)
    rows = db.session.execute(sa.select(Wilayah.level, sa.func.count()).group_by(Wilayah.level))
    assert dict(rows.all()) == COUNTS
    orphans = sa.select(sa.func.count()).where(Wilayah.parent_id.is_(None), Wilayah.level != Level.PROVINCE)
    assert db.session.scalar(orphans) == 0
    assert one("35.07").full_name == "Kabupaten Malang"
    assert one("35.73").full_name == "Kota Malang"
    assert one("12.07.28.1007").name == "Lubuk Pakam I,II"
    assert import_codes(country) == Imported()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 1
    with transaction():
        assert set_up_regency(actor=SYSTEM, code="91.71") > 0
    setting = db.session.get_one(RegencySetting, "91.71")
    assert (setting.zone, setting.district_label) == (Zone.WIT, "Distrik")


def test_a_second_run_follows_what_changed(app):
    places = [Place(*row) for row in db.session.execute(sa.select(Wilayah.code, Wilayah.name))]
    assert import_codes(places) == Imported()
    kepanjen, garum = one("35.07.13").id, one("35.05.11").id
    changed = [
        Place(place.code, "Kepanjen Baru") if place.code == "35.07.13" else place
        for place in places
        if place.code != "35.05.11"
    ]
    changed.append(Place("35.07.34", "Pemekaran"))
    assert import_codes(changed) == Imported(added=1, changed=1, ended=1)
    assert (one("35.07.13").id, one("35.07.13").sort_name) == (kepanjen, "kepanjen baru")
    assert isinstance(one("35.05.11").valid_until, date)
    assert one("35.07.34").parent_id == one("35.07").id
    assert import_codes(changed) == Imported()
    assert import_codes([*changed, Place("35.05.11", "Garum")]) == Imported(changed=1)
    assert (one("35.05.11").id, one("35.05.11").valid_until) == (garum, None)


def test_the_press_name_leads_to_the_official_place(app):
    found = db.session.execute(
        sa.select(Wilayah.code)
        .join(WilayahAlias, WilayahAlias.wilayah_id == Wilayah.id)
        .where(WilayahAlias.sort_name == "kuala kurun")
        .order_by(Wilayah.code)
    )
    assert found.scalars().all() == ["62.10.02.1012"]


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("35", WilayahKind.PROVINSI),
        ("35.07", WilayahKind.KABUPATEN),
        ("13.75", WilayahKind.KOTA),
        ("35.07.13", WilayahKind.KECAMATAN),
        ("62.10.02.1001", WilayahKind.KELURAHAN),
        ("62.10.02.2002", WilayahKind.DESA),
        ("94.03.01.3001", WilayahKind.DESA_ADAT),
    ],
)
def test_the_code_tells_the_kind(code, kind):
    assert Place(code, "x").kind is kind


@pytest.mark.parametrize(("code", "zone"), [("62.10", Zone.WIB), ("64", Zone.WITA), ("91.71", Zone.WIT)])
def test_the_zone_follows_the_province(code, zone):
    assert zone_of(code) is zone


def test_a_regency_gets_an_office_for_each_kecamatan_and_desa(app):
    with transaction():
        assert set_up_regency(actor=SYSTEM, code="35.73") == 5 + 57
    offices = db.session.execute(
        sa.select(Office.kind, Position.title)
        .join(Position, Position.office_id == Office.id)
        .where(Office.regency_code == "35.73", Position.is_head)
    ).all()
    assert Counter(office.kind for office in offices) == {OfficeKind.KECAMATAN: 5, OfficeKind.KELURAHAN: 57}
    assert "Camat Klojen" in {office.title for office in offices}
    with transaction():
        assert set_up_regency(actor=SYSTEM, code="35.73") == 0


@pytest.mark.parametrize("code", ["35", "35.99", "35.07.13", ""])
def test_only_a_regency_can_be_set_up(app, code):
    with pytest.raises(RuleViolation), transaction():
        set_up_regency(actor=SYSTEM, code=code)
