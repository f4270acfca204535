"""One register of tasks: one task, one assignment per office however deep the cascade, and its evidence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ilp.core.db import Base, Keyed, Moment, enum_type, some_index
from ilp.core.enums import LabelledEnum
from ilp.core.transitions import Transitions, step
from ilp.models.directory import Office
from ilp.models.documents import StoredFile
from ilp.models.place import LENGTHS, Placed, place_indexes


class TaskOrigin(LabelledEnum):
    """Where a task comes from; exactly one of its origin keys is set accordingly."""

    MEETING = "meeting", "Keputusan rapat"
    CLAUSE = "clause", "Butir komitmen"
    BODY = "body", "Pokjanal Posyandu"
    OFFICE = "office", "Instansi"


class EvidenceKind(LabelledEnum):
    NOTE = "note", "Catatan"
    FIGURE = "figure", "Angka"
    PHOTO = "photo", "Foto"
    FILE = "file", "Berkas"


class Task(Keyed, Placed, Base):
    """What is to be done and why; who has to do it stands in its assignments."""

    __tablename__ = "task"
    __table_args__ = (
        *place_indexes("task", "due_on", "id"),
        sa.Index("ix_task_owner", "owner_office_id", "due_on", "id"),
        sa.Index("ix_task_meeting", "meeting_id"),
        sa.Index("ix_task_body", "body_id", "due_on"),
        sa.Index("ix_task_clause", "clause_id"),
    )

    title: Mapped[str] = mapped_column(sa.String(300))
    detail: Mapped[str] = mapped_column(sa.Text, default="")
    origin: Mapped[TaskOrigin] = mapped_column(enum_type(TaskOrigin))
    owner_office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    meeting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting.id"))
    clause_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clause.id"))
    body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("coordination_body.id"))
    division: Mapped[str] = mapped_column(sa.String(100), default="")
    due_on: Mapped[date]
    evidence: Mapped[EvidenceKind] = mapped_column(enum_type(EvidenceKind), default=EvidenceKind.NOTE)
    addressed_to: Mapped[str] = mapped_column(sa.String(300), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    owner_office: Mapped[Office] = relationship(lazy="raise")


class AssignmentStatus(LabelledEnum):
    ASSIGNED = "assigned", "belum"
    IN_PROGRESS = "in_progress", "dikerjakan"
    SUBMITTED = "submitted", "dilaporkan"
    ACCEPTED = "accepted", "diterima"
    RETURNED = "returned", "dikembalikan"
    NOT_APPLICABLE = "not_applicable", "tidak berlaku"


S = AssignmentStatus
ASSIGNMENT = Transitions(
    {
        "start": step([S.ASSIGNED, S.RETURNED], S.IN_PROGRESS, "Tugas ini sudah {label}."),
        "report": step(
            [S.ASSIGNED, S.IN_PROGRESS, S.RETURNED],
            S.IN_PROGRESS,
            "Laporan tidak dapat ditambah: tugas ini {label}.",
        ),
        "submit": step(
            [S.ASSIGNED, S.IN_PROGRESS, S.RETURNED], S.SUBMITTED, "Laporan sudah dikirim: tugas ini {label}."
        ),
        "accept": step(
            [S.SUBMITTED],
            S.ACCEPTED,
            "Hanya laporan yang sudah dikirim yang dapat diterima; sekarang {label}.",
        ),
        "return": step(
            [S.SUBMITTED],
            S.RETURNED,
            "Hanya laporan yang sudah dikirim yang dapat dikembalikan; sekarang {label}.",
        ),
        "exempt": step(
            [S.ASSIGNED, S.IN_PROGRESS, S.RETURNED],
            S.NOT_APPLICABLE,
            "Tugas yang {label} tidak dapat dinyatakan tidak berlaku.",
        ),
        "delegate": step(
            [S.ASSIGNED, S.IN_PROGRESS, S.RETURNED],
            S.IN_PROGRESS,
            "Tugas yang {label} tidak dapat diteruskan ke desa/kelurahan.",
        ),
    }
)
OPEN = frozenset({S.ASSIGNED, S.IN_PROGRESS, S.SUBMITTED, S.RETURNED})
"""States in which an assignment is not finished."""
WAITING = frozenset({S.ASSIGNED, S.IN_PROGRESS, S.RETURNED})
"""States in which the next act is with the assigned office; only these can be late."""


def _in(states: Collection[AssignmentStatus]) -> str:
    return f"status IN ({', '.join(repr(state.value) for state in sorted(states))})"


def _todo(column: str, at: str, *more: str) -> sa.Index:
    """An index of only those rows that have such a moment: small, however long the register has grown."""
    name = f"ix_assignment_{column.removesuffix('_code').removesuffix('_id')}_{at}"
    return some_index(name, column, at, *more, there=at)


class Assignment(Keyed, Placed, Base):
    """One task for one office. Lateness is computed, laid over the state, never stored."""

    __tablename__ = "assignment"
    __table_args__ = (
        *place_indexes("assignment", "due_on", "id"),
        *(_todo(column, "awaited_on", "id") for column in (*LENGTHS, "office_id", "issuer_office_id")),
        *(_todo(column, "reviewed_at", "id") for column in ("office_id", "issuer_office_id")),
        _todo("reviewer_office_id", "review_since"),
        sa.UniqueConstraint("task_id", "office_id"),
        sa.Index("ix_assignment_office", "office_id", "due_on", "id"),
        sa.Index("ix_assignment_issuer", "issuer_office_id", "due_on", "id"),
        some_index("ix_assignment_parent", "parent_id"),
    )

    task_id: Mapped[int] = mapped_column(sa.ForeignKey("task.id"))
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    issuer_office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    """The office that gave the task, as on the task."""
    reviewer_office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    """The office that accepts or returns: that of the row above, or the one that gave the task."""
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("assignment.id"))
    status: Mapped[AssignmentStatus] = mapped_column(
        enum_type(AssignmentStatus), default=AssignmentStatus.ASSIGNED
    )
    due_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    submitted_at: Mapped[datetime | None] = mapped_column(Moment)
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    """As on the task: a withdrawn one leaves every list."""
    awaited_on: Mapped[date | None] = mapped_column(
        sa.Computed(
            f"CASE WHEN {_in(WAITING)} AND withdrawn_at IS NULL THEN due_on END",
            persisted=True,
        )
    )
    """When the office has to have acted; empty while the next act is somebody else's, or nobody's."""
    review_since: Mapped[datetime | None] = mapped_column(
        Moment,
        sa.Computed(
            f"CASE WHEN {_in([S.SUBMITTED])} AND withdrawn_at IS NULL THEN submitted_at END",
            persisted=True,
        ),
    )
    """Since when a report waits for its reviewer; empty if none does."""
    reviewed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))

    task: Mapped[Task] = relationship(lazy="raise")
    office: Mapped[Office] = relationship(lazy="raise", foreign_keys=[office_id])
    parent: Mapped[Assignment | None] = relationship(lazy="raise", remote_side="Assignment.id")

    def is_late(self, today: date) -> bool:
        """The day is over and the next act is still with the assigned office."""
        return self.due_on < today and self.status in WAITING


class AssignmentEvent(Keyed, Base):
    """The story of an assignment: each verb with who, when and what was said."""

    __tablename__ = "assignment_event"
    __table_args__ = (sa.Index("ix_assignment_event_assignment", "assignment_id", "id"),)

    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"))
    status: Mapped[AssignmentStatus] = mapped_column(enum_type(AssignmentStatus))
    note: Mapped[str] = mapped_column(sa.Text, default="")
    actor_name: Mapped[str] = mapped_column(sa.String(120))
    office_name: Mapped[str] = mapped_column(sa.String(200))
    at: Mapped[datetime] = mapped_column(Moment)


class Evidence(Keyed, Base):
    """Proof handed in for an assignment: a note, a figure, a photo or a file."""

    __tablename__ = "evidence"
    __table_args__ = (sa.Index("ix_evidence_assignment", "assignment_id", "id"),)

    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"))
    kind: Mapped[EvidenceKind] = mapped_column(enum_type(EvidenceKind))
    text: Mapped[str] = mapped_column(sa.Text, default="")
    figure: Mapped[Decimal | None] = mapped_column(sa.Numeric(14, 2))
    unit: Mapped[str] = mapped_column(sa.String(60), default="")
    file_id: Mapped[int | None] = mapped_column(sa.ForeignKey("stored_file.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))

    file: Mapped[StoredFile | None] = relationship(lazy="raise")


class AssignmentFollower(Base):
    """An office (a partner) that was given an assignment to follow: it sees it, and adds nothing."""

    __tablename__ = "assignment_follower"
    __table_args__ = (sa.Index("ix_assignment_follower_office", "office_id", "assignment_id"),)

    assignment_id: Mapped[int] = mapped_column(sa.ForeignKey("assignment.id"), primary_key=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), primary_key=True)
