"""Mutasi: one term ends, another begins, and what was open passes to the successor.

Tasks and invitations address offices and positions, so they stay where they are; only the names that
stand on seats of meetings to come are renewed, and who follows is asked anew whether he comes. A place
among signatories bears a frozen name: it is replaced by one for the successor on the day of the change,
not before. What was issued keeps the old name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import now, to_utc, today
from ilp.core.db import db, key_of, locked, locked_together, transaction
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import full_name, plain_date
from ilp.models.accounts import Account, Role
from ilp.models.directory import Appointment, AppointmentKind, Office, Person, Position, Transfer
from ilp.models.jobs import JobKind
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.policy.user import SYSTEM, User
from ilp.queries import transfers as queries
from ilp.queries.accounts import user_of
from ilp.services import accounts, audit, directory, jobs, notifications, seats, signing
from ilp.services.jobs import Progress


def transfer(
    *,
    actor: User,
    office: Office,
    position: Position,
    person: Person,
    kind: AppointmentKind,
    starts_on: date,
    ends_on: date | None = None,
    leaves: Collection[int] = (),
    hand_over_roles: bool = False,
) -> Transfer:
    """Gives a position to somebody from a day on, and passes on what is open there.

    `leaves` are terms of the successor elsewhere that end the day before. With `hand_over_roles` the roles
    of whoever goes pass, in this office, to the successor's account. What waits for a signature, and the
    roles, pass on the day itself. Refuses what `judge` does.
    """
    locked_together(Position, {key_of(position), *queries.positions_of(leaves)})
    running, left = judge(
        actor=actor,
        position=position,
        person=person,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        leaves=leaves,
    )
    before = [(term, term.ends_on) for term in (*running, *left)]
    begun = directory.begin_term(
        actor=actor,
        office=office,
        position=position,
        person=person,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        running=running,
    )
    for term in left:
        term.ends_on = starts_on - timedelta(days=1)
    ended = [[term.id, end and end.isoformat()] for term, end in before if term.ends_on != end]
    answers = seats.renew(position.id, starts_on)
    made = Transfer(
        position_id=position.id,
        person_id=person.id,
        appointment_id=begun.id,
        starts_on=starts_on,
        hand_over_roles=hand_over_roles,
        outcome={"terms": ended, "answers": answers},
        created_at=now(),
        created_by_id=actor.account_id,
    )
    db.session.add(made)
    db.session.flush()
    changes = {"position": position.id, "person": person.id, "starts_on": starts_on, "left": len(left)}
    audit.record(actor, "position:transfer", made, place=office, changes={**changes, "answers": len(answers)})
    notifications.notify(
        actor=actor,
        offices=[office.id],
        text=f"{position.title} mulai {plain_date(starts_on)}: {_name(person)}",
        endpoint="directory.show_position",
        arguments={"office_id": office.id, "position_id": position.id},
    )
    if starts_on <= today(actor.zone):
        _pass_on(actor, made, office)
    else:
        day = to_utc(starts_on, time(), actor.zone)
        jobs.enqueue(actor=actor, kind=JobKind.HAND_OVER, target_id=made.id, at=day)
    return made


def judge(
    *,
    actor: User,
    position: Position,
    person: Person,
    kind: AppointmentKind,
    starts_on: date,
    ends_on: date | None = None,
    leaves: Collection[int] = (),
) -> tuple[Sequence[Appointment], Sequence[Appointment]]:
    """The terms that a transfer meets in the position, and those the successor leaves; changes nothing.

    A look ahead asks it, and `transfer` asks it again under the lock. Refuses what `directory.judge_term`
    does, whoever holds the position already in this quality, and leaving a term that is somebody else's,
    over, or begins later.
    """
    running = directory.judge_term(
        actor=actor, position=position, person=person, kind=kind, starts_on=starts_on, ends_on=ends_on
    )
    if any(term.person_id == person.id and term.kind is kind for term in running):
        raise RuleViolation("Orang ini sudah memegang jabatan itu dalam kedudukan yang sama.", "kind")
    own = sa.and_(Appointment.id.in_(leaves), Appointment.person_id == person.id)
    left = queries.terms_reaching(own, starts_on) if leaves else []
    if len(left) != len(set(leaves)):
        raise RuleViolation("Pilih jabatan yang ditinggalkan dari daftar.", "leaves")
    if any(term.starts_on >= starts_on for term in left):
        raise RuleViolation("Jabatan yang ditinggalkan belum mulai pada hari itu.", "leaves")
    return running, left


def look_ahead(
    *,
    actor: User,
    office: Office,
    position: Position,
    person: Person,
    kind: AppointmentKind,
    starts_on: date,
    ends_on: date | None = None,
    leaves: Collection[int] = (),
) -> queries.RolesPassing:
    """Which roles `transfer` would hand over, were it the day already; refuses what `judge` does."""
    running, left = judge(
        actor=actor,
        position=position,
        person=person,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        leaves=leaves,
    )
    goes = running if kind is AppointmentKind.DEFINITIVE else ()
    ended = {term.id for term in (*goes, *left)}
    return queries.roles_passing(
        actor,
        office,
        person.id,
        max(starts_on, today(actor.zone)),
        ended=ended,
        gone={term.person_id for term in goes} - {person.id},
        left=queries.offices_of(ended, person.id),
    )


def take_effect(*, actor: User, made: Transfer) -> None:
    """The day has come: places among signatories, and roles, pass on. A repeat changes nothing."""
    locked(made)
    if made.effective_at is not None or made.undone_at is not None:
        return
    position = db.session.get_one(Position, made.position_id)
    _pass_on(actor, made, db.session.get_one(Office, position.office_id))


def _pass_on(actor: User, made: Transfer, office: Office) -> None:
    on = max(made.starts_on, today(actor.zone))  # the day has begun there, if not yet where the actor is
    slots = signing.pass_on(actor=actor, position_id=made.position_id, on=on)
    moved = _hand_over(actor, made, office, on) if made.hand_over_roles else {"revoked": [], "granted": []}
    made.effective_at, made.outcome = now(), {**made.outcome, "slots": slots, **moved}
    changes = {"signatories": len(slots), "grants": len(moved["granted"])}
    audit.record(actor, "position:hand_over", made, place=office, changes=changes)


def hand_over(transfer_id: int, progress: Progress) -> None:
    """What the job process does on the day of a transfer that was entered before; safe to repeat.

    Places among signatories follow the directory in any case. Roles pass only if whoever entered it may
    still change the directory there; if not, the office is told.
    """
    progress(0, "Mengalihkan tanda tangan dan peran")
    with transaction():
        made = db.session.get_one(Transfer, transfer_id)
        position = db.session.get_one(Position, made.position_id)
        office = db.session.get_one(Office, position.office_id)
        actor = user_of(made.created_by_id) if made.created_by_id is not None else None
        if actor is None or not allowed(actor, Action.DIRECTORY_EDIT, office):
            actor = replace(SYSTEM, account_id=made.created_by_id)
            if made.hand_over_roles and made.effective_at is None and made.undone_at is None:
                made.hand_over_roles = False
                _tell_that_roles_stay(position)
        take_effect(actor=actor, made=made)


def _tell_that_roles_stay(position: Position) -> None:
    notifications.notify(
        actor=SYSTEM,
        offices=[position.office_id],
        text=f"Peran akun {position.title} tidak dialihkan: wewenang pencatat mutasinya sudah dicabut",
        endpoint="directory.show_position",
        arguments={"office_id": position.office_id, "position_id": position.id},
    )


def undo(*, actor: User, made: Transfer) -> None:
    """Takes a transfer back, as if it had not been: terms, names on seats, signatories, roles.

    Refused once something was issued, signed, reported or attended under the successor, after another
    change of the same position, and once a position that was left is filled again.
    """
    locked(made)
    if made.undone_at is not None:
        raise RuleViolation("Mutasi ini sudah dibatalkan.")
    ended = queries.ended_terms(made)
    locked_together(Position, {made.position_id, *queries.positions_of([key for key, _ in ended])})
    position = db.session.get_one(Position, made.position_id)
    office = db.session.get_one(Office, position.office_id)
    person = db.session.get_one(Person, made.person_id)
    refusal = queries.done_since(made, position, office, person)
    if refusal:
        raise RuleViolation(f"{refusal} Mutasi ini tidak dapat dibatalkan; catat mutasi baru.")
    made.undone_at = now()
    begun, made.appointment_id = made.appointment_id, None
    db.session.flush()
    db.session.execute(sa.delete(Appointment).where(Appointment.id == begun))
    last_day = made.starts_on - timedelta(days=1)
    for term_id, ends_on in ended:
        still = sa.and_(Appointment.id == term_id, Appointment.ends_on == last_day)
        db.session.execute(sa.update(Appointment).where(still).values(ends_on=ends_on))
    signing.take_back(actor=actor, pairs=made.outcome.get("slots", []))
    _give_back(actor, made)
    seats.renew(position.id, made.starts_on)
    seats.give_back(position.id, made.outcome.get("answers", []))
    changes = {"position": position.id, "person": person.id}
    audit.record(actor, "position:undo_transfer", made, place=office, changes=changes)


def _name(person: Person) -> str:
    return full_name(person.prefix, person.name, person.suffix)


# --- roles ------------------------------------------------------------------------------------------
def _hand_over(actor: User, made: Transfer, office: Office, on: date) -> dict[str, list[Any]]:
    """Takes the roles from whoever goes, and gives those in this office to the successor's account."""
    ended = [key for key, _ in queries.ended_terms(made)]
    passing = queries.roles_passing(
        actor,
        office,
        made.person_id,
        on,
        ended=ended,
        gone=queries.goes(made),
        left=queries.offices_of(ended, made.person_id),
    )
    revoked = [[grant.account_id, grant.role.value, grant.office_id] for grant in passing.lost]
    for grant in passing.lost:
        accounts.revoke_role(actor=actor, grant=grant)
    granted = [
        accounts.grant_role(actor=actor, account=passing.heir, role=role, office=office)
        for role in passing.given
        if passing.heir is not None
    ]
    return {"revoked": revoked, "granted": [grant.id for grant in granted]}


def _give_back(actor: User, made: Transfer) -> None:
    for grant in queries.standing_grants(made.outcome.get("granted", [])):
        accounts.revoke_role(actor=actor, grant=grant)
    for account_id, role, office_id in made.outcome.get("revoked", []):
        account, office = db.session.get_one(Account, account_id), db.session.get_one(Office, office_id)
        accounts.grant_role(actor=actor, account=account, role=Role(role), office=office)
