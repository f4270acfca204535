"""Reading accounts and sessions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from ilp.core.clock import Zone
from ilp.core.config import current
from ilp.core.db import Moment, db, execute
from ilp.core.indonesian import sort_key
from ilp.core.statements import bound, prepared
from ilp.models.accounts import (
    Account,
    ExternalLogin,
    LoginSession,
    PasswordLink,
    Role,
    RoleGrant,
    SecondFactor,
)
from ilp.models.directory import Appointment, Letterhead, Office, Person, Position
from ilp.models.jobs import Job, JobKind
from ilp.models.notifications import Notification
from ilp.models.wilayah import RegencySetting, Wilayah, Words
from ilp.policy.scope import administered, administered_accounts
from ilp.policy.user import SECURED_ROLES, Grant, Owed, User

Row = sa.Row[*tuple[Any, ...]]
PAGE_SIZE = 50
DEVICES_SHOWN = 50
IDLE = timedelta(hours=12)
ABSOLUTE = timedelta(days=30)


@prepared
def _session() -> sa.Select[*tuple[Any, ...]]:
    own, office = aliased(Office), aliased(Office)
    unread = (
        sa.select(sa.func.count())
        .where(Notification.account_id == Account.id, Notification.read_at.is_(None))
        .scalar_subquery()
    )
    return (
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
            RegencySetting.district_label,
            RegencySetting.village_label,
            RegencySetting.password_days,
            sa.func.coalesce(Account.password_changed_at, Account.created_at, type_=Moment),
            SecondFactor.confirmed_at,
        )
        .join(Account, Account.id == LoginSession.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(own, own.id == Account.office_id)
        .outerjoin(RoleGrant, sa.and_(RoleGrant.account_id == Account.id, RoleGrant.revoked_at.is_(None)))
        .outerjoin(office, office.id == RoleGrant.office_id)
        .outerjoin(RegencySetting, RegencySetting.regency_code == office.regency_code)
        .outerjoin(Letterhead, Letterhead.office_id == office.id)
        .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
        .where(
            LoginSession.token_hash == bound("token_hash"),
            LoginSession.ended_at.is_(None),
            LoginSession.last_seen_at > bound("idle_since", Moment),
            LoginSession.created_at > bound("oldest", Moment),
            Account.suspended_at.is_(None),
        )
        .order_by(RoleGrant.id)
    )


def session_user(token_hash: str, now: datetime) -> tuple[User, datetime] | None:
    """The user behind a live session, with roles and unread count, and when it was last seen: one statement.

    None when the session is unknown, ended, idle for 12 hours, older than 30 days, or its account
    is suspended: each bites on the next request.
    """
    values = {"token_hash": token_hash, "idle_since": now - IDLE, "oldest": now - ABSOLUTE}
    rows = execute(_session(), values).all()
    if not rows:
        return None
    first = rows[0]
    session_id, seen, account_id, username, person_id, name, zone, count = first[:8]
    grants = tuple(Grant(*row[8:13]) for row in rows if row[8] is not None)
    has_factor = first[18] is not None
    user = User(
        account_id=account_id,
        username=username,
        name=name,
        grants=grants,
        session_id=session_id,
        zone=zone or Zone.WIB,
        unread=count,
        person_id=person_id,
        kop=(first[13] or [""])[0],
        words=Words.of(first[14], first[15]),
        has_factor=has_factor,
        owes=_owed(grants, [row[16] for row in rows if row[16]], now - first[17], has_factor=has_factor),
    )
    return user, seen


def _owed(grants: Sequence[Grant], limits: Sequence[int], age: timedelta, *, has_factor: bool) -> Owed | None:
    """An old password comes first: whoever knows it must not choose the phone that is trusted."""
    if limits and age > timedelta(days=min(limits)):
        return Owed.PASSWORD
    needs_factor = not current().demo and any(grant.role in SECURED_ROLES for grant in grants)
    return Owed.SECOND_FACTOR if needs_factor and not has_factor else None


def user_of(account_id: int) -> User | None:
    """An account as somebody who acts without a session (in the job process), with the roles it has now.

    None for one that is suspended.
    """
    own, office = aliased(Office), aliased(Office)
    rows: Any = db.session.execute(
        sa.select(
            Account.username,
            Account.person_id,
            sa.func.coalesce(Person.name, own.name),
            RegencySetting.zone,
            RegencySetting.district_label,
            RegencySetting.village_label,
            RoleGrant.role,
            office.id,
            office.kind,
            office.name,
            office.wilayah_code,
        )
        .select_from(Account)
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(own, own.id == Account.office_id)
        .outerjoin(RoleGrant, sa.and_(RoleGrant.account_id == Account.id, RoleGrant.revoked_at.is_(None)))
        .outerjoin(office, office.id == RoleGrant.office_id)
        .outerjoin(RegencySetting, RegencySetting.regency_code == office.regency_code)
        .where(Account.id == account_id, Account.suspended_at.is_(None))
        .order_by(RoleGrant.id)
    ).all()
    if not rows:
        return None
    username, person_id, name, zone, district, village = rows[0][:6]
    return User(
        account_id=account_id,
        username=username,
        name=name,
        grants=tuple(Grant(*row[6:]) for row in rows if row[6] is not None),
        zone=zone or Zone.WIB,
        person_id=person_id,
        words=Words.of(district, village),
    )


def login_row(username: str, address: str, *, since: datetime) -> Row | None:
    """What logging in needs of an account, and whether it is `known` at this address since then."""
    known = sa.exists().where(
        LoginSession.account_id == Account.id,
        LoginSession.last_seen_at > since,
        LoginSession.address == address,
    )
    return db.session.execute(
        sa.select(
            Account.id,
            Account.password_hash,
            Account.suspended_at,
            known.label("known"),
            SecondFactor.confirmed_at.label("factor_at"),
        )
        .outerjoin(SecondFactor, SecondFactor.account_id == Account.id)
        .where(Account.username == username)
    ).one_or_none()


def account_with_link(
    account_id: int, generation: int, *, at: datetime, lock: bool = False
) -> Account | None:
    """The account of a password link that lives: the newest, unused, not expired, nobody suspended."""
    newest = aliased(PasswordLink)
    statement = (
        sa.select(Account)
        .join(PasswordLink, PasswordLink.account_id == Account.id)
        .where(
            Account.id == account_id,
            Account.suspended_at.is_(None),
            PasswordLink.generation == generation,
            PasswordLink.used_at.is_(None),
            PasswordLink.expires_at > at,
            ~sa.exists().where(newest.account_id == Account.id, newest.generation > generation),
        )
    )
    return db.session.scalar(statement.with_for_update(of=Account) if lock else statement)


def mailed_link(account_id: int, *, at: datetime) -> Row | None:
    """The last link of an account, if it was to be mailed and is good: to whom, and how the mail fares."""
    newest = (
        sa.select(
            PasswordLink.mail_to,
            PasswordLink.created_at,
            PasswordLink.used_at,
            PasswordLink.expires_at,
            Job.state,
            Job.error,
        )
        .outerjoin(Job, sa.and_(Job.kind == JobKind.SEND_LINK, Job.target_id == PasswordLink.id))
        .where(PasswordLink.account_id == account_id)
        .order_by(PasswordLink.generation.desc())
        .limit(1)
    )
    found = db.session.execute(newest).one_or_none()
    living = found is not None and found.mail_to and found.used_at is None and found.expires_at > at
    return found if living else None


def username_of_session(token_hash: str) -> str | None:
    """Whose session this is or was: what was typed in it is given back to nobody else."""
    return db.session.scalar(
        sa.select(Account.username)
        .join(LoginSession, LoginSession.account_id == Account.id)
        .where(LoginSession.token_hash == token_hash)
    )


def devices_of(account_id: int, now: datetime, *, most: int = DEVICES_SHOWN) -> Sequence[Row]:
    """The living sessions of an account, the latest first."""
    return db.session.execute(
        sa.select(
            LoginSession.id,
            LoginSession.device,
            LoginSession.address,
            LoginSession.created_at,
            LoginSession.last_seen_at,
        )
        .where(
            LoginSession.account_id == account_id,
            LoginSession.ended_at.is_(None),
            LoginSession.last_seen_at > now - IDLE,
            LoginSession.created_at > now - ABSOLUTE,
        )
        .order_by(LoginSession.last_seen_at.desc(), LoginSession.id.desc())
        .limit(most)
    ).all()


def administered_page(
    user: User, *, search: str = "", after: str = "", size: int = PAGE_SIZE
) -> Sequence[Row]:
    """One page (and one row more) of the accounts in the user's administered places, by user name."""
    seen = (
        sa.select(sa.func.max(LoginSession.last_seen_at))
        .where(LoginSession.account_id == Account.id)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            Account.id,
            Account.username,
            sa.func.coalesce(Person.name, Office.name).label("name"),
            Account.suspended_at,
            (Account.password_hash == "").label("pending"),
            seen.label("last_seen_at"),
        )
        .outerjoin(Person, Person.id == Account.person_id)
        .outerjoin(Office, Office.id == Account.office_id)
        .where(administered_accounts(user), Account.username > after)
        .order_by(Account.username)
        .limit(size + 1)
    )
    if search:
        statement = statement.where(
            sa.or_(
                Account.username.contains(search.casefold(), autoescape=True),
                Person.sort_name.contains(sort_key(search), autoescape=True),
                Office.sort_name.contains(sort_key(search), autoescape=True),
            )
        )
    return db.session.execute(statement).all()


def grants_of(accounts: Collection[int]) -> dict[int, list[Row]]:
    """The living grants of some accounts, by account, with the name of the office."""
    found: dict[int, list[Row]] = {}
    for row in db.session.execute(
        sa.select(
            RoleGrant.id,
            RoleGrant.account_id,
            RoleGrant.role,
            RoleGrant.granted_at,
            Office.name.label("office_name"),
            Office.wilayah_code,
        )
        .join(Office, Office.id == RoleGrant.office_id)
        .where(RoleGrant.account_id.in_(list(accounts)), RoleGrant.revoked_at.is_(None))
        .order_by(RoleGrant.id)
    ):
        found.setdefault(row.account_id, []).append(row)
    return found


def grantable_offices(user: User, search: str, limit: int = 30) -> Sequence[Row]:
    """Offices in the user's administered places whose name holds these words."""
    return db.session.execute(
        sa.select(Office.id, Office.name, Wilayah.name.label("place"))
        .outerjoin(Wilayah, Wilayah.code == Office.wilayah_code)
        .where(
            administered(user),
            Office.archived_at.is_(None),
            *(Office.sort_name.contains(word, autoescape=True) for word in sort_key(search).split()),
        )
        .order_by(Office.sort_name, Office.id)
        .limit(limit)
    ).all()


def grantable_office(user: User, office_id: int) -> Office | None:
    """The office, if it lies in the user's administered places."""
    return db.session.scalar(sa.select(Office).where(Office.id == office_id, administered(user)))


def account_named(username: str) -> Account | None:
    """For the operator at the machine itself."""
    return db.session.scalar(
        sa.select(Account)
        .where(Account.username == username)
        .options(joinedload(Account.person), joinedload(Account.office))
    )


def administrator_offices(codes: Iterable[str]) -> list[int]:
    """The offices of those who administer one of these places: there, or above it."""
    above = {"", *(code[:length] for code in codes for length in (2, 5, 8, 13) if len(code) >= length)}
    return list(
        db.session.scalars(
            sa.select(RoleGrant.office_id)
            .join(Office, Office.id == RoleGrant.office_id)
            .where(
                RoleGrant.role == Role.ADMINISTRATOR,
                RoleGrant.revoked_at.is_(None),
                Office.wilayah_code.in_(above),
            )
            .distinct()
        )
    )


def helping_offices(account_id: int | None, limit: int = 3) -> Sequence[str]:
    """Offices with an administrator for the place of an account's last role, or its office; nearest first."""
    last = (
        sa.select(Office.wilayah_code)
        .join(RoleGrant, RoleGrant.office_id == Office.id)
        .where(RoleGrant.account_id == account_id)
        .order_by(RoleGrant.id.desc())
        .limit(1)
    )
    own = sa.select(Office.wilayah_code).join(Account, Account.office_id == Office.id)
    code = db.session.scalar(last)
    if code is None:
        code = db.session.scalar(own.where(Account.id == account_id))
    if code is None:
        return []
    return db.session.scalars(
        sa.select(Office.name)
        .where(Office.id.in_(administrator_offices([code])))
        .order_by(sa.func.length(Office.wilayah_code).desc(), Office.id)
        .limit(limit)
    ).all()


def offices_with_help(limit: int = 60) -> Sequence[Row]:
    """Which offices have an administrator to ask for a new password (offices only, no persons)."""
    return db.session.execute(
        sa.select(Office.name, Office.wilayah_code, Wilayah.name.label("place"))
        .outerjoin(Wilayah, Wilayah.code == Office.wilayah_code)
        .where(
            sa.exists().where(
                RoleGrant.office_id == Office.id,
                RoleGrant.role == Role.ADMINISTRATOR,
                RoleGrant.revoked_at.is_(None),
            )
        )
        .order_by(Office.wilayah_code, Office.id)
        .limit(limit)
    ).all()


def demo_logins(usernames: Sequence[str]) -> dict[str, list[str]]:
    """Those of these accounts that still have the password they came with, in their order, by regency."""
    regency = aliased(Wilayah)
    rows = db.session.execute(
        sa.select(Account.username, regency.kind, regency.name)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .join(Office, Office.id == RoleGrant.office_id)
        .outerjoin(regency, regency.code == sa.func.substr(Office.wilayah_code, 1, 5))
        .where(
            Account.username.in_(usernames),
            Account.suspended_at.is_(None),
            Account.password_changed_at.is_(None),
            RoleGrant.revoked_at.is_(None),
        )
        .order_by(RoleGrant.id)
    ).all()
    places = {row.username: f"{row.kind.label} {row.name}" if row.kind else "Nasional" for row in rows}
    found: dict[str, list[str]] = {}
    for username in (name for name in usernames if name in places):
        found.setdefault(places[username], []).append(username)
    return found


def account_bound(issuer: str, subject: str) -> Account | None:
    """Whose login this is at the government's own service."""
    return db.session.scalar(
        sa.select(Account)
        .join(ExternalLogin, ExternalLogin.account_id == Account.id)
        .where(ExternalLogin.issuer == issuer, ExternalLogin.subject == subject)
    )


def accounts_with_email(issuer: str, email: str) -> Sequence[Account]:
    """Accounts of persons with this address that have no login at this issuer yet."""
    bound_already = sa.exists().where(ExternalLogin.account_id == Account.id, ExternalLogin.issuer == issuer)
    return db.session.scalars(
        sa.select(Account)
        .join(Person, Person.id == Account.person_id)
        .where(Person.email.in_({email, email.lower()}), ~bound_already)
        .limit(2)
    ).all()


def has_password(account_id: int) -> bool:
    """Whether an account has a password: one that comes by the login service need not."""
    return bool(
        db.session.scalar(sa.select(sa.exists().where(Account.id == account_id, Account.password_hash != "")))
    )


def password_mixture(account_id: int) -> bool:
    """Whether the regency of one of an account's offices asks for passwords of four kinds of characters."""
    offices: sa.CompoundSelect[*tuple[Any, ...]] = sa.union(
        sa.select(RoleGrant.office_id).where(
            RoleGrant.account_id == account_id, RoleGrant.revoked_at.is_(None)
        ),
        sa.select(Account.office_id).where(Account.id == account_id),
    )
    return bool(
        db.session.scalar(
            sa.select(
                sa.exists().where(
                    Office.id.in_(offices),
                    RegencySetting.regency_code == Office.regency_code,
                    RegencySetting.password_mixture,
                )
            )
        )
    )


def holders_of(offices: Collection[int], on: date) -> Sequence[Row]:
    """Who holds a position in one of these offices on a day, for an account of one's own."""
    return db.session.execute(
        sa.select(Person.id, Person.prefix, Person.name, Person.suffix, Position.title, Position.office_id)
        .join(Appointment, Appointment.person_id == Person.id)
        .join(Position, Position.id == Appointment.position_id)
        .where(
            Position.office_id.in_(list(offices)),
            Position.archived_at.is_(None),
            Appointment.starts_on <= on,
            sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= on),
        )
        .order_by(Position.office_id, Position.protocol_order, Position.id, Appointment.id)
        .limit(200)
    ).all()
