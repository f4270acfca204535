"""Reading commitments: the register, the scorecard of clauses and targets, the signatories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa

from ilp.core.db import db
from ilp.core.errors import NotFound
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.models.commitments import (
    Clause,
    Commitment,
    CommitmentStatus,
    CommitmentVersion,
    LiveFigure,
    SignatureEvent,
    SigningRound,
    Slot,
    SlotStatus,
    Target,
)
from ilp.models.directory import Constituency, Office
from ilp.models.facilities import Facility, FacilityKind, FacilityStatus
from ilp.policy.user import User
from ilp.queries.listing import visible_page

Part = TypeVar("Part", Clause, Target, Slot)


def commitments(
    user: User,
    *,
    status: CommitmentStatus | None = None,
    after: Key | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """The register, newest first, with how many of how many have signed."""
    of_mine = sa.and_(Slot.commitment_id == Commitment.id, Slot.status != SlotStatus.REPLACED)
    asked = sa.select(sa.func.count()).where(of_mine).correlate(Commitment).scalar_subquery()
    signed = (
        sa.select(sa.func.count())
        .where(of_mine, Slot.status == SlotStatus.SIGNED)
        .correlate(Commitment)
        .scalar_subquery()
    )
    statement = sa.select(
        Commitment.id,
        Commitment.created_on,
        Commitment.title,
        Commitment.status,
        Commitment.signed_on,
        Office.name.label("office_name"),
        asked.label("asked"),
        signed.label("signed"),
    ).join(Office, Office.id == Commitment.office_id)
    where = (Commitment.status == status,) if status else ()
    return visible_page(
        user, Commitment, statement, Commitment.created_on, where=where, after=after, size=size
    )


@dataclass
class TargetRow:
    """A target and what is known of it: a live figure, or nothing yet (shown hollow, not as zero)."""

    id: int
    clause_id: int
    indicator: str
    unit: str
    baseline: Decimal
    value: Decimal
    due_on: date
    lead_office: str
    live_figure: LiveFigure | None
    reached: Decimal | None = None

    @property
    def is_reached(self) -> bool:
        return self.reached is not None and self.reached >= self.value

    def is_late(self, today: date) -> bool:
        return not self.is_reached and self.due_on < today


@dataclass
class ClauseRow:
    """A clause with its targets; `number` counts from 1 in the order of the text."""

    id: int
    number: int
    heading: str
    text: str
    version: int
    targets: list[TargetRow] = field(default_factory=list)


def clauses_of(commitment: Commitment) -> list[ClauseRow]:
    """Clauses with targets and live figures, in two statements whatever their number."""
    rows = db.session.execute(
        sa.select(Clause.id, Clause.heading, Clause.text, Clause.version)
        .where(Clause.commitment_id == commitment.id, Clause.removed_at.is_(None))
        .order_by(Clause.place, Clause.id)
    ).all()
    clauses = [ClauseRow(row[0], number, row[1], row[2], row[3]) for number, row in enumerate(rows, start=1)]
    by_id = {clause.id: clause for clause in clauses}
    targets = db.session.execute(
        sa.select(
            Target.id,
            Target.clause_id,
            Target.indicator,
            Target.unit,
            Target.baseline,
            Target.value,
            Target.due_on,
            Office.name,
            Target.live_figure,
            live_figure(commitment.regency_code),
        )
        .join(Clause, Clause.id == Target.clause_id)
        .join(Office, Office.id == Target.lead_office_id)
        .where(
            Clause.commitment_id == commitment.id, Target.removed_at.is_(None), Clause.removed_at.is_(None)
        )
        .order_by(Target.id)
    ).all()
    for values in targets:
        columns: tuple[Any, ...] = tuple(values)
        by_id[values.clause_id].targets.append(TargetRow(*columns))
    return clauses


def live_figure(regency_code: str) -> sa.ColumnElement[Decimal | None]:
    """What the product knows by itself of a target's figure: the same rows that `/capaian` lists."""
    running = (
        sa.select(sa.func.count())
        .where(
            Facility.regency_code == regency_code,
            Facility.kind == FacilityKind.PUSKESMAS,
            Facility.status == FacilityStatus.RUNNING,
        )
        .scalar_subquery()
    )
    return sa.case((Target.live_figure == LiveFigure.PUSKESMAS_RUNNING, running))


def signatories_of(commitment: Commitment) -> Sequence[Any]:
    """The places in order, each with its last event: when, by which method, and its stroke.

    Without those of successors whose transfer was taken back.
    """
    latest = (
        sa.select(SignatureEvent.slot_id, sa.func.max(SignatureEvent.id).label("event_id"))
        .join(Slot, Slot.id == SignatureEvent.slot_id)
        .where(Slot.commitment_id == commitment.id)
        .group_by(SignatureEvent.slot_id)
        .subquery()
    )
    return db.session.execute(
        sa.select(
            Slot.id,
            Slot.place,
            Slot.position_id,
            Slot.office_id,
            Slot.person_id,
            Slot.constituency,
            Slot.capacity,
            Slot.on_behalf_of,
            Slot.status,
            Slot.reason,
            Slot.prefix,
            Slot.name,
            Slot.suffix,
            Slot.title,
            Slot.office_name,
            SignatureEvent.at,
            SignatureEvent.method,
            SignatureEvent.stroke,
            SignatureEvent.typed_name,
            SignatureEvent.hash,
        )
        .outerjoin(latest, latest.c.slot_id == Slot.id)
        .outerjoin(SignatureEvent, SignatureEvent.id == latest.c.event_id)
        .where(
            Slot.commitment_id == commitment.id,
            sa.or_(Slot.status != SlotStatus.REPLACED, Slot.round_id.is_not(None)),
        )
        .order_by(Slot.place, Slot.id)
    ).all()


def tally(slots: Sequence[Any]) -> list[tuple[str, int, int]]:
    """Signed of asked by constituency, in protocol order."""
    counts: dict[Any, list[int]] = defaultdict(lambda: [0, 0])
    for slot in slots:
        if slot.status is SlotStatus.REPLACED:
            continue
        counts[slot.constituency][0] += slot.status is SlotStatus.SIGNED
        counts[slot.constituency][1] += 1
    return [(c.label, counts[c][0], counts[c][1]) for c in Constituency if c in counts]


def current_version(commitment: Commitment) -> CommitmentVersion | None:
    """The frozen text that is (or was last) before the signatories."""
    return db.session.scalar(
        sa.select(CommitmentVersion)
        .where(CommitmentVersion.commitment_id == commitment.id)
        .order_by(CommitmentVersion.number.desc())
        .limit(1)
    )


def current_round(commitment: Commitment) -> SigningRound | None:
    """The latest round of signing, open or closed; None before the first."""
    return db.session.scalar(
        sa.select(SigningRound)
        .where(SigningRound.commitment_id == commitment.id)
        .order_by(SigningRound.id.desc())
        .limit(1)
    )


def clause_of(commitment: Commitment, clause_id: int) -> Clause:
    """A clause of this commitment, or NotFound."""
    return _part(Clause, clause_id, Clause.commitment_id == commitment.id, Clause.removed_at.is_(None))


def target_of(commitment: Commitment, target_id: int) -> Target:
    """A target of one of this commitment's clauses, or NotFound."""
    clauses = sa.select(Clause.id).where(Clause.commitment_id == commitment.id)
    return _part(Target, target_id, Target.clause_id.in_(clauses), Target.removed_at.is_(None))


def slot_of(commitment: Commitment, slot_id: int) -> Slot:
    """A signatory's place of this commitment, or NotFound."""
    return _part(Slot, slot_id, Slot.commitment_id == commitment.id)


def _part(model: type[Part], key: int, *conditions: Any) -> Part:
    found: Part | None = db.session.scalar(sa.select(model).where(model.id == key, *conditions))
    if found is None:
        raise NotFound
    return found
