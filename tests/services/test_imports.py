"""Files are judged cell by cell, and applied wholly or not at all."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.accounts import Account, RoleGrant
from ilp.models.audit import AuditEntry
from ilp.models.directory import Appointment, Office, OfficeKind, Person, Position
from ilp.models.facilities import Catchment, Facility, FacilityStatus
from ilp.models.imports import ImportKind, ImportRow, ImportRun, ImportState, Verdict
from ilp.models.wilayah import Words
from ilp.services import imports
from ilp.services.importers import IMPORTERS
from tests.factories.imports import (
    MANOKWARI,
    PLANTED,
    manokwari_file,
    open_manokwari,
    people_of_manokwari,
)
from tests.support.jobs import run_jobs
from tests.support.people import user_named
from tests.support.sheets import made

MALANG = "35.07"
PLAIN = Words()
TERM = ["Kantor", "Jabatan", "Nama", "TMT"]


@pytest.fixture
def admin(app):
    return user_named("admin")


@pytest.fixture
def dinkes(app):
    return user_named("dinkes.malang")


def handed_in(actor, kind, rows, place=MALANG, words=PLAIN):
    """A file of these rows, judged."""
    data = rows if isinstance(rows, bytes) else made(rows)
    table = imports.read_table(kind, "berkas.xlsx", data, words=words)
    with transaction():
        key = imports.receive(actor=actor, kind=kind, place=place, name="berkas.xlsx", table=table).id
    run_jobs()
    return db.session.get_one(ImportRun, key)


def applied(actor, run):
    key = run.id
    with transaction():
        imports.apply(actor=actor, run=db.session.get_one(ImportRun, key))
    run_jobs()
    return db.session.get_one(ImportRun, key)


def verdicts(run):
    rows = db.session.scalars(
        sa.select(ImportRow).where(ImportRow.run_id == run.id).order_by(ImportRow.number)
    )
    return [(row.verdict, {key: tuple(found) for key, found in row.findings.items()}) for row in rows]


def filled(importer):
    """What the template with its contents holds."""
    return made(
        [[c.title for c in importer.columns], *(importer.cells_of(line) for line in importer.lines())]
    )


def test_of_sixty_officials_exactly_the_ten_planted_faults_are_found_and_fifty_applied(admin):
    open_manokwari()
    words = Words("distrik", "kampung")
    run = handed_in(admin, ImportKind.OFFICIALS, manokwari_file(), MANOKWARI, words)
    assert run.state is ImportState.READY
    assert run.rows == 60
    assert run.ignored == ["No"]
    found = {}
    for number, (verdict, cells) in enumerate(verdicts(run), start=1):
        faults = [(key, said) for key, (what, said) in cells.items() if what == Verdict.FAULT]
        assert (verdict is Verdict.FAULT) == bool(faults)
        if faults:
            assert len(faults) == 1, (number, faults)
            found[number] = faults[0]
    assert found == PLANTED
    assert people_of_manokwari() == 0, "looking has changed something"

    run = applied(admin, run)
    assert run.state is ImportState.APPLIED
    assert run.error == ""
    assert people_of_manokwari() == 50
    terms = db.session.scalars(
        sa.select(Appointment)
        .join(Appointment.position)
        .join(Position.office)
        .where(Office.regency_code == MANOKWARI)
    ).all()
    assert len(terms) == 50
    last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.action, last.changes) == ("import:apply", {"kind": "pejabat", "applied": 50, "refused": 10})
    added = db.session.scalars(
        sa.select(Office.kind).where(Office.regency_code == MANOKWARI, Office.district_code == "")
    ).all()
    assert sorted(added) == [
        OfficeKind.AGENCY,
        OfficeKind.AGENCY,
        OfficeKind.HEALTH_AGENCY,
        OfficeKind.HOSPITAL,
    ]

    file = filled(IMPORTERS[ImportKind.OFFICIALS](admin, MANOKWARI))
    again = handed_in(admin, ImportKind.OFFICIALS, file, MANOKWARI, words)
    assert again.rows == 50
    assert {verdict for verdict, _ in verdicts(again)} == {Verdict.SAME}


@pytest.mark.parametrize(
    ("kind", "who", "place"),
    [
        (ImportKind.OFFICIALS, "admin", MALANG),
        (ImportKind.ACCOUNTS, "admin", MALANG),
        (ImportKind.FACILITIES, "dinkes.malang", MALANG),
        (ImportKind.FACILITIES, "dinkes.lumajang", "35.08"),
    ],
)
def test_what_was_taken_out_is_the_same_when_it_comes_in_again(app, kind, who, place):
    actor = user_named(who)
    run = handed_in(actor, kind, filled(IMPORTERS[kind](actor, place)), place)
    found = verdicts(run)
    assert found
    assert [one for one in found if one[0] is not Verdict.SAME] == []
    with pytest.raises(RuleViolation, match="semua sama atau salah"), transaction():
        imports.apply(actor=actor, run=run)


def test_columns_in_any_order_under_merged_heads_with_totals_below(admin):
    rows = [
        ["DAFTAR PEJABAT"],
        ["NO", "kantor ", "", "Pejabat", "", "TMT"],
        ["", "", "Jabatan", "NAMA LENGKAP", "Gelar depan", ""],
        [1, 2, 3, 4, 5, 6],
        [1, "kecamatan   kepanjen", "Sekretaris Camat Contoh", "Contoh  Baru", "dr.", "1 Maret 2025"],
        [],
        ["", "Jumlah", 1],
    ]
    run = handed_in(admin, ImportKind.OFFICIALS, rows)
    [(verdict, cells)] = verdicts(run)
    assert verdict is Verdict.NEW, cells
    applied(admin, run)
    person = db.session.scalars(sa.select(Person).where(Person.name == "Contoh Baru")).one()
    assert person.prefix == "dr."


def test_a_successor_replaces_and_says_whom_and_a_person_who_stays_is_only_changed(admin):
    holder = db.session.scalars(
        sa.select(Appointment).join(Appointment.position).join(Position.office)
        .where(Office.wilayah_code == "35.07.13", Position.is_head, Office.kind == OfficeKind.KECAMATAN)
    ).one()  # fmt: skip
    position, before = (
        db.session.get_one(Position, holder.position_id),
        db.session.get_one(Person, holder.person_id),
    )
    office = db.session.get_one(Office, position.office_id)
    head = ["Kantor", "Jabatan", "Nama", "HP", "TMT"]
    stays = [head, [office.name, "Camat", before.name, 81234500001, ""]]
    run = handed_in(admin, ImportKind.OFFICIALS, stays)
    [(verdict, cells)] = verdicts(run)
    assert verdict is Verdict.CHANGED
    assert cells["phone"][1].startswith("semula")
    applied(admin, run)
    assert db.session.get_one(Person, before.id).phone == "+6281234500001"
    assert db.session.get_one(Appointment, holder.id).ends_on is None

    follows = [head, [office.name, position.title, "Contoh Pengganti", "", "01/05/2026"]]
    run = handed_in(admin, ImportKind.OFFICIALS, follows)
    [(verdict, cells)] = verdicts(run)
    assert verdict is Verdict.WARNING
    assert cells["name"][1] == f"Menggantikan {before.name} mulai 1 Mei 2026."
    applied(admin, run)
    assert db.session.get_one(Appointment, holder.id).ends_on == date(2026, 4, 30)


def test_accounts_come_without_a_password_and_bring_their_role(admin):
    head = ["Nama pengguna", "Kantor", "Peran"]
    kepanjen = "Kecamatan Kepanjen"
    rows = [
        head,
        ["camat.contoh", kepanjen, "pelaksana"],
        ["Camat.Contoh", kepanjen, "Auditor"],
        ["camat kepanjen", kepanjen, "Pelaksana"],
        ["setda.blitar", kepanjen, "Pelaksana"],
        ["lain", kepanjen, "raja"],
        ["admin", kepanjen, "Auditor"],
        ["camat.kepanjen", kepanjen, "Pelaksana"],
    ]
    run = handed_in(admin, ImportKind.ACCOUNTS, rows)
    found = verdicts(run)
    assert [verdict.value for verdict, _ in found] == [
        "new",
        "new",
        "fault",
        "fault",
        "fault",
        "fault",
        "same",
    ]
    assert "sudah dipakai" in found[3][1]["username"][1]
    applied(admin, run)
    account = db.session.scalars(sa.select(Account).where(Account.username == "camat.contoh")).one()
    assert account.password_hash == ""
    grants = db.session.scalars(sa.select(RoleGrant.role).where(RoleGrant.account_id == account.id)).all()
    assert sorted(grants) == ["auditor", "implementer"]


def test_facilities_are_added_under_their_puskesmas_and_step_up(dinkes):
    head = ["Jenis", "Nama", "Kecamatan", "Desa", "Puskesmas induk", "Keadaan", "Sejak"]
    rows = [
        head,
        ["Puskesmas", "Puskesmas Contoh", "Kepanjen", "", "", "", ""],
        ["posyandu", "Posyandu Contoh 1", "Kec. Kepanjen", "", "", "", ""],
        ["Posyandu", "Posyandu Contoh 2", "kepanjen", "Kepanjen", "puskesmas contoh", "Proses", "1/3/2025"],
        ["Posyandu", "Posyandu Contoh 3", "Kepanjen", "Kepanjenn", "", "", ""],
        ["Pustu", "Pustu Contoh", "Kepanjen", "", "Puskesmas Antah", "menerapkan", ""],
    ]
    run = handed_in(dinkes, ImportKind.FACILITIES, rows)
    found = verdicts(run)
    assert [verdict.value for verdict, _ in found] == ["new", "fault", "new", "fault", "fault"]
    assert "Mungkin maksudnya “Kepanjen”" in found[3][1]["village"][1]
    applied(dinkes, run)
    posyandu = db.session.scalars(sa.select(Facility).where(Facility.name == "Posyandu Contoh 2")).one()
    assert posyandu.status is FacilityStatus.IN_PROGRESS
    assert db.session.get_one(Facility, posyandu.parent_id).name == "Puskesmas Contoh"


def test_a_puskesmas_serves_villages_of_two_kecamatan_and_none_that_another_serves(dinkes):
    with transaction():
        db.session.execute(sa.delete(Catchment))
    head = ["Jenis", "Nama", "Kecamatan", "Wilayah kerja"]
    rows = [
        head,
        ["Puskesmas", "Puskesmas Contoh Satu", "Kepanjen", "Panggungrejo; Dilem, Pamotan (Dampit)"],
        ["Puskesmas", "Puskesmas Contoh Dua", "Kepanjen", "Dilem"],
        ["Posyandu", "Posyandu Contoh", "Kepanjen", "Dilem; Antahlah"],
    ]
    run = handed_in(dinkes, ImportKind.FACILITIES, rows)
    found = verdicts(run)
    assert [verdict.value for verdict, _ in found] == ["new", "fault", "fault"], found
    assert found[1][1]["villages"][1] == "Dilem sudah dilayani Puskesmas lain."
    assert "“Antahlah” tidak ada di Kabupaten Malang" in found[2][1]["villages"][1]
    applied(dinkes, run)
    served = db.session.scalars(
        sa.select(Catchment.wilayah_code).join(Facility, Facility.id == Catchment.facility_id)
        .where(Facility.name == "Puskesmas Contoh Satu")
    ).all()  # fmt: skip
    assert {code[:8] for code in served} == {"35.07.13", "35.07.05"}
    assert len(served) == 3
    file = filled(IMPORTERS[ImportKind.FACILITIES](dinkes, MALANG))
    assert {verdict for verdict, _ in verdicts(handed_in(dinkes, ImportKind.FACILITIES, file))} == {
        Verdict.SAME
    }


def test_a_refusal_on_the_way_takes_everything_back_and_names_the_row(admin, monkeypatch):
    rows = [
        TERM,
        *([f"Kecamatan {k}", "Staf Contoh", f"Contoh {k}", "1 Maret 2025"] for k in ("Kepanjen", "Dampit")),
    ]
    run = handed_in(admin, ImportKind.OFFICIALS, rows)
    carry_out = IMPORTERS[ImportKind.OFFICIALS].carry_out

    def second_fails(self, row):
        if self.number == 3:
            raise RuleViolation("Ada yang mendahului.")
        carry_out(self, row)

    monkeypatch.setattr(IMPORTERS[ImportKind.OFFICIALS], "carry_out", second_fails)
    run = applied(admin, run)
    assert (run.state, run.error) == (ImportState.READY, "Baris 3: Ada yang mendahului.")
    assert db.session.scalar(sa.select(sa.exists().where(Position.title == "Staf Contoh"))) is False
    monkeypatch.undo()
    assert applied(admin, run).state is ImportState.APPLIED
    assert db.session.scalar(sa.select(sa.func.count()).where(Position.title == "Staf Contoh")) == 2


def test_what_changed_between_preview_and_application_is_judged_again(admin):
    first = [TERM, ["Kecamatan Kepanjen", "Staf Contoh", "Contoh", "1/3/2025"]]
    other = [TERM, ["Kecamatan Kepanjen", "Staf Contoh", "Orang Lain", "1/4/2025"]]
    run = handed_in(admin, ImportKind.OFFICIALS, first).id
    applied(admin, handed_in(admin, ImportKind.OFFICIALS, other))
    run = applied(admin, db.session.get_one(ImportRun, run))
    [(verdict, cells)] = verdicts(run)
    assert verdict is Verdict.FAULT
    assert "penggantinya mulai sesudah hari itu" in cells["starts_on"][1]


def test_whoever_lost_the_right_applies_nothing(admin):
    rows = [TERM, ["Kecamatan Kepanjen", "Staf Contoh", "Contoh", "1/3/2025"]]
    run = handed_in(admin, ImportKind.OFFICIALS, rows)
    lost = sa.update(RoleGrant).where(RoleGrant.account_id == admin.account_id)
    with transaction():
        imports.apply(actor=admin, run=run)
        db.session.execute(lost.values(revoked_at=run.created_at))
    run_jobs()
    run = db.session.scalars(sa.select(ImportRun)).one()
    assert (run.state, run.error) == (ImportState.READY, imports.NO_RIGHT)
