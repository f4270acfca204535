"""How far Puskesmas, Pustu and Posyandu have come: their status, and the mark "fokus penerapan" beside it.

Every change is dated by whoever records it and kept as an event; a step back says why.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from ilp.core.clock import now, today
from ilp.core.db import db, locked
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import plain_date
from ilp.models.facilities import (
    FACILITY,
    Facility,
    FacilityChange,
    FacilityEvent,
    FacilityKind,
    FacilityStatus,
)
from ilp.models.place import place_codes
from ilp.policy.actions import Action
from ilp.policy.user import User
from ilp.services import audit

VERBS = {
    FacilityStatus.NONE: "reset",
    FacilityStatus.IN_PROGRESS: "start",
    FacilityStatus.RUNNING: "run",
}
LADDER = list(FacilityStatus)


def add_facility(
    *, actor: User, kind: FacilityKind, name: str, wilayah_code: str, parent: Facility | None = None
) -> Facility:
    """Adds a facility at a place, with the Puskesmas it belongs to. A name taken there is refused."""
    taken = sa.exists().where(
        Facility.wilayah_code == wilayah_code, Facility.kind == kind, Facility.name == name
    )
    if db.session.scalar(sa.select(taken)):
        raise RuleViolation(f"Di tempat itu sudah ada {kind.label} dengan nama ini.", "name")
    facility = Facility(
        kind=kind,
        name=name,
        wilayah_code=wilayah_code,
        parent_id=parent.id if parent else None,
        status=FacilityStatus.NONE,
        **place_codes(wilayah_code),
    )
    db.session.add(facility)
    db.session.flush()
    changes = {"name": name, "kind": kind, "wilayah_code": wilayah_code, "facility": facility.parent_id}
    audit.record(actor, "facility:add", facility, changes=changes)
    return facility


def move_facility(*, actor: User, facility: Facility, parent: Facility) -> None:
    """Puts a Pustu or Posyandu under another Puskesmas. Refuses anything else."""
    locked(facility)
    if parent.kind is not FacilityKind.PUSKESMAS or facility.kind is FacilityKind.PUSKESMAS:
        raise RuleViolation("Hanya Pustu dan Posyandu yang mempunyai Puskesmas induk.", "parent")
    before, facility.parent_id = facility.parent_id, parent.id
    audit.record(actor, "facility:move", facility, changes={"parent": [before, parent.id]})


def record_status(*, actor: User, facility: Facility, status: FacilityStatus, on: date, note: str) -> None:
    """Records that a facility stands at `status` since `on`.

    Refuses the status it has already, a date to come or before its last change, and a step down the
    ladder without a reason in `note`.
    """
    locked(facility)
    _check_date(actor, on, not_before=facility.status_on)
    before = facility.status
    after = FACILITY.move(VERBS[status], before)
    if LADDER.index(after) < LADDER.index(before) and not note:
        raise RuleViolation("Tulis alasannya: keadaan ini mundur dari sebelumnya.", "note")
    facility.status, facility.status_on = after, on
    _keep(actor, facility, FacilityChange.STATUS, on, note)
    changes = {"status": [before.value, after.value], "on": on, "note": note}
    audit.record(actor, Action.FACILITY_UPDATE, facility, changes=changes)


def mark_focus(*, actor: User, facility: Facility, on: date, note: str = "") -> None:
    """Marks a facility as "fokus penerapan" since `on`; its status stays. Refuses one that is marked."""
    locked(facility)
    _check_date(actor, on)
    if facility.focus_on is not None:
        raise RuleViolation(f"Sudah ditandai fokus sejak {plain_date(facility.focus_on)}.")
    facility.focus_on = on
    _keep(actor, facility, FacilityChange.MARKED, on, note)
    audit.record(actor, "facility:mark", facility, changes={"focus_on": [None, on], "note": note})


def unmark_focus(*, actor: User, facility: Facility, on: date, note: str) -> None:
    """Takes the mark away as of `on`. Refuses one without a mark, and doing so without a reason."""
    locked(facility)
    if facility.focus_on is None:
        raise RuleViolation("Fasilitas ini tidak bertanda fokus.")
    _check_date(actor, on, not_before=facility.focus_on)
    if not note:
        raise RuleViolation("Tulis alasan tanda fokus dicabut.", "note")
    before, facility.focus_on = facility.focus_on, None
    _keep(actor, facility, FacilityChange.UNMARKED, on, note)
    audit.record(actor, "facility:unmark", facility, changes={"focus_on": [before, None], "note": note})


def _check_date(actor: User, on: date, not_before: date | None = None) -> None:
    if on > today(actor.zone):
        raise RuleViolation("Tanggal ini belum tiba. Catat yang sudah terjadi.", "on")
    if not_before is not None and on < not_before:
        raise RuleViolation(
            f"Tanggal ini sebelum catatan terakhir, {plain_date(not_before)}. Periksa kembali.", "on"
        )


def _keep(actor: User, facility: Facility, change: FacilityChange, on: date, note: str) -> None:
    db.session.add(
        FacilityEvent(
            facility_id=facility.id,
            change=change,
            status=facility.status,
            on=on,
            note=note,
            actor_name=actor.name,
            office_name=actor.office_name,
            at=now(),
        )
    )
