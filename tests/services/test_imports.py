"""Files are judged cell by cell, and applied wholly or not at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from ilp.adapters import queue
from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.audit import AuditEntry
from ilp.models.directory import (
    Appointment,
    AppointmentKind,
    Office,
    OfficeKind,
    Person,
    Position,
    Transfer,
)
from ilp.models.facilities import Catchment, Facility, FacilityKind, FacilityStatus
from ilp.models.imports import ImportKind, ImportRow, ImportRun, ImportState, Verdict
from ilp.models.meetings import Invitation
from ilp.models.notifications import Notification
from ilp.models.wilayah import Wilayah, Words
from ilp.policy.user import SYSTEM
from ilp.services import accounts, audit, directory, facilities, imports, jobs, transfers
from ilp.services.importers import IMPORTERS, officials
from tests.factories.directory import head_of, holder_of, office_named
from tests.factories.facilities import make_posyandu
from tests.factories.imports import (
    MANOKWARI,
    PLANTED,
    manokwari_file,
    open_manokwari,
    people_of_manokwari,
)
from tests.factories.meetings import make_called
from tests.support.browser import Browser
from tests.support.jobs import run_jobs
from tests.support.people import user_named
from tests.support.queries import counted
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
    assert run.ignored == [], "a column that numbers the rows is everybody's habit"
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


@pytest.mark.parametrize("title", ["Camat", "Jabatan Contoh"])
def test_a_mistyped_year_is_found_before_anything_is_applied(admin, title):
    """For a position that is held, and for one that nobody holds yet."""
    rows = [TERM, ["Kecamatan Kepanjen", title, "Contoh Pengganti", "1/3/2062"]]
    [(verdict, cells)] = verdicts(handed_in(admin, ImportKind.OFFICIALS, rows))
    assert verdict is Verdict.FAULT
    assert "paling lama setahun di muka" in cells["starts_on"][1]


def faults(cells):
    return {key: said for key, (what, said) in cells.items() if what == Verdict.FAULT}


def test_all_that_is_wrong_with_a_row_is_said_at_once(admin, dinkes):
    head = [*TERM, "NIP", "HP", "Status"]
    rows = [head, ["Kecamatan Kepanjeng", "", "", "1/3/2062", "1980", "satu", "raja"]]
    [(verdict, cells)] = verdicts(handed_in(admin, ImportKind.OFFICIALS, rows))
    assert verdict is Verdict.FAULT
    assert set(faults(cells)) == {"office", "title", "name", "starts_on", "nip", "phone", "quality"}
    assert "Mungkin maksudnya “Kecamatan Kepanjen”" in cells["office"][1]
    rows = [TERM, ["Kecamatan Kepanjeng", "Staf Contoh", "Contoh Baru", ""]]
    [(_, cells)] = verdicts(handed_in(admin, ImportKind.OFFICIALS, rows))
    assert set(faults(cells)) == {"office", "starts_on"}
    rows = [[*ACCOUNT, "NIP"], ["setda.blitar", "Kecamatan Kepanjeng", "raja", "1980"]]
    [(_, cells)] = verdicts(handed_in(admin, ImportKind.ACCOUNTS, rows))
    assert set(faults(cells)) == {"username", "office", "role", "nip"}
    where = ["Kepanjen", "Antah", "Puskesmas Antah", "Antahlah; Entah"]
    rows = [FACILITY, ["Klinik", "Contoh", *where, "maju", "1/3/2062"]]
    [(_, cells)] = verdicts(handed_in(dinkes, ImportKind.FACILITIES, rows))
    assert set(faults(cells)) == {"kind", "village", "parent", "villages", "status", "status_on"}
    assert "“Antahlah” tidak ada" in cells["villages"][1]
    assert "“Entah” tidak ada" in cells["villages"][1]


def test_a_row_at_fault_is_nobodys_predecessor(admin):
    nip = "198001152005011003"
    rows = [
        [*TERM, "NIP"],
        [KEPANJEN, "Staf Contoh", "Contoh Satu", "31/2/2025", nip],
        [KEPANJEN, "Staf Contoh", "Contoh Dua", "1/3/2025", nip],
    ]
    first, second = verdicts(handed_in(admin, ImportKind.OFFICIALS, rows))
    assert (first[0], second[0]) == (Verdict.FAULT, Verdict.NEW), second


def test_titles_beside_a_name_are_told_where_they_belong(admin):
    names = (
        "dr. Budi Contoh, M.Kes",
        "Hj. Ratna Contoh",
        "Budi Contoh SKM",
        "Drajat H. Contoh",
        "M. A. Contoh",
    )
    rows = [TERM, *([KEPANJEN, f"Staf {n}", name, "1/3/2025"] for n, name in enumerate(names))]
    found = [cells["name"] for _, cells in verdicts(handed_in(admin, ImportKind.OFFICIALS, rows))]
    before = "“{}” tampaknya gelar: tempatnya di kolom Gelar depan, bukan di kolom Nama."
    behind = "“{}” tampaknya gelar: tempatnya di kolom Gelar belakang, bukan di kolom Nama."
    assert found == [
        ("warning", f"{before.format('dr.')} {behind.format('M.Kes')}"),
        ("warning", before.format("Hj.")),
        ("warning", behind.format("SKM")),
        ("new", ""),
        ("new", ""),
    ]


WAGIR, DAMPIT = "Kecamatan Wagir", "Kecamatan Dampit"


def heads(*rows):
    """Of heads of offices: who comes where, in which quality."""
    filled = [
        [office, head_of(office).title, name, f"{today():%d/%m/%Y}", nip, quality]
        for office, name, nip, quality in rows
    ]
    return [[*TERM, "NIP", "Status"], *filled]


def test_one_person_at_the_head_of_two_offices_in_one_file_is_warned_of(admin):
    one, other = "198001152005011003", "197001152005011003"
    rows = heads(
        (KEPANJEN, "Contoh Satu", one, ""),
        (WAGIR, "Contoh Satu", one, ""),
        (DAMPIT, "Contoh Satu", other, ""),
    )
    found = verdicts(handed_in(admin, ImportKind.OFFICIALS, rows))
    assert [cells["title"][0] for _, cells in found] == ["same", "warning", "same"]
    assert found[1][1]["title"][1].startswith(f"Ia juga ditulis memimpin {KEPANJEN} pada baris 2.")
    acting = heads((KEPANJEN, "Contoh Satu", one, ""), (WAGIR, "Contoh Satu", one, "Plt"))
    found = verdicts(handed_in(admin, ImportKind.OFFICIALS, acting))
    assert [cells["title"][0] for _, cells in found] == ["same", "same"]


def test_a_head_who_stays_where_he_is_and_comes_elsewhere_is_warned_of(admin):
    name = holder_of(head_of(KEPANJEN), today()).name
    [(_, cells)] = verdicts(handed_in(admin, ImportKind.OFFICIALS, heads((WAGIR, name, "", ""))))
    assert cells["title"][0] == "warning"
    assert cells["title"][1].startswith(f"Ia juga memimpin {KEPANJEN}, dan berkas ini tidak menggantinya")
    moves = heads((WAGIR, name, "", ""), (KEPANJEN, "Contoh Penerus", "", ""))
    found = verdicts(handed_in(admin, ImportKind.OFFICIALS, moves))
    assert [cells["title"][0] for _, cells in found] == ["same", "same"]
    run = handed_in(admin, ImportKind.OFFICIALS, heads((WAGIR, name, "", "Plt")))
    assert [cells["title"][0] for _, cells in verdicts(run)] == ["same"]


def test_a_successor_dated_back_is_found_in_the_preview_be_the_term_he_meets_over(admin):
    """Whatever `transfers.judge` would refuse under the lock is the fault of its row before."""
    position = head_of(KEPANJEN)
    person = holder_of(position, today())
    term = db.session.scalars(sa.select(Appointment).where(Appointment.position_id == position.id)).one()
    began, name = term.starts_on, person.name
    rows = [
        [*TERM, "Status"],
        [KEPANJEN, position.title, "Contoh Pengganti", f"{began:%d/%m/%Y}", ""],
        [KEPANJEN, "Staf Contoh", "Contoh Plt", "1/3/2025", "Plt"],
        [KEPANJEN, "Staf Contoh", "Contoh Definitif", "1/2/2025", ""],
    ]
    early, acting, planned = verdicts(handed_in(admin, ImportKind.OFFICIALS, rows))
    assert early[1]["starts_on"][1].startswith(f"{name} mulai memegang jabatan ini")
    assert acting[0] is Verdict.NEW
    assert planned[1]["starts_on"][1].startswith("Berkas ini mengisi jabatan itu mulai 1 Maret 2025")

    over = today() - timedelta(days=10)
    with transaction():
        directory.end_appointment(
            actor=admin,
            office=office_named(KEPANJEN),
            appointment=db.session.get_one(Appointment, term.id),
            ends_on=over,
        )
    rows = [
        TERM,
        [KEPANJEN, position.title, "Contoh Pengganti", f"{began:%d/%m/%Y}"],
        [WAGIR, "Staf Contoh", "Contoh", "1/3/2025"],
    ]
    run = handed_in(admin, ImportKind.OFFICIALS, rows)
    assert [verdict for verdict, _ in verdicts(run)] == [Verdict.FAULT, Verdict.NEW]
    assert (applied(admin, run).state, run.error) == (ImportState.APPLIED, "")
    rows = [TERM, [KEPANJEN, position.title, "Contoh Pengganti", f"{over - timedelta(days=5):%d/%m/%Y}"]]
    run = handed_in(admin, ImportKind.OFFICIALS, rows)
    [(_, cells)] = verdicts(run)
    assert cells["name"][1].startswith(f"Menggantikan {name} mulai")
    assert (applied(admin, run).state, run.error) == (ImportState.APPLIED, "")
    assert db.session.get_one(Appointment, term.id).ends_on == over - timedelta(days=6)


@pytest.fixture
def of_malang(app):
    """An administrator of this regency alone."""
    with transaction():
        accounts.create_account(
            actor=SYSTEM,
            username="admin.malang",
            role=Role.ADMINISTRATOR,
            office=office_named("Sekretariat Daerah Kabupaten Malang"),
        )
    return user_named("admin.malang")


def test_whoever_holds_a_position_elsewhere_is_not_changed(admin, of_malang):
    position = head_of("Kecamatan Kepanjen")
    person = holder_of(position, today())
    elsewhere = db.session.scalars(
        sa.select(Position).join(Position.office).where(Office.regency_code == "35.05").limit(1)
    ).one()
    with transaction():
        directory.appoint(
            actor=admin,
            office=db.session.get_one(Office, elsewhere.office_id),
            position=elsewhere,
            person=person,
            kind=AppointmentKind.PLT,
            starts_on=today(),
        )
    before = person.phone
    rows = [
        ["Kantor", "Jabatan", "Nama", "HP", "Gelar depan"],
        ["Kecamatan Kepanjen", "Camat", person.name, "0812-3450-0001", person.prefix],
    ]
    run = handed_in(of_malang, ImportKind.OFFICIALS, rows)
    [(verdict, cells)] = verdicts(run)
    assert verdict is Verdict.FAULT
    assert cells["phone"][1] == "Orang ini juga menjabat di luar wilayah Bapak/Ibu; datanya tetap."
    assert [key for key, (what, _) in cells.items() if what == Verdict.FAULT] == ["phone"]
    with pytest.raises(RuleViolation), transaction():
        imports.apply(actor=of_malang, run=run)
    assert db.session.get_one(Person, person.id).phone == before
    [(verdict, _)] = verdicts(handed_in(admin, ImportKind.OFFICIALS, rows))
    assert verdict is Verdict.CHANGED


def holders_of(title):
    held = sa.select(Appointment.person_id).join(Appointment.position).where(Position.title == title)
    return db.session.scalars(held).all()


def has_left(admin, person, *, elsewhere=None):
    """Somebody's terms are over since yesterday; `elsewhere` he holds another."""
    office_id = elsewhere.office_id if elsewhere else None
    with transaction():
        db.session.execute(
            sa.update(Appointment)
            .where(Appointment.person_id == person.id)
            .values(ends_on=today() - timedelta(days=1))
        )
        row = db.session.get_one(Person, person.id)
        row.nip, row.phone = "198001152005011003", "+6281200000009"
        if elsewhere:
            directory.appoint(
                actor=admin,
                office=db.session.get_one(Office, office_id),
                position=db.session.get_one(Position, elsewhere.id),
                person=row,
                kind=AppointmentKind.PLT,
                starts_on=today(),
            )


@pytest.mark.parametrize(
    ("heading", "cell"), [("NIP", "198001152005011003"), ("HP", "0812-0000-0009")], ids=["nip", "phone"]
)
def test_who_held_something_last_in_this_place_is_appointed_again(admin, of_malang, heading, cell):
    person = holder_of(head_of("Kecamatan Kepanjen"), today())
    key, name = person.id, person.name
    has_left(admin, person)
    rows = [
        [*TERM, heading],
        ["Kecamatan Pakis", "Staf Contoh", name, f"{today():%d/%m/%Y}", cell],
        ["Kecamatan Pakis", "Staf Lain", "Orang Lain Sekali", f"{today():%d/%m/%Y}", cell],
    ]
    run = handed_in(of_malang, ImportKind.OFFICIALS, rows)
    (mine, _), (other, told) = verdicts(run)
    assert mine is Verdict.NEW
    assert other in (Verdict.FAULT, Verdict.WARNING)
    assert name in told["nip"][1] if heading == "NIP" else "orang lain" in told["phone"][1]
    assert applied(of_malang, run).state is ImportState.APPLIED
    holder = (
        sa.select(Appointment.person_id).join(Appointment.position).where(Position.title == "Staf Contoh")
    )
    assert db.session.scalars(holder).all() == [key]


def test_who_holds_something_outside_stays_out_of_hand(admin, of_malang):
    person = holder_of(head_of("Kecamatan Kepanjen"), today())
    key, name = person.id, person.name
    elsewhere = db.session.scalars(
        sa.select(Position).join(Position.office).where(Office.regency_code == "35.05").limit(1)
    ).one()
    has_left(admin, person, elsewhere=elsewhere)
    for actor, expected in ((of_malang, Verdict.FAULT), (admin, Verdict.NEW)):
        rows = [
            [*TERM, "NIP"],
            ["Kecamatan Pakis", "Staf Contoh", name, f"{today():%d/%m/%Y}", "198001152005011003"],
        ]
        [(verdict, cells)] = verdicts(handed_in(actor, ImportKind.OFFICIALS, rows))
        assert verdict is expected
        if verdict is Verdict.FAULT:
            assert "di luar wilayah Bapak/Ibu" in cells["nip"][1]
    who = ["Kecamatan Pakis", "Staf Contoh", name, f"{today():%d/%m/%Y}"]
    rows = [[*TERM, "HP"], [*who, "0812-0000-0009"]]
    applied(of_malang, handed_in(of_malang, ImportKind.OFFICIALS, rows))
    holder = (
        sa.select(Appointment.person_id).join(Appointment.position).where(Position.title == "Staf Contoh")
    )
    assert db.session.scalars(holder).one() != key


def test_what_waits_at_a_position_passes_to_whom_the_file_names(admin):
    meeting = make_called(user_named("setda.malang"), groups=("camat",)).id
    position = head_of("Kecamatan Kepanjen")
    rows = [TERM, ["Kecamatan Kepanjen", position.title, "Contoh Penerus", f"{today():%d/%m/%Y}"]]
    applied(admin, handed_in(admin, ImportKind.OFFICIALS, rows))
    seat = db.session.scalars(
        sa.select(Invitation).where(Invitation.meeting_id == meeting, Invitation.position_id == position.id)
    ).one()
    assert seat.name == "Contoh Penerus"
    made = db.session.scalars(sa.select(Transfer).where(Transfer.position_id == position.id)).one()
    assert made.effective_at is not None
    with transaction():
        transfers.undo(actor=admin, made=made)
    assert holder_of(position, today()).name != "Contoh Penerus"


def test_somebody_acting_and_then_the_holder_in_one_file(admin):
    head = [*TERM, "Status"]
    where = ["Kecamatan Kepanjen", "Staf Contoh"]
    rows = [
        head,
        [*where, "Contoh Plt", "1/3/2025", "Plt"],
        [*where, "Contoh Terlalu Dini", "1/2/2025", ""],
        [*where, "Contoh Plh", "1/4/2025", "Plh"],
    ]
    run = handed_in(admin, ImportKind.OFFICIALS, rows)
    run = applied(admin, run)
    assert (run.state, run.error) == (ImportState.APPLIED, "")
    [acting, early, third] = verdicts(run)
    assert (acting[0], third[0]) == (Verdict.NEW, Verdict.NEW)
    assert "penggantinya mulai sesudah hari itu" in early[1]["starts_on"][1]
    follows = [TERM, [*where, "Contoh Definitif", "1/5/2025"]]
    run = applied(admin, handed_in(admin, ImportKind.OFFICIALS, follows))
    ends = db.session.scalars(
        sa.select(Appointment.ends_on)
        .join(Appointment.position)
        .where(Position.title == "Staf Contoh")
        .order_by(Appointment.id)
    ).all()
    assert ends == [date(2025, 4, 30), date(2025, 4, 30), None]


def test_a_position_has_one_stand_in_in_a_file_as_in_the_directory(admin):
    where, began = ["Kecamatan Kepanjen", "Staf Contoh"], "1/3/2025"
    rows = [
        [*TERM, "Status"],
        [*where, "Contoh Plt", began, "Plt"],
        [*where, "Contoh Pj", "1/4/2025", "Pj"],
    ]
    run = applied(admin, handed_in(admin, ImportKind.OFFICIALS, rows))
    [first, second] = verdicts(run)
    assert (first[0], second[0], run.state) == (Verdict.NEW, Verdict.FAULT, ImportState.APPLIED)
    assert second[1]["title"][1].startswith("Jabatan ini sudah diisi pada baris")
    [(verdict, cells)] = verdicts(handed_in(admin, ImportKind.OFFICIALS, [rows[0], rows[2]]))
    assert verdict is Verdict.FAULT
    assert cells["quality"][1].startswith("Jabatan ini sudah mempunyai Plt. mulai 1 Maret 2025.")


def test_a_file_replaces_so_many_and_no_more(admin, monkeypatch):
    monkeypatch.setattr(officials, "MOST_PASSED", 1)
    rows = [
        TERM,
        *(
            [name, head_of(name).title, f"Pengganti {n}", f"{today():%d/%m/%Y}"]
            for n, name in enumerate(("Kecamatan Kepanjen", "Kecamatan Wagir"))
        ),
    ]
    first, second = verdicts(handed_in(admin, ImportKind.OFFICIALS, rows))
    assert first[0] is Verdict.WARNING
    assert second[1]["name"][1].startswith(
        "Satu berkas menggantikan paling banyak 1 pejabat. Terapkan dahulu"
    )


KEPANJEN = "Kecamatan Kepanjen"


def new_officials(n):
    return [KEPANJEN, f"Staf {n}", f"Contoh {n}", "1/3/2025", f"19800315{n:010}", f"0812-{n:04}-{n:04}"]


def changed_officials(n):
    return [*new_officials(n)[:5], f"0813-{n:04}-{n:04}"]


def new_facilities(n):
    parent = "Puskesmas Kepanjen"
    return ["Posyandu", f"Contoh {n}", "Kepanjen", "Dilem", parent, "Dilem", "proses", "1/3/2025"]


def changed_facilities(n):
    parent = "Puskesmas Pakisaji"
    return [*new_facilities(n)[:4], parent, "Panggungrejo; Kepanjen", "menerapkan", "1/4/2025"]


OFFICIAL = ["Kantor", "Jabatan", "Nama", "TMT", "NIP", "HP"]
FACILITY = ["Jenis", "Nama", "Kecamatan", "Desa", "Puskesmas induk", "Wilayah kerja", "Keadaan", "Sejak"]
ACCOUNT = ["Akun", "Kantor", "Peran"]


def new_accounts(n):
    return [f"contoh-{n}", KEPANJEN, "Pelaksana"]


def changed_accounts(n):
    return [f"contoh-{n}", KEPANJEN, "Auditor"]


SAMPLES = {
    ImportKind.OFFICIALS: ("admin", OFFICIAL, ((new_officials, 3), (changed_officials, 1))),
    ImportKind.ACCOUNTS: ("admin", ACCOUNT, ((new_accounts, 2), (changed_accounts, 1))),
    ImportKind.FACILITIES: ("dinkes.malang", FACILITY, ((new_facilities, 3), (changed_facilities, 3))),
}
"""Who imports, below which head, and rows without fault, each with the entries it leaves in the trail."""


@pytest.mark.parametrize("kind", ImportKind)
def test_nothing_is_asked_for_each_row_of_a_file(app, kind):
    """Everybody waits for the lock meanwhile; rows are added and changed by statements for many."""
    who, head, samples = SAMPLES[kind]
    entries = sa.select(sa.func.count(AuditEntry.id))
    for row, kept in samples:
        costs = []
        for some in (range(20), range(1000, 1200)):
            run = handed_in(user_named(who), kind, [head, *map(row, some)]).id
            before = db.session.scalar(entries)
            with counted() as statements:
                applied(user_named(who), db.session.get_one(ImportRun, run))
            costs.append(len([one for one in statements if one.startswith(("SELECT", "UPDATE", "DELETE"))]))
            last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
            assert (last.changes["applied"], last.changes["refused"]) == (len(some), 0)
            assert db.session.scalar(entries) - before == kept * len(some) + 2
        assert costs[1] - costs[0] <= 10, (row, costs)
    assert [chain for chain in audit.chains() if audit.verify_chain(chain)] == []


def test_a_file_of_five_thousand_rows_is_taken_over_by_a_few_statements(dinkes, monkeypatch):
    told, tell = [], queue.tell

    def and_note(job_id, done, step):
        told.append((done, step))
        tell(job_id, done, step)

    head = ["Jenis", "Nama", "Kecamatan", "Desa"]
    rows = [
        ["Posyandu", f"Contoh {n}", "Kepanjen", "Dilem" if n % 1000 else "Antah"]
        for n in range(imports.MOST_ROWS)
    ]
    run = handed_in(dinkes, ImportKind.FACILITIES, [head, *rows])
    counts = imports.queries.counts(run)
    assert (counts[Verdict.NEW], counts[Verdict.FAULT], run.rows) == (4_995, 5, 5_000)
    monkeypatch.setattr(queue, "tell", and_note)
    with counted() as statements:
        run = applied(dinkes, run)
    assert (run.state, run.error) == (ImportState.APPLIED, "")
    asked = [one for one in statements if one.startswith(("SELECT", "UPDATE", "DELETE"))]
    assert len(asked) <= 40, "everybody waits meanwhile, and nothing is asked for each row"
    assert [done for done, _ in told] == [*range(5, 5_000, imports.BATCH), 5_000]
    assert told[-1][1] == imports.SAVING
    made = sa.select(sa.func.count(Facility.id)).where(Facility.name.startswith("Contoh "))
    assert db.session.scalar(made) == 4_995
    last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.changes["applied"], last.changes["refused"]) == (4_995, 5)


def test_what_each_successor_in_a_file_asks_is_bounded(admin):
    """A mutasi is one by one, while everybody waits: six statements, and what is only added."""

    def rows(name, day, some):
        return [TERM, *([KEPANJEN, f"Staf {n}", f"{name} {n}", day] for n in some)]

    applied(admin, handed_in(admin, ImportKind.OFFICIALS, rows("Contoh", "1/3/2025", range(16))))
    costs = []
    for some in (range(4), range(4, 16)):
        run = handed_in(admin, ImportKind.OFFICIALS, rows("Pengganti", "1/3/2026", some)).id
        with counted() as statements:
            applied(admin, db.session.get_one(ImportRun, run))
        costs.append(len([one for one in statements if one.startswith(("SELECT", "UPDATE", "DELETE"))]))
    assert db.session.scalar(sa.select(sa.func.count(Transfer.id))) == 16
    assert costs[1] - costs[0] <= 6 * (12 - 4), costs


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


def test_an_account_is_given_to_whoever_holds_a_position_in_its_first_office_today(admin):
    head, names = (
        ["Nama pengguna", "Kantor", "Peran", "NIP pemilik"],
        ("Kecamatan Kepanjen", "Kecamatan Dampit"),
    )
    here, there, nip = *names, "198001152005011003"
    position = head_of(here)
    position_id, person_id = position.id, holder_of(position, today()).id
    with transaction():
        db.session.get_one(Person, person_id).nip = nip
    rows = [
        head,
        ["contoh.lain", there, "Pelaksana", nip],
        ["contoh.camat", here, "Pelaksana", nip],
        ["contoh.camat", there, "Auditor", nip],
        ["contoh.camat", here, "Auditor", "197001152005011003"],
    ]
    run = handed_in(admin, ImportKind.ACCOUNTS, rows)
    before = verdicts(run)
    assert [verdict.value for verdict, _ in before] == ["fault", "new", "new", "fault"]
    assert "di kantor itu hari ini" in before[0][1]["nip"][1]
    assert "tidak diganti lewat impor" in before[3][1]["nip"][1]
    run = applied(admin, run)
    assert [found["nip"] for _, found in verdicts(run) if found["nip"][0] == "fault"] == [
        found["nip"] for _, found in before if found["nip"][0] == "fault"
    ]
    account = db.session.scalars(sa.select(Account).where(Account.username == "contoh.camat")).one()
    assert account.person_id == person_id
    with transaction():
        db.session.execute(
            sa.update(Appointment)
            .where(Appointment.position_id == position_id)
            .values(ends_on=today() - timedelta(days=1))
        )
    rows = [head, ["contoh.bekas", here, "Pelaksana", nip]]
    [(verdict, cells)] = verdicts(handed_in(admin, ImportKind.ACCOUNTS, rows))
    assert verdict is Verdict.FAULT
    assert "di kantor itu hari ini" in cells["nip"][1]


def test_the_other_administrators_get_one_notice_of_all_roles_of_a_file(admin, of_malang):
    rows = [
        ACCOUNT,
        *([f"contoh-{n}", KEPANJEN, role] for n in range(3) for role in ("Pelaksana", "Auditor")),
    ]
    applied(admin, handed_in(admin, ImportKind.ACCOUNTS, rows))
    applied(admin, handed_in(admin, ImportKind.ACCOUNTS, [ACCOUNT, ["contoh-9", KEPANJEN, "Auditor"]]))
    mine = sa.select(Notification).where(Notification.account_id == of_malang.account_id)
    many, one = db.session.scalars(mine.order_by(Notification.id)).all()
    assert many.text == f"3 akun diberi 6 peran oleh {admin.signature}."
    assert one.text == f"contoh-9 diberi peran Auditor di Kecamatan Kepanjen oleh {admin.signature}."
    assert (many.endpoint, one.endpoint) == ("audit.index", "accounts.show")


def test_administrators_and_leaders_of_a_file_are_named_to_the_others(app, admin, of_malang):
    roles = ["Pelaksana", "Administrator", *["Pimpinan"] * 4]
    rows = [ACCOUNT, *([f"contoh-{n}", KEPANJEN, role] for n, role in enumerate(roles))]
    applied(admin, handed_in(admin, ImportKind.ACCOUNTS, rows))
    mine = sa.select(Notification).where(Notification.account_id == of_malang.account_id)
    first, *named = db.session.scalars(mine.order_by(Notification.id)).all()
    assert first.text == f"6 akun diberi 6 peran oleh {admin.signature}."
    assert all(one.text.endswith(f" oleh {admin.signature}.") for one in named)
    said = "; ".join(one.text for one in named)
    for n, role in enumerate(roles[1:], start=1):
        assert f"contoh-{n} diberi peran {role} di Kecamatan Kepanjen" in said
    assert "contoh-0" not in said
    assert len(named) < len(roles) - 1
    browser = Browser(app, "admin.malang")
    way = browser.post(f"/notifikasi/{first.id}/buka", page="/notifikasi/").location
    trail = browser.get(way).text
    assert all(f"contoh-{n}" in trail for n in range(len(roles)))


def test_a_user_name_that_excel_has_rounded_is_refused_and_another_number_is_one(admin):
    rows = [ACCOUNT, [198001152005011003.0, KEPANJEN, "Auditor"], [12345, KEPANJEN, "Auditor"]]
    rounded, whole = verdicts(handed_in(admin, ImportKind.ACCOUNTS, rows))
    assert "membulatkan nama pengguna" in rounded[1]["username"][1]
    assert whole[0] is Verdict.NEW


def test_what_a_formula_failed_to_fill_and_a_number_for_a_name_are_faults(admin, dinkes):
    rows = [
        [*TERM, "Pangkat"],
        [KEPANJEN, "Staf Satu", "#N/A", "1/3/2025", ""],
        [KEPANJEN, "Staf Dua", "Contoh Dua", "#RUMUS!", ""],
        [KEPANJEN, 2025, "Contoh Tiga", "1/3/2025", "-"],
        [KEPANJEN, "Staf Empat", 81234500001, "1/3/2025", 4],
        [KEPANJEN, "Staf Lima", "Contoh Lima", "1/3/2025", "-"],
    ]
    found = verdicts(handed_in(admin, ImportKind.OFFICIALS, rows))
    faults = [
        {key: said for key, (what, said) in cells.items() if what == Verdict.FAULT} for _, cells in found
    ]
    assert faults == [
        {"name": "Rumus di sel ini gagal: #N/A. Ketik isinya."},
        {"starts_on": "Rumus di sel ini belum dihitung. Simpan ulang berkasnya di Excel, atau ketik isinya."},
        {"title": "Tulis dengan huruf; di sini hanya “2025”."},
        {
            "name": "Tulis dengan huruf; di sini hanya “81234500001”.",
            "rank": "Tulis dengan huruf; di sini hanya “4”.",
        },
        {},
    ]
    [(verdict, cells)] = verdicts(
        handed_in(dinkes, ImportKind.FACILITIES, [FACILITY[:3], ["Posyandu", 12, "Kepanjen"]])
    )
    assert (verdict, cells["name"][1]) == (
        Verdict.WARNING,
        "Nama ini hanya angka. Biarkan bila memang begitu.",
    )


def test_how_far_the_application_has_come_is_seen_while_it_holds_the_lock(admin, monkeypatch):
    run = handed_in(admin, ImportKind.OFFICIALS, [OFFICIAL, *map(new_officials, range(300))])
    carry_out, seen = IMPORTERS[ImportKind.OFFICIALS].carry_out, []

    def and_look(self, row):
        if self.number in (2, 301):
            seen.append(jobs.progress_of(imports.queries.job_of(run)))
        carry_out(self, row)

    monkeypatch.setattr(IMPORTERS[ImportKind.OFFICIALS], "carry_out", and_look)
    run = applied(admin, run)
    assert seen == [(0, ""), (250, "")]
    job = imports.queries.job_of(run)
    assert (job.total, jobs.progress_of(job)) == (300, (300, ""))
    assert queue.told(job.id) is None


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


def test_a_row_at_fault_takes_no_village_from_the_next(dinkes):
    with transaction():
        db.session.execute(sa.delete(Catchment))
    rows = [
        ["Jenis", "Nama", "Kecamatan", "Wilayah kerja", "Keadaan", "Sejak"],
        ["Puskesmas", "Puskesmas Contoh Satu", "Kepanjen", "Dilem", "proses", ""],
        ["Puskesmas", "Puskesmas Contoh Dua", "Kepanjen", "Dilem; Antahlah", "", ""],
        ["Puskesmas", "Puskesmas Contoh Tiga", "Kepanjen", "Dilem", "", ""],
    ]
    found = verdicts(handed_in(dinkes, ImportKind.FACILITIES, rows))
    assert [verdict.value for verdict, _ in found] == ["fault", "fault", "new"], found


def test_which_of_two_of_one_name_is_meant_is_asked_and_no_third_is_made(dinkes):
    name = "Posyandu Contoh"
    make_posyandu(1, "35.07.13.2001", name=name)
    make_posyandu(1, "35.07.13.2002", name=name)
    rows = [["Jenis", "Nama", "Kecamatan", "Desa"], ["Posyandu", name, "Kepanjen", ""]]
    [(verdict, cells)] = verdicts(handed_in(dinkes, ImportKind.FACILITIES, rows))
    assert verdict is Verdict.FAULT
    assert cells["village"][1] == "Ada 2 Posyandu bernama ini di Kecamatan Kepanjen. Isi kolom Desa."
    make_posyandu(1, "35.07.13", name=name)
    [(verdict, _)] = verdicts(handed_in(dinkes, ImportKind.FACILITIES, rows))
    assert verdict is Verdict.SAME, "the one that lies in the kecamatan itself"


def test_of_one_name_with_a_desa_and_without_is_asked_in_the_preview_and_never_merged(dinkes):
    head, name = ["Jenis", "Nama", "Kecamatan", "Desa", "Keadaan", "Sejak"], "Posyandu Contoh"
    here = ["Posyandu", name, "Kepanjen"]
    there, nowhere = [*here, "Dilem", "", ""], [*here, "", "proses", "1/3/2025"]
    for first, second, how in ((there, nowhere, "dengan"), (nowhere, there, "tanpa")):
        run = handed_in(dinkes, ImportKind.FACILITIES, [head, first, second])
        found = verdicts(run)
        assert [verdict.value for verdict, _ in found] == ["new", "fault"]
        told = f"Fasilitas bernama ini juga ditulis pada baris 2, {how} desa. Isi kolom Desa di keduanya"
        assert found[1][1]["village"][1].startswith(told)
    run = handed_in(dinkes, ImportKind.FACILITIES, [head, there, [*here, "Panggungrejo", "", ""], nowhere])
    before = verdicts(run)
    assert [verdict.value for verdict, _ in before] == ["new", "new", "fault"]
    run = applied(dinkes, run)
    assert (run.state, verdicts(run)) == (ImportState.APPLIED, before)
    made = db.session.scalars(sa.select(Facility).where(Facility.name == name)).all()
    assert [one.status for one in made] == [FacilityStatus.NONE] * 2
    [(_, cells)] = verdicts(handed_in(dinkes, ImportKind.FACILITIES, [head, nowhere]))
    assert cells["village"][1].startswith("Ada 2 Posyandu bernama ini")


def test_a_row_without_a_desa_is_not_taken_for_one_of_two_that_an_earlier_row_has_made_so(dinkes):
    make_posyandu(1, "35.07.13.2001", name="Posyandu Contoh")
    head, here = ["Jenis", "Nama", "Kecamatan", "Desa"], ["Posyandu", "Posyandu Contoh", "Kepanjen"]
    run = handed_in(dinkes, ImportKind.FACILITIES, [head, [*here, "Dilem"], [*here, ""]])
    found = verdicts(run)
    assert [verdict.value for verdict, _ in found] == ["new", "fault"], found
    village = db.session.scalar(sa.select(Wilayah.name).where(Wilayah.code == "35.07.13.2001"))
    run = handed_in(dinkes, ImportKind.FACILITIES, [head, [*here, ""], [*here, village]])
    found = verdicts(run)
    assert [verdict.value for verdict, _ in found] == ["same", "fault"], found
    assert found[1][1]["name"][1] == "Fasilitas ini sudah ditulis pada baris 2."


def test_what_is_kept_for_a_file_is_locked_in_the_order_of_its_keys(admin, dinkes):
    with counted() as statements, transaction():
        IMPORTERS[ImportKind.OFFICIALS](admin, MALANG)
        IMPORTERS[ImportKind.FACILITIES](dinkes, MALANG)
    for table in ("position", "person", "facility", "wilayah"):
        assert any(f"ORDER BY {table}.id" in statement for statement in statements), table


def test_a_puskesmas_of_the_register_is_not_taken_for_a_row_of_the_file(dinkes):
    """The second row of a file and the second facility of the register are two things."""
    with transaction():
        db.session.execute(sa.delete(Catchment))
        centre = db.session.scalars(
            sa.select(Facility).where(
                Facility.regency_code == MALANG, Facility.kind == FacilityKind.PUSKESMAS
            ).order_by(Facility.id).limit(1)
        ).one()  # fmt: skip
        key = centre.id
        db.session.add(Catchment(facility=centre, wilayah_code="35.07.13.2001"))
    name = db.session.scalar(sa.select(Wilayah.name).where(Wilayah.code == "35.07.13.2001"))
    rows = [["Jenis", "Nama", "Kecamatan", "Wilayah kerja"], *([["", "", "", ""]] * (key - 2))]
    rows.append(["Puskesmas", "Puskesmas Contoh", "Kepanjen", name])
    [(verdict, cells)] = verdicts(handed_in(dinkes, ImportKind.FACILITIES, rows))
    assert verdict is Verdict.FAULT
    assert cells["villages"][1] == f"{name} sudah dilayani Puskesmas lain."


def test_what_belongs_to_a_puskesmas_that_is_not_added_is_not_added_either(dinkes):
    rows = [
        FACILITY,
        ["Puskesmas", "Puskesmas Contoh", "Kepanjen", "", "", "", "proses", ""],
        ["Posyandu", "Posyandu Contoh", "Kepanjen", "", "Puskesmas Contoh", "", "", ""],
    ]
    _, (verdict, cells) = verdicts(handed_in(dinkes, ImportKind.FACILITIES, rows))
    assert verdict is Verdict.FAULT
    assert "Tidak ada “Puskesmas Contoh”" in cells["parent"][1]


def test_a_refusal_on_the_way_takes_everything_back_and_names_the_row(admin, monkeypatch):
    rows = [
        TERM,
        *([f"Kecamatan {k}", "Staf Contoh", f"Contoh {k}", "1 Maret 2025"] for k in ("Kepanjen", "Dampit")),
    ]
    run = handed_in(admin, ImportKind.OFFICIALS, rows)
    carry_out = IMPORTERS[ImportKind.OFFICIALS].carry_out

    def second_fails(self, row):
        if self.number == 3:
            raise RuleViolation("Ada yang mendahului.", "starts_on")
        carry_out(self, row)

    monkeypatch.setattr(IMPORTERS[ImportKind.OFFICIALS], "carry_out", second_fails)
    run = applied(admin, run)
    assert run.state is ImportState.READY
    assert run.error.startswith("Baris 3: Ada yang mendahului. Baris itu kini salah")
    assert db.session.scalar(sa.select(sa.exists().where(Position.title == "Staf Contoh"))) is False
    [_, (verdict, cells)] = verdicts(run)
    assert (verdict, cells["starts_on"]) == (Verdict.FAULT, ("fault", "Ada yang mendahului."))
    run = applied(admin, run)
    assert (run.state, run.error) == (ImportState.APPLIED, ""), "the rest goes on without it"
    assert db.session.scalar(sa.select(sa.func.count()).where(Position.title == "Staf Contoh")) == 1
    last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (last.changes["applied"], last.changes["refused"]) == (1, 1)


def test_what_changed_between_preview_and_application_is_judged_again(admin):
    first = [TERM, ["Kecamatan Kepanjen", "Staf Contoh", "Contoh", "1/3/2025"]]
    other = [TERM, ["Kecamatan Kepanjen", "Staf Contoh", "Orang Lain", "1/4/2025"]]
    run = handed_in(admin, ImportKind.OFFICIALS, first).id
    applied(admin, handed_in(admin, ImportKind.OFFICIALS, other))
    run = applied(admin, db.session.get_one(ImportRun, run))
    [(verdict, cells)] = verdicts(run)
    assert verdict is Verdict.FAULT
    assert "penggantinya mulai sesudah hari itu" in cells["starts_on"][1]


def test_an_account_that_came_in_between_and_a_facility_that_moved_on_are_noticed(admin, dinkes):
    names = [[f"contoh-{n}", KEPANJEN, "Pelaksana"] for n in range(3)]
    run = handed_in(admin, ImportKind.ACCOUNTS, [ACCOUNT, *names]).id
    for n, office in ((0, office_named("Sekretariat Daerah Kabupaten Blitar")), (1, office_named(KEPANJEN))):
        with transaction():
            accounts.create_account(actor=admin, username=f"contoh-{n}", role=Role.IMPLEMENTER, office=office)
    elsewhere, here, new = verdicts(applied(admin, db.session.get_one(ImportRun, run)))
    assert "sudah dipakai" in elsewhere[1]["username"][1]
    assert (here[0], new[0]) == (Verdict.SAME, Verdict.NEW)

    applied(dinkes, handed_in(dinkes, ImportKind.FACILITIES, [FACILITY, new_facilities(1)]))
    run = handed_in(dinkes, ImportKind.FACILITIES, [FACILITY, changed_facilities(1)]).id
    facility = db.session.scalars(sa.select(Facility).where(Facility.name == "Contoh 1")).one()
    with transaction():
        facilities.record_status(
            actor=dinkes, facility=facility, status=FacilityStatus.NONE, on=date(2025, 5, 1), note="mundur"
        )
    [(verdict, cells)] = verdicts(applied(dinkes, db.session.get_one(ImportRun, run)))
    assert verdict is Verdict.FAULT
    assert "sebelum catatan terakhir" in cells["status_on"][1]


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
