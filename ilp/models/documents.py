"""Stored files, number series, and the register of issued official papers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ilp.core.db import Base, Keyed, Moment, enum_type, some_index
from ilp.core.enums import LabelledEnum
from ilp.core.transitions import Transitions, step
from ilp.models.directory import Office
from ilp.models.place import Placed, place_indexes


class StoredFile(Keyed, Base):
    """Bytes that somebody handed in, kept by SHA-256 and shown only through their record."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(sa.String(80))
    name: Mapped[str] = mapped_column(sa.String(200))
    preview_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


class DocumentKind(LabelledEnum):
    INVITATION = "invitation", "Undangan"
    ATTENDANCE = "attendance", "Daftar hadir"
    MINUTES = "minutes", "Notula"
    COMMITMENT = "commitment", "Naskah komitmen bersama"


class DocumentStatus(LabelledEnum):
    RESERVED = "reserved", "dipesan"
    ISSUED = "issued", "terbit"
    SUPERSEDED = "superseded", "digantikan"
    REVOKED = "revoked", "dicabut"


DOCUMENT = Transitions(
    {
        "issue": step([DocumentStatus.RESERVED], DocumentStatus.ISSUED, "Dokumen ini sudah {label}."),
        "supersede": step(
            [DocumentStatus.ISSUED], DocumentStatus.SUPERSEDED, "Hanya dokumen terbit yang dapat digantikan."
        ),
        "revoke": step(
            [DocumentStatus.ISSUED], DocumentStatus.REVOKED, "Hanya dokumen terbit yang dapat dicabut."
        ),
    }
)


class SeriesKind(LabelledEnum):
    LETTER = "letter", "Nomor surat"
    DECISION = "decision", "Nomor keputusan"


class NumberSource(LabelledEnum):
    """Where the number of a letter comes from."""

    SERIES = "series", "Nomor urut berikutnya"
    TYPED = "typed", "Diketik dari buku agenda"
    LATER = "later", "Nomor menyusul"


class Series(Keyed, Base):
    """A counter per office, kind and year; its row is locked while a number is taken."""

    __tablename__ = "series"
    __table_args__ = (sa.UniqueConstraint("office_id", "kind", "year"),)

    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    kind: Mapped[SeriesKind] = mapped_column(enum_type(SeriesKind))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)


class Number(Keyed, Base):
    """A number in the register of an office for a year, taken from the series or typed in."""

    __tablename__ = "number"
    __table_args__ = (
        sa.UniqueConstraint("office_id", "year", "text"),
        sa.Index("ix_number_office", "office_id", "id"),
    )

    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    year: Mapped[int]
    text: Mapped[str] = mapped_column(sa.String(80))
    typed: Mapped[bool] = mapped_column(default=False)
    taken_at: Mapped[datetime] = mapped_column(Moment)
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))


class Document(Keyed, Placed, Base):
    """An official paper: its frozen content first, its bytes once the job process has rendered them."""

    __tablename__ = "document"
    __table_args__ = (
        *place_indexes("document", "letter_date", "id"),
        sa.Index("ix_document_office", "office_id", "letter_date", "id"),
        sa.Index("ix_document_meeting", "meeting_id"),
        sa.Index("ix_document_commitment", "commitment_id"),
        some_index("ix_document_supersedes", "supersedes_id"),
    )

    kind: Mapped[DocumentKind] = mapped_column(enum_type(DocumentKind))
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    number_id: Mapped[int | None] = mapped_column(sa.ForeignKey("number.id"))
    title: Mapped[str] = mapped_column(sa.String(300))
    letter_date: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    supersedes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"))
    status: Mapped[DocumentStatus] = mapped_column(enum_type(DocumentStatus), default=DocumentStatus.RESERVED)
    code: Mapped[str] = mapped_column(sa.String(12), unique=True)
    paper: Mapped[str] = mapped_column(sa.String(8), default="A4")
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON, deferred=True)
    content_sha256: Mapped[str] = mapped_column(sa.String(64))
    facts: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    meeting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting.id"))
    commitment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("commitment.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    issued_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_reason: Mapped[str] = mapped_column(sa.String(500), default="")

    office: Mapped[Office] = relationship(lazy="raise")
    number: Mapped[Number | None] = relationship(lazy="raise")
    files: Mapped[list[DocumentFile]] = relationship(lazy="raise", order_by="DocumentFile.id")

    @property
    def lacks_number(self) -> bool:
        """Issued with "nomor menyusul"; an attendance list bears none."""
        return self.number_id is None and self.kind is not DocumentKind.ATTENDANCE


class FileRole(LabelledEnum):
    """Which bytes of a document these are; sealing by certificate adds its own later."""

    ORIGINAL = "original", "asli"
    SEALED = "sealed", "tersegel"


class DocumentFile(Keyed, Base):
    """Bytes of a document. The unique key is what makes issuing twice impossible."""

    __tablename__ = "document_file"
    __table_args__ = (sa.UniqueConstraint("document_id", "role"),)

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))
    role: Mapped[FileRole] = mapped_column(enum_type(FileRole))
    sha256: Mapped[str] = mapped_column(sa.String(64), index=True)
    size: Mapped[int]
    pages: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(Moment)
