"""Who there is: offices, the positions in them, persons, and who holds which position from when."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ilp.core.db import Base, Keyed, Moment, code_type, enum_type, partial_index
from ilp.core.enums import LabelledEnum
from ilp.core.number_patterns import USUAL
from ilp.models.place import Placed, place_indexes
from ilp.models.wilayah import Level

if TYPE_CHECKING:
    from ilp.models.accounts import Account


class OfficeKind(LabelledEnum):
    SETDA = "setda", "Sekretariat Daerah"
    AGENCY = "agency", "Perangkat daerah (OPD)"
    HEALTH_AGENCY = "health_agency", "Dinas Kesehatan"
    KECAMATAN = "kecamatan", "Kantor kecamatan"
    KELURAHAN = "kelurahan", "Kantor kelurahan"
    DESA = "desa", "Kantor desa"
    PUSKESMAS = "puskesmas", "Puskesmas"
    PUSTU = "pustu", "Pustu"
    POSYANDU = "posyandu", "Posyandu"
    HOSPITAL = "hospital", "RSUD"
    PKK = "pkk", "TP PKK"
    POKJANAL = "pokjanal", "Pokjanal Posyandu"
    PROFESSION = "profession", "Organisasi profesi"
    COMMUNITY = "community", "Organisasi masyarakat"
    ACADEMIC = "academic", "Lembaga pendidikan"
    PARTNER = "partner", "Mitra"
    INSPECTORATE = "inspectorate", "Inspektorat"
    OPERATOR = "operator", "Pengelola sistem"


MARGINS = (20, 20, 25, 30)
VILLAGE_OFFICES = (OfficeKind.DESA, OfficeKind.KELURAHAN)


class Constituency(LabelledEnum):
    """Unsur: what a participant stands for, in protocol order."""

    LEADERS = "leaders", "Pimpinan daerah"
    GOVERNMENT = "government", "Setda dan OPD"
    DISTRICT = "district", "Camat dan unsur Muspika"
    VILLAGE = "village", "Lurah dan kepala desa"
    PUSKESMAS = "puskesmas", "Kepala Puskesmas"
    PROMOTION = "promotion", "Penanggung jawab promosi kesehatan"
    HOSPITAL = "hospital", "RSUD"
    PKK = "pkk", "TP PKK"
    PROFESSION = "profession", "Organisasi profesi"
    ACADEMIC = "academic", "Lembaga pendidikan kesehatan"
    HEALTH_WORKER = "health_worker", "Tenaga kesehatan"
    COMMUNITY = "community", "Organisasi masyarakat"
    PARTNER = "partner", "Mitra pembangunan"
    CADRE = "cadre", "Kader"
    OTHER = "other", "Lainnya"


class Sex(LabelledEnum):
    MALE = "L", "Laki-laki"
    FEMALE = "P", "Perempuan"


class AppointmentKind(LabelledEnum):
    """In what quality somebody holds a position; the label is what stands before the title on paper."""

    DEFINITIVE = "definitive", ""
    PLT = "plt", "Plt."
    PLH = "plh", "Plh."
    PJ = "pj", "Pj."

    @property
    def fills_in(self) -> bool:
        """Whether it fills a position whose holder is gone or on leave: there is one such at a time.

        A Plh. stands beside a holder who is away for days.
        """
        return self in (AppointmentKind.PLT, AppointmentKind.PJ)


class Paper(LabelledEnum):
    """The sheets that letters are printed on; F4 is not defined in the rules, both habits are served."""

    A4 = "A4", "A4 (210 × 297 mm)"
    F4 = "F4", "F4 (215 × 330 mm)"
    F4_NARROW = "F4-210", "F4 (210 × 330 mm)"


class Office(Keyed, Placed, Base):
    """An organisation in a wilayah. `wilayah_code` is its exact place; '' is the whole nation."""

    __tablename__ = "office"
    __table_args__ = (
        *place_indexes("office", "protocol_order", "id"),
        sa.Index("ix_office_kind", "kind", "regency_code", "protocol_order"),
        sa.Index("ix_office_order", "protocol_order", "id"),
        sa.UniqueConstraint(
            "wilayah_code",
            "name",
            info={"message": "Di tempat itu sudah ada kantor dengan nama ini.", "field": "name"},
        ),
    )

    kind: Mapped[OfficeKind] = mapped_column(enum_type(OfficeKind))
    constituency: Mapped[Constituency] = mapped_column(enum_type(Constituency))
    name: Mapped[str] = mapped_column(sa.String(200))
    sort_name: Mapped[str] = mapped_column(sa.String(200))
    wilayah_code: Mapped[str] = mapped_column(code_type(), index=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("office.id"), index=True)
    protocol_order: Mapped[int] = mapped_column(default=500)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)

    letterhead: Mapped[Letterhead | None] = relationship(lazy="raise", uselist=False)

    @property
    def level(self) -> Level | None:
        return Level.of(self.wilayah_code)


class Letterhead(Base):
    """How an office's papers begin, and how its numbers are written.

    `margins` are top, right, bottom and left in millimetres; without an emblem the usual one is printed.
    """

    __tablename__ = "letterhead"

    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"), primary_key=True)
    tiers: Mapped[list[str]] = mapped_column(sa.JSON)
    unit: Mapped[str] = mapped_column(sa.String(200))
    address: Mapped[list[str]] = mapped_column(sa.JSON)
    town: Mapped[str] = mapped_column(sa.String(100))
    paper: Mapped[str] = mapped_column(sa.String(8), default="A4")
    classification: Mapped[str] = mapped_column(sa.String(20), default="400.7")
    unit_code: Mapped[str] = mapped_column(sa.String(40), default="")
    pattern: Mapped[str] = mapped_column(sa.String(80), default=USUAL)
    margins: Mapped[list[int]] = mapped_column(sa.JSON, default=lambda: [*MARGINS])
    emblem_sha256: Mapped[str] = mapped_column(sa.String(64), default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class Position(Keyed, Base):
    """A jabatan. Invitations, roles and signatures address it; who holds it is looked up on the day.

    `constituency` is set where a position stands for something else than its office does (the
    promotion officer of a Puskesmas). `protocol_order` places it in lists of invited persons.
    """

    __tablename__ = "position"
    __table_args__ = (
        sa.UniqueConstraint(
            "office_id",
            "title",
            info={"message": "Jabatan ini sudah ada di kantor ini.", "field": "title"},
        ),
    )

    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    title: Mapped[str] = mapped_column(sa.String(200))
    is_head: Mapped[bool] = mapped_column(default=False)
    constituency: Mapped[Constituency | None] = mapped_column(enum_type(Constituency))
    protocol_order: Mapped[int] = mapped_column(default=500)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)

    office: Mapped[Office] = relationship(lazy="raise")


ERASED = "Data orang ini sudah dihapus."
"""Why nothing is done any more with the record of somebody who was anonymised."""


NIP_TAKEN = "NIP ini sudah tercatat atas nama orang lain."


class Person(Keyed, Base):
    """Titles stand in their own fields and are never recapitalised (`dr.` is not `Dr.`).

    `wilayah_code` is where somebody was entered; the directory finds people by the positions they hold.
    """

    __tablename__ = "person"
    __table_args__ = (sa.UniqueConstraint("nip", info={"message": NIP_TAKEN, "field": "nip"}),)

    prefix: Mapped[str] = mapped_column(sa.String(60), default="")
    name: Mapped[str] = mapped_column(sa.String(120))
    suffix: Mapped[str] = mapped_column(sa.String(120), default="")
    sort_name: Mapped[str] = mapped_column(sa.String(120), index=True)
    sex: Mapped[Sex | None] = mapped_column(enum_type(Sex))
    nip: Mapped[str | None] = mapped_column(sa.String(18))
    rank: Mapped[str] = mapped_column(sa.String(80), default="")
    phone: Mapped[str] = mapped_column(sa.String(20), default="", index=True)
    email: Mapped[str] = mapped_column(sa.String(254), default="", index=True)
    wilayah_code: Mapped[str] = mapped_column(code_type(), default="", server_default="", index=True)
    anonymised_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when nothing that identifies the person is kept here."""

    appointments: Mapped[list[Appointment]] = relationship(
        lazy="raise", order_by="Appointment.starts_on.desc()", viewonly=True
    )
    accounts: Mapped[list[Account]] = relationship(lazy="raise", order_by="Account.id", viewonly=True)


class Appointment(Keyed, Base):
    """Somebody holds a position from a day until a day (open end: until further notice)."""

    __tablename__ = "appointment"
    __table_args__ = (
        sa.Index("ix_appointment_position", "position_id", "starts_on"),
        sa.Index("ix_appointment_person", "person_id", "starts_on"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
    )

    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    kind: Mapped[AppointmentKind] = mapped_column(
        enum_type(AppointmentKind), default=AppointmentKind.DEFINITIVE
    )
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    def runs_on(self, on: date) -> bool:
        """Whether the position is held on a day."""
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)

    position: Mapped[Position] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")


class Transfer(Keyed, Base):
    """Mutasi: one term begun in a position, and what it moved, so that it can be taken back.

    `outcome` keeps the ends that the terms it ended had before, pairs of replaced and new places among
    signatories, roles, and answers to invitations. `effective_at` is when signatories and roles passed on.
    """

    __tablename__ = "transfer"
    __table_args__ = (sa.Index("ix_transfer_position", "position_id", "id"),)

    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"))
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    appointment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("appointment.id"), index=True)
    starts_on: Mapped[date]
    hand_over_roles: Mapped[bool] = mapped_column(default=False)
    outcome: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    effective_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)

    position: Mapped[Position] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    @property
    def wilayah_code(self) -> str:
        """Where the position lies, for the rules; to be loaded with its office."""
        return self.position.office.wilayah_code


class OfficeGroup(Keyed, Base):
    """Positions that an office keeps under a name, to invite them at once."""

    __tablename__ = "office_group"
    __table_args__ = (
        sa.UniqueConstraint(
            "office_id",
            "name",
            info={"message": "Kantor ini sudah mempunyai kelompok dengan nama itu.", "field": "name"},
        ),
    )

    office_id: Mapped[int] = mapped_column(sa.ForeignKey("office.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    created_at: Mapped[datetime] = mapped_column(Moment)

    office: Mapped[Office] = relationship(lazy="raise")


class OfficeGroupMember(Base):
    """A position in a saved group."""

    __tablename__ = "office_group_member"

    group_id: Mapped[int] = mapped_column(sa.ForeignKey("office_group.id"), primary_key=True)
    position_id: Mapped[int] = mapped_column(sa.ForeignKey("position.id"), primary_key=True)


MERGE_LIFE = timedelta(days=30)
"""How long two records that were joined can be taken apart."""


class PersonMerge(Keyed, Base):
    """Two records of one person joined; `moved` and `filled` say what goes back when they are parted.

    Until then the record that went is in no list.
    """

    __tablename__ = "person_merge"
    __table_args__ = (
        sa.Index("ix_person_merge_person", "person_id", "id"),
        partial_index("uq_person_merge_living", "gone_id", unique=True, where="undone_at IS NULL"),
    )

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    gone_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    moved: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    filled: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)

    kept: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    gone: Mapped[Person] = relationship(lazy="raise", foreign_keys=[gone_id])

    @property
    def appointments(self) -> list[Appointment]:
        """Those of both records, for the rules; to be loaded with their offices."""
        return [*self.kept.appointments, *self.gone.appointments]

    @property
    def accounts(self) -> list[Account]:
        """Those of both records, for the rules; to be loaded with their roles."""
        return [*self.kept.accounts, *self.gone.accounts]

    @property
    def wilayah_code(self) -> str:
        """Where that person was entered."""
        return self.kept.wilayah_code


class PersonApart(Base):
    """Two records that look alike and are two people: the pair is not offered for joining again."""

    __tablename__ = "person_apart"
    __table_args__ = (sa.CheckConstraint("one_id < other_id", name="ordered"),)

    one_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id"))
