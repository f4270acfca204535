"""What people are told: in the product always, by e-mail from the outbox when a mail server is configured."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ilp.core.db import Base, Keyed, Moment


class Notification(Keyed, Base):
    """One line for one account; endpoint and arguments become a link when it is shown."""

    __tablename__ = "notification"
    __table_args__ = (
        sa.Index("ix_notification_account", "account_id", "id"),
        sa.Index("ix_notification_unread", "account_id", "read_at"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    text: Mapped[str] = mapped_column(sa.String(300))
    endpoint: Mapped[str] = mapped_column(sa.String(80))
    arguments: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    mail_to: Mapped[str] = mapped_column(sa.String(254), default="")
    mailed_at: Mapped[datetime | None] = mapped_column(Moment)
