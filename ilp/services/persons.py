"""People of the directory: what is known of them."""

from __future__ import annotations

from ilp.core.db import db, locked
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import sort_key
from ilp.models.directory import Person, Sex
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
    """
    locked(person)
    if email != person.email and not allowed(actor, Action.PERSON_ADDRESS, access_person(actor, person.id)):
        raise RuleViolation(NOT_YOURS, "email")
    changes = audit.changed(
        person,
        prefix=prefix,
        name=name,
        suffix=suffix,
        sex=sex,
        nip=nip or None,
        rank=rank,
        phone=phone,
        email=email,
    )
    person.sort_name = sort_key(name)
    db.session.flush()
    audit.record(actor, Action.PERSON_EDIT, person, place=home_of(person.id), personal=changes or None)
