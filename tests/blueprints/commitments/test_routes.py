"""Drafting in the browser: refusals, clashes, scope, and a constant number of statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from ilp.core.clock import now, today
from ilp.core.db import db, transaction
from ilp.models.commitments import Clause, Commitment, CommitmentStatus, Slot, Target
from ilp.services import signing
from tests.factories.commitments import health_agency, make_commitment, open_commitment
from tests.support.browser import Browser
from tests.support.people import user_named
from tests.support.queries import counted

AsUser = Callable[[str], Browser]


def clauses(commitment: Commitment) -> list[Clause]:
    return list(
        db.session.scalars(
            sa.select(Clause).where(Clause.commitment_id == commitment.id).order_by(Clause.place)
        )
    )


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"title": ""}, "perlu diisi"),
        ({"title": "x" * 301}, "paling banyak 300"),
        ({"preamble": "   "}, "perlu diisi"),
        ({"signed_on": "31/13/2024"}, "Bulan ditulis dari 1 sampai 12."),
        ({"signed_on": "1024-10-15"}, "di luar 2000 sampai 2100"),
        ({"title": "Bel\x07"}, "tidak dapat dibaca"),
    ],
)
def test_a_wrong_draft_is_refused_beside_its_field(
    as_user: AsUser, over: dict[str, str], sentence: str
) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(Commitment))
    typed = {"title": "Komitmen", "preamble": "Kami berjanji", **over}
    answer = as_user("setda.malang").post("/komitmen/baru", typed, page="/komitmen/baru", status=422)
    assert sentence in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Commitment)) == before


def test_a_double_click_leaves_one_draft(as_user: AsUser) -> None:
    setda = as_user("setda.malang")
    form = setda.form("/komitmen/baru", "/komitmen/baru") | {"title": "Sekali", "preamble": "Kami berjanji"}
    first = setda.post("/komitmen/baru", form)
    second = setda.post("/komitmen/baru", form)
    assert second.headers["Location"] == first.headers["Location"].split("?")[0]
    assert db.session.scalar(sa.select(sa.func.count()).where(Commitment.title == "Sekali")) == 1


def test_two_people_edit_the_same_clause(as_user: AsUser) -> None:
    commitment = make_commitment(user_named("setda.malang"))
    clause = clauses(commitment)[0]
    page = f"/komitmen/{commitment.id}/butir/{clause.id}/ubah"
    mine, theirs = as_user("setda.malang"), as_user("notulis.malang")
    form = mine.form(page, page)
    theirs.post(page, {"text": "versi notulis"}, page=page)
    clash = mine.post(page, form | {"text": "versi setda"}, status=409)
    assert "versi notulis" in clash.text
    assert "versi setda" in clash.text
    again = {
        field["name"]: field.get("value", "") or field.text.strip()
        for field in clash.soup.select("main form [name]")  # type: ignore[attr-defined]
    }
    mine.post(page, again | {"text": "versi gabungan"})
    assert clauses(commitment)[0].text == "versi gabungan"


def test_clauses_move_and_go(as_user: AsUser) -> None:
    commitment = make_commitment(user_named("setda.malang"))
    first, second = clauses(commitment)
    here = f"/komitmen/{commitment.id}"
    setda = as_user("setda.malang")
    setda.post(f"{here}/butir/{second.id}/naik", page=here)
    assert [clause.id for clause in clauses(commitment)] == [second.id, first.id]
    setda.post(f"{here}/butir/{first.id}/hapus", page=here)
    assert f"butir-{first.id}" not in setda.get(here).text


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"value": "0"}, "lebih besar"),
        ({"value": "banyak"}, "Isi dengan angka"),
        ({"value": "1e30"}, "Isi dengan angka"),
        ({"lead_office_id": "999999"}, "Pilih"),
        ({"due_on": ""}, "perlu diisi"),
    ],
)
def test_a_wrong_target_is_refused(as_user: AsUser, over: dict[str, str], sentence: str) -> None:
    commitment = make_commitment(user_named("setda.malang"))
    page = f"/komitmen/{commitment.id}/butir/{clauses(commitment)[1].id}/target"
    typed = {"indicator": "Desa", "unit": "desa", "value": "390", "due_on": "2027-01-31", **over}
    answer = as_user("setda.malang").post(page, typed, page=page, status=422)
    assert sentence in answer.text


@pytest.mark.parametrize("login", ["setda.blitar", "camat.garum", "lurah.tampang", "camat.kepanjen"])
def test_a_draft_of_malang_is_unknown_elsewhere(as_user: AsUser, login: str) -> None:
    commitment = make_commitment(user_named("setda.malang"), title="Rahasia Kanjuruhan")
    browser = as_user(login)
    browser.get(f"/komitmen/{commitment.id}", status=404)
    assert "Rahasia Kanjuruhan" not in browser.get("/komitmen/").text
    for act in ("ubah", "butir/baru", "penandatangan", "tutup"):
        browser.get(f"/komitmen/{commitment.id}/{act}", status=404)
    browser.post(f"/komitmen/{commitment.id}/buka", status=404)
    assert db.session.get_one(Commitment, commitment.id).status is CommitmentStatus.DRAFT


@pytest.mark.parametrize("login", ["auditor.jatim", "pimpinan.malang", "dinkes.malang"])
def test_who_reads_a_draft_may_not_change_it(as_user: AsUser, login: str) -> None:
    commitment = make_commitment(user_named("setda.malang"))
    browser = as_user(login)
    browser.get(f"/komitmen/{commitment.id}")
    browser.get(f"/komitmen/{commitment.id}/ubah", status=403)
    browser.post(f"/komitmen/{commitment.id}/buka", status=403)


def test_what_is_open_answers_a_late_change_with_a_sentence(as_user: AsUser) -> None:
    commitment = open_commitment(user_named("setda.malang"))
    page = f"/komitmen/{commitment.id}/butir/baru"
    answer = as_user("setda.malang").post(page, {"text": "Susulan"}, page=page, status=422)
    assert "tidak dapat diubah lagi" in answer.text
    assert len(clauses(commitment)) == 2


def add_rows(commitment: Commitment, number: int) -> None:
    """More clauses, targets and signatories, straight into the tables."""
    lead = health_agency(commitment.regency_code)
    template = db.session.scalars(sa.select(Slot).where(Slot.commitment_id == commitment.id)).first()
    assert template is not None
    positions = db.session.scalars(
        sa.text("SELECT id FROM position WHERE id NOT IN (SELECT position_id FROM slot) ORDER BY id")
    ).all()[:number]
    with transaction():
        for place in range(min(number, 30)):
            clause = Clause(commitment_id=commitment.id, place=100 + place, heading="", text=f"Butir {place}")
            db.session.add(clause)
            db.session.flush()
            db.session.add(
                Target(
                    clause_id=clause.id,
                    indicator=f"Indikator {place}",
                    unit="desa",
                    baseline=Decimal(0),
                    value=Decimal(10),
                    due_on=date(2027, 1, 1),
                    lead_office_id=lead,
                )
            )
        db.session.execute(
            sa.insert(Slot),
            [
                {
                    "commitment_id": commitment.id,
                    "place": 1000 + place,
                    "position_id": position_id,
                    "office_id": template.office_id,
                    "constituency": template.constituency,
                    "title": f"Jabatan {place}",
                    "office_name": "Kantor",
                }
                for place, position_id in enumerate(positions)
            ],
        )


@pytest.mark.parametrize("number", [1, 30, 185])
def test_the_page_costs_the_same_for_any_number_of_rows(as_user: AsUser, number: int) -> None:
    setda = user_named("setda.malang")
    commitment = make_commitment(setda)
    add_rows(commitment, number)
    with transaction():
        signing.open_for_signing(actor=setda, commitment=commitment)
    browser, page = as_user("setda.malang"), f"/komitmen/{commitment.id}"
    with counted() as statements:
        text = browser.get(page).text
    assert len(statements) == 8
    assert text.count("<li><b>") >= number


@pytest.mark.parametrize("number", [1, 30, 185, 1000])
def test_the_register_costs_the_same_for_any_number_of_rows(as_user: AsUser, number: int) -> None:
    template = make_commitment(user_named("setda.malang"))
    with transaction():
        db.session.execute(
            sa.insert(Commitment),
            [
                {
                    "office_id": template.office_id,
                    "title": f"Komitmen {place}",
                    "preamble": "",
                    "created_on": today(),
                    "created_at": now(),
                    "created_by_id": template.created_by_id,
                    "province_code": "35",
                    "regency_code": "35.07",
                    "district_code": "",
                }
                for place in range(number)
            ],
        )
    browser = as_user("setda.malang")
    with counted() as statements:
        browser.get("/komitmen/")
    assert len(statements) == 2


def test_a_single_row_costs_at_most_fourteen_statements(as_user: AsUser) -> None:
    commitment = make_commitment(user_named("setda.malang"))
    page = f"/komitmen/{commitment.id}/butir/baru"
    browser = as_user("setda.malang")
    form = browser.form(page, page) | {"text": "Satu butir"}
    with counted() as statements:
        browser.post(page, form)
    assert len(statements) <= 14
