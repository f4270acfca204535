"""Long work. This table is the truth about it; the queue only wakes a process up."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ilp.core.db import Base, Keyed, Moment, enum_type
from ilp.core.enums import LabelledEnum


class JobKind(LabelledEnum):
    RENDER_DOCUMENT = "render_document", "Menyusun dokumen"
    HAND_OVER = "hand_over", "Mengalihkan jabatan"
    APPLY_IMPORT = "apply_import", "Menerapkan impor"
    JUDGE_IMPORT = "judge_import", "Memeriksa berkas impor"
    SEND_MAIL = "send_mail", "Mengirim surat elektronik"
    SEND_LINK = "send_link", "Mengirim undangan akun"


class JobState(LabelledEnum):
    QUEUED = "queued", "menunggu"
    RUNNING = "running", "berjalan"
    DONE = "done", "selesai"
    FAILED = "failed", "gagal"


class Job(Keyed, Base):
    """Long work on one target. Whoever holds the lease does it; a stale lease is taken over."""

    __tablename__ = "job"
    __table_args__ = (
        sa.UniqueConstraint("kind", "target_id"),
        sa.Index("ix_job_state", "state", "run_after"),
    )

    kind: Mapped[JobKind] = mapped_column(enum_type(JobKind))
    target_id: Mapped[int]
    arguments: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    state: Mapped[JobState] = mapped_column(enum_type(JobState), default=JobState.QUEUED)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=1)
    step: Mapped[str] = mapped_column(sa.String(120), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    lease_owner: Mapped[str] = mapped_column(sa.String(40), default="")
    run_after: Mapped[datetime] = mapped_column(Moment)
    error: Mapped[str] = mapped_column(sa.String(500), default="")
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def is_active(self) -> bool:
        """Waiting or being worked on."""
        return self.state in (JobState.QUEUED, JobState.RUNNING)
