"""Coordination meetings: agenda, seats invited, who came, and the minutes as rows."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ilp.core.db import Base, Keyed, Moment, enum_type, some_index
from ilp.core.enums import LabelledEnum
from ilp.core.transitions import Transitions, step
from ilp.models.directory import AppointmentKind, Constituency, Office, Position, Sex
from ilp.models.place import Placed, place_indexes


class MeetingKind(LabelledEnum):
    COORDINATION = "coordination", "Rapat koordinasi lintas program dan lintas sektor"
    KICKOFF = "kickoff", "Kick off"
    WORKSHOP = "workshop", "Lokakarya"
    MULTISTAKEHOLDER = "multistakeholder", "Pertemuan multipihak"
    MINI_WORKSHOP_QUARTERLY = "mini_workshop_quarterly", "Lokakarya mini tribulanan"
    POKJANAL = "pokjanal", "Rapat Pokjanal"


class MeetingStatus(LabelledEnum):
    DRAFT = "draft", "draf"
    INVITED = "invited", "diundang"
    IN_SESSION = "in_session", "berlangsung"
    MINUTING = "minuting", "notulen"
    IN_REVIEW = "in_review", "ditinjau"
    APPROVED = "approved", "disahkan"
    POSTPONED = "postponed", "ditunda"
    CANCELLED = "cancelled", "dibatalkan"


M = MeetingStatus
MEETING = Transitions(
    {
        "invite": step([M.DRAFT, M.POSTPONED], M.INVITED, "Undangan sudah terbit: rapat ini {label}."),
        "open": step([M.DRAFT, M.INVITED], M.IN_SESSION, "Rapat ini tidak dapat dibuka karena {label}."),
        "minute": step([M.IN_SESSION], M.MINUTING, "Rapat ini tidak sedang berlangsung, melainkan {label}."),
        "submit": step(
            [M.MINUTING, M.IN_SESSION], M.IN_REVIEW, "Notula belum dapat diajukan: rapat ini {label}."
        ),
        "return": step([M.IN_REVIEW], M.MINUTING, "Notula ini tidak sedang ditinjau, melainkan {label}."),
        "approve": step(
            [M.IN_REVIEW], M.APPROVED, "Notula baru dapat disahkan setelah diajukan; sekarang {label}."
        ),
        "postpone": step([M.DRAFT, M.INVITED], M.POSTPONED, "Rapat yang {label} tidak dapat ditunda."),
        "cancel": step(
            [M.DRAFT, M.INVITED, M.POSTPONED], M.CANCELLED, "Rapat yang {label} tidak dapat dibatalkan."
        ),
    }
)
RECORDING = frozenset({M.DRAFT, M.INVITED, M.IN_SESSION, M.MINUTING})
"""States in which attendance and minutes may still be written."""
PLANNED = frozenset({M.DRAFT, M.INVITED, M.POSTPONED})
"""States before the meeting begins: what it will be, and who comes, may still be changed."""


class MeetingSeries(Keyed, Base):
    """Meetings that follow each other: each opens with what the ones before left undone."""

    __tablename__ = "meeting_series"

    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))


class Meeting(Keyed, Placed, Base):
    """One meeting. `version` rises with its content, so an open page can ask for news by number."""

    __tablename__ = "meeting"
    __table_args__ = (
        *place_indexes("meeting", "starts_at", "id"),
        sa.Index("ix_meeting_office", "office_id", "starts_at", "id"),
        sa.Index("ix_meeting_series", "series_id", "starts_at"),
        some_index("ix_meeting_previous", "previous_id"),
        sa.CheckConstraint("ends_at IS NULL OR ends_at > starts_at", name="ends_after_start"),
    )

    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    series_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting_series.id"))
    previous_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting.id"))
    body_id: Mapped[int | None] = mapped_column(sa.ForeignKey("coordination_body.id"), index=True)
    kind: Mapped[MeetingKind] = mapped_column(enum_type(MeetingKind))
    title: Mapped[str] = mapped_column(sa.String(200))
    status: Mapped[MeetingStatus] = mapped_column(enum_type(MeetingStatus), default=MeetingStatus.DRAFT)
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime | None] = mapped_column(Moment)
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    chair: Mapped[str] = mapped_column(sa.String(200), default="")
    opened_by: Mapped[str] = mapped_column(sa.String(200), default="")
    minute_taker_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    basis: Mapped[str] = mapped_column(sa.Text, default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    approved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")

    office: Mapped[Office] = relationship(lazy="raise")
    series: Mapped[MeetingSeries | None] = relationship(lazy="raise")

    @property
    def is_recording(self) -> bool:
        """Whether attendance and minutes may still be written."""
        return self.status in RECORDING

    @property
    def is_planned(self) -> bool:
        """Whether it can still be changed, postponed or called off: it has not begun."""
        return self.status in PLANNED

    def takes_attendance(self, now: datetime) -> bool:
        """From the invitation on; a meeting of the past is recorded without one."""
        return self.is_recording and (self.status is not M.DRAFT or self.starts_at <= now)


class AgendaStatus(LabelledEnum):
    PENDING = "pending", "belum"
    DISCUSSED = "discussed", "dibahas"
    DECIDED = "decided", "diputuskan"
    DEFERRED = "deferred", "ditunda ke rapat berikut"
    FORWARDED = "forwarded", "diteruskan"


class AgendaItem(Keyed, Base):
    """A point of the agenda. The carried-over one shows what earlier meetings of the series left undone."""

    __tablename__ = "agenda_item"
    __table_args__ = (sa.Index("ix_agenda_item_meeting", "meeting_id", "place"),)

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    place: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(300))
    presenter: Mapped[str] = mapped_column(sa.String(200), default="")
    minutes_planned: Mapped[int | None]
    status: Mapped[AgendaStatus] = mapped_column(enum_type(AgendaStatus), default=AgendaStatus.PENDING)
    carried_over: Mapped[bool] = mapped_column(default=False)


class InvitationStatus(LabelledEnum):
    PENDING = "pending", "belum"
    SENT = "sent", "terkirim"
    OPENED = "opened", "dibuka"
    ATTENDING = "attending", "hadir"
    DECLINED = "declined", "tidak hadir"
    REPRESENTED = "represented", "diwakili"


class Invitation(Keyed, Base):
    """A seat at a meeting: a position, an office, or a free contact; names freeze with the letter.

    `group_name` is the collective line that prints once for many seats ("Camat se-Kabupaten Malang").
    `kind` is in what quality its holder holds the position.
    """

    __tablename__ = "invitation"
    __table_args__ = (
        sa.UniqueConstraint("meeting_id", "position_id"),
        sa.Index("ix_invitation_meeting", "meeting_id", "protocol_order", "id"),
        sa.Index("ix_invitation_office", "office_id", "meeting_id"),
        some_index("ix_invitation_position", "position_id"),
    )

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    position_id: Mapped[int | None] = mapped_column(sa.ForeignKey("position.id"))
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"))
    group_name: Mapped[str] = mapped_column(sa.String(200), default="")
    constituency: Mapped[Constituency] = mapped_column(enum_type(Constituency))
    protocol_order: Mapped[int] = mapped_column(default=500)
    title: Mapped[str] = mapped_column(sa.String(200))
    office_name: Mapped[str] = mapped_column(sa.String(200), default="")
    name: Mapped[str] = mapped_column(sa.String(300), default="")
    sort_name: Mapped[str] = mapped_column(sa.String(200), default="")
    kind: Mapped[AppointmentKind | None] = mapped_column(enum_type(AppointmentKind))
    sex: Mapped[Sex | None] = mapped_column(enum_type(Sex))
    phone: Mapped[str] = mapped_column(sa.String(20), default="")
    status: Mapped[InvitationStatus] = mapped_column(
        enum_type(InvitationStatus), default=InvitationStatus.PENDING
    )
    answer_note: Mapped[str] = mapped_column(sa.String(300), default="")

    meeting: Mapped[Meeting] = relationship(lazy="raise")
    position: Mapped[Position | None] = relationship(lazy="raise")


class AttendanceStatus(LabelledEnum):
    PRESENT = "present", "hadir"
    LATE = "late", "terlambat"
    REPRESENTED = "represented", "diwakili"
    EXCUSED = "excused", "izin"
    ABSENT = "absent", "tidak hadir"


CAME = frozenset({AttendanceStatus.PRESENT, AttendanceStatus.LATE, AttendanceStatus.REPRESENTED})
"""Statuses of a seat that somebody filled."""


class AttendanceSource(LabelledEnum):
    QR = "qr", "QR"
    DESK = "desk", "meja presensi"
    SELF = "self", "mandiri"
    PAPER = "paper", "kertas"


class Attendance(Keyed, Base):
    """Somebody at a meeting: for a seat (once), or as a walk-in. The name is kept as it was on the day."""

    __tablename__ = "attendance"
    __table_args__ = (
        sa.UniqueConstraint("invitation_id"),
        sa.Index("ix_attendance_meeting", "meeting_id", "id"),
    )

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    invitation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("invitation.id"))
    status: Mapped[AttendanceStatus] = mapped_column(enum_type(AttendanceStatus))
    source: Mapped[AttendanceSource] = mapped_column(enum_type(AttendanceSource))
    arrived_at: Mapped[datetime | None] = mapped_column(Moment)
    name: Mapped[str] = mapped_column(sa.String(300))
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    office_name: Mapped[str] = mapped_column(sa.String(200), default="")
    constituency: Mapped[Constituency] = mapped_column(enum_type(Constituency))
    sex: Mapped[Sex | None] = mapped_column(enum_type(Sex))
    phone: Mapped[str] = mapped_column(sa.String(20), default="")
    reason: Mapped[str] = mapped_column(sa.String(300), default="")
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))


class RowKind(LabelledEnum):
    NOTE = "note", "Catatan"
    DECISION = "decision", "Keputusan"
    TASK = "task", "Tugas"


class MinutesRow(Keyed, Base):
    """One row under an agenda item, saved on its own; a task row points to its task.

    `place` is its number under the item and is never given twice. A row with `clash_of_id` is the
    text of somebody who changed that row at the same time: kept beside it until people have settled it.
    """

    __tablename__ = "minutes_row"
    __table_args__ = (
        sa.Index("ix_minutes_row_meeting", "meeting_id", "agenda_item_id", "place"),
        sa.Index("ix_minutes_row_task", "task_id"),
        some_index("ix_minutes_row_basis", "basis_id"),
        some_index("ix_minutes_row_clash_of", "clash_of_id"),
    )

    meeting_id: Mapped[int] = mapped_column(sa.ForeignKey("meeting.id"))
    agenda_item_id: Mapped[int] = mapped_column(sa.ForeignKey("agenda_item.id"))
    place: Mapped[int]
    kind: Mapped[RowKind] = mapped_column(enum_type(RowKind))
    text: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column(default=1)
    decision_number: Mapped[int | None]
    decision_year: Mapped[int | None]
    basis_id: Mapped[int | None] = mapped_column(sa.ForeignKey("minutes_row.id"))
    clash_of_id: Mapped[int | None] = mapped_column(sa.ForeignKey("minutes_row.id"))
    task_id: Mapped[int | None] = mapped_column(sa.ForeignKey("task.id"))
    created_at: Mapped[datetime] = mapped_column(Moment)
    updated_at: Mapped[datetime] = mapped_column(Moment)
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    author_name: Mapped[str] = mapped_column(sa.String(120))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class MinutesRevision(Keyed, Base):
    """What a row said before; added to, never read while saving."""

    __tablename__ = "minutes_revision"
    __table_args__ = (sa.UniqueConstraint("row_id", "version"),)

    row_id: Mapped[int] = mapped_column(sa.ForeignKey("minutes_row.id"))
    version: Mapped[int]
    kind: Mapped[RowKind] = mapped_column(enum_type(RowKind))
    text: Mapped[str] = mapped_column(sa.Text)
    author_name: Mapped[str] = mapped_column(sa.String(120))
    saved_at: Mapped[datetime] = mapped_column(Moment)
