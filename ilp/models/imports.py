"""Files handed in to be taken over into a register: what each row says, and what is thought of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from ilp.core.db import Base, Keyed, Moment, code_type, enum_type
from ilp.core.enums import LabelledEnum
from ilp.core.transitions import Transitions, step


class ImportKind(LabelledEnum):
    """What a file is about; the value stands in the address."""

    OFFICIALS = "pejabat", "Kantor dan pejabat"
    ACCOUNTS = "akun", "Akun dan peran"
    FACILITIES = "fasilitas", "Fasilitas"


class ImportState(LabelledEnum):
    JUDGING = "judging", "diperiksa"
    READY = "ready", "siap diterapkan"
    APPLYING = "applying", "diterapkan"
    APPLIED = "applied", "sudah diterapkan"
    DISCARDED = "discarded", "dibuang"


class Verdict(LabelledEnum):
    """What is thought of a cell, or of a row: that of its worst cell. From harmless to worst."""

    SAME = "same", "sama"
    CHANGED = "changed", "berubah"
    NEW = "new", "baru"
    WARNING = "warning", "peringatan"
    FAULT = "fault", "salah"

    @property
    def weight(self) -> int:
        return list(Verdict).index(self)


I = ImportState  # noqa: E741 (short, as the letters of the other machines are)
RUN = Transitions(
    {
        "judged": step([I.JUDGING], I.READY, "Berkas ini {label}."),
        "apply": step([I.READY], I.APPLYING, "Berkas ini {label}; tidak ada yang diterapkan."),
        "applied": step([I.APPLYING], I.APPLIED, "Berkas ini {label}."),
        "refuse": step([I.APPLYING], I.READY, "Berkas ini {label}."),
        "discard": step([I.READY], I.DISCARDED, "Berkas ini {label}, jadi tidak dapat dibuang."),
        "abandon": step([I.JUDGING, I.APPLYING], I.DISCARDED, "Berkas ini {label}."),
    }
)


class ImportRun(Keyed, Base):
    """One file, within one place, of the account that handed it in."""

    __tablename__ = "import_run"
    __table_args__ = (sa.Index("ix_import_run_account", "account_id", "id"),)

    kind: Mapped[ImportKind] = mapped_column(enum_type(ImportKind))
    state: Mapped[ImportState] = mapped_column(enum_type(ImportState), default=ImportState.JUDGING)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    wilayah_code: Mapped[str] = mapped_column(code_type())
    file_name: Mapped[str] = mapped_column(sa.String(120))
    columns: Mapped[list[str]] = mapped_column(sa.JSON)
    """Keys of the columns that were found, in their order."""
    ignored: Mapped[list[str]] = mapped_column(sa.JSON)
    """Headings that nobody knows; what stands below them is not read."""
    passed_over: Mapped[list[str]] = mapped_column(sa.JSON, default=list, server_default="[]")
    """Lines below the table that are none of its rows, as they are told of."""
    rows: Mapped[int]
    error: Mapped[str] = mapped_column(sa.String(500), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    applied_at: Mapped[datetime | None] = mapped_column(Moment)


class ImportRow(Keyed, Base):
    """A row of the file under its number there: its cells as they were, and the verdict on each."""

    __tablename__ = "import_row"
    __table_args__ = (
        sa.UniqueConstraint("run_id", "number"),
        sa.Index("ix_import_row_verdict", "run_id", "verdict", "number"),
    )

    run_id: Mapped[int] = mapped_column(sa.ForeignKey("import_run.id"))
    number: Mapped[int]
    cells: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    verdict: Mapped[Verdict | None] = mapped_column(enum_type(Verdict))
    findings: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    """By column: [verdict, sentence]."""
