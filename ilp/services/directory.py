"""The directory's verbs: offices, their positions, persons, and who holds a position from when.

An office's papers and tasks address its positions; so a change of officials is an appointment, and
whoever follows inherits what is open. Nothing is deleted: positions and offices are archived.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from ilp.core.clock import now, today
from ilp.core.db import db, locked
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import plain_date, sort_key
from ilp.models.accounts import RoleGrant
from ilp.models.directory import (
    ERASED,
    VILLAGE_OFFICES,
    Appointment,
    AppointmentKind,
    Constituency,
    Office,
    OfficeKind,
    Person,
    Position,
    Sex,
)
from ilp.models.place import place_codes
from ilp.models.tasks import OPEN, Assignment
from ilp.policy.user import User
from ilp.queries.transfers import terms_reaching
from ilp.services import audit, facilities

ORDERS = {
    Constituency.LEADERS: 10,
    Constituency.GOVERNMENT: 100,
    Constituency.DISTRICT: 300,
    Constituency.PUSKESMAS: 400,
    Constituency.PROMOTION: 450,
    Constituency.HOSPITAL: 600,
    Constituency.PKK: 650,
    Constituency.VILLAGE: 700,
    Constituency.PROFESSION: 800,
    Constituency.ACADEMIC: 820,
    Constituency.HEALTH_WORKER: 830,
    Constituency.COMMUNITY: 840,
    Constituency.PARTNER: 850,
    Constituency.CADRE: 860,
    Constituency.OTHER: 900,
}
"""Where a constituency begins in protocol order, for offices and positions added by hand."""
BOUND = frozenset({OfficeKind.KECAMATAN, *VILLAGE_OFFICES, OfficeKind.OPERATOR})
"""Kinds of offices that follow the register of places, or the installation itself."""
AHEAD = timedelta(days=366)
"""How long before its first day a term is entered; what lies farther off is a year mistyped."""


def add_office(
    *, actor: User, kind: OfficeKind, constituency: Constituency, name: str, wilayah_code: str
) -> Office:
    """Adds an office at a place. A name taken at that place is refused by the table."""
    office = Office(
        kind=kind,
        constituency=constituency,
        name=name,
        sort_name=sort_key(name),
        wilayah_code=wilayah_code,
        protocol_order=ORDERS[constituency],
        **place_codes(wilayah_code),
    )
    db.session.add(office)
    db.session.flush()
    audit.record(
        actor, "office:add", office, changes={"name": name, "kind": kind, "wilayah_code": wilayah_code}
    )
    facilities.follow_office(actor=actor, office=office)
    return office


def edit_office(
    *,
    actor: User,
    office: Office,
    name: str,
    kind: OfficeKind,
    constituency: Constituency,
    wilayah_code: str,
    parent_id: int | None,
    protocol_order: int,
) -> None:
    """Changes what an office is, where it lies and whom it stands under.

    Its positions move with it in protocol order, the facility it is with its name and place. The offices of
    places keep their kind and place, which follow the register. Refuses a parent that stands under it.
    """
    locked(office)
    if office.kind in BOUND and (kind is not office.kind or wilayah_code != office.wilayah_code):
        raise RuleViolation("Jenis dan tempat kantor ini mengikuti daftar wilayah dan tidak diubah.", "kind")
    if parent_id is not None and office.id in _above(parent_id):
        raise RuleViolation("Kantor itu berada di bawah kantor ini. Pilih induk lain.", "parent_id")
    if protocol_order != office.protocol_order:
        db.session.execute(
            sa.update(Position)
            .where(Position.office_id == office.id)
            .values(protocol_order=Position.protocol_order + (protocol_order - office.protocol_order))
        )
    changes = audit.changed(
        office,
        name=name,
        kind=kind,
        constituency=constituency,
        wilayah_code=wilayah_code,
        parent_id=parent_id,
        protocol_order=protocol_order,
    )
    office.sort_name = sort_key(name)
    for column, code in place_codes(wilayah_code).items():
        setattr(office, column, code)
    db.session.flush()
    audit.record(actor, "office:edit", office, changes=changes)
    facilities.follow_office(actor=actor, office=office)


def _above(office_id: int) -> set[int]:
    """An office and all it stands under."""
    tree = sa.select(Office.id, Office.parent_id).where(Office.id == office_id).cte("above", recursive=True)
    tree = tree.union(sa.select(Office.id, Office.parent_id).join(tree, Office.id == tree.c.parent_id))
    return set(db.session.scalars(sa.select(tree.c.id)))


def archive_office(*, actor: User, office: Office) -> None:
    """Takes an office out of lists, invitations and groups; what it wrote stays readable.

    Refused while somebody holds a position of it, a task of it is open, or an account has a role in it.
    """
    locked(office)
    if office.archived_at is not None:
        raise RuleViolation("Kantor ini sudah diarsipkan.")
    held = (
        sa.select(Appointment.id)
        .join(Appointment.position)
        .where(
            Position.office_id == office.id,
            sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today(actor.zone)),
        )
    )
    open_tasks = sa.select(Assignment.id).where(
        Assignment.office_id == office.id, Assignment.status.in_(OPEN), Assignment.withdrawn_at.is_(None)
    )
    roles = sa.select(RoleGrant.id).where(RoleGrant.office_id == office.id, RoleGrant.revoked_at.is_(None))
    for rows, refusal in (
        (held, "Masih ada pejabat di kantor ini. Akhiri dahulu masa jabatannya."),
        (open_tasks, "Kantor ini masih mempunyai tugas terbuka. Selesaikan atau tarik dahulu."),
        (roles, "Masih ada akun dengan peran di kantor ini. Cabut dahulu perannya."),
    ):
        if db.session.scalar(sa.select(rows.exists())):
            raise RuleViolation(refusal)
    office.archived_at = now()
    audit.record(actor, "office:archive", office, changes={"name": office.name})


def restore_office(*, actor: User, office: Office) -> None:
    """Brings an archived office back."""
    locked(office)
    if office.archived_at is None:
        raise RuleViolation("Kantor ini tidak diarsipkan.")
    office.archived_at = None
    audit.record(actor, "office:restore", office, changes={"name": office.name})


def add_position(
    *, actor: User, office: Office, title: str, is_head: bool, constituency: Constituency | None = None
) -> Position:
    """Adds a position. Refuses a second head, and a title the office has already."""
    taken = db.session.scalars(
        sa.select(Position).where(Position.office_id == office.id, Position.archived_at.is_(None))
    ).all()
    if any(sort_key(position.title) == sort_key(title) for position in taken):
        raise RuleViolation("Jabatan ini sudah ada di kantor ini.", "title")
    if is_head and any(position.is_head for position in taken):
        raise RuleViolation("Kantor ini sudah mempunyai pimpinan.", "is_head")
    return enter_position(actor=actor, office=office, title=title, is_head=is_head, constituency=constituency)


def enter_position(
    *, actor: User, office: Office, title: str, is_head: bool, constituency: Constituency | None = None
) -> Position:
    """`add_position` for whoever has asked already what it refuses."""
    position = Position(
        office_id=office.id,
        title=title,
        is_head=is_head,
        constituency=constituency,
        protocol_order=office.protocol_order + (0 if is_head else 50),
    )
    db.session.add(position)
    audit.record(actor, "position:add", position, place=office, changes={"title": title, "is_head": is_head})
    return position


def archive_position(*, actor: User, office: Office, position: Position) -> None:
    """Takes a position out of use. Refused while somebody holds it."""
    locked(position)
    open_term = sa.select(Appointment.id).where(
        Appointment.position_id == position.id, Appointment.ends_on.is_(None)
    )
    if db.session.scalar(sa.select(open_term.exists())):
        raise RuleViolation("Jabatan ini masih ada pejabatnya. Akhiri dahulu masa jabatannya.")
    position.archived_at = now()
    audit.record(actor, "position:archive", position, place=office, changes={"title": position.title})


def add_person(
    *,
    actor: User,
    office: Office,
    name: str,
    prefix: str = "",
    suffix: str = "",
    sex: Sex | None = None,
    nip: str | None = None,
    rank: str = "",
    phone: str = "",
    email: str = "",
) -> Person:
    """Adds a person, for an appointment in `office`, where the trail keeps it.

    Titles are kept as typed. A NIP that somebody has already is refused by the table.
    """
    person = Person(
        prefix=prefix,
        name=name,
        suffix=suffix,
        sort_name=sort_key(name),
        sex=sex,
        nip=nip or None,
        rank=rank,
        phone=phone,
        email=email,
        wilayah_code=office.wilayah_code,
    )
    db.session.add(person)
    audit.record(
        actor,
        "person:add",
        person,
        place=office,
        personal={
            "name": name,
            "prefix": prefix,
            "suffix": suffix,
            "nip": nip,
            "phone": phone,
            "email": email,
        },
    )
    return person


def appoint(
    *,
    actor: User,
    office: Office,
    position: Position,
    person: Person,
    kind: AppointmentKind,
    starts_on: date,
    ends_on: date | None = None,
) -> Appointment:
    """Gives a position to a person from a day on.

    A new definitive holder ends everybody's open term the day before; somebody acting (Plt, Plh, Pj)
    stands beside the definitive holder and goes before him while it lasts. Refuses what `judge_term` does.
    """
    locked(position)
    running = judge_term(
        actor=actor, position=position, person=person, kind=kind, starts_on=starts_on, ends_on=ends_on
    )
    return begin_term(
        actor=actor,
        office=office,
        position=position,
        person=person,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        running=running,
    )


def begin_term(
    *,
    actor: User,
    office: Office,
    position: Position,
    person: Person,
    kind: AppointmentKind,
    starts_on: date,
    ends_on: date | None,
    running: Sequence[Appointment],
) -> Appointment:
    """`appoint` for whoever holds the lock of the position, and knows which terms the new one meets."""
    if kind is AppointmentKind.DEFINITIVE:
        for term in running:
            term.ends_on = starts_on - timedelta(days=1)
    appointment = enter_term(
        actor=actor,
        office=office,
        position=position,
        person=person,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    db.session.flush()
    return appointment


def judge_term(
    *,
    actor: User,
    position: Position,
    person: Person,
    kind: AppointmentKind,
    starts_on: date,
    ends_on: date | None,
) -> Sequence[Appointment]:
    """The terms that a new one would meet; changes nothing.

    Refuses a start more than a year ahead, an end before the start, a definitive start that is not after
    that of each holder recorded, a second Plt. or Pj. on the same days, and somebody whose data was erased.
    A Plt. beside a definitive holder is right while that one is on leave: pages say so, nothing refuses it.
    """
    if person.anonymised_at is not None:
        raise RuleViolation(ERASED)
    if refusal := too_far(actor=actor, starts_on=starts_on):
        raise RuleViolation(refusal, "starts_on")
    if ends_on is not None and ends_on < starts_on:
        raise RuleViolation("Tanggal berakhir mendahului tanggal mulai.", "ends_on")
    running = terms_reaching(Appointment.position_id == position.id, starts_on)
    late = next((term for term in running if term.starts_on >= starts_on), None)
    if kind is AppointmentKind.DEFINITIVE and late is not None:
        known = "Pejabat sekarang" if late.starts_on <= today(actor.zone) else "Pejabat berikutnya"
        raise RuleViolation(
            f"{known} mulai {plain_date(late.starts_on)}. Penggantinya mulai sesudah hari itu.", "starts_on"
        )
    if refusal := second_stand_in(kind, running, ends_on):
        raise RuleViolation(refusal, "kind")
    return running


def second_stand_in(kind: AppointmentKind, running: Sequence[Appointment], ends_on: date | None) -> str:
    """What is to be said of a Plt. or Pj. where terms that it meets hold another; nothing of any other."""
    met = [term for term in running if ends_on is None or term.starts_on <= ends_on]
    other = next((term for term in met if term.kind.fills_in), None)
    if other is None or not kind.fills_in:
        return ""
    until = f" sampai {plain_date(other.ends_on)}" if other.ends_on else ""
    return (
        f"Jabatan ini sudah mempunyai {other.kind.label} mulai {plain_date(other.starts_on)}{until}. "
        "Satu jabatan satu Plt. atau Pj.: akhiri dahulu masanya."
    )


def too_far(*, actor: User, starts_on: date) -> str:
    """What is to be said of a term that begins more than a year ahead; nothing of any other."""
    latest = today(actor.zone) + AHEAD
    if starts_on <= latest:
        return ""
    return f"Mutasi dicatat paling lama setahun di muka, sampai {plain_date(latest)}. Periksa tahunnya."


def enter_term(
    *,
    actor: User,
    office: Office,
    position: Position,
    person: Person,
    kind: AppointmentKind,
    starts_on: date,
    ends_on: date | None = None,
) -> Appointment:
    """`appoint` for whoever has asked already what it refuses, and knows that nobody holds the position."""
    appointment = Appointment(
        position=position, person=person, kind=kind, starts_on=starts_on, ends_on=ends_on
    )
    db.session.add(appointment)
    audit.record(
        actor,
        "position:appoint",
        appointment,
        place=office,
        changes={
            "position": position,
            "person": person,
            "kind": kind,
            "starts_on": starts_on,
            "ends_on": ends_on,
        },
    )
    return appointment


def end_appointment(*, actor: User, office: Office, appointment: Appointment, ends_on: date) -> None:
    """Ends a term on a day. Refuses a day before it began, and a term that is over."""
    locked(appointment)
    if appointment.ends_on is not None:
        raise RuleViolation(f"Masa jabatan ini sudah berakhir {plain_date(appointment.ends_on)}.")
    if ends_on < appointment.starts_on:
        raise RuleViolation(f"Masa jabatan ini baru mulai {plain_date(appointment.starts_on)}.", "ends_on")
    appointment.ends_on = ends_on
    audit.record(
        actor, "position:leave", appointment, place=office, changes={"ends_on": ends_on, "before": None}
    )
