"""Joint commitments: clauses and targets, what exactly was signed, by whom, in which capacity."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ilp.core.db import Base, Keyed, Moment, enum_type, partial_index, some_index
from ilp.core.enums import LabelledEnum
from ilp.core.transitions import Transitions, step
from ilp.models.directory import Constituency, Office, Position
from ilp.models.place import Placed, place_indexes


class CommitmentStatus(LabelledEnum):
    DRAFT = "draft", "konsep"
    OPEN = "open", "dibuka"
    CLOSED = "closed", "ditutup"
    SEALED = "sealed", "tersegel"
    IN_FORCE = "in_force", "berlaku"
    ENDED = "ended", "berakhir"
    WITHDRAWN = "withdrawn", "dicabut"


C = CommitmentStatus
COMMITMENT = Transitions(
    {
        "open": step([C.DRAFT], C.OPEN, "Penandatanganan tidak dapat dibuka: naskah ini {label}."),
        "reopen_draft": step([C.OPEN], C.DRAFT, "Naskah yang {label} tidak dapat dikembalikan ke konsep."),
        "close": step([C.OPEN], C.CLOSED, "Penandatanganan tidak sedang dibuka: naskah ini {label}."),
        "issue": step(
            [C.CLOSED], C.IN_FORCE, "Naskah baru berlaku setelah penandatanganan ditutup; sekarang {label}."
        ),
        "end": step([C.IN_FORCE], C.ENDED, "Hanya komitmen yang berlaku yang dapat diakhiri."),
        "withdraw": step(
            [C.DRAFT, C.OPEN, C.IN_FORCE], C.WITHDRAWN, "Naskah yang {label} tidak dapat dicabut."
        ),
    }
)


class Commitment(Keyed, Placed, Base):
    """A joint promise of offices: drafted in clauses, frozen in a version when signing opens."""

    __tablename__ = "commitment"
    __table_args__ = (
        *place_indexes("commitment", "created_on", "id"),
        sa.Index("ix_commitment_office", "office_id", "created_on", "id"),
    )

    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    meeting_id: Mapped[int | None] = mapped_column(sa.ForeignKey("meeting.id"), index=True)
    title: Mapped[str] = mapped_column(sa.String(300))
    preamble: Mapped[str] = mapped_column(sa.Text)
    closing: Mapped[str] = mapped_column(sa.Text, default="")
    place: Mapped[str] = mapped_column(sa.String(200), default="")
    signed_on: Mapped[date | None]
    status: Mapped[CommitmentStatus] = mapped_column(
        enum_type(CommitmentStatus), default=CommitmentStatus.DRAFT
    )
    version: Mapped[int] = mapped_column(default=1)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("commitment.id"))
    created_on: Mapped[date]
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))

    office: Mapped[Office] = relationship(lazy="raise")


class Clause(Keyed, Base):
    """A numbered promise (butir)."""

    __tablename__ = "clause"
    __table_args__ = (sa.Index("ix_clause_commitment", "commitment_id", "place"),)

    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"))
    place: Mapped[int]
    heading: Mapped[str] = mapped_column(sa.String(120), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    version: Mapped[int] = mapped_column(default=1)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class LiveFigure(LabelledEnum):
    """A figure the product knows by itself; a target bound to one is never typed."""

    PUSKESMAS_RUNNING = "puskesmas_running", "Puskesmas yang menerapkan ILP"


class Target(Keyed, Base):
    """What a clause comes to: so many of something, until a day, led by one office."""

    __tablename__ = "target"
    __table_args__ = (sa.Index("ix_target_clause", "clause_id"),)

    clause_id: Mapped[int] = mapped_column(sa.ForeignKey("clause.id"))
    indicator: Mapped[str] = mapped_column(sa.String(300))
    unit: Mapped[str] = mapped_column(sa.String(60))
    baseline: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2), default=0)
    value: Mapped[Decimal] = mapped_column(sa.Numeric(14, 2))
    due_on: Mapped[date]
    lead_office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    live_figure: Mapped[LiveFigure | None] = mapped_column(enum_type(LiveFigure))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    lead_office: Mapped[Office] = relationship(lazy="raise")


class CommitmentVersion(Keyed, Base):
    """The text exactly as it was put before the signatories."""

    __tablename__ = "commitment_version"
    __table_args__ = (sa.UniqueConstraint("commitment_id", "number"),)

    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"))
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    content_sha256: Mapped[str] = mapped_column(sa.String(64))
    locked_at: Mapped[datetime] = mapped_column(Moment)


class SigningRound(Keyed, Base):
    """One opening of one version for signing."""

    __tablename__ = "signing_round"

    version_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment_version.id"), unique=True)
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)


class Capacity(LabelledEnum):
    """In whose name somebody signs."""

    OWN = "own", "sendiri"
    ON_BEHALF = "on_behalf", "a.n."
    SUB_DELEGATE = "sub_delegate", "u.b."
    PLT = "plt", "Plt."
    PLH = "plh", "Plh."
    PJ = "pj", "Pj."


class SlotStatus(LabelledEnum):
    REQUESTED = "requested", "diminta"
    OPENED = "opened", "dibuka"
    SIGNED = "signed", "ditandatangani"
    DECLINED = "declined", "menolak"
    REPLACED = "replaced", "digantikan"
    ABSENT = "absent", "berhalangan"


WAITING = frozenset({SlotStatus.REQUESTED, SlotStatus.OPENED})
SLOT = Transitions(
    {
        "open": step([SlotStatus.REQUESTED], SlotStatus.OPENED, "Naskah sudah {label}."),
        "sign": step(WAITING, SlotStatus.SIGNED, "Tanda tangan tidak dapat diberikan lagi: sudah {label}."),
        "decline": step(WAITING, SlotStatus.DECLINED, "Penolakan tidak dapat dicatat: sudah {label}."),
        "excuse": step(WAITING, SlotStatus.ABSENT, "Tidak dapat dicatat berhalangan: sudah {label}."),
        "replace": step(WAITING, SlotStatus.REPLACED, "Tidak dapat digantikan lagi: sudah {label}."),
        "restore": step(
            [SlotStatus.REPLACED], SlotStatus.REQUESTED, "Tidak dapat dipulihkan: sekarang {label}."
        ),
    }
)


class Slot(Keyed, Base):
    """A signatory's place: a position, until name and titles are frozen when signing opens.

    When the position passes to somebody else while it waits, the place is replaced by a new one. If that is
    taken back, the new one is replaced in turn and belongs to no round: only the chain of events knows it.
    """

    __tablename__ = "slot"
    __table_args__ = (
        sa.Index("ix_slot_commitment", "commitment_id", "place"),
        sa.Index("ix_slot_office", "office_id", "status"),
        sa.Index("ix_slot_position", "position_id", "status"),
        some_index("ix_slot_person", "person_id"),
        partial_index(
            "uq_slot_living", "commitment_id", "position_id", unique=True, where="status != 'replaced'"
        ),
    )

    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"))
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("signing_round.id"))
    place: Mapped[int]
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"))
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    constituency: Mapped[Constituency] = mapped_column(enum_type(Constituency))
    capacity: Mapped[Capacity] = mapped_column(enum_type(Capacity), default=Capacity.OWN)
    on_behalf_of: Mapped[str] = mapped_column(sa.String(200), default="")
    status: Mapped[SlotStatus] = mapped_column(enum_type(SlotStatus), default=SlotStatus.REQUESTED)
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    prefix: Mapped[str] = mapped_column(sa.String(60), default="")
    name: Mapped[str] = mapped_column(sa.String(120), default="")
    suffix: Mapped[str] = mapped_column(sa.String(120), default="")
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    office_name: Mapped[str] = mapped_column(sa.String(200), default="")

    position: Mapped[Position] = relationship(lazy="raise")


class SignatureMethod(LabelledEnum):
    """How somebody signed; printed under the name."""

    DRAWN = "drawn", "goresan layar"
    TYPED = "typed", "nama diketik"


class SignatureEvent(Keyed, Base):
    """What a signatory did, chained per round; the head goes into the audit trail at closing."""

    __tablename__ = "signature_event"
    __table_args__ = (
        sa.UniqueConstraint("round_id", "seq"),
        sa.Index("ix_signature_event_slot", "slot_id", "id"),
    )

    round_id: Mapped[int] = mapped_column(sa.ForeignKey("signing_round.id"))
    slot_id: Mapped[int] = mapped_column(sa.ForeignKey("slot.id"))
    seq: Mapped[int]
    status: Mapped[SlotStatus] = mapped_column(enum_type(SlotStatus))
    method: Mapped[SignatureMethod | None] = mapped_column(enum_type(SignatureMethod))
    content_sha256: Mapped[str] = mapped_column(sa.String(64))
    strokes_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    stroke: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)
    typed_name: Mapped[str] = mapped_column(sa.String(200), default="")
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    address: Mapped[str] = mapped_column(sa.String(45), default="")
    device: Mapped[str] = mapped_column(sa.String(200), default="")
    previous_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))
