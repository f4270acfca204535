"""People who stand in the directory twice: found by name, NIP and phone, joined, and taken apart again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from ilp.core.clock import now, today
from ilp.core.db import db, transaction
from ilp.models.accounts import Account
from ilp.models.audit import AuditEntry
from ilp.models.directory import Appointment, Person, PersonMerge
from ilp.models.privacy import ErasureBasis
from ilp.services import merging, privacy
from tests.factories.directory import head_of, holder_of, make_account, make_person, office_named
from tests.support.browser import visible_text
from tests.support.people import user_named

LIST = "/direktori/orang/ganda"


@pytest.fixture
def person(app) -> Person:
    """The camat of Kepanjen, with an account."""
    return holder_of(head_of("Kecamatan Kepanjen"), today())


def twin(person: Person, **over: str) -> Person:
    """The same name once more, in the office of another kecamatan."""
    given = {"prefix": person.prefix, "name": person.name, "suffix": person.suffix, **over}
    return make_person(user_named("admin"), office_named("Kecamatan Pagak"), **given)


def listed(as_user) -> str:
    return visible_text(as_user("admin").get(LIST))


def pairs(as_user) -> set[frozenset[int]]:
    soup = as_user("admin").get(LIST).soup
    found = [row.select("td a.btn")[0]["href"].split("/") for row in soup.select("tbody tr")]
    return {frozenset((int(parts[3]), int(parts[5]))) for parts in found}


@pytest.mark.parametrize(
    ("over", "found"),
    [
        ({}, True),
        ({"prefix": ""}, True),
        ({"suffix": ""}, True),
        ({"prefix": "dr."}, False),
        ({"name": "Orang Lain Sama Sekali"}, False),
    ],
)
def test_a_name_is_found_again_and_titles_tell_people_apart(as_user, person, over, found):
    with transaction():
        db.session.get_one(Person, person.id).prefix = "Dr."
    other = twin(person, **{"prefix": "Dr.", **over})
    assert (frozenset((person.id, other.id)) in pairs(as_user)) is found


@pytest.mark.parametrize(
    ("nip", "found"),
    [("198001012005012009", True), ("198001012005012090", True), ("197505052001011003", False), (None, True)],
)
def test_two_numbers_that_differ_by_more_than_a_slip_are_two_people(as_user, person, nip, found):
    with transaction():
        db.session.get_one(Person, person.id).nip = "198001012005012008"
    other = twin(person, nip=nip)
    assert (frozenset((person.id, other.id)) in pairs(as_user)) is found
    assert ("NIP hampir sama" in listed(as_user)) is (found and nip is not None)


def test_a_telephone_number_is_found_again_whatever_the_name(as_user, person):
    with transaction():
        db.session.get_one(Person, person.id).phone = "+6281211112222"
    other = twin(person, name="Nama Lain", phone="+6281211112222", prefix="")
    assert frozenset((person.id, other.id)) in pairs(as_user)
    assert "nomor HP" in listed(as_user)


def test_two_people_of_a_common_name_do_not_hide_those_behind(as_user, person):
    for number in range(16):
        twin(person, name="Ani Aminah", nip=f"19{70 + number}{number % 12 + 1:02}01200001{number:04}")
    pair = frozenset(twin(person, name="Wulan Misal").id for _ in range(2))
    assert pair in pairs(as_user)
    assert "Ani Aminah" not in listed(as_user)


def test_a_pair_that_is_told_apart_does_not_come_back(as_user, person):
    other = twin(person)
    compare = f"/direktori/orang/{person.id}/gabung/{other.id}"
    path = f"{compare}/bukan"
    for username, status in (("setda.malang", 403), ("setda.blitar", 404)):
        as_user(username).post(path, status=status)
    assert frozenset((person.id, other.id)) in pairs(as_user)
    as_user("admin").post(path, page=compare)
    assert frozenset((person.id, other.id)) not in pairs(as_user)
    last = sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)
    entry = db.session.scalars(last).one()
    assert (entry.action, entry.subject_id, entry.changes) == ("person:apart", person.id, {"other": other.id})
    as_user("admin").post(f"/direktori/orang/{other.id}/gabung/{person.id}/bukan")
    assert db.session.scalars(last).one().id == entry.id, "said once"
    assert "Ini catatan yang sama" in visible_text(
        as_user("admin").post(f"/direktori/orang/{person.id}/gabung/{person.id}/bukan", status=422)
    )


def test_a_telephone_number_outweighs_the_title_and_both_can_be_joined(as_user, person):
    with transaction():
        kept = db.session.get_one(Person, person.id)
        kept.prefix, kept.phone = "Dr.", "+6281211112222"
    other = twin(person, prefix="dr.", phone="+6281211112222")
    assert frozenset((person.id, other.id)) in pairs(as_user)
    join(as_user, person, other)


def join(as_user, kept: Person, gone: Person, status: int = 303):
    page = f"/direktori/orang/{kept.id}/gabung/{gone.id}"
    return as_user("admin").post(page, status=status)


def state(person_id: int) -> list[object]:
    person = db.session.get_one(Person, person_id, populate_existing=True)
    terms = sa.select(Appointment.id).where(Appointment.person_id == person_id)
    accounts = sa.select(Account.username).where(Account.person_id == person_id)
    return [
        (person.nip, person.phone, person.email, person.rank, person.prefix),
        sorted(db.session.scalars(terms)),
        sorted(db.session.scalars(accounts)),
    ]


def test_two_records_become_one_and_two_again(as_user, person):
    other = twin(person, phone="+6281299998888", nip="198001012005012009", email="a@contoh.go.id")
    with transaction():
        keep = db.session.get_one(Person, person.id)
        keep.nip = None
        keep.phone = ""
    before = [state(person.id), state(other.id)]
    preview = visible_text(as_user("admin").get(f"/direktori/orang/{other.id}/gabung/{person.id}"))
    assert "1 akun" in preview
    assert [state(person.id), state(other.id)] == before, "only looked at"

    join(as_user, other, person)
    assert state(other.id)[2] == ["camat.kepanjen"]
    assert state(other.id)[1] == before[0][1]
    assert state(person.id)[1:] == [[], []]
    assert "camat.kepanjen" in visible_text(as_user("admin").get(f"/direktori/orang/{other.id}"))
    assert frozenset((person.id, other.id)) not in pairs(as_user)
    assert other.name in visible_text(as_user("camat.kepanjen").get("/"))
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.chain) == ("person:merge", "35.07")

    made = db.session.scalars(sa.select(PersonMerge)).one()
    page = f"/direktori/orang/{other.id}"
    as_user("setda.malang").post(f"/direktori/orang/gabungan/{made.id}/pisahkan", status=403)
    as_user("setda.blitar").post(f"/direktori/orang/gabungan/{made.id}/pisahkan", status=404)
    as_user("admin").post(f"/direktori/orang/gabungan/{made.id}/pisahkan", page=page)
    assert [state(person.id), state(other.id)] == before
    again = as_user("admin").post(f"/direktori/orang/gabungan/{made.id}/pisahkan", status=422)
    assert "sudah dibatalkan" in visible_text(again)


def test_what_was_empty_is_filled_and_emptied_again(as_user, person):
    with transaction():
        keep = db.session.get_one(Person, person.id)
        keep.nip, keep.phone, keep.rank = None, "", "Pembina"
    other = twin(person, phone="+6281299998888", nip="198001012005012009", rank="Penata")
    before = [state(person.id), state(other.id)]
    join(as_user, person, other)
    kept = db.session.get_one(Person, person.id, populate_existing=True)
    assert (kept.nip, kept.phone, kept.rank) == ("198001012005012009", "+6281299998888", "Pembina")
    made = db.session.scalars(sa.select(PersonMerge)).one()
    as_user("admin").post(f"/direktori/orang/gabungan/{made.id}/pisahkan")
    assert [state(person.id), state(other.id)] == before


def test_each_has_its_own_number_again(as_user, person):
    with transaction():
        db.session.get_one(Person, person.id).nip = "198001012005012008"
    other = twin(person, nip="198001012005012009")
    before = [state(person.id), state(other.id)]
    join(as_user, person, other)
    assert [state(each.id)[0][0] for each in (person, other)] == ["198001012005012008", None]
    made = db.session.scalars(sa.select(PersonMerge)).one()
    as_user("admin").post(f"/direktori/orang/gabungan/{made.id}/pisahkan")
    assert [state(person.id), state(other.id)] == before


def test_after_thirty_days_it_stays(as_user, person):
    join(as_user, person, twin(person))
    made = db.session.scalars(sa.select(PersonMerge)).one()
    undo = f"/direktori/orang/gabungan/{made.id}/pisahkan"
    assert undo in as_user("admin").get(f"/direktori/orang/{person.id}").text
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        browser = as_user("admin")
        assert undo not in browser.get(f"/direktori/orang/{person.id}").text
        assert "dalam 30 hari" in visible_text(browser.post(undo, status=422))


def test_refusals_change_nothing(as_user, person):
    doctor = twin(person, prefix="dr.")
    with transaction():
        db.session.get_one(Person, person.id).prefix = "Dr."
    assert "ini dua orang" in visible_text(join(as_user, person, doctor, status=422))
    both = twin(person, prefix="Dr.")
    make_account(user_named("admin"), both, office_named("Kecamatan Pagak"))
    assert "Keduanya mempunyai akun" in visible_text(join(as_user, person, both, status=422))
    assert "sudah digabung" in visible_text(join(as_user, person, person, status=422))
    as_user("admin").get(f"/direktori/orang/{person.id}/gabung/{person.id}", status=404)
    assert db.session.scalars(sa.select(PersonMerge)).all() == []


def test_only_who_administers_both_joins_them(as_user, person):
    other = twin(person)
    path = f"/direktori/orang/{person.id}/gabung/{other.id}"
    for username, status in (("setda.malang", 403), ("auditor.jatim", 403), ("setda.blitar", 404)):
        as_user(username).get(path, status=status)
        as_user(username).post(path, status=status)
        as_user(username).get(LIST, status=403)


def test_erasing_somebodys_data_reaches_the_record_that_was_joined(as_user, app):
    admin = user_named("admin")
    office = office_named("Kecamatan Pagak")
    kept, gone = (make_person(admin, office, "Lintang Rekaan", email=mail) for mail in ("", "l@contoh.id"))
    with transaction():
        merging.merge(actor=admin, kept=kept, gone=gone)
    with transaction():
        privacy.anonymise(actor=admin, person=kept, basis=next(iter(ErasureBasis)))
    rows = db.session.execute(sa.select(Person.name, Person.email).where(Person.id.in_((kept.id, gone.id))))
    assert not {"Lintang Rekaan", "l@contoh.id"} & {value for row in rows for value in row}
    assert "l@contoh.id" not in str(db.session.scalars(sa.select(PersonMerge.filled)).all())
    made = db.session.scalars(sa.select(PersonMerge)).one()
    refused = as_user("admin").post(f"/direktori/orang/gabungan/{made.id}/pisahkan", status=422)
    assert "sudah dihapus" in visible_text(refused)
