"""The trail: append-only and chained by hash, so that an edit or a gap shows.

One chain per regency and one for the nation. The chained entry holds only a salted hash of personal
values; the values themselves lie beside it and can be blanked (UU 27/2022) while the chain still
verifies. Database triggers refuse UPDATE and DELETE on the entries.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ilp.core.db import Base, Keyed, Moment, partial_index
from ilp.models.place import Placed, place_indexes

NATION = ""

ADMINISTRATIVE = (
    "account",
    "appointment",
    "external_login",
    "import_run",
    "letterhead",
    "login_session",
    "office",
    "office_group",
    "person",
    "position",
    "regency_setting",
    "role_grant",
    "second_factor",
    "transfer",
    "wilayah",
)
"""Subjects of the administration, which administrators read too; all others are contents."""
OF_ADMINISTRATION = f"subject IN ({', '.join(map(repr, ADMINISTRATIVE))})"
"""The same for the database: the words of the partial index, which a query must repeat to be served by it."""


class AuditHead(Base):
    """The end of a chain; its row is locked while an entry is added, or the chain would fork."""

    __tablename__ = "audit_head"

    chain: Mapped[str] = mapped_column(sa.String(5), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(sa.String(64), default="0" * 64)


class AuditEntry(Keyed, Placed, Base):
    """Who did what to what, when and from where."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        *place_indexes("audit_entry", "at", "id"),
        sa.UniqueConstraint("chain", "seq"),
        sa.Index("ix_audit_entry_subject", "subject", "subject_id", "id"),
        partial_index("ix_audit_entry_administration", "at", "id", where=OF_ADMINISTRATION),
    )

    chain: Mapped[str] = mapped_column(sa.String(5))
    seq: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment)
    action: Mapped[str] = mapped_column(sa.String(60))
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    actor_name: Mapped[str] = mapped_column(sa.String(120), default="")
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"))
    subject: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[int]
    changes: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    personal_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    address: Mapped[str] = mapped_column(sa.String(45), default="")
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class AuditPersonal(Base):
    """Before and after of personal fields of one entry; may be blanked, never rewritten."""

    __tablename__ = "audit_personal"

    entry_id: Mapped[int] = mapped_column(sa.ForeignKey("audit_entry.id"), primary_key=True)
    salt: Mapped[str] = mapped_column(sa.String(32))
    values: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
