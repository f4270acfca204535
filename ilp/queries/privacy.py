"""What is known of those whose data is kept: who looked at it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from ilp.core.db import db
from ilp.core.paging import PAGE_SIZE, Key, Page
from ilp.models.accounts import Account
from ilp.models.commitments import Slot
from ilp.models.directory import Appointment, Office, Person, Position
from ilp.models.documents import Document
from ilp.models.meetings import Invitation, Meeting
from ilp.models.privacy import SeenPage, ViewLog

Row = sa.Row[*tuple[Any, ...]]
YEAR = timedelta(days=365)


def viewers(person_id: int, on: date, *, after: Key | None = None, size: int = PAGE_SIZE) -> Page:
    """Who looked at somebody's phone number or drawn signature in the year before a day, the latest first.

    On pages of his own, of the offices where he held a position that day, of the meetings he was
    invited to, and of the papers he signed. His own looks are left out.
    """
    seen = [ViewLog.day >= on - YEAR]
    if after is not None:
        here = sa.tuple_(ViewLog.day, ViewLog.id)
        seen.append(here < sa.tuple_(sa.literal(after.at, sa.Date()), sa.literal(after.id)))
    keys = sa.union(*(way.where(*seen) for way in _ways(person_id))).subquery()
    rows = db.session.execute(
        sa.select(
            ViewLog.id,
            ViewLog.day,
            ViewLog.page,
            Account.username,
            sa.func.coalesce(Person.name, "").label("name"),
            sa.func.coalesce(Office.name, "").label("office_name"),
            sa.func.coalesce(
                sa.case(
                    (ViewLog.page == SeenPage.OFFICE, _name(Office, Office.name)),
                    (
                        ViewLog.page.in_([SeenPage.INVITATIONS, SeenPage.ATTENDANCE]),
                        _name(Meeting, Meeting.title),
                    ),
                    (ViewLog.page == SeenPage.PAPER, _name(Document, Document.title)),
                ),
                "",
            ).label("about"),
        )
        .join(keys, keys.c.id == ViewLog.id)
        .join(Account, Account.id == ViewLog.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(Office, Office.id == Account.office_id)
        .where(sa.func.coalesce(Account.person_id, 0) != person_id)
        .order_by(ViewLog.day.desc(), ViewLog.id.desc())
        .limit(size + 1)
    ).all()
    shown = rows[:size]
    more = len(rows) > len(shown)
    return Page(shown, Key(shown[-1].day, shown[-1].id) if more else None, first=after is None)


def _name(model: Any, column: Any) -> sa.ScalarSelect[str]:
    named = sa.orm.aliased(model)
    return sa.select(getattr(named, column.key)).where(named.id == ViewLog.record_id).scalar_subquery()


def _ways(person_id: int) -> list[sa.Select[int]]:
    """Looks at pages on which somebody stands, by each kind of page."""
    seen = sa.select(ViewLog.id)
    held = (
        sa.select(Position.id, Position.office_id, Appointment.starts_on, Appointment.ends_on)
        .join(Appointment, Appointment.position_id == Position.id)
        .where(Appointment.person_id == person_id)
        .subquery()
    )
    that_day = sa.and_(
        held.c.starts_on <= ViewLog.day, sa.or_(held.c.ends_on.is_(None), held.c.ends_on >= ViewLog.day)
    )
    offices, positions = sa.select(held.c.office_id), sa.select(held.c.id)
    invited = sa.select(Invitation.meeting_id).where(
        Invitation.office_id.in_(offices), Invitation.position_id.in_(positions)
    )
    signed = (
        sa.select(Document.id)
        .join(Slot, Slot.commitment_id == Document.commitment_id)
        .where(Slot.office_id.in_(offices), Slot.person_id == person_id)
    )
    return [
        seen.where(ViewLog.page == SeenPage.PERSON, ViewLog.record_id == person_id),
        seen.join(held, sa.and_(ViewLog.record_id == held.c.office_id, that_day)).where(
            ViewLog.page == SeenPage.OFFICE
        ),
        seen.where(ViewLog.page == SeenPage.INVITATIONS, ViewLog.record_id.in_(invited)),
        seen.where(ViewLog.page == SeenPage.ATTENDANCE, ViewLog.record_id.in_(invited)),
        seen.where(ViewLog.page == SeenPage.PAPER, ViewLog.record_id.in_(signed)),
    ]
