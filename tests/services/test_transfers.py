"""The rules of a change of officials, beside what the journeys tell."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from ilp.core.clock import Zone, to_utc, today
from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.commitments import Slot, SlotStatus
from ilp.models.directory import Appointment, AppointmentKind, Person, Position, Transfer
from ilp.models.documents import Document
from ilp.models.notifications import Notification
from ilp.policy.user import User
from ilp.services import accounts, directory, merging, transfers
from tests.factories.commitments import open_commitment
from tests.factories.directory import (
    head_of,
    holder_of,
    make_account,
    make_person,
    make_transfer,
    office_named,
)
from tests.factories.meetings import issue, make_draft, signer_of
from tests.support.jobs import run_jobs
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


def term_at(position: Position, person: Person) -> int:
    return db.session.scalars(
        sa.select(Appointment.id).where(
            Appointment.position_id == position.id, Appointment.person_id == person.id
        )
    ).one()


def definitive_at(position: Position) -> list[int]:
    """Whoever holds a position definitively without an end."""
    return list(
        db.session.scalars(
            sa.select(Appointment.person_id).where(
                Appointment.position_id == position.id,
                Appointment.kind == AppointmentKind.DEFINITIVE,
                Appointment.ends_on.is_(None),
            )
        )
    )


@pytest.mark.parametrize("by_transfer", [True, False])
def test_a_move_stays_once_the_position_that_was_left_is_filled_again(admin: User, by_transfer: bool) -> None:
    old, day = head_of("Kecamatan Pagak"), today()
    mover = holder_of(old, day)
    made = make_transfer(admin, head_of(KEPANJEN), mover, day, leaves=[term_at(old, mover)])
    next_one = make_person(admin, office_named("Kecamatan Pagak"))
    if by_transfer:
        make_transfer(admin, old, next_one, day)
    else:
        with transaction():
            directory.appoint(
                actor=admin,
                office=office_named("Kecamatan Pagak"),
                position=old,
                person=next_one,
                kind=AppointmentKind.DEFINITIVE,
                starts_on=day,
            )
    with pytest.raises(RuleViolation, match="ditinggalkan"), transaction():
        transfers.undo(actor=admin, made=made)
    assert definitive_at(old) == [next_one.id]


def test_taking_back_somebody_acting_does_not_touch_the_holders_term(admin: User) -> None:
    position, day = head_of(KEPANJEN), today()
    holder, acting = holder_of(position, day), make_person(admin, office_named(KEPANJEN))
    made = make_transfer(admin, position, acting, day, kind=AppointmentKind.PLH)
    with transaction():
        term = db.session.get_one(Appointment, term_at(position, holder))
        directory.end_appointment(
            actor=admin, office=office_named(KEPANJEN), appointment=term, ends_on=day + timedelta(days=9)
        )
    with transaction():
        transfers.undo(actor=admin, made=made)
    assert (position.id, day + timedelta(days=9)) in running(holder)


def on_the_day(made: Transfer, zone: Zone) -> None:
    """A minute after the day has begun in a zone, the job process does what is due."""
    with time_machine.travel(to_utc(made.starts_on, time(0, 1), zone), tick=False):
        run_jobs()


@pytest.mark.parametrize("zone", Zone)
def test_a_change_entered_ahead_takes_effect_at_midnight_of_the_place(admin: User, zone: Zone) -> None:
    position, office = head_of(KEPANJEN), office_named(KEPANJEN)
    heir = make_person(admin, office)
    make_account(admin, heir, office_named(WAGIR))
    commitment = open_commitment(user_named("setda.malang"))
    there = replace(admin, zone=zone)
    made = make_transfer(there, position, heir, today(zone) + timedelta(days=4), hand_over_roles=True)
    on_the_day(made, zone)
    asked = sa.select(Slot.status).where(Slot.commitment_id == commitment.id, Slot.person_id == heir.id)
    assert db.session.scalars(asked).all() == [SlotStatus.REQUESTED]
    assert (office.id, Role.IMPLEMENTER) in grants("camat.baru")
    assert (office.id, Role.IMPLEMENTER) not in grants("camat.kepanjen")


def test_roles_stay_if_whoever_entered_it_may_no_more(admin: User) -> None:
    position, office = head_of(KEPANJEN), office_named(KEPANJEN)
    heir = make_person(admin, office)
    make_account(admin, heir, office_named(WAGIR))
    commitment, before = open_commitment(user_named("setda.malang")), grants("camat.kepanjen")
    clerk = make_account(admin, make_person(admin, office, "Wulan Misal"), office, "pernah.admin")
    made = make_transfer(
        replace(admin, account_id=clerk.id), position, heir, today() + timedelta(days=4), hand_over_roles=True
    )
    on_the_day(made, Zone.WIB)
    asked = sa.select(Slot.status).where(Slot.commitment_id == commitment.id, Slot.person_id == heir.id)
    assert db.session.scalars(asked).all() == [SlotStatus.REQUESTED], "signatures follow the directory"
    assert grants("camat.kepanjen") == before
    told = sa.select(Notification.text).where(Notification.text.contains("tidak dialihkan"))
    assert db.session.scalars(told.limit(1)).all() != []


def test_roles_pass_though_the_record_was_joined_meanwhile(admin: User) -> None:
    position, office = head_of(KEPANJEN), office_named(KEPANJEN)
    former, heir = holder_of(position, today()), make_person(admin, office)
    make_account(admin, heir, office_named(WAGIR))
    made = make_transfer(admin, position, heir, today() + timedelta(days=4), hand_over_roles=True)
    double = make_person(admin, office, former.name, prefix=former.prefix, suffix=former.suffix)
    with transaction():
        merging.merge(actor=admin, kept=double, gone=former)
    on_the_day(made, Zone.WIB)
    assert (office.id, Role.IMPLEMENTER) not in grants("camat.kepanjen")
    assert (office.id, Role.IMPLEMENTER) in grants("camat.baru")


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


def test_whoever_moves_leaves_his_roles_behind_and_gets_them_back(admin: User) -> None:
    old, new = head_of(KEPANJEN), head_of(WAGIR)
    mover, before = holder_of(old, today()), grants("camat.kepanjen")
    held = sa.select(Appointment.id).where(
        Appointment.position_id == old.id, Appointment.person_id == mover.id
    )
    leaves = list(db.session.scalars(held))
    made = make_transfer(admin, new, mover, today(), leaves=leaves, hand_over_roles=True)
    assert (old.office_id, Role.IMPLEMENTER) not in grants("camat.kepanjen")
    with transaction():
        transfers.undo(actor=admin, made=made)
    assert grants("camat.kepanjen") == before


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
    position = db.session.get_one(Position, signer)
    made = make_transfer(admin, position, heir, today())
    paper = issue(setda, meeting)
    assert "Lintang Rekaan" in str(db.session.get_one(Document, paper.id).facts)
    with pytest.raises(RuleViolation, match="surat terbit atas nama penggantinya"), transaction():
        transfers.undo(actor=admin, made=made)


@pytest.mark.parametrize("pair", [("Kecamatan Pagak", KEPANJEN), (KEPANJEN, "Kecamatan Pagak")])
def test_who_moves_holds_both_positions_in_the_order_of_their_keys(
    admin: User, pair: tuple[str, str]
) -> None:
    old, new = map(head_of, pair)
    mover, keys = holder_of(old, today()), sorted((old.id, new.id))
    with locks_of_positions() as moving:
        made = make_transfer(admin, new, mover, today(), leaves=[term_at(old, mover)])
    with locks_of_positions() as back, transaction():
        transfers.undo(actor=admin, made=made)
    assert moving == back == [(keys, True)]


@contextmanager
def locks_of_positions() -> Iterator[list[tuple[list[int], bool]]]:
    """Which positions are locked together, and whether in the order of their keys."""
    taken: list[tuple[list[int], bool]] = []

    def note(execution: Any) -> None:
        said = str(execution.statement)
        if "position.id IN" in said and "FOR UPDATE" in said:
            keys = next(iter(execution.statement.compile().params.values()))
            taken.append((sorted(keys), "ORDER BY position.id" in said))

    session = db.session()
    sa.event.listen(session, "do_orm_execute", note)
    try:
        yield taken
    finally:
        sa.event.remove(session, "do_orm_execute", note)
