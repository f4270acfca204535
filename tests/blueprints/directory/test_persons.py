"""People: who is known to whom, what they held on a day, and changing what is known of them."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.accounts import RoleGrant
from ilp.models.audit import AuditEntry, AuditPersonal
from ilp.models.directory import Appointment, AppointmentKind, Office, Person, Position, Sex
from tests.support.browser import visible_text
from tests.support.queries import counted


def camat(name: str = "Kecamatan Kepanjen") -> Appointment:
    """The term of whoever heads an office."""
    return db.session.scalars(
        sa.select(Appointment)
        .join(Appointment.position)
        .join(Position.office)
        .where(Office.name == name, Position.is_head)
        .order_by(Appointment.starts_on)
    ).first()


def position_page(term: Appointment) -> str:
    office_id = db.session.scalar(sa.select(Position.office_id).where(Position.id == term.position_id))
    return f"/direktori/{office_id}/jabatan/{term.position_id}"


# --- looking up --------------------------------------------------------------------------
def test_every_person_of_the_regency_is_reached_by_paging(as_user):
    browser, seen, path = as_user("setda.malang"), [], "/direktori/orang/"
    while path:
        soup = browser.get(path).soup
        seen += [row.td.a["href"] for row in soup.select("tbody tr")]
        older = soup.select_one("a[rel=next]")
        path = older["href"] if older else None
    held = (
        sa.select(Appointment.person_id)
        .join(Appointment.position)
        .join(Position.office)
        .where(Office.regency_code == "35.07")
    )
    assert len(seen) == len(set(seen)) == len(set(db.session.scalars(held)))


def test_search_finds_the_bare_name_and_swaps_the_list_alone(as_user):
    person = db.session.get_one(Person, camat().person_id)
    words = " ".join(reversed(person.name.upper().split()))
    answer = as_user("setda.malang").get(f"/direktori/orang/?cari={words}", htmx=True)
    assert answer.text.lstrip().startswith('<section class="panel" id="person-list"')
    assert f"/direktori/orang/{person.id}" in answer.text
    assert "Tidak ada orang yang cocok" in visible_text(
        as_user("setda.malang").get("/direktori/orang/?cari=%25")
    )


@pytest.mark.parametrize("query", ["setelah=kacau", "setelah=a%00~1", "setelah=a~0x"])
def test_addresses_that_lead_nowhere(as_user, query):
    as_user("setda.malang").get(f"/direktori/orang/?{query}", status=404)


@pytest.mark.parametrize(
    ("username", "office", "status"),
    [
        ("setda.malang", "Kecamatan Kepanjen", 200),
        ("camat.kepanjen", "Kecamatan Kepanjen", 200),
        ("auditor.jatim", "Kecamatan Kepanjen", 200),
        ("admin", "Kecamatan Kepanjen", 200),
        ("camat.kepanjen", "Kecamatan Wagir", 404),
        ("puskesmas.kepanjen", "Kecamatan Kepanjen", 404),
        ("setda.blitar", "Kecamatan Kepanjen", 404),
        ("mitra.blitar", "Kecamatan Kepanjen", 404),
    ],
)
def test_people_are_known_by_the_offices_they_serve(as_user, username, office, status):
    person_id = camat(office).person_id
    as_user(username).get(f"/direktori/orang/{person_id}", status=status)
    shown = as_user(username).get("/direktori/orang/?cari=" + db.session.get_one(Person, person_id).name)
    assert (f'/direktori/orang/{person_id}"' in shown.text) is (status == 200)


def test_numbers_are_shown_only_to_who_may_write(as_user):
    with transaction():
        person = db.session.get_one(Person, camat().person_id)
        person.phone, person.email = "+6281234567890", "camat@contoh.go.id"
    path = f"/direktori/orang/{person.id}"
    for username, seen in (
        ("setda.malang", True),
        ("admin", True),
        ("camat.kepanjen", False),
        ("auditor.jatim", False),
    ):
        text = visible_text(as_user(username).get(path))
        assert ("0812-3456-7890" in text) is seen, username
        assert ("camat@contoh.go.id" in text) is seen, username


@pytest.mark.parametrize("count", [1, 30, 185])
@pytest.mark.parametrize("path", ["/direktori/orang/", "/direktori/orang/?cari=uji"])
def test_the_list_costs_the_same_for_any_number(as_user, count, path):
    term = camat()
    with transaction():
        people = [{"name": f"Uji {n}", "sort_name": f"uji {n}"} for n in range(count)]
        keys = db.session.scalars(sa.insert(Person).returning(Person.id), people).all()
        db.session.execute(
            sa.insert(Appointment),
            [
                {"position_id": term.position_id, "person_id": key, "starts_on": date(2024, 1, 1)}
                for key in keys
            ],
        )
    browser = as_user("setda.malang")
    with counted() as statements:
        browser.get(path)
    assert len(statements) == 3


# --- who held it on a day ------------------------------------------------------------------
def test_a_position_says_who_held_it_on_a_day(as_user):
    term = camat()
    former = db.session.get_one(Person, term.person_id).name
    with transaction():
        term.ends_on = date(2026, 2, 28)
        successor = Person(name="Lintang Rekaan", sort_name="lintang rekaan")
        db.session.add(successor)
        db.session.flush()
        db.session.add(
            Appointment(
                position_id=term.position_id,
                person_id=successor.id,
                kind=AppointmentKind.DEFINITIVE,
                starts_on=date(2026, 3, 2),
            )
        )
    page, browser = position_page(term), as_user("setda.malang")

    def holder(day: str) -> str:
        return (
            browser.get(f"{page}?pada={day}")
            .soup.select_one("section.panel ul.rows")
            .get_text(" ", strip=True)
        )

    assert former in holder("2026-02-28")
    assert "kosong" in holder("2026-03-01")
    assert "Lintang Rekaan" in holder("2026-03-02")
    browser.get(f"{page}?pada=1999-01-01", status=404)
    browser.get(f"{page}?pada=besok", status=404)


def test_a_position_is_read_by_many_and_changed_by_administrators(as_user):
    page = position_page(camat())
    assert not as_user("setda.malang").get(page).soup.select(f'form[action="{page}/pejabat"]')
    assert as_user("admin").get(page).soup.select(f'form[action="{page}/pejabat"]')
    as_user("setda.malang").post(f"{page}/pejabat", status=403)


# --- changing --------------------------------------------------------------------------------
CHANGE = {
    "prefix": "dr.",
    "name": "Ratna Umpama",
    "suffix": "M.Kes.",
    "sex": "P",
    "nip": "19800101 200501 2 009",
    "rank": "Pembina",
    "phone": "0812 3456 7890",
    "email": "ratna@contoh.go.id",
}


def test_what_is_known_of_somebody_is_changed(as_user):
    term = camat()
    path = f"/direktori/orang/{term.person_id}/ubah"
    as_user("admin").post(path, CHANGE, page=path)
    person = db.session.get_one(Person, term.person_id)
    assert (person.prefix, person.name, person.suffix) == ("dr.", "Ratna Umpama", "M.Kes.")
    assert (person.nip, person.phone, person.sex) == ("198001012005012009", "+6281234567890", Sex.FEMALE)
    assert person.sort_name == "ratna umpama"
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.action, entry.chain, entry.changes) == ("person:edit", "35.07", {})
    assert db.session.get_one(AuditPersonal, entry.id).values["phone"][1] == "+6281234567890"
    assert "dr. Ratna Umpama, M.Kes." in visible_text(
        as_user("setda.malang").get(f"/direktori/orang/{person.id}")
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"name": " "}, "perlu diisi"),
        ({"nip": "19800101"}, "18 angka"),
        ({"nip": "198013012005012009"}, "01/13/1980 tidak ada"),
        ({"phone": "12"}, "0812-3456-7890"),
        ({"email": "ratna"}, "tidak lengkap"),
    ],
)
def test_a_wrong_value_is_answered_beside_its_field(as_user, change, sentence):
    term = camat()
    before = db.session.get_one(Person, term.person_id).name
    path = f"/direktori/orang/{term.person_id}/ubah"
    answer = as_user("admin").post(path, CHANGE | change, page=path, status=422)
    assert sentence in visible_text(answer)
    assert db.session.get_one(Person, term.person_id).name == before


def test_a_number_of_somebody_else_is_refused(as_user):
    other = camat("Kecamatan Wagir")
    with transaction():
        db.session.get_one(Person, other.person_id).nip = "198001012005012009"
    path = f"/direktori/orang/{camat().person_id}/ubah"
    answer = as_user("admin").post(path, CHANGE, page=path, status=422)
    assert "sudah tercatat atas nama orang lain" in visible_text(answer)


def test_somebody_who_serves_elsewhere_too_is_not_changed_here(as_user):
    term, elsewhere = camat(), camat("Kecamatan Garum")
    with transaction():
        grant = db.session.scalars(sa.select(RoleGrant).where(RoleGrant.role == "administrator")).one()
        grant.office_id = db.session.scalars(
            sa.select(Office.id).where(Office.name == "Sekretariat Daerah Kabupaten Malang")
        ).one()
        db.session.add(
            Appointment(
                position_id=elsewhere.position_id,
                person_id=term.person_id,
                kind=AppointmentKind.PLT,
                starts_on=date(2026, 1, 1),
            )
        )
    path = f"/direktori/orang/{term.person_id}"
    as_user("admin").get(path)
    as_user("admin").get(f"{path}/ubah", status=403)
    as_user("admin").get(f"/direktori/orang/{elsewhere.person_id}", status=404)
