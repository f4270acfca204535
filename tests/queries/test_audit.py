"""Who reads which entries: contents for auditors of the place, the administration for its administrators."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.accounts import Account, Role
from ilp.models.audit import ADMINISTRATIVE, AuditEntry
from ilp.models.directory import Office, OfficeKind
from ilp.policy.user import SYSTEM, Grant, User
from ilp.queries.audit import Filter, entries, names_in, trail
from ilp.services import audit
from tests.factories.meetings import make_draft
from tests.support.people import user_named
from tests.support.plans import reads, scans

CODES = ("35", "35.07", "35.07.13", "35.05", "62.10")


@pytest.fixture
def written(app) -> dict[tuple[str, str], int]:
    """In each place one entry about contents and one of the administration, by place and kind."""
    meeting = make_draft(user_named("setda.malang"))
    account = db.session.scalars(sa.select(Account).limit(1)).one()
    with transaction():
        for code in CODES:
            audit.record(SYSTEM, "meeting:edit", meeting, place=code)
            audit.record(SYSTEM, "account:suspend", account, place=code)
    newest = sa.select(AuditEntry.id).order_by(AuditEntry.id.desc()).limit(2 * len(CODES))
    ids = sorted(db.session.scalars(newest))
    kinds = [(code, kind) for code in CODES for kind in ("content", "administration")]
    return dict(zip(kinds, ids, strict=True))


def somebody(*roles: tuple[Role, str]) -> User:
    grants = tuple(Grant(role, 1, OfficeKind.SETDA, "", code) for role, code in roles)
    return User(1, "x", "x", grants=grants)


AUDITOR, ADMIN = Role.AUDITOR, Role.ADMINISTRATOR
# columns: 35 35.07 35.07.13 35.05 62.10; c = content, a = administration
READS = [
    ([(AUDITOR, "35")], "ca ca ca ca -"),
    ([(AUDITOR, "35.07")], "- ca ca - -"),
    ([(AUDITOR, "")], "ca ca ca ca ca"),
    ([(ADMIN, "35.07")], "- a a - -"),
    ([(ADMIN, "")], "a a a a a"),
    ([(AUDITOR, "35.07"), (ADMIN, "35")], "a ca ca a -"),
    ([(AUDITOR, "35"), (ADMIN, "35.07")], "ca ca ca ca -"),
    ([(AUDITOR, "62.10"), (ADMIN, "35.07")], "- a a - ca"),
]


@pytest.mark.parametrize(("roles", "expected"), READS)
def test_what_each_reads(written, roles: list[tuple[Role, str]], expected: str) -> None:
    found = entries(somebody(*roles), Filter(actor="sistem"), limit=400)
    seen = [row.id for row in found]
    assert len(seen) == len(set(seen)), "an entry of two places stands once"
    letters = [
        "".join(kind[0] for kind in ("content", "administration") if written[code, kind] in seen) or "-"
        for code in CODES
    ]
    assert letters == expected.split()


def test_the_administration_is_a_closed_list(written) -> None:
    found = entries(somebody((ADMIN, "")), Filter(), limit=400)
    assert {row.subject for row in found} <= set(ADMINISTRATIVE)


@pytest.mark.parametrize("roles", [roles for roles, _ in READS if roles != [(AUDITOR, "")]])
def test_no_list_is_read_from_end_to_end(written, roles: list[tuple[Role, str]]) -> None:
    with reads() as read:
        entries(somebody(*roles), Filter(), limit=50)
    assert not scans(read)


def test_the_history_of_an_office_tells_of_its_positions_and_names_them(app) -> None:
    office = db.session.scalars(sa.select(Office).where(Office.wilayah_code == "35.07").limit(1)).one()
    with transaction():
        audit.record(SYSTEM, "office:add", office, personal={"phone": "+620000000001"})
    page = trail("office", office.id, personal=True)
    assert page.rows[0].personal == {"phone": "+620000000001"}
    assert trail("office", office.id).rows[0].personal is None
    assert names_in(page.rows)["office", office.id] == office.name
