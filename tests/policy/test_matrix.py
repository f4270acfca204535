"""The reviewed matrix is what the rules say, and what the product answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from ilp.cli.access import MATRIX, matrix
from ilp.core.db import db
from ilp.models.accounts import Account
from ilp.models.directory import Office, OfficeKind
from ilp.models.meetings import Meeting
from tests.factories.meetings import make_called
from tests.support.browser import Browser
from tests.support.people import user_named

AsUser = Callable[[str], Browser]


def test_the_matrix_was_reviewed() -> None:
    assert matrix() == MATRIX.read_text(), "a change of rights: look at it, then `flask akses cetak`"


LISTS = {
    "/akun/": {"admin"},
    "/jejak/": {"auditor.jatim", "admin"},
    "/gaya/": {"admin"},
    "/rapat/baru": {
        "setda.malang",
        "dinkes.malang",
        "pokjanal.gunungmas",
        "camat.kepanjen",
        "puskesmas.kepanjen",
    },
    "/komitmen/baru": {"setda.malang", "dinkes.malang", "pokjanal.gunungmas"},
    "/rapat/": {
        "setda.malang",
        "pimpinan.malang",
        "dinkes.malang",
        "pokjanal.gunungmas",
        "camat.kepanjen",
        "puskesmas.kepanjen",
        "lurah.tampang",
        "mitra.blitar",
        "auditor.jatim",
    },
}
PEOPLE = (
    "setda.malang",
    "pimpinan.malang",
    "dinkes.malang",
    "pokjanal.gunungmas",
    "camat.kepanjen",
    "puskesmas.kepanjen",
    "lurah.tampang",
    "mitra.blitar",
    "auditor.jatim",
    "admin",
)


@pytest.mark.parametrize("path", LISTS)
def test_lists_and_new_things_answer_as_the_matrix_says(as_user: AsUser, path: str) -> None:
    answered = {who for who in PEOPLE if as_user(who).send("GET", path).status_code == 200}
    assert answered == LISTS[path]
    refused = {who: as_user(who).send("GET", path).status_code for who in set(PEOPLE) - LISTS[path]}
    assert set(refused.values()) <= {403}


# who: looking at a meeting of setda.malang, changing it, approving its minutes (kepanjen is not invited)
MEETING = {
    "setda.malang": (200, 200, 403),
    "pimpinan.malang": (200, 403, 200),
    "dinkes.malang": (200, 403, 403),
    "auditor.jatim": (200, 403, 403),
    "camat.kepanjen": (404, 404, 404),
    "puskesmas.kepanjen": (404, 404, 404),
    "setda.blitar": (404, 404, 404),
    "camat.garum": (404, 404, 404),
    "mitra.blitar": (404, 404, 404),
    "pokjanal.gunungmas": (404, 404, 404),
    "admin": (404, 404, 404),
}


@pytest.fixture
def meeting(app) -> int:
    return make_called(user_named("setda.malang"), groups=("rsud",)).id


def test_a_meeting_answers_as_the_matrix_says(as_user: AsUser, meeting: int) -> None:
    for who, expected in MEETING.items():
        browser = as_user(who)
        look, change, approve = (
            browser.send("GET", f"/rapat/{meeting}{act}").status_code for act in ("", "/ubah", "/sahkan")
        )
        assert (look, change, approve) == expected, who


def test_foreign_and_unknown_meetings_look_the_same(as_user: AsUser, meeting: int) -> None:
    browser = as_user("camat.garum")
    unknown = db.session.scalar(sa.select(sa.func.max(Meeting.id))) + 1000
    foreign, absent = (browser.send("GET", f"/rapat/{key}") for key in (meeting, unknown))
    assert foreign.status_code == absent.status_code == 404
    assert len(foreign.data) == len(absent.data)


ACCOUNT = {"admin": 200, "setda.malang": 404, "auditor.jatim": 404, "camat.kepanjen": 404}


def test_an_account_answers_as_the_matrix_says(as_user: AsUser) -> None:
    key = db.session.scalar(sa.select(Account.id).where(Account.username == "camat.kepanjen"))
    for who, status in ACCOUNT.items():
        assert as_user(who).send("GET", f"/akun/{key}").status_code == status, who


OFFICE = {
    "setda.malang": 200,
    "auditor.jatim": 200,
    "camat.kepanjen": 200,
    "admin": 200,
    "setda.blitar": 404,
    "mitra.blitar": 404,
    "camat.kurun": 404,
}


def test_an_office_answers_as_the_matrix_says(as_user: AsUser) -> None:
    key = db.session.scalar(
        sa.select(Office.id).where(Office.kind == OfficeKind.KECAMATAN, Office.wilayah_code == "35.07.13")
    )
    for who, status in OFFICE.items():
        assert as_user(who).send("GET", f"/direktori/{key}").status_code == status, who
