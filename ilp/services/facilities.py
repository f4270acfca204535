"""How far Puskesmas, Pustu and Posyandu have come: their status, and the mark "fokus penerapan" beside it.

Every change is dated by whoever records it and kept as an event; a step back says why.
"""

from __future__ import annotations

from datetime import date

from ilp.core.clock import now, today
from ilp.core.db import db, locked
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import plain_date
from ilp.models.facilities import FACILITY, Facility, FacilityChange, FacilityEvent, FacilityStatus
from ilp.policy.actions import Action
from ilp.policy.user import User
from ilp.services import audit

VERBS = {
    FacilityStatus.NONE: "reset",
    FacilityStatus.IN_PROGRESS: "start",
    FacilityStatus.RUNNING: "run",
}
LADDER = list(FacilityStatus)


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
