"""Logins, the roles they hold in offices, and their sessions."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ilp.core.db import Base, Keyed, Moment, enum_type, partial_index
from ilp.core.enums import LabelledEnum
from ilp.models.directory import Office, Person


class Role(LabelledEnum):
    """The closed list; how far a role reaches follows from it and from the kind of office."""

    SECRETARIAT = "secretariat", "Sekretariat"
    BODY_SECRETARIAT = "body_secretariat", "Sekretariat Pokjanal"
    HEALTH_OFFICE = "health_office", "Dinas Kesehatan"
    IMPLEMENTER = "implementer", "Pelaksana"
    LEADER = "leader", "Pimpinan"
    PARTNER = "partner", "Mitra"
    AUDITOR = "auditor", "Auditor"
    ADMINISTRATOR = "administrator", "Administrator"


class EndReason(LabelledEnum):
    LOGOUT = "logout", "keluar"
    REVOKED = "revoked", "dikeluarkan dari daftar perangkat"
    PASSWORD = "password", "kata sandi diganti"
    SUSPENDED = "suspended", "akun dibekukan"
    FACTOR = "factor", "kode masuk diaktifkan atau diatur ulang"
    EXPIRED = "expired", "kedaluwarsa"


class Account(Keyed, Base):
    """A login of a person, or of an office whose staff share one phone."""

    __tablename__ = "account"
    __table_args__ = (
        sa.CheckConstraint("person_id IS NOT NULL OR office_id IS NOT NULL", name="belongs_to_somebody"),
    )

    username: Mapped[str] = mapped_column(sa.String(80), unique=True)
    password_hash: Mapped[str] = mapped_column(sa.String(200))
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    suspended_at: Mapped[datetime | None] = mapped_column(Moment)
    password_changed_at: Mapped[datetime | None] = mapped_column(Moment)

    person: Mapped[Person | None] = relationship(lazy="raise")
    office: Mapped[Office | None] = relationship(lazy="raise")
    grants: Mapped[list[RoleGrant]] = relationship(
        primaryjoin="and_(RoleGrant.account_id == Account.id, RoleGrant.revoked_at.is_(None))",
        order_by="RoleGrant.id",
        viewonly=True,
        lazy="raise",
    )


class RoleGrant(Keyed, Base):
    """A role of an account in an office, until it is revoked."""

    __tablename__ = "role_grant"
    __table_args__ = (
        sa.Index("ix_role_grant_account", "account_id"),
        sa.Index("ix_role_grant_office", "office_id", "role"),
        partial_index(
            "uq_role_grant_live", "account_id", "role", "office_id", unique=True, where="revoked_at IS NULL"
        ),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    role: Mapped[Role] = mapped_column(enum_type(Role))
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    granted_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    account: Mapped[Account] = relationship(lazy="raise")
    office: Mapped[Office] = relationship(lazy="raise")


class LoginSession(Keyed, Base):
    """One device that is logged in. The cookie holds a random token, the row only its SHA-256."""

    __tablename__ = "login_session"
    __table_args__ = (sa.Index("ix_login_session_account", "account_id", "last_seen_at"),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    last_seen_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_reason: Mapped[EndReason | None] = mapped_column(enum_type(EndReason))
    address: Mapped[str] = mapped_column(sa.String(45), default="")
    device: Mapped[str] = mapped_column(sa.String(200), default="")


class PasswordLink(Keyed, Base):
    """A one-time way to set a password, made by an administrator; a new one kills the older.

    `mail_to` is where the job process sends it, when it goes by e-mail.
    """

    __tablename__ = "password_link"
    __table_args__ = (sa.UniqueConstraint("account_id", "generation"),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    generation: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    """None when the operator made it at the machine itself."""
    mail_to: Mapped[str] = mapped_column(sa.String(254), default="", server_default="")
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class SecondFactor(Base):
    """The key from which an account's phone and we compute the same six digits (TOTP, RFC 6238).

    `sealed` is the key encrypted under the installation's own key (`core/second_factor.py`); it counts once
    `confirmed_at` stands. `last_step` is the half minute of the last code taken: each is taken once.
    """

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(sa.String(300))
    created_at: Mapped[datetime] = mapped_column(Moment)
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(Keyed, Base):
    """One of ten codes for the day the phone is lost; only its SHA-256 is kept (80 random bits)."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    code_hash: Mapped[str] = mapped_column(sa.String(64))
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class ExternalLogin(Keyed, Base):
    """Who an account is at the government's own login service: the subject of an issuer, for good."""

    __tablename__ = "external_login"
    __table_args__ = (
        sa.UniqueConstraint("issuer", "subject"),
        sa.UniqueConstraint("account_id", "issuer"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    issuer: Mapped[str] = mapped_column(sa.String(300))
    subject: Mapped[str] = mapped_column(sa.String(255))
    bound_at: Mapped[datetime] = mapped_column(Moment)


class RateLimit(Base):
    """Counts of misses, shared by all web processes."""

    __tablename__ = "rate_limit"

    key: Mapped[str] = mapped_column(sa.String(160), primary_key=True)
    hits: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Submission(Base):
    """A form that was carried out, and where its answer led: a repeat is sent there and changes nothing."""

    __tablename__ = "submission"

    key: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), primary_key=True)
    location: Mapped[str] = mapped_column(sa.String(300))
    created_at: Mapped[datetime] = mapped_column(Moment, index=True)
