"""How far Puskesmas, Pustu and Posyandu have come: their status, and the mark "fokus penerapan" beside it.

Every change is dated by whoever records it and kept as an event; a step back says why.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa

from ilp.core.clock import now, today
from ilp.core.db import db, locked
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import plain_date
from ilp.models.directory import Office
from ilp.models.facilities import (
    FACILITY,
    FACILITY_OF,
    Catchment,
    Facility,
    FacilityChange,
    FacilityEvent,
    FacilityKind,
    FacilityStatus,
)
from ilp.models.place import place_codes
from ilp.models.wilayah import Level, Wilayah
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
    facility = enter_facility(actor=actor, kind=kind, name=name, wilayah_code=wilayah_code, parent=parent)
    db.session.flush()
    return facility


def enter_facility(
    *, actor: User, kind: FacilityKind, name: str, wilayah_code: str, parent: Facility | None
) -> Facility:
    """`add_facility` for whoever has asked already what it refuses."""
    facility = Facility(
        kind=kind,
        name=name,
        wilayah_code=wilayah_code,
        parent=parent,
        status=FacilityStatus.NONE,
        **place_codes(wilayah_code),
    )
    db.session.add(facility)
    changes = {"name": name, "kind": kind, "wilayah_code": wilayah_code, "facility": parent}
    audit.record(actor, "facility:add", facility, changes=changes)
    return facility


def move_facility(*, actor: User, facility: Facility, parent: Facility) -> None:
    """Puts a Pustu or Posyandu under another Puskesmas. Refuses anything else."""
    locked(facility)
    if parent.kind is not FacilityKind.PUSKESMAS or facility.kind is FacilityKind.PUSKESMAS:
        raise RuleViolation("Hanya Pustu dan Posyandu yang mempunyai Puskesmas induk.", "parent")
    enter_move(actor=actor, facility=facility, parent=parent)


def enter_move(*, actor: User, facility: Facility, parent: Facility) -> None:
    """`move_facility` for whoever has locked the record and asked already what it refuses."""
    before, facility.parent = facility.parent_id, parent
    audit.record(actor, "facility:move", facility, changes={"parent": [before, parent]})


def follow_office(*, actor: User, office: Office) -> None:
    """Keeps the facility that an office is in step with it: name, place and the Puskesmas above.

    One of that name at the place becomes the office's; else it is added. Nothing for other kinds of offices.
    """
    kind = FACILITY_OF.get(office.kind)
    if kind is None:
        return
    own = Facility.office_id == office.id
    same = sa.and_(
        Facility.wilayah_code == office.wilayah_code, Facility.kind == kind, Facility.name == office.name
    )
    facility = db.session.scalar(sa.select(Facility).where(sa.or_(own, same)).order_by(~own).limit(1))
    if facility is None:
        facility = add_facility(actor=actor, kind=kind, name=office.name, wilayah_code=office.wilayah_code)
    if facility.office_id not in (None, office.id) or db.session.scalar(
        sa.select(sa.exists().where(same, Facility.id != facility.id))
    ):
        raise RuleViolation(f"Di tempat itu sudah ada {kind.label} dengan nama ini.", "name")
    above = sa.select(Facility.id).where(Facility.office_id == office.parent_id)
    parent_id = db.session.scalar(above) if office.parent_id and kind is not FacilityKind.PUSKESMAS else None
    changes = audit.changed(
        facility,
        office_id=office.id,
        kind=kind,
        name=office.name,
        wilayah_code=office.wilayah_code,
        parent_id=parent_id or facility.parent_id,
    )
    for column, code in place_codes(office.wilayah_code).items():
        setattr(facility, column, code)
    if changes:
        db.session.flush()
        audit.record(actor, "facility:follow", facility, changes=changes)


def set_catchment(*, actor: User, facility: Facility, villages: Collection[str]) -> None:
    """Says which desa and kelurahan of its regency a facility serves.

    They may lie in several kecamatan. Refuses what is no village of the regency, and for a Puskesmas one
    that another Puskesmas serves; the villages are kept, so that of two who want one the second is refused.
    """
    locked(facility)
    wanted = set(villages)
    real = sa.select(Wilayah.id).where(
        Wilayah.code.in_(wanted),
        Wilayah.level == Level.VILLAGE,
        Wilayah.valid_until.is_(None),
        Wilayah.code.startswith(f"{facility.regency_code}."),
    )
    kept = real.order_by(Wilayah.id).with_for_update(key_share=True)
    if len(db.session.scalars(kept).all()) != len(wanted):
        raise RuleViolation("Pilih desa/kelurahan dari daftar.")
    if facility.kind is FacilityKind.PUSKESMAS:
        _refuse_shared(facility, wanted)
    standing = db.session.scalars(sa.select(Catchment).where(Catchment.facility_id == facility.id)).all()
    enter_catchment(actor=actor, facility=facility, standing=standing, villages=wanted)


def enter_catchment(
    *, actor: User, facility: Facility, standing: Collection[Catchment], villages: Collection[str]
) -> list[Catchment]:
    """`set_catchment` for whoever keeps the villages, has asked what it refuses, and read what stands.

    Gives what stands then.
    """
    kept = [one for one in standing if one.wilayah_code in villages]
    removed = [one for one in standing if one.wilayah_code not in villages]
    added = sorted(set(villages) - {one.wilayah_code for one in kept})
    for one in removed:
        db.session.delete(one)
    new = [Catchment(facility=facility, wilayah_code=code) for code in added]
    db.session.add_all(new)
    changes = {"added": added, "removed": sorted(one.wilayah_code for one in removed)}
    audit.record(actor, Action.FACILITY_CATCHMENT, facility, changes=changes)
    return kept + new


def _refuse_shared(facility: Facility, villages: set[str]) -> None:
    shared = db.session.execute(
        sa.select(Wilayah.name, Facility.name)
        .join(Catchment, Catchment.wilayah_code == Wilayah.code)
        .join(Facility, Facility.id == Catchment.facility_id)
        .where(
            Wilayah.code.in_(villages),
            Facility.kind == FacilityKind.PUSKESMAS,
            Facility.id != facility.id,
        )
        .order_by(Wilayah.code)
        .limit(1)
    ).one_or_none()
    if shared is not None:
        raise RuleViolation(f"{shared[0]} sudah masuk wilayah kerja {shared[1]}.")


def record_status(*, actor: User, facility: Facility, status: FacilityStatus, on: date, note: str) -> None:
    """Records that a facility stands at `status` since `on`.

    Refuses the status it has already, a date to come or before its last change, and a step down the
    ladder without a reason in `note`.
    """
    locked(facility)
    _check_date(actor, on, not_before=facility.status_on)
    if LADDER.index(status) < LADDER.index(facility.status) and not note:
        raise RuleViolation("Tulis alasannya: keadaan ini mundur dari sebelumnya.", "note")
    enter_status(actor=actor, facility=facility, status=status, on=on, note=note)


def enter_status(*, actor: User, facility: Facility, status: FacilityStatus, on: date, note: str) -> None:
    """`record_status` for whoever has locked the record and looked at date and reason."""
    before, after = facility.status, FACILITY.move(VERBS[status], facility.status)
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
            facility=facility,
            change=change,
            status=facility.status,
            on=on,
            note=note,
            actor_name=actor.name,
            office_name=actor.office_name,
            at=now(),
        )
    )
