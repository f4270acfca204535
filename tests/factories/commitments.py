"""Commitments for tests, made by the verbs of the product."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.models.accounts import Account
from ilp.models.commitments import Commitment, LiveFigure, Slot
from ilp.models.directory import Appointment, Office, OfficeKind
from ilp.policy.user import User
from ilp.queries import directory
from ilp.services import commitments, signing


def make_commitment(actor: User, **over: Any) -> Commitment:
    """A draft with two clauses, a target of 39 Puskesmas and three signatories with accounts of the demo."""
    grant = actor.grants[0]
    office = db.session.get_one(Office, grant.office_id)
    with transaction():
        made = commitments.draft_commitment(
            actor=actor,
            office=office,
            title=over.pop("title", "Penyelenggaraan Integrasi Layanan Primer Kabupaten Malang"),
            preamble="Kami yang bertanda tangan di bawah ini menyatakan komitmen bersama",
            closing="Komitmen ini dilaksanakan dengan penuh tanggung jawab.",
            place="Kepanjen",
            signed_on=date(2026, 11, 22),
            **over,
        )
        first = commitments.add_clause(
            actor=actor, commitment=made, heading="Menerapkan ILP", text="di seluruh Puskesmas."
        )
        commitments.add_clause(actor=actor, commitment=made, heading="", text="Memperkuat Pokjanal Posyandu.")
        commitments.add_target(
            actor=actor,
            commitment=made,
            clause=first,
            indicator="Puskesmas yang menerapkan ILP",
            unit="Puskesmas",
            baseline=Decimal(0),
            value=Decimal(39),
            due_on=date(2027, 12, 31),
            lead_office_id=health_agency(office.regency_code),
            live_figure=LiveFigure.PUSKESMAS_RUNNING,
        )
        commitments.add_signatories(
            actor=actor,
            commitment=made,
            seats=[seat_of(name) for name in ("pimpinan.malang", "dinkes.malang", "camat.kepanjen")],
        )
    return made


def health_agency(regency_code: str) -> int:
    return db.session.scalars(
        sa.select(Office.id).where(
            Office.kind == OfficeKind.HEALTH_AGENCY, Office.regency_code == regency_code
        )
    ).one()


def seat_of(username: str) -> directory.Seat:
    """The position that the person of an account holds today."""
    position_id = db.session.scalars(
        sa.select(Appointment.position_id)
        .join(Account, Account.person_id == Appointment.person_id)
        .where(Account.username == username, directory.holds_on(today()))
    ).first()
    assert position_id is not None, f"{username} holds no position"
    return directory.seats([position_id], sa.true(), today())[0]


def open_commitment(actor: User, **over: Any) -> Commitment:
    made = make_commitment(actor, **over)
    with transaction():
        signing.open_for_signing(actor=actor, commitment=made)
    return made


def slot_for(commitment: Commitment, username: str) -> Slot:
    """The place of an account's person."""
    return db.session.scalars(
        sa.select(Slot)
        .join(Account, Account.person_id == Slot.person_id)
        .where(Slot.commitment_id == commitment.id, Account.username == username)
    ).one()
