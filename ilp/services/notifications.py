"""Telling people: a line in the product for everybody of an office, and a mail where one can be sent."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from ilp.adapters import mail
from ilp.adapters.mail import Mail
from ilp.core.clock import now
from ilp.core.config import current
from ilp.core.db import db, transaction
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.directory import Person
from ilp.models.jobs import JobKind
from ilp.models.notifications import Notification
from ilp.policy.user import CONTENT_ROLES, User
from ilp.services import jobs

TOLD = CONTENT_ROLES - {Role.AUDITOR}
LONGEST = 300


def notify(
    *,
    offices: Collection[int] | sa.Select[Any],
    text: str,
    endpoint: str,
    arguments: dict[str, Any],
    actor: User,
    roles: Collection[Role] = TOLD,
    accounts: Collection[int] = (),
    but: Collection[int] = (),
) -> None:
    """Tells every live account with one of these roles in these offices, and these, in one statement.

    The actor's own is not told, nor those in `but`. `offices` may be a query for their ids. `endpoint` and
    `arguments` say where it leads. With a mail server, whoever has an e-mail address gets it by mail, too,
    sent by the job process after the commit.
    """
    places = sorted(offices) if isinstance(offices, Collection) else offices
    granted = sa.select(RoleGrant.account_id).where(
        RoleGrant.office_id.in_(places),
        RoleGrant.role.in_(sorted(roles)),
        RoleGrant.revoked_at.is_(None),
    )
    chosen = [Account.id.in_(granted), *([Account.id.in_(sorted(accounts))] if accounts else [])]
    spared = sorted({*but, actor.account_id or 0})
    mail_to = sa.func.coalesce(Person.email, "") if current().smtp_url else sa.literal("")
    people = (
        sa.select(
            Account.id,
            sa.literal(text[:LONGEST]),
            sa.literal(endpoint),
            sa.literal(arguments, sa.JSON),
            sa.literal(now(), Notification.created_at.type),
            mail_to,
        )
        .outerjoin(Person, Person.id == Account.person_id)
        .where(sa.or_(*chosen), Account.suspended_at.is_(None), Account.id.not_in(spared))
    )
    columns = ["account_id", "text", "endpoint", "arguments", "created_at", "mail_to"]
    told = db.session.execute(
        sa.insert(Notification).from_select(columns, people).returning(Notification.id, Notification.mail_to)
    )
    jobs.enqueue_all(actor=actor, kind=JobKind.SEND_MAIL, target_ids=[row.id for row in told if row.mail_to])


def link_text(username: str, url: str, *, is_new: bool) -> str:
    """The message that brings somebody his one-time link, ready to be copied or mailed."""
    asked = (
        f"Bapak/Ibu diundang memakai Simpul ILP dengan nama pengguna {username}. "
        "Buatlah kata sandi sendiri lewat tautan ini:"
        if is_new
        else f"Bapak/Ibu, buatlah kata sandi baru untuk akun {username} di Simpul ILP lewat tautan ini:"
    )
    return f"{asked}\n{url}\nBerlaku 24 jam dan hanya satu kali. Jangan diteruskan kepada siapa pun."


def mail_link(link_id: int, *, mail_to: str, text: str) -> None:
    """Mails a one-time link; sent again after a crash it is the same letter."""
    config = current()
    letter = Mail(id=f"link-{link_id}", to=mail_to, subject="Kata sandi Simpul ILP", text=f"{text}\n")
    mail.send(letter, server=config.smtp_url, sender=config.mail_from)


def mail_out(notification_id: int, *, address: str) -> None:
    """Mails a notification that was not mailed yet; `address` is the full link to what it is about."""
    row = db.session.get_one(Notification, notification_id)
    config = current()
    if not row.mail_to or row.mailed_at or not config.smtp_url:
        return
    letter = Mail(
        id=f"notification-{row.id}", to=row.mail_to, subject=row.text, text=f"{row.text}\n\n{address}\n"
    )
    mail.send(letter, server=config.smtp_url, sender=config.mail_from)
    with transaction():
        row.mailed_at = now()


def mark_read(account_id: int, notification_id: int | None = None) -> None:
    """One notification of the account has been seen, or all of them."""
    unread = sa.update(Notification).where(
        Notification.account_id == account_id, Notification.read_at.is_(None)
    )
    if notification_id is not None:
        unread = unread.where(Notification.id == notification_id)
    db.session.execute(unread.values(read_at=now()))
