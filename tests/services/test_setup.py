"""The first day: who may begin, what stands afterwards, and that it begins only once."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace

import pytest
import sqlalchemy as sa

from ilp.core.clock import Zone
from ilp.core.config import current
from ilp.core.db import db, transaction
from ilp.core.errors import NotFound, RuleViolation, TooMany
from ilp.core.passwords import hash_password
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.audit import AuditEntry
from ilp.models.directory import Letterhead, Office, OfficeKind, Position
from ilp.models.wilayah import RegencySetting, Words
from ilp.policy.user import User
from ilp.queries import directory
from ilp.services import setup
from ilp.services.audit import verify_chain
from ilp.services.wilayah import Customs, customs_of, import_codes, read_package
from tests.conftest import a_name
from tests.support.databases import blank

VISITOR = User(None, "", "Pengunjung", address="192.0.2.7")
PLACES = ("92", "33")


@pytest.fixture
def empty(engine, tmp_path):
    """Two provinces and nobody."""
    app = blank(engine, a_name(), tmp_path).app(ILP_DEMO="0")
    with app.app_context():
        import_codes([place for place in read_package() if place.code[:2] in PLACES])
        yield app
        db.session.remove()
        db.engine.dispose()


def told(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


def begin(code: str = "92.02", username: str = "admin.manokwari", **over) -> Account:
    said = {
        "regency_code": code,
        "customs": customs_of(code),
        "username": username,
        "name": "Yosina Contoh",
        "password_hash": HASH,
        "is_secretary": False,
        "office_kind": OfficeKind.SETDA,
        "office_name": "Sekretariat Daerah",
        "tiers": ["PEMERINTAH KABUPATEN MANOKWARI"],
        "unit": "SEKRETARIAT DAERAH",
        "address": ["Jalan Contoh 1"],
        "town": "Manokwari",
        "unit_code": "SETDA",
    }
    with transaction():
        return setup.begin(actor=VISITOR, **(said | over))


HASH = hash_password("kuda meja biru lari")


def test_manokwari_stands_with_its_own_words(empty) -> None:
    begin()
    (head,) = told("office:letterhead")
    assert (head.chain, head.changes["unit"][1]) == ("92.02", "SEKRETARIAT DAERAH")
    setting = db.session.get_one(RegencySetting, "92.02")
    assert (setting.zone, setting.district_label, setting.village_label) == (Zone.WIT, "Distrik", "Kampung")
    offices = db.session.scalars(sa.select(Office).where(Office.regency_code == "92.02")).all()
    firsts = Counter((office.kind, office.name.split()[0]) for office in offices)
    assert firsts[OfficeKind.SETDA, "Sekretariat"] == 1
    assert firsts[OfficeKind.KECAMATAN, "Distrik"] == 14
    assert firsts[OfficeKind.DESA, "Kampung"] + firsts[OfficeKind.KELURAHAN, "Kelurahan"] == 173
    assert sum(firsts.values()) == 1 + 14 + 173
    titles = db.session.scalars(sa.select(Position.title).where(Position.is_head)).all()
    assert "Kepala Distrik Warmare" in titles
    assert "Sekretaris Daerah" in titles
    assert not [title for title in titles if title.startswith(("Camat", "Kepala Desa"))]
    groups = {group.key: (group.label, group.count) for group in directory.groups("92.02")}
    assert groups["camat"] == ("Kepala Distrik se-Kabupaten Manokwari", 14)
    head = db.session.scalars(sa.select(Letterhead)).one()
    assert (head.unit, head.town, head.unit_code) == ("SEKRETARIAT DAERAH", "Manokwari", "SETDA")


def test_a_city_has_kelurahan_only(empty) -> None:
    begin("33.76", "admin.tegal")
    kinds = Counter(db.session.scalars(sa.select(Office.kind).where(Office.regency_code == "33.76")))
    assert kinds == {OfficeKind.SETDA: 1, OfficeKind.KECAMATAN: 4, OfficeKind.KELURAHAN: 27}
    assert db.session.get_one(RegencySetting, "33.76").zone is Zone.WIB


def test_the_administrator_is_one_of_that_regency_and_chose_the_words(empty) -> None:
    account = begin(customs=Customs(Zone.WITA, "Kecamatan", "Desa"), is_secretary=True)
    grants = db.session.execute(
        sa.select(RoleGrant.role, Office.wilayah_code)
        .join(Office, Office.id == RoleGrant.office_id)
        .where(RoleGrant.account_id == account.id)
        .order_by(RoleGrant.id)
    ).all()
    assert grants == [(Role.ADMINISTRATOR, "92.02"), (Role.SECRETARIAT, "92.02")]
    assert db.session.get_one(RegencySetting, "92.02").zone is Zone.WITA
    assert db.session.scalar(sa.select(Office.name).where(Office.kind == "kecamatan").limit(1)).startswith(
        "Kecamatan "
    )


def test_it_is_written_down_without_names_or_secrets(empty) -> None:
    begin()
    actions = db.session.scalars(sa.select(AuditEntry.action).where(AuditEntry.chain == "92.02")).all()
    assert "installation:begin" in actions
    assert "regency:set_up" in actions
    entries = db.session.scalars(sa.select(AuditEntry)).all()
    assert not [entry for entry in entries if HASH in str(entry.changes) or "Yosina" in str(entry.changes)]
    assert verify_chain("92.02") is None


def test_it_begins_only_once(empty) -> None:
    assert setup.is_open()
    begin()
    assert not setup.is_open()
    with pytest.raises(NotFound):
        begin("33.76", "admin.tegal")
    with pytest.raises(NotFound):
        setup.check_code(actor=VISITOR, code=setup.terminal_code())
    assert db.session.get(RegencySetting, "33.76") is None


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"regency_code": "92.02.05"}, "code"),
        ({"username": "Admin Manokwari"}, "username"),
        ({"customs": Customs(Zone.WIT, "Distrik", "Desa Kami")}, "village_label"),
        ({"customs": Customs(Zone.WIT, "Kawasan", "Desa")}, "district_label"),
    ],
)
def test_a_refusal_leaves_nothing_behind(empty, over, field) -> None:
    with pytest.raises(RuleViolation) as refused:
        begin(**over)
    assert refused.value.field == field
    for model in (RegencySetting, Office, Account, Letterhead):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_of_two_who_begin_at_the_same_moment_one_comes_too_late(empty) -> None:
    together, outcomes = threading.Barrier(2), []

    def come(code: str, username: str) -> None:
        with empty.app_context():
            together.wait()
            try:
                begin(code, username)
                outcomes.append("began")
            except NotFound:
                outcomes.append("late")
            finally:
                db.session.remove()

    racers = [threading.Thread(target=come, args=one) for one in (("92.02", "a.satu"), ("33.76", "a.dua"))]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(outcomes) == ["began", "late"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Account)) == 1


def test_the_code_is_forgiving_of_how_it_is_typed_and_of_nothing_else(empty) -> None:
    code = setup.terminal_code()
    assert len(code) == 14
    assert setup.is_right(code.lower().replace("-", " "))
    for wrong in ("", code[:-1], code + "A", "é" * 12):
        assert not setup.is_right(wrong)


def test_no_sign_of_a_code_is_read_as_another(app, monkeypatch) -> None:
    signs: set[str] = set()
    for number in range(200):
        monkeypatch.setitem(app.config, "ILP", replace(current(), secret_key=str(number)))
        signs |= set(setup.terminal_code())
    assert not signs & set("0O1IL")
    assert len(signs) > 30


def test_ten_wrong_codes_shut_the_door_even_for_the_right_one(empty) -> None:
    for left in range(9, -1, -1):
        with pytest.raises(RuleViolation, match=f"tersisa {left} kesempatan"):
            setup.check_code(actor=VISITOR, code="SALAH")
    with pytest.raises(TooMany):
        setup.check_code(actor=VISITOR, code=setup.terminal_code())


def test_the_words_of_a_place_are_put_into_our_sentences() -> None:
    papua, here = Words("distrik", "kampung"), Words()
    assert papua.said("Camat dan unsur Muspika") == "Kepala Distrik dan unsur Muspika"
    assert papua.said("Lurah dan kepala desa") == "Lurah dan kepala kampung"
    assert papua.said("Desa/kelurahan, 14 kecamatan") == "Kampung/kelurahan, 14 distrik"
    assert Words("kecamatan", "nagari").said("diteruskan camat ke desa") == "diteruskan camat ke nagari"
    assert here.said("Camat ke desa") == "Camat ke desa"
