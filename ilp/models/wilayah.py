"""The official tree of places: provinsi, kabupaten/kota, kecamatan, desa/kelurahan (Kemendagri codes)."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ilp.core.clock import Zone
from ilp.core.db import Base, Keyed, Moment, code_type, enum_type
from ilp.core.enums import LabelledEnum


class Level(LabelledEnum):
    """How deep a place lies; its official code has as many segments as `depth`."""

    PROVINCE = "province", "provinsi"
    REGENCY = "regency", "kabupaten/kota"
    DISTRICT = "district", "kecamatan"
    VILLAGE = "village", "desa/kelurahan"

    @property
    def depth(self) -> int:
        return list(Level).index(self) + 1

    @classmethod
    def of(cls, code: str) -> Level | None:
        """The level a code belongs to; the empty code is the nation."""
        return list(cls)[code.count(".")] if code else None


class WilayahKind(LabelledEnum):
    """Told by the code: 4th segment 1 kelurahan, 2 desa, 3 desa adat; 2nd segment from 71 kota."""

    PROVINSI = "provinsi", "Provinsi"
    KABUPATEN = "kabupaten", "Kabupaten"
    KOTA = "kota", "Kota"
    KECAMATAN = "kecamatan", "Kecamatan"
    KELURAHAN = "kelurahan", "Kelurahan"
    DESA = "desa", "Desa"
    DESA_ADAT = "desa_adat", "Desa adat"


class Wilayah(Keyed, Base):
    """One place of the official list. Codes change when places split; the id does not."""

    __tablename__ = "wilayah"
    __table_args__ = (sa.Index("ix_wilayah_parent", "parent_id", "sort_name"),)

    code: Mapped[str] = mapped_column(code_type(), unique=True)
    name: Mapped[str] = mapped_column(sa.String(100))
    sort_name: Mapped[str] = mapped_column(sa.String(100))
    level: Mapped[Level] = mapped_column(enum_type(Level))
    kind: Mapped[WilayahKind] = mapped_column(enum_type(WilayahKind))
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("wilayah.id"))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]

    parent: Mapped[Wilayah | None] = relationship(remote_side="Wilayah.id", lazy="raise")

    @property
    def full_name(self) -> str:
        """As people say it: "Kabupaten Malang", "Kecamatan Kepanjen"."""
        return f"{self.kind.label} {self.name}"


class WilayahAlias(Keyed, Base):
    """Another name in use (the press says Kuala Kurun, the list says Kurun)."""

    __tablename__ = "wilayah_alias"
    __table_args__ = (sa.UniqueConstraint("wilayah_id", "name"),)

    wilayah_id: Mapped[int] = mapped_column(sa.ForeignKey("wilayah.id"))
    name: Mapped[str] = mapped_column(sa.String(100))
    sort_name: Mapped[str] = mapped_column(sa.String(100), index=True)
    source: Mapped[str] = mapped_column(sa.String(200), default="")


class RegencySetting(Base):
    """What a regency or city decides for itself once it is set up."""

    __tablename__ = "regency_setting"

    regency_code: Mapped[str] = mapped_column(code_type(5), primary_key=True)
    zone: Mapped[Zone] = mapped_column(enum_type(Zone), default=Zone.WIB)
    district_label: Mapped[str] = mapped_column(sa.String(30), default="Kecamatan")
    village_label: Mapped[str] = mapped_column(sa.String(30), default="Desa")
    set_up_at: Mapped[datetime] = mapped_column(Moment)
