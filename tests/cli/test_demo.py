"""The demo: five regencies, made-up persons in real positions, seventeen logins with one password."""

from __future__ import annotations

import re
from collections import Counter

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from ilp.cli.demo import seed
from ilp.cli.demo.accounts import LOGINS, PASSWORD
from ilp.cli.demo.facts import EVENTS, SOURCE
from ilp.cli.demo.people import SURNAMES
from ilp.core.db import db
from ilp.core.passwords import verify_password
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.directory import Letterhead, Office, OfficeKind, Person
from ilp.models.facilities import Facility
from ilp.models.pokjanal import CoordinationBody, Seat
from tests.support.people import user_named

ROLES = {
    "setda.malang": (Role.SECRETARIAT, "Sekretariat Daerah Kabupaten Malang", "35.07"),
    "notulis.malang": (Role.SECRETARIAT, "Sekretariat Daerah Kabupaten Malang", "35.07"),
    "pimpinan.malang": (Role.LEADER, "Sekretariat Daerah Kabupaten Malang", "35.07"),
    "dinkes.malang": (Role.HEALTH_OFFICE, "Dinas Kesehatan Kabupaten Malang", "35.07"),
    "camat.kepanjen": (Role.IMPLEMENTER, "Kecamatan Kepanjen", "35.07.13"),
    "puskesmas.kepanjen": (Role.IMPLEMENTER, "Puskesmas Kepanjen", "35.07.13"),
    "setda.bukittinggi": (Role.SECRETARIAT, "Sekretariat Daerah Kota Bukittinggi", "13.75"),
    "camat.guguak-panjang": (Role.IMPLEMENTER, "Kecamatan Guguak Panjang", "13.75.01"),
    "pokjanal.gunungmas": (Role.BODY_SECRETARIAT, "Pokjanal Posyandu Kabupaten Gunung Mas", "62.10"),
    "camat.kurun": (Role.IMPLEMENTER, "Kecamatan Kurun", "62.10.02"),
    "lurah.tampang": (Role.IMPLEMENTER, "Kelurahan Tampang Tumbang Anjir", "62.10.02.1001"),
    "setda.blitar": (Role.SECRETARIAT, "Sekretariat Daerah Kabupaten Blitar", "35.05"),
    "camat.garum": (Role.IMPLEMENTER, "Kecamatan Garum", "35.05.11"),
    "mitra.blitar": (Role.PARTNER, "Program MENTARI-PHC", "35.05"),
    "dinkes.lumajang": (Role.HEALTH_OFFICE, "Dinas Kesehatan Kabupaten Lumajang", "35.08"),
    "auditor.jatim": (Role.AUDITOR, "Inspektorat Provinsi Jawa Timur", "35"),
    "admin": (Role.ADMINISTRATOR, "Pengelola Simpul", ""),
}


def test_seventeen_logins_in_their_offices(app):
    rows = db.session.execute(
        sa.select(Account.username, RoleGrant.role, Office.name, Office.wilayah_code)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .join(Office, Office.id == RoleGrant.office_id)
    )
    assert {(name, *role) for name, role in ROLES.items()} <= {tuple(row) for row in rows}
    assert set(ROLES) == {login.username for login in LOGINS}


def test_one_password_for_all(app):
    hashes = set(db.session.scalars(sa.select(Account.password_hash)))
    assert len(hashes) == 1
    assert verify_password(hashes.pop(), PASSWORD)


def test_a_database_in_use_is_left_alone(app):
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Office))
    assert seed() is False
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Office)) == before


def test_everybody_is_evidently_made_up(app):
    people = db.session.scalars(sa.select(Person)).all()
    assert len(people) > 1_000
    for person in people:
        assert person.name.split()[-1] in SURNAMES
        assert person.nip is None or re.fullmatch(r"19000101\d{6}[12]\d{3}", person.nip)
        assert person.phone.startswith("+62812000")
        assert person.sex is not None
    assert len({person.name for person in people}) > len(people) * 0.8


def test_offices_follow_the_facts(app):
    for event in EVENTS.values():
        kinds = Counter(
            db.session.scalars(sa.select(Office.kind).where(Office.regency_code == event["area_code"]))
        )
        if "districts" in event:
            assert kinds[OfficeKind.KECAMATAN] == event["districts"]
            assert kinds[OfficeKind.DESA] + kinds[OfficeKind.KELURAHAN] == event["villages"]
    malang = sa.select(Facility).where(Facility.regency_code == "35.07", Facility.kind == "puskesmas")
    facilities = db.session.scalars(malang).all()
    assert len(facilities) == 39
    assert all(facility.is_example and facility.office_id for facility in facilities)
    assert sum("(contoh 2)" in facility.name for facility in facilities) == 6
    assert "pers" in SOURCE


def test_each_kabupaten_and_kecamatan_has_its_body(app):
    bodies = db.session.execute(
        sa.select(CoordinationBody.wilayah_code, sa.func.count(Seat.id))
        .join(Seat, Seat.body_id == CoordinationBody.id)
        .group_by(CoordinationBody.wilayah_code)
    ).all()
    assert len(bodies) == 5 + 33 + 12 + 3 + 22 + 21
    assert {count for code, count in bodies if code.count(".") == 1} == {24}


def test_offices_that_write_have_a_letterhead(app):
    without = db.session.scalars(
        sa.select(Office)
        .outerjoin(Letterhead, Letterhead.office_id == Office.id)
        .where(
            Letterhead.office_id.is_(None),
            Office.kind.in_(
                [OfficeKind.SETDA, OfficeKind.HEALTH_AGENCY, OfficeKind.KECAMATAN, OfficeKind.PUSKESMAS]
            ),
        )
        .options(joinedload(Office.letterhead))
    ).all()
    assert without == []


def test_reach_follows_role_and_office(app):
    assert user_named("camat.kepanjen").places == {"35.07.13"}
    assert user_named("puskesmas.kepanjen").places == frozenset()
    assert user_named("auditor.jatim").places == {"35"}
    assert user_named("mitra.blitar").partner_offices.keys()
    assert user_named("admin").administered == {""}
