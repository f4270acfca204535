"""The rules of a change of officials, beside what the journeys tell."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.directory import Appointment, AppointmentKind, Person, Transfer
from ilp.models.documents import Document
from ilp.policy.user import User
from ilp.services import accounts, transfers
from tests.factories.directory import (
    head_of,
    holder_of,
    make_account,
    make_person,
    make_transfer,
    office_named,
)
from tests.factories.meetings import issue, make_draft, signer_of
from tests.support.people import user_named

KEPANJEN, WAGIR = "Kecamatan Kepanjen", "Kecamatan Wagir"


@pytest.fixture
def admin(app: Flask) -> User:
    return user_named("admin")


def running(person: Person) -> list[tuple[str, object]]:
    rows = db.session.scalars(
        sa.select(Appointment).where(Appointment.person_id == person.id).order_by(Appointment.id)
    )
    return [(term.position_id, term.ends_on) for term in rows]


def test_whoever_moves_leaves_the_old_position_the_day_before(admin: User) -> None:
    old, new, day = head_of("Kecamatan Pagak"), head_of(KEPANJEN), today()
    mover = holder_of(old, day)
    before = running(mover)
    leaves = list(
        db.session.scalars(
            sa.select(Appointment.id).where(
                Appointment.position_id == old.id, Appointment.person_id == mover.id
            )
        )
    )
    made = make_transfer(admin, new, mover, day, leaves=leaves)
    assert {(old.id, day - timedelta(days=1)), (new.id, None)} <= set(running(mover))
    with transaction():
        transfers.undo(actor=admin, made=made)
    assert running(mover) == before


def test_somebody_acting_ends_nobodys_term(admin: User) -> None:
    position = head_of(KEPANJEN)
    holder = holder_of(position, today())
    acting = make_person(admin, office_named(KEPANJEN))
    make_transfer(
        admin, position, acting, today(), kind=AppointmentKind.PLH, ends_on=today() + timedelta(days=3)
    )
    assert (position.id, None) in running(holder)


def test_refusals_change_nothing(admin: User) -> None:
    position = head_of(KEPANJEN)
    holder, other = holder_of(position, today()), make_person(admin, office_named(KEPANJEN))
    foreign = db.session.scalar(
        sa.select(Appointment.id).where(Appointment.position_id == head_of(WAGIR).id).limit(1)
    )
    for person, over, sentence in (
        (holder, {}, "sudah memegang jabatan itu"),
        (other, {"leaves": [foreign]}, "dari daftar"),
    ):
        with pytest.raises(RuleViolation, match=sentence):
            make_transfer(admin, position, person, today(), **over)
    assert db.session.scalars(sa.select(Transfer)).all() == []
    assert holder_of(position, today()).id == holder.id


def grants(username: str) -> set[tuple[str, Role]]:
    rows = db.session.execute(
        sa.select(RoleGrant.office_id, RoleGrant.role)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(Account.username == username, RoleGrant.revoked_at.is_(None))
    )
    return {(row[0], row[1]) for row in rows}


def test_roles_pass_only_when_asked_and_never_an_administrators(admin: User) -> None:
    position, office = head_of(KEPANJEN), office_named(KEPANJEN)
    heir = make_person(admin, office)
    make_account(admin, heir, office_named(WAGIR))
    account = db.session.scalars(sa.select(Account).where(Account.username == "camat.kepanjen")).one()
    with transaction():
        accounts.grant_role(actor=admin, account=account, role=Role.ADMINISTRATOR, office=office)
    made = make_transfer(admin, position, heir, today(), hand_over_roles=True)
    assert grants("camat.kepanjen") == {(office.id, Role.ADMINISTRATOR)}
    assert (office.id, Role.IMPLEMENTER) in grants("camat.baru")
    assert (office.id, Role.ADMINISTRATOR) not in grants("camat.baru")
    with transaction():
        transfers.undo(actor=admin, made=made)
    assert (office.id, Role.IMPLEMENTER) in grants("camat.kepanjen")
    assert (office.id, Role.IMPLEMENTER) not in grants("camat.baru")


def test_roles_stay_when_nobody_asks(admin: User) -> None:
    before = grants("camat.kepanjen")
    make_transfer(admin, head_of(KEPANJEN), make_person(admin, office_named(KEPANJEN)), today())
    assert grants("camat.kepanjen") == before


def test_a_paper_signed_by_the_successor_forbids_to_take_back(admin: User) -> None:
    setda = user_named("setda.malang")
    meeting = make_draft(setda, groups=("rsud",))
    signer = signer_of(meeting)
    from_office = office_named("Sekretariat Daerah Kabupaten Malang")
    heir = make_person(admin, from_office)
    position = db.session.get_one(type(head_of(KEPANJEN)), signer)
    made = make_transfer(admin, position, heir, today())
    paper = issue(setda, meeting)
    assert "Lintang Rekaan" in str(db.session.get_one(Document, paper.id).facts)
    with pytest.raises(RuleViolation, match="surat terbit atas nama penggantinya"), transaction():
        transfers.undo(actor=admin, made=made)
