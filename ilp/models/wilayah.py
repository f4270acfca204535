"""The official tree of places: provinsi, kabupaten/kota, kecamatan, desa/kelurahan (Kemendagri codes)."""

from __future__ import annotations

import re
from dataclasses import dataclass
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


DISTRICT_WORDS = {
    "Kecamatan": "Camat",
    "Distrik": "Kepala Distrik",
    "Kapanewon": "Panewu",
    "Kemantren": "Mantri Pamong Praja",
}
VILLAGE_WORDS = {
    "Desa": "Kepala Desa",
    "Nagari": "Wali Nagari",
    "Gampong": "Keuchik",
    "Kampung": "Kepala Kampung",
    "Kalurahan": "Lurah",
    "Pekon": "Kepala Pekon",
    "Tiyuh": "Kepalo Tiyuh",
    "Lembang": "Kepala Lembang",
}
"""What a kecamatan and a desa are called somewhere, and what their head is called there."""


SAID = re.compile(r"\b(kecamatan|camat|kepala desa|desa)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Words:
    """What people of a regency call a kecamatan and a desa, as the words stand inside a sentence."""

    district: str = "kecamatan"
    village: str = "desa"

    @classmethod
    def of(cls, district_label: str | None, village_label: str | None) -> Words:
        """From the labels of a regency's setting, if there is one."""
        return (
            cls(district_label.lower(), village_label.lower()) if district_label and village_label else cls()
        )

    def said(self, text: str) -> str:
        """A text of ours as it is said there: the words for kecamatan, desa and their heads are exchanged.

        For our own labels and sentences only, never for a name: a village may be called Desa Baru.

        >>> Words("distrik", "kampung").said("Lurah dan kepala desa se-Kecamatan")
        'Lurah dan kepala kampung se-Distrik'
        """
        return text if self == Words() else SAID.sub(self._word, text)

    def _word(self, found: re.Match[str]) -> str:
        plain = found[0].lower()
        word = {
            "kecamatan": self.district,
            "camat": DISTRICT_WORDS[self.district.capitalize()],
            "desa": self.village,
            "kepala desa": VILLAGE_WORDS[self.village.capitalize()],
        }[plain]
        return word[:1].upper() + word[1:] if found[0][0].isupper() else word.lower()


class RegencySetting(Base):
    """What a regency or city decides for itself once it is set up."""

    __tablename__ = "regency_setting"

    regency_code: Mapped[str] = mapped_column(code_type(5), primary_key=True)
    zone: Mapped[Zone] = mapped_column(enum_type(Zone), default=Zone.WIB)
    district_label: Mapped[str] = mapped_column(sa.String(30), default="Kecamatan")
    village_label: Mapped[str] = mapped_column(sa.String(30), default="Desa")
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    """Of zone and words."""
    set_up_at: Mapped[datetime] = mapped_column(Moment)
    password_mixture: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    """Whether passwords must mix capitals, small letters, digits and signs, as the national rule asks."""
    password_days: Mapped[int | None]
    """How long a password may be used, in days; None: until its owner changes it."""
    backup_on: Mapped[date | None]
    backup_place: Mapped[str] = mapped_column(sa.String(200), default="", server_default="")
    """When the last backup was made and where it lies, as the administrator notes it."""

    @property
    def wilayah_code(self) -> str:
        return self.regency_code
