"""Who may know of whom: one rule for lists, for a record by its key, and for statements that are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from ilp.core.db import db
from ilp.models.directory import Office, Person
from ilp.policy.scope import (
    Reach,
    administered,
    branches,
    known_office,
    known_person,
    known_persons,
    values_of,
)
from tests.support.people import user_named

PEOPLE = [
    ("setda.malang", None),
    ("camat.kepanjen", None),
    ("puskesmas.kepanjen", None),
    ("mitra.blitar", None),
    ("auditor.jatim", None),
    ("auditor.jatim", ""),
    ("admin", None),
    ("admin", "35.07"),
]


@pytest.fixture(params=PEOPLE, ids=lambda one: "-in-".join(filter(None, one)))
def user(app, request):
    """Somebody of the demo, or with his role in another place."""
    name, place = request.param
    known = user_named(name)
    if place is None:
        return known
    return replace(known, grants=tuple(replace(grant, wilayah_code=place) for grant in known.grants))


def test_a_person_is_known_by_key_as_in_lists(user):
    ways = known_persons(user)
    listed = set(db.session.scalars(sa.select(Person.id) if ways is None else sa.union(*ways)))
    of_user, of_form = (sa.select(Person.id).where(known_person(who)) for who in (user, Reach.of(user)))
    assert set(db.session.scalars(of_user)) == listed
    assert set(db.session.scalars(of_form, values_of(user))) == listed


def test_an_office_is_known_by_key_as_in_lists(user):
    ways = [*branches(Office, user), administered(user)]
    listed = {key for way in ways for key in db.session.scalars(sa.select(Office.id).where(way))}
    of_user, of_form = (sa.select(Office.id).where(known_office(who)) for who in (user, Reach.of(user)))
    assert set(db.session.scalars(of_user)) == listed
    assert set(db.session.scalars(of_form, values_of(user))) == listed
