"""Drafting joint commitments: text, clauses, targets and the places of the signatories.

A draft may be changed by its own office until signing opens (`services/signing.py`); from then on
the text is a frozen version.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import now, today
from ilp.core.db import db, locked
from ilp.core.errors import Clash, RuleViolation
from ilp.models.commitments import (
    Capacity,
    Clause,
    Commitment,
    CommitmentStatus,
    LiveFigure,
    Slot,
    SlotStatus,
    Target,
)
from ilp.models.directory import Constituency, Office
from ilp.models.meetings import Meeting
from ilp.models.place import same_place
from ilp.policy.actions import Action
from ilp.policy.user import User
from ilp.services import audit

DRAFT_ONLY = "Naskah ini {label}; isinya tidak dapat diubah lagi. Buat adendum bila perlu."


def draft_commitment(
    *,
    actor: User,
    office: Office,
    title: str,
    preamble: str,
    closing: str = "",
    place: str = "",
    signed_on: date | None = None,
    meeting: Meeting | None = None,
) -> Commitment:
    """Begins a draft of `office`, dated today in the actor's zone."""
    commitment = Commitment(
        office_id=office.id,
        meeting_id=meeting.id if meeting else None,
        title=title,
        preamble=preamble,
        closing=closing,
        place=place,
        signed_on=signed_on,
        created_on=today(actor.zone),
        created_at=now(),
        created_by_id=actor.account_id,
        **same_place(office),
    )
    db.session.add(commitment)
    db.session.flush()
    audit.record(actor, Action.COMMITMENT_CREATE, commitment, changes={"title": title})
    return commitment


def edit_commitment(
    *,
    actor: User,
    commitment: Commitment,
    version: int,
    title: str,
    preamble: str,
    closing: str,
    place: str,
    signed_on: date | None,
) -> None:
    """Changes the text around the clauses. Raises Clash if somebody else saved it since `version`."""
    _editable(commitment)
    if commitment.version != version:
        raise Clash(
            "Naskah ini baru saja diubah orang lain. Periksa naskah mereka di bawah, lalu simpan lagi.",
            {"title": commitment.title, "preamble": commitment.preamble, "closing": commitment.closing},
            commitment.version,
        )
    values = {
        "title": title,
        "preamble": preamble,
        "closing": closing,
        "place": place,
        "signed_on": signed_on,
    }
    changed = {k: [getattr(commitment, k), v] for k, v in values.items() if getattr(commitment, k) != v}
    for name, value in values.items():
        setattr(commitment, name, value)
    commitment.version += 1
    audit.record(actor, Action.COMMITMENT_EDIT, commitment, changes=changed)


def add_clause(*, actor: User, commitment: Commitment, heading: str, text: str) -> Clause:
    """Adds a numbered promise at the end."""
    _editable(commitment)
    clause = Clause(
        commitment_id=commitment.id, place=_next_place(Clause, commitment), heading=heading, text=text
    )
    db.session.add(clause)
    db.session.flush()
    audit.record(actor, "clause:add", clause, place=commitment, changes={"text": text})
    return clause


def edit_clause(
    *, actor: User, commitment: Commitment, clause: Clause, version: int, heading: str, text: str
) -> None:
    """Rewrites a promise. Raises Clash, with what stands now, if somebody saved it since `version`."""
    _editable(commitment)
    locked(clause)
    if clause.version != version:
        raise Clash(
            "Butir ini baru saja diubah orang lain. Kedua naskah ada di bawah; simpan yang benar.",
            {"heading": clause.heading, "text": clause.text},
            clause.version,
        )
    changes = {"heading": [clause.heading, heading], "text": [clause.text, text]}
    clause.heading, clause.text = heading, text
    clause.version += 1
    audit.record(actor, "clause:edit", clause, place=commitment, changes=changes)


def move_clause(*, actor: User, commitment: Commitment, clause: Clause, up: bool) -> None:
    """Swaps a promise with its neighbour; at the end of the list nothing happens."""
    _editable(commitment)
    rows = list(
        db.session.scalars(
            sa.select(Clause)
            .where(Clause.commitment_id == commitment.id, Clause.removed_at.is_(None))
            .order_by(Clause.place)
        )
    )
    here = rows.index(clause)
    there = here - 1 if up else here + 1
    if 0 <= there < len(rows):
        other = rows[there]
        clause.place, other.place = other.place, clause.place
    audit.record(actor, "clause:move", clause, place=commitment, changes={"place": clause.place})


def remove_clause(*, actor: User, commitment: Commitment, clause: Clause) -> None:
    """Takes a promise and its targets out of the draft; the rows stay for the trail."""
    _editable(commitment)
    clause.removed_at = now()
    db.session.execute(
        sa.update(Target)
        .where(Target.clause_id == clause.id, Target.removed_at.is_(None))
        .values(removed_at=now())
    )
    audit.record(actor, "clause:remove", clause, place=commitment, changes={"text": clause.text})


def add_target(
    *,
    actor: User,
    commitment: Commitment,
    clause: Clause,
    indicator: str,
    unit: str,
    baseline: Decimal,
    value: Decimal,
    due_on: date,
    lead_office_id: int,
    live_figure: LiveFigure | None,
) -> Target:
    """Says what a promise comes to. The value must be more than where it starts."""
    _editable(commitment)
    if value <= baseline:
        raise RuleViolation("Target harus lebih besar daripada angka awal.", "value")
    target = Target(
        clause_id=clause.id,
        indicator=indicator,
        unit=unit,
        baseline=baseline,
        value=value,
        due_on=due_on,
        lead_office_id=lead_office_id,
        live_figure=live_figure,
    )
    db.session.add(target)
    db.session.flush()
    audit.record(
        actor, "target:add", target, place=commitment, changes={"indicator": indicator, "value": value}
    )
    return target


def remove_target(*, actor: User, commitment: Commitment, target: Target) -> None:
    """Takes a target out of the draft; the row stays for the trail."""
    _editable(commitment)
    target.removed_at = now()
    audit.record(actor, "target:remove", target, place=commitment, changes={"indicator": target.indicator})


def add_signatories(
    *,
    actor: User,
    commitment: Commitment,
    seats: Sequence[Any],
    capacity: Capacity = Capacity.OWN,
    on_behalf_of: str = "",
) -> int:
    """Asks the holders of positions to sign; seats already asked are passed over. Returns how many are new.

    `seats` are rows with position_id, office_id, constituency, title and office_name.
    """
    _editable(commitment)
    if capacity in (Capacity.ON_BEHALF, Capacity.SUB_DELEGATE) and not on_behalf_of:
        raise RuleViolation("Sebutkan atas nama siapa, misalnya Bupati Malang.", "on_behalf_of")
    asked = set(
        db.session.scalars(
            sa.select(Slot.position_id).where(
                Slot.commitment_id == commitment.id, Slot.status != SlotStatus.REPLACED
            )
        )
    )
    first = _next_place(Slot, commitment)
    new = [seat for seat in seats if seat.position_id not in asked]
    if not new:
        raise RuleViolation("Jabatan ini sudah ada dalam daftar penandatangan.", "position_id")
    db.session.execute(
        sa.insert(Slot),
        [
            {
                "commitment_id": commitment.id,
                "place": first + number,
                "position_id": seat.position_id,
                "office_id": seat.office_id,
                "constituency": Constituency(seat.constituency),
                "capacity": capacity,
                "on_behalf_of": on_behalf_of,
                "title": seat.title,
                "office_name": seat.office_name,
            }
            for number, seat in enumerate(new)
        ],
    )
    audit.record(
        actor, "signatory:add", commitment, changes={"positions": [seat.position_id for seat in new]}
    )
    return len(new)


def remove_signatory(*, actor: User, commitment: Commitment, slot: Slot) -> None:
    """Takes a place out of a draft; nobody was asked yet."""
    _editable(commitment)
    audit.record(actor, "signatory:remove", commitment, changes={"position": slot.position_id})
    db.session.delete(slot)


def _editable(commitment: Commitment) -> None:
    """Locks the draft; refuses when it is one no longer."""
    locked(commitment)
    if commitment.status is not CommitmentStatus.DRAFT:
        raise RuleViolation(DRAFT_ONLY.format(label=commitment.status.label))


def _next_place(model: Any, commitment: Commitment) -> int:
    last = db.session.scalar(sa.select(sa.func.max(model.place)).where(model.commitment_id == commitment.id))
    return (last or 0) + 1
