"""Whom a task can be given to, and how that is said."""

from __future__ import annotations

import pytest

from ilp.core.errors import RuleViolation
from ilp.policy.user import User
from ilp.queries.addressees import address_book, addressees, find_offices
from tests.support.people import user_named

pytestmark = pytest.mark.usefixtures("app")

MALANG, KEPANJEN = "35.07", "35.07.13"


@pytest.fixture
def setda(app: object) -> User:
    return user_named("setda.malang")


def test_groups_and_single_offices_are_said_in_words(setda: User) -> None:
    kecamatan = [office.id for office in find_offices(MALANG, ["kepanjen"], ())]
    assert addressees(MALANG, ["kecamatan", "puskesmas"], []).words == (
        "33 kecamatan dan 39 Puskesmas di Kabupaten Malang"
    )
    single = addressees(MALANG, [], kecamatan[:1])
    assert len(single.office_ids) == 1
    assert "Kepanjen" in single.words
    assert len(addressees(MALANG, ["desa"], []).office_ids) == 390


def test_a_kecamatan_addresses_its_own_offices_only(setda: User) -> None:
    book = address_book(KEPANJEN)
    assert book.place == "Kecamatan Kepanjen"
    assert {key: size for key, _, size in book.groups}["kecamatan"] == 1
    elsewhere = addressees(MALANG, ["kecamatan"], []).office_ids
    with pytest.raises(RuleViolation, match="Pilih ulang"):
        addressees(KEPANJEN, [], elsewhere)


def test_offices_are_found_by_words_and_the_chosen_stay(setda: User) -> None:
    (first, *_) = find_offices(MALANG, ["dinas", "kesehatan"], ())
    found = find_offices(MALANG, ["pendidikan"], [first.id])
    assert found[0].id == first.id
    assert len(found) > 1
    assert find_offices(MALANG, [], ()) == []
