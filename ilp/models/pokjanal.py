"""Coordination bodies: Pokjanal Posyandu and the Tim Pembina Posyandu (Permendagri 13/2024)."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ilp.core.db import Base, Keyed, code_type, enum_type
from ilp.core.enums import LabelledEnum
from ilp.models.directory import Office, Position
from ilp.models.place import Placed, place_indexes


class SeatRole(LabelledEnum):
    PATRON = "patron", "Penanggung jawab"
    CHAIR = "chair", "Ketua"
    SECRETARY = "secretary", "Sekretaris"
    TREASURER = "treasurer", "Bendahara"
    HEAD = "head", "Ketua bidang"
    MEMBER = "member", "Anggota"


class CoordinationBody(Keyed, Placed, Base):
    """A body at one place. Its label, divisions and legal basis are data, because rules and habits differ."""

    __tablename__ = "coordination_body"
    __table_args__ = (*place_indexes("coordination_body", "id"),)

    wilayah_code: Mapped[str] = mapped_column(code_type(), index=True)
    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), index=True)
    label: Mapped[str] = mapped_column(sa.String(60), default="Pokjanal Posyandu")
    name: Mapped[str] = mapped_column(sa.String(200))
    legal_basis: Mapped[str] = mapped_column(sa.String(300), default="")
    decree_number: Mapped[str] = mapped_column(sa.String(80), default="")
    decree_date: Mapped[date | None]
    expires_on: Mapped[date | None]
    predecessor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("coordination_body.id"))

    office: Mapped[Office] = relationship(lazy="raise")


class Seat(Keyed, Base):
    """A place in a body by division (bidang); the decree names positions, not persons."""

    __tablename__ = "seat"
    __table_args__ = (
        sa.Index("ix_seat_body", "body_id", "place"),
        sa.Index("ix_seat_position", "position_id"),
        sa.UniqueConstraint("body_id", "position_id"),
    )

    body_id: Mapped[int] = mapped_column(sa.ForeignKey("coordination_body.id"))
    place: Mapped[int]
    division: Mapped[str] = mapped_column(sa.String(100), default="")
    role: Mapped[SeatRole] = mapped_column(enum_type(SeatRole), default=SeatRole.MEMBER)
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"))

    position: Mapped[Position] = relationship(lazy="raise")
