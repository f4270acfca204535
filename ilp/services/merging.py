"""Joining two records of one person, taking them apart again within thirty days, or telling them apart."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.db import db, insert, locked
from ilp.core.errors import RuleViolation
from ilp.models.accounts import Account
from ilp.models.commitments import Slot
from ilp.models.directory import (
    MERGE_LIFE,
    Appointment,
    Person,
    PersonApart,
    PersonMerge,
    Sex,
    Transfer,
)
from ilp.policy.user import User
from ilp.queries.duplicates import has_account, is_joined, may_be_one, moving, records_of
from ilp.queries.persons import home_of
from ilp.services import audit

MOVED: dict[str, Any] = {
    "appointments": Appointment,
    "accounts": Account,
    "slots": Slot,
    "transfers": Transfer,
}
FILLED = ("nip", "phone", "email", "sex", "rank", "prefix", "suffix")
"""What the record that stays takes over where it has nothing itself."""


def merge(*, actor: User, kept: Person, gone: Person) -> PersonMerge:
    """Moves terms, accounts and signatories of one record to the other, and fills what that lacks.

    Papers and signatures keep the names they bear. Refuses two records that contradict each other in title
    or NIP, and two that both have an account: one person, one login.
    """
    for person in sorted((kept, gone), key=lambda each: each.id):
        locked(person)
    if kept.id == gone.id or is_joined(kept.id, gone.id):
        raise RuleViolation("Kedua catatan ini sudah digabung.")
    if kept.anonymised_at or gone.anonymised_at:
        raise RuleViolation("Data pribadi salah satunya sudah dihapus. Catatan itu tidak digabung lagi.")
    if not may_be_one(kept, gone):
        raise RuleViolation("Gelar depan atau NIP keduanya berbeda: ini dua orang. Betulkan dahulu datanya.")
    passing = moving(kept.id, gone.id)
    if passing.accounts and has_account(kept.id):
        raise RuleViolation("Keduanya mempunyai akun. Pindahkan peran ke satu akun dahulu.")
    place = home_of(kept.id)
    moved = {name: list(getattr(passing, name)) for name in MOVED}
    _move(moved, kept.id)
    filled = {name: getattr(gone, name) for name in FILLED if not getattr(kept, name) and getattr(gone, name)}
    gone_nip, gone.nip = gone.nip, None
    db.session.flush()
    for name, value in filled.items():
        setattr(kept, name, value)
    made = PersonMerge(
        person_id=kept.id,
        gone_id=gone.id,
        moved=moved,
        filled={**filled, "gone_nip": gone_nip},
        created_at=now(),
        created_by_id=actor.account_id,
    )
    db.session.add(made)
    db.session.flush()
    changes = {"gone": gone.id, **{name: len(ids) for name, ids in moved.items()}}
    audit.record(actor, "person:merge", kept, place=place, changes=changes, personal=filled or None)
    return made


def unmerge(*, actor: User, made: PersonMerge) -> None:
    """Takes two records apart again: everything that moved goes back, what was filled and not changed, too.

    Refused after thirty days, and when the record that stayed was joined into another since.
    """
    locked(made)
    if made.undone_at is not None:
        raise RuleViolation("Penggabungan ini sudah dibatalkan.")
    if made.created_at <= now() - MERGE_LIFE:
        raise RuleViolation("Penggabungan hanya dapat dibatalkan dalam 30 hari.")
    kept = locked(db.session.get_one(Person, made.person_id))
    gone = locked(db.session.get_one(Person, made.gone_id))
    if kept.anonymised_at is not None:
        raise RuleViolation("Data pribadi orang ini sudah dihapus. Catatannya tidak dipisahkan lagi.")
    if is_joined(kept.id):
        raise RuleViolation("Catatan ini sudah digabung lagi. Pisahkan dahulu yang terakhir.")
    filled = dict(made.filled)
    nip = filled.pop("gone_nip")
    for name, value in filled.items():
        if getattr(kept, name) == value:
            setattr(kept, name, _nothing(name))
    db.session.flush()
    gone.nip = nip
    _move(made.moved, gone.id)
    made.undone_at = now()
    audit.record(actor, "person:unmerge", kept, place=home_of(kept.id), changes={"gone": gone.id})


def keep_apart(*, actor: User, one: Person, other: Person) -> None:
    """Remembers that two records are two people, so that nobody is asked again; a repeat changes nothing."""
    if one.id == other.id:
        raise RuleViolation("Ini catatan yang sama.")
    first, second = sorted((one, other), key=lambda each: each.id)
    pair = {"one_id": first.id, "other_id": second.id, "created_at": now(), "created_by_id": actor.account_id}
    said = insert(PersonApart).values(**pair).on_conflict_do_nothing().returning(PersonApart.one_id)
    if db.session.scalar(said) is not None:
        audit.record(actor, "person:apart", one, place=home_of(one.id), changes={"other": other.id})


def forget(*, actor: User, person: Person) -> None:
    """Blanks the records that are joined into that of somebody whose data is erased, and what merges keep."""
    records = list(db.session.scalars(records_of(person.id)))
    blank = {name: getattr(person, name) for name in ("name", "sort_name", *FILLED)}
    blank["anonymised_at"] = person.anonymised_at
    db.session.execute(sa.update(Person).where(Person.id.in_(records), Person.id != person.id).values(blank))
    kept_values = sa.or_(PersonMerge.person_id.in_(records), PersonMerge.gone_id.in_(records))
    db.session.execute(sa.update(PersonMerge).where(kept_values).values(filled={}))
    if len(records) > 1:
        changes = {"joined": len(records) - 1}
        audit.record(actor, "person:forget", person, place=home_of(person.id), changes=changes)


def _move(moved: dict[str, list[int]], person_id: int) -> None:
    for name, ids in moved.items():
        model = MOVED[name]
        db.session.execute(sa.update(model).where(model.id.in_(ids)).values(person_id=person_id))


def _nothing(name: str) -> Sex | str | None:
    return None if name in ("nip", "sex") else ""
