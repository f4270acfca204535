"""The history of single records: before and after, in words, for whoever may see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from ilp.core.db import db, transaction
from ilp.models.accounts import Account, RoleGrant
from ilp.models.commitments import Commitment
from ilp.models.directory import Appointment, Office, OfficeKind, Person, Position
from ilp.models.documents import Document
from ilp.models.privacy import SeenPage, ViewLog
from ilp.models.tasks import Assignment, Task
from ilp.policy.rules import WRITERS
from ilp.policy.user import SYSTEM
from ilp.services import audit
from tests.support.browser import Browser, visible_text

AsUser = Callable[[str], Browser]


def of(browser: Browser, path: str) -> str:
    return visible_text(browser.get(path))


@pytest.fixture
def malang(app: Flask) -> dict[str, int]:
    """The setda of Kabupaten Malang, somebody who holds a position in it, and his account."""
    setda = sa.select(Office).where(Office.kind == OfficeKind.SETDA, Office.wilayah_code == "35.07")
    office = db.session.scalars(setda.limit(1)).one()
    person = (
        sa.select(Appointment.person_id)
        .join(Position, Position.id == Appointment.position_id)
        .where(Position.office_id == office.id)
    )
    account = sa.select(Account.id).where(Account.username == "setda.malang")
    return {
        "kantor": office.id,
        "orang": db.session.scalars(person.limit(1)).one(),
        "akun": db.session.scalars(account).one(),
    }


def test_a_look_at_the_history_of_somebody_is_noted(malang, as_user: AsUser) -> None:
    auditor, person_id = as_user("auditor.jatim"), malang["orang"]
    seen = sa.select(ViewLog.page, ViewLog.record_id)
    for phone in ("", ["", ""], "+6281200000001"):
        assert db.session.execute(seen).all() == []
        with transaction():
            person = db.session.get_one(Person, person_id)
            audit.record(SYSTEM, "person:edit", person, place="35.07", personal={"phone": phone})
        auditor.get(f"/jejak/orang/{person_id}").close()
    assert db.session.execute(seen).all() == [(SeenPage.HISTORY, person_id)]
    assert SeenPage.HISTORY.label in auditor.get(f"/data-pribadi/orang/{person_id}").text


# columns: kantor orang akun; of a record of Kabupaten Malang
MAY = {
    "auditor.jatim": (200, 200, 200),
    "admin": (200, 200, 200),
    "setda.malang": (403, 403, 404),
    "pimpinan.malang": (403, 403, 404),
    "camat.kepanjen": (404, 404, 404),
    "setda.blitar": (404, 404, 404),
    "mitra.blitar": (404, 404, 404),
}


@pytest.mark.parametrize("username", MAY)
def test_people_and_offices_are_for_who_oversees_the_place(malang, as_user: AsUser, username: str) -> None:
    browser = as_user(username)
    for (noun, key), status in zip(malang.items(), MAY[username], strict=True):
        browser.get(f"/jejak/{noun}/{key}", status=status)


def test_before_and_after_stand_in_words(malang, as_user: AsUser) -> None:
    with transaction():
        audit.record(
            SYSTEM,
            "office:add",
            db.session.get_one(Office, malang["kantor"]),
            changes={"kind": ["agency", "setda"], "office_id": malang["kantor"], "starts_on": "2024-11-20"},
            personal={"phone": ["+6281200000001", "+6281200000002"]},
        )
    told = of(as_user("auditor.jatim"), f"/jejak/kantor/{malang['kantor']}")
    assert "Perangkat daerah (OPD) → Sekretariat Daerah" in told
    assert "20 November 2024" in told
    assert "+6281200000001 → +6281200000002" in told
    assert db.session.get_one(Office, malang["kantor"]).name in told


def one(model: type, **where: object) -> int:
    return db.session.scalars(sa.select(model.id).filter_by(**where).limit(1)).one()  # type: ignore[attr-defined]


def test_contents_are_for_who_reaches_them(demo: Flask) -> None:
    """The setda and the auditor read the history of the records of Malang; the administrator does not."""
    paths = [
        f"/jejak/{noun}/{one(model, regency_code='35.07')}"
        for noun, model in {"tugas": Task, "tugas-kantor": Assignment, "dokumen": Document}.items()
    ]
    for username, status in {
        "setda.malang": 200,
        "auditor.jatim": 200,
        "admin": 404,
        "setda.bukittinggi": 404,
    }.items():
        browser = Browser(demo, username)
        for path in paths:
            browser.get(path, status=status)


def test_a_commitment_tells_of_its_clauses_and_signatories(demo: Flask) -> None:
    commitment = db.session.scalars(sa.select(Commitment).order_by(Commitment.id).limit(1)).one()
    owner = db.session.scalars(
        sa.select(Account.username)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(RoleGrant.office_id == commitment.office_id, RoleGrant.role.in_(WRITERS))
        .limit(1)
    ).one()
    page = Browser(demo, owner).get(f"/jejak/komitmen/{commitment.id}")
    told = visible_text(page)
    assert "menandatangani komitmen" in told
    assert "(penandatangan: " in told
