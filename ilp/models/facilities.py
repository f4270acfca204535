"""Puskesmas, Pustu and Posyandu, and how far each has come with ILP.

Kepmenkes HK.01.07/MENKES/2015/2023 defines no score; governments report counts of units by status.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ilp.core.db import Base, Keyed, Moment, code_type, enum_type
from ilp.core.enums import LabelledEnum
from ilp.core.transitions import Transitions, step
from ilp.models.directory import Office, OfficeKind
from ilp.models.place import Placed, place_indexes


class FacilityKind(LabelledEnum):
    PUSKESMAS = "puskesmas", "Puskesmas"
    PUSTU = "pustu", "Pustu"
    POSYANDU = "posyandu", "Posyandu"


FACILITY_OF = {
    OfficeKind.PUSKESMAS: FacilityKind.PUSKESMAS,
    OfficeKind.PUSTU: FacilityKind.PUSTU,
    OfficeKind.POSYANDU: FacilityKind.POSYANDU,
}
"""Offices of these kinds are units of primary care, too."""


class FacilityStatus(LabelledEnum):
    NONE = "none", "belum"
    IN_PROGRESS = "in_progress", "proses"
    RUNNING = "running", "menerapkan"


F = FacilityStatus
FACILITY = Transitions(
    {
        "start": step([F.NONE, F.RUNNING], F.IN_PROGRESS, "Keadaannya sudah {label}. Pilih keadaan lain."),
        "run": step([F.NONE, F.IN_PROGRESS], F.RUNNING, "Keadaannya sudah {label}. Pilih keadaan lain."),
        "reset": step([F.IN_PROGRESS, F.RUNNING], F.NONE, "Keadaannya memang {label}. Pilih keadaan lain."),
    }
)


class Facility(Keyed, Placed, Base):
    """A unit of primary care. `focus_on` is a dated mark beside the status, not a status of its own."""

    __tablename__ = "facility"
    __table_args__ = (
        *place_indexes("facility", "kind", "status", "id"),
        sa.UniqueConstraint("wilayah_code", "kind", "name"),
        sa.Index("ix_facility_parent", "parent_id"),
    )

    kind: Mapped[FacilityKind] = mapped_column(enum_type(FacilityKind))
    name: Mapped[str] = mapped_column(sa.String(200))
    wilayah_code: Mapped[str] = mapped_column(code_type())
    office_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("facility.id"))
    status: Mapped[FacilityStatus] = mapped_column(enum_type(FacilityStatus), default=FacilityStatus.NONE)
    status_on: Mapped[date | None]
    focus_on: Mapped[date | None]
    is_example: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(sa.String(200), default="")

    office: Mapped[Office | None] = relationship(lazy="raise")
    parent: Mapped[Facility | None] = relationship(remote_side="Facility.id", lazy="raise")


class Catchment(Base):
    """A desa or kelurahan that a facility serves; it need not lie in the facility's own kecamatan."""

    __tablename__ = "catchment"
    __table_args__ = (sa.Index("ix_catchment_village", "wilayah_code", "facility_id"),)

    facility_id: Mapped[int] = mapped_column(sa.ForeignKey("facility.id"), primary_key=True)
    wilayah_code: Mapped[str] = mapped_column(code_type(), primary_key=True)

    facility: Mapped[Facility] = relationship(lazy="raise")


class FacilityChange(LabelledEnum):
    STATUS = "status", "keadaan dicatat"
    MARKED = "marked", "ditandai fokus penerapan"
    UNMARKED = "unmarked", "tanda fokus dicabut"


class FacilityEvent(Keyed, Base):
    """A dated change of status or mark, with its reason or evidence in words, and the status after it."""

    __tablename__ = "facility_event"
    __table_args__ = (sa.Index("ix_facility_event_facility", "facility_id", "id"),)

    facility_id: Mapped[int] = mapped_column(sa.ForeignKey("facility.id"))
    change: Mapped[FacilityChange] = mapped_column(enum_type(FacilityChange), default=FacilityChange.STATUS)
    status: Mapped[FacilityStatus] = mapped_column(enum_type(FacilityStatus))
    on: Mapped[date]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    actor_name: Mapped[str] = mapped_column(sa.String(120))
    office_name: Mapped[str] = mapped_column(sa.String(200), default="")
    at: Mapped[datetime] = mapped_column(Moment)

    facility: Mapped[Facility] = relationship(lazy="raise")


class RoadmapGoal(Keyed, Base):
    """What a regency said it would reach: all (or so many) units of a kind by a year."""

    __tablename__ = "roadmap_goal"
    __table_args__ = (sa.UniqueConstraint("regency_code", "kind", "year"),)

    regency_code: Mapped[str] = mapped_column(code_type(5))
    kind: Mapped[FacilityKind] = mapped_column(enum_type(FacilityKind))
    year: Mapped[int]
    share: Mapped[int] = mapped_column(default=100)
    text: Mapped[str] = mapped_column(sa.String(300))
    basis: Mapped[str] = mapped_column(sa.String(500), default="")
    source: Mapped[str] = mapped_column(sa.String(200), default="")
