"""Everything that is held about somebody can be taken along, and what identifies somebody can be erased."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date, timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from ilp.adapters import storage
from ilp.core.clock import now
from ilp.core.db import Base, db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.accounts import Account, LoginSession, SecondFactor
from ilp.models.audit import AuditEntry, AuditPersonal
from ilp.models.commitments import Slot, SlotStatus
from ilp.models.directory import Appointment, AppointmentKind, Office, Person, PersonMerge, Position
from ilp.models.documents import Document, DocumentStatus
from ilp.models.imports import ImportKind, ImportRow, ImportRun, Verdict
from ilp.models.meetings import AttendanceStatus
from ilp.models.privacy import ErasureBasis, SeenPage
from ilp.policy.user import User
from ilp.queries.persons import home_of
from ilp.queries.privacy import LEFT_OUT, OWNERS, SECRET, held_about, owned, viewers
from ilp.services import audit, directory, merging, persons, privacy
from tests.factories.directory import head_of, holder_of
from tests.factories.meetings import make_called, mark, seats_of
from tests.support.browser import Browser, visible_text
from tests.support.people import user_named

NAME, PHONE, NIP = "Melati Nusa Contoh", "+6281200000099", "199001012015012099"


@pytest.fixture
def admin(demo: Flask) -> User:
    return user_named("admin")


def hand_in(admin: User, place: str, *rows: dict[str, str]) -> list[int]:
    """A file of officials within a place, kept as it was; ids of its rows."""
    with transaction():
        run = ImportRun(
            kind=ImportKind.OFFICIALS,
            account_id=admin.account_id,
            wilayah_code=place,
            file_name="pejabat.xlsx",
            columns=["name", "nip"],
            ignored=[],
            rows=len(rows),
            created_at=now(),
        )
        db.session.add(run)
        db.session.flush()
        kept = [
            ImportRow(run_id=run.id, number=number, cells=cells, findings={}, verdict=Verdict.NEW)
            for number, cells in enumerate(rows, start=2)
        ]
        db.session.add_all(kept)
        db.session.flush()
        return [row.id for row in kept]


@pytest.fixture
def melati(demo: Flask, admin: User) -> Person:
    """Somebody who has signed a commitment, owns an account, and whose data was edited once."""
    slot = db.session.scalars(
        sa.select(Slot).where(Slot.status == SlotStatus.SIGNED, Slot.person_id.is_not(None)).limit(1)
    ).one()
    person = db.session.get_one(Person, slot.person_id)
    with transaction():
        persons.edit_person(
            actor=admin,
            person=person,
            name=NAME,
            prefix="dr.",
            suffix="M.K.M.",
            sex=None,
            nip=NIP,
            rank="Pembina",
            phone=PHONE,
            email="melati@contoh.invalid",
        )
        account = Account(
            username="melati.contoh", password_hash="rahasia-sandi", person_id=person.id, created_at=now()
        )
        db.session.add(account)
        db.session.flush()
        db.session.add(
            LoginSession(
                account_id=account.id,
                token_hash="rahasia-token",
                created_at=now(),
                last_seen_at=now(),
                device="HP Melati",
            )
        )
        db.session.add(SecondFactor(account_id=account.id, sealed="rahasia-kunci", created_at=now()))
    hand_in(admin, home_of(person.id), {"name": NAME, "nip": NIP}, {"name": "Orang Lain"})
    return person


def unpacked(answer: TestResponse) -> tuple[str, dict[str, list[dict[str, object]]]]:
    with zipfile.ZipFile(io.BytesIO(answer.data)) as files:
        return files.read("data.html").decode(), json.loads(files.read("data.json"))


def export(browser: Browser, person: Person) -> TestResponse:
    return browser.post(f"/data-pribadi/orang/{person.id}/unduh", status=200)


def test_all_that_is_held_can_be_taken_along(demo: Flask, melati: Person) -> None:
    answer = export(Browser(demo, "admin"), melati)
    readable, machine = unpacked(answer)
    assert machine["person"][0]["nip"] == NIP
    assert {"appointment", "account", "login_session", "slot", "signature_event", "audit_personal"} <= set(
        machine
    )
    for word in (NAME, PHONE, "melati.contoh", "HP Melati", "Tanda tangan", "Masa jabatan"):
        assert word in readable
    assert not re.search(r"<dt>[a-z_]+</dt>", readable), "every value has words"
    for secret in ("rahasia-sandi", "rahasia-token", "rahasia-kunci"):
        assert secret not in readable + json.dumps(machine)
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.subject_id, entry.changes) == ("person:export", melati.id, {})


@pytest.mark.parametrize(
    ("username", "status"), [("admin", 200), ("auditor.jatim", 404), ("setda.blitar", 404)]
)
def test_it_is_for_the_administrator_and_the_owner(
    demo: Flask, melati: Person, username: str, status: int
) -> None:
    Browser(demo, username).post(f"/data-pribadi/orang/{melati.id}/unduh", status=status)
    Browser(demo, username).get(f"/data-pribadi/orang/{melati.id}/hapus", status=status)


def test_the_owner_takes_his_own(demo: Flask, melati: Person) -> None:
    browser = Browser(demo, "melati.contoh")
    answer = browser.post("/data-pribadi/saya/unduh", page="/akun/saya", status=200)
    assert unpacked(answer)[1]["person"][0]["phone"] == PHONE


def test_every_table_with_an_owner_is_part_of_it_or_named_as_left_out() -> None:
    """A new table that refers to a person or an account under another name is thought about here."""
    owners = {table.name for table in Base.metadata.sorted_tables if list(owned(table))}
    assert {"account", "appointment", "login_session", "notification", "role_grant"} <= owners - set(LEFT_OUT)
    assert set(LEFT_OUT) <= owners
    persons = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == "person" and column.name not in OWNERS
    }
    told_apart = {"person_apart.one_id", "person_apart.other_id"}
    assert persons - told_apart == {"person_merge.gone_id"}, "a second record, erased with the first"


def test_what_opens_something_is_never_part_of_it() -> None:
    secret = {f"{t.name}.{c.name}" for t in Base.metadata.sorted_tables for c in t.columns}
    kept = {name for name in secret if not SECRET.search(name.split(".")[1])}
    assert {"account.password_hash", "login_session.token_hash"} <= secret - kept


# --- erasing ----------------------------------------------------------------------------------------
def leave_office(person: Person) -> None:
    with transaction():
        for term in db.session.scalars(sa.select(Appointment).where(Appointment.person_id == person.id)):
            term.starts_on, term.ends_on = date(2020, 1, 1), now().date() - timedelta(days=2)


def papers() -> dict[int, tuple[str, ...]]:
    """Every issued paper with the fingerprints of its content and of its bytes as they are kept."""
    found = {}
    issued = sa.select(Document).where(Document.status == DocumentStatus.ISSUED)
    for document in db.session.scalars(issued.options(sa.orm.joinedload(Document.files))).unique():
        kept = [sha256(storage.get(file.sha256)).hexdigest() for file in document.files]
        found[document.id] = (document.content_sha256, *kept)
    return found


def test_erasing_is_previewed_and_leaves_nothing_that_identifies(demo: Flask, melati: Person) -> None:
    leave_office(melati)
    before, browser = papers(), Browser(demo, "admin")
    path = f"/data-pribadi/orang/{melati.id}/hapus"
    preview = visible_text(browser.get(path))
    accounts = list(db.session.scalars(sa.select(Account.id).where(Account.person_id == melati.id)))
    assert f"{len(accounts)} akun" in preview
    assert "1 tanda tangan" in preview
    refused = browser.post(path, {"basis": "request"}, page=path, status=422)
    assert "Beri tanda di sini" in visible_text(refused)
    assert db.session.get_one(Person, melati.id).name == NAME

    browser.post(path, {"basis": "request", "meant": "y"}, page=path)
    person = db.session.get_one(Person, melati.id)
    assert (person.name, person.nip, person.phone, person.email) == ("Data dihapus", None, "", "")
    assert person.anonymised_at is not None
    for account in db.session.scalars(sa.select(Account).where(Account.id.in_(accounts))):
        assert account.suspended_at is not None
        assert account.username == f"dihapus.{account.id}"
    sessions = sa.select(LoginSession.device, LoginSession.address)
    left_behind = db.session.execute(sessions.where(LoginSession.account_id.in_(accounts)).distinct())
    assert [tuple(row) for row in left_behind] == [("", "")]

    assert (
        db.session.scalars(
            sa.select(SecondFactor.account_id).where(SecondFactor.account_id.in_(accounts))
        ).all()
        == []
    )
    handed_in = json.dumps(list(db.session.scalars(sa.select(ImportRow.cells))))
    assert NAME not in handed_in
    assert "Orang Lain" in handed_in
    left = json.dumps(list(db.session.scalars(sa.select(AuditPersonal.values))))
    chained = json.dumps(list(db.session.scalars(sa.select(AuditEntry.changes))))
    for word in (NAME, PHONE, NIP, "melati"):
        assert word not in left
        assert word not in chained
    told = visible_text(browser.get(f"/jejak/orang/{melati.id}"))
    assert "menghapus data pribadi seseorang" in told
    assert "Permintaan pemilik data" in told
    assert "Nilai pribadi pada catatan ini sudah dihapus" in told

    assert [audit.verify_chain(name) for name in audit.chains()] == [None] * len(audit.chains())
    assert papers() == before != {}
    Browser(demo, "admin").post(path, {"basis": "request", "meant": "y"}, page=path, status=422)


def test_whoever_was_erased_is_not_changed_appointed_or_told_of_any_more(
    demo: Flask, admin: User, melati: Person
) -> None:
    leave_office(melati)
    erase(admin, melati)
    browser, path = Browser(demo, "admin"), f"/direktori/orang/{melati.id}"
    offered = [
        link.get_text(strip=True)
        for link in browser.get(path).soup.select("main .actions a, main .actions button")
    ]
    assert not {"Mutasi", "Ubah", "Unduh datanya"} & set(offered)
    refused = browser.post(f"{path}/ubah", {"name": "Kembali Contoh"}, page=f"{path}/ubah", status=422)
    assert "sudah dihapus" in visible_text(refused)
    assert "sudah dihapus" in visible_text(browser.post(f"/data-pribadi/orang/{melati.id}/unduh", status=422))
    position = db.session.scalars(sa.select(Position).limit(1)).one()
    with pytest.raises(RuleViolation, match="sudah dihapus"), transaction():
        directory.appoint(
            actor=admin,
            office=db.session.get_one(Office, position.office_id),
            position=position,
            person=db.session.get_one(Person, melati.id),
            kind=AppointmentKind.PLT,
            starts_on=now().date(),
        )


def test_whoever_holds_a_position_keeps_his_name(admin: User, melati: Person) -> None:
    with pytest.raises(RuleViolation, match="masih memegang jabatan"), transaction():
        privacy.anonymise(actor=admin, person=melati, basis=ErasureBasis.DECEASED)
    assert db.session.get_one(Person, melati.id).name == NAME


def test_nobody_erases_himself(melati: Person) -> None:
    leave_office(melati)
    me = user_named("melati.contoh")
    with pytest.raises(RuleViolation, match="administrator lain"), transaction():
        privacy.anonymise(actor=me, person=melati, basis=ErasureBasis.REQUEST)


def double_of(admin: User, name: str = NAME, **over: str) -> Person:
    with transaction():
        office = db.session.scalars(sa.select(Office).limit(1)).one()
        given = {"prefix": "dr.", "phone": PHONE, **over}
        return directory.add_person(actor=admin, office=office, name=name, **given)


def join(admin: User, kept: Person, gone: Person) -> PersonMerge:
    with transaction():
        return merging.merge(actor=admin, kept=kept, gone=gone)


def erase(admin: User, person: Person) -> None:
    leave_office(person)
    with transaction():
        privacy.anonymise(actor=admin, person=person, basis=ErasureBasis.REQUEST)


def names_of(*people: Person) -> list[str]:
    return [db.session.get_one(Person, each.id, populate_existing=True).name for each in people]


def beside_the_trail() -> str:
    return json.dumps(list(db.session.scalars(sa.select(AuditPersonal.values))))


def test_records_joined_one_into_another_are_erased_with_the_last(admin: User, melati: Person) -> None:
    first, second = double_of(admin), double_of(admin, phone="+6281200000098", email="lama@contoh.invalid")
    join(admin, second, first)
    join(admin, melati, second)
    erase(admin, melati)
    assert names_of(melati, second, first) == ["Data dihapus"] * 3
    left = beside_the_trail() + json.dumps(list(db.session.scalars(sa.select(PersonMerge.filled))))
    for word in (NAME, PHONE, "+6281200000098", "lama@contoh.invalid"):
        assert word not in left


def test_whoever_was_joined_by_mistake_is_neither_erased_nor_shown(admin: User, melati: Person) -> None:
    other = double_of(admin, phone="+6281200000077")
    made = join(admin, melati, other)
    with transaction():
        merging.unmerge(actor=admin, made=made)
    assert "+6281200000077" not in json.dumps([section.rows for section in held_about(melati, now().date())])
    erase(admin, melati)
    assert names_of(melati, other) == ["Data dihapus", NAME]
    assert "+6281200000077" in beside_the_trail()


def test_a_term_that_stayed_with_the_record_that_was_joined_counts(admin: User, melati: Person) -> None:
    other = double_of(admin)
    with transaction():
        term = db.session.scalars(sa.select(Appointment).where(Appointment.person_id == melati.id)).first()
        assert term is not None
        twice = Appointment(
            position_id=term.position_id,
            person_id=other.id,
            kind=AppointmentKind.PLT,
            starts_on=term.starts_on,
        )
        db.session.add(twice)
    join(admin, melati, other)
    leave_office(melati)
    with pytest.raises(RuleViolation, match="masih memegang jabatan"), transaction():
        privacy.anonymise(actor=admin, person=melati, basis=ErasureBasis.REQUEST)


def test_a_joined_record_is_erased_by_way_of_the_one_that_stayed(admin: User, melati: Person) -> None:
    other = double_of(admin)
    join(admin, melati, other)
    with pytest.raises(RuleViolation, match="catatan yang tetap"), transaction():
        privacy.anonymise(actor=admin, person=other, basis=ErasureBasis.REQUEST)


def test_looks_at_the_record_that_was_joined_are_told(admin: User, melati: Person) -> None:
    other, today = double_of(admin), now().date()
    privacy.note_view(account_id=admin.account_id, page=SeenPage.PERSON, record_id=other.id, day=today)
    before = len(viewers(melati.id, today).rows)
    join(admin, melati, other)
    assert len(viewers(melati.id, today).rows) == before + 1


def test_only_rows_about_the_very_person_are_blanked(admin: User, melati: Person) -> None:
    ani = double_of(admin, "Ani Émilia Contoh", prefix="", phone="", nip="197001012000012001")
    here = db.session.get_one(Person, ani.id).wilayah_code
    rows = (
        {"name": "ANI ÉMILIA CONTOH"},
        {"name": "Ani E. Contoh", "nip": "19700101 200001 2 001"},
        {"name": "Ani Émilia Contoh", "nip": NIP},
        {"name": "Bani Émilia Contohwati"},
        {"name": "Ani", "office": "Kantor Ani Émilia Contoh"},
    )
    written = hand_in(admin, here, *rows)
    elsewhere = hand_in(admin, "62.10" if here != "62.10" else "35.07", {"name": "Ani Émilia Contoh"})
    erase(admin, ani)
    cells = dict(map(tuple, db.session.execute(sa.select(ImportRow.id, ImportRow.cells))))
    assert [cells[key] for key in written] == [{}, {}, *rows[2:]]
    assert cells[elsewhere[0]] != {}


def test_marks_that_name_him_are_blanked_and_not_those_of_whoever_came_instead(admin: User) -> None:
    setda, position = user_named("setda.malang"), head_of("Kecamatan Kepanjen")
    camat = holder_of(position, now().date())
    own, in_stead = make_called(setda), make_called(setda)
    for meeting, more in (
        (own, {}),
        (in_stead, {"status": AttendanceStatus.REPRESENTED, "name": "Wakil Rekaan"}),
    ):
        (seat,) = [seat for seat in seats_of(meeting) if seat.position_id == position.id]
        mark(setda, meeting, seat, **more)
    leave_office(camat)
    with transaction():
        privacy.anonymise(actor=admin, person=camat, basis=ErasureBasis.REQUEST)
    kept = (
        sa.select(AuditPersonal.values)
        .join(AuditEntry, AuditEntry.id == AuditPersonal.entry_id)
        .where(AuditEntry.action == "meeting:register", AuditEntry.subject_id.in_([own.id, in_stead.id]))
        .order_by(AuditEntry.id)
    )
    first, second = db.session.scalars(kept)
    assert first is None
    assert second["name"] == "Wakil Rekaan"
