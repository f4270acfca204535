"""Reading the trail: for auditors by place, and for everybody beside the record they may see."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ilp.core.db import db
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.models.accounts import Role
from ilp.models.audit import AuditEntry
from ilp.models.directory import Office
from ilp.policy.scope import Condition, within
from ilp.policy.user import User, covers

Row = sa.Row[*tuple[Any, ...]]

COLUMNS = (
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.chain,
    AuditEntry.seq,
    AuditEntry.action,
    AuditEntry.actor_name,
    Office.name.label("office_name"),
    AuditEntry.subject,
    AuditEntry.subject_id,
    AuditEntry.changes,
    AuditEntry.address,
)


def entries_of(subject: str, subject_id: int, *, limit: int = 50) -> Sequence[Row]:
    """What was done to one record (`subject` is its table), the latest first.

    Whoever calls this has fetched the record by its getter: seeing it is the right to its history.
    """
    return db.session.execute(
        sa.select(*COLUMNS)
        .outerjoin(Office, Office.id == AuditEntry.office_id)
        .where(AuditEntry.subject == subject, AuditEntry.subject_id == subject_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    ).all()


def entries_page(
    user: User,
    *,
    after: Key | None = None,
    action: str = "",
    subject: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page:
    """One page of the trail in the places this user audits, the latest first.

    Each place is a branch of its own that walks its index; places of one auditor do not overlap.
    """
    filters = [
        *((AuditEntry.action == action,) if action else ()),
        *((AuditEntry.subject == subject,) if subject else ()),
        *((AuditEntry.at >= since,) if since else ()),
        *((AuditEntry.at < until,) if until else ()),
    ]
    if after is not None:
        here = sa.tuple_(AuditEntry.at, AuditEntry.id)
        filters.append(here < sa.tuple_(sa.literal(after.at, AuditEntry.at.type), sa.literal(after.id)))
    keys = sa.union_all(*(_branch(code, filters) for code in audited_places(user))).subquery()
    rows = db.session.execute(
        sa.select(*COLUMNS)
        .join(keys, keys.c.id == AuditEntry.id)
        .outerjoin(Office, Office.id == AuditEntry.office_id)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(PAGE_SIZE + 1)
    ).all()
    shown = rows[:PAGE_SIZE]
    more = len(rows) > len(shown)
    return Page(shown, Key(shown[-1].at, shown[-1].id) if more else None, first=after is None)


def audited_places(user: User) -> list[str]:
    """The places a user audits; one that lies in another is left out."""
    codes = {g.wilayah_code for g in user.grants if g.role is Role.AUDITOR}
    return sorted(c for c in codes if not any(c != above and covers(above, c) for above in codes))


def _branch(code: str, filters: Sequence[Condition]) -> sa.Select[*tuple[Any, ...]]:
    page = (
        sa.select(AuditEntry.id)
        .where(within(AuditEntry, code), *filters)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(PAGE_SIZE + 1)
        .subquery()
    )
    return sa.select(page.c.id)


def trail(subject: str, subject_id: int, before: int | None) -> Page:
    """A page of what was done to one record, the latest first; the same right as for `entries_of`."""
    conditions = [AuditEntry.subject == subject, AuditEntry.subject_id == subject_id]
    if before is not None:
        conditions.append(AuditEntry.id < before)
    rows = db.session.execute(
        sa.select(AuditEntry.id, AuditEntry.at, AuditEntry.action, AuditEntry.actor_name, AuditEntry.changes)
        .where(*conditions)
        .order_by(AuditEntry.id.desc())
        .limit(PAGE_SIZE + 1)
    ).all()
    more = len(rows) > PAGE_SIZE
    return Page(
        rows[:PAGE_SIZE],
        Key(rows[PAGE_SIZE - 1].at, rows[PAGE_SIZE - 1].id) if more else None,
        before is None,
    )
