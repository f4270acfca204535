"""People of the directory: what is known of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ilp.core.db import locked
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import sort_key
from ilp.models.directory import ERASED, Person, Sex
from ilp.policy.access import access_person
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.policy.user import User
from ilp.queries.persons import home_of
from ilp.services import audit

NOT_YOURS = (
    "Dengan alamat ini orang dapat masuk, dan akunnya memegang peran di luar wilayah Bapak/Ibu. "
    "Mintalah administrator yang membawahi keduanya."
)


def edit_person(
    *,
    actor: User,
    person: Person,
    name: str,
    prefix: str,
    suffix: str,
    sex: Sex | None,
    nip: str,
    rank: str,
    phone: str,
    email: str,
) -> None:
    """Changes what is known of somebody. Papers, attendance and signatures keep the name they were given.

    Titles are kept as typed. A NIP that somebody else has is refused by the table. The address is what the
    login service knows people by, so it is refused beside `email` for an account with a role elsewhere.
    Refuses somebody whose data was erased.
    """
    locked(person)
    if person.anonymised_at is not None:
        raise RuleViolation(ERASED)
    if email != person.email and not allowed(actor, Action.PERSON_ADDRESS, access_person(actor, person.id)):
        raise RuleViolation(NOT_YOURS, "email")
    facts = {"prefix": prefix, "name": name, "suffix": suffix, "sex": sex, "nip": nip or None}
    facts |= {"rank": rank, "phone": phone, "email": email}
    amend(actor=actor, person=person, home=home_of(person.id), facts=facts)


def amend(*, actor: User, person: Person, home: str, facts: Mapping[str, Any]) -> None:
    """`edit_person` for whoever has locked the record and knows its home; what is not named stays."""
    changes = audit.changed(person, **facts)
    person.sort_name = sort_key(person.name)
    audit.record(actor, Action.PERSON_EDIT, person, place=home, personal=changes or None)
