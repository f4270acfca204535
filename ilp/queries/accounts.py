"""Reading accounts and sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from ilp.core.clock import Zone
from ilp.core.db import db
from ilp.models.accounts import Account, LoginSession, RoleGrant
from ilp.models.directory import Letterhead, Office, Person
from ilp.models.notifications import Notification
from ilp.models.wilayah import RegencySetting
from ilp.policy.user import Grant, User

IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=30)


def session_user(token_hash: str, now: datetime) -> tuple[User, datetime] | None:
    """The user behind a live session, with roles and unread count, and when it was last seen: one statement.

    None when the session is unknown, ended, idle for 12 hours, older than 30 days, or its account
    is suspended: each bites on the next request.
    """
    own, office = aliased(Office), aliased(Office)
    unread = (
        sa.select(sa.func.count())
        .where(Notification.account_id == Account.id, Notification.read_at.is_(None))
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(
            LoginSession.id,
            LoginSession.last_seen_at,
            Account.id,
            Account.username,
            Account.person_id,
            sa.func.coalesce(Person.name, own.name),
            RegencySetting.zone,
            unread,
            RoleGrant.role,
            office.id,
            office.kind,
            office.name,
            office.wilayah_code,
            Letterhead.tiers,
        )
        .join(Account, Account.id == LoginSession.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(own, own.id == Account.office_id)
        .outerjoin(RoleGrant, sa.and_(RoleGrant.account_id == Account.id, RoleGrant.revoked_at.is_(None)))
        .outerjoin(office, office.id == RoleGrant.office_id)
        .outerjoin(RegencySetting, RegencySetting.regency_code == office.regency_code)
        .outerjoin(Letterhead, Letterhead.office_id == office.id)
        .where(
            LoginSession.token_hash == token_hash,
            LoginSession.ended_at.is_(None),
            LoginSession.last_seen_at > now - IDLE,
            LoginSession.created_at > now - ABSOLUTE,
            Account.suspended_at.is_(None),
        )
        .order_by(RoleGrant.id)
    ).all()
    if not rows:
        return None
    first = rows[0]
    session_id, seen, account_id, username, person_id, name, zone, count = first[:8]
    user = User(
        account_id=account_id,
        username=username,
        name=name,
        grants=tuple(Grant(*row[8:13]) for row in rows if row[8] is not None),
        session_id=session_id,
        zone=zone or Zone.WIB,
        unread=count,
        person_id=person_id,
        kop=(first[13] or [""])[0],
    )
    return user, seen
