"""The offices and places of a regency, found by the names people write."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from ilp.core import cells
from ilp.core.indonesian import sort_key
from ilp.models.directory import Office
from ilp.models.wilayah import Level
from ilp.queries import importers as queries
from ilp.services.importers.base import ImportColumn, Met, perhaps

OFFICE = ImportColumn(
    "office",
    "Kantor",
    cells.name(200),
    "Nama kantor seperti di Direktori",
    "Distrik Warmare",
    required=True,
    also=("instansi", "nama kantor", "unit kerja"),
    width=34,
)
DISTRICT = ImportColumn(
    "district",
    "Kecamatan",
    cells.text(100),
    "Bila ada dua kantor bernama sama",
    "Warmare",
    also=("distrik", "kapanewon"),
    width=20,
)
"""The columns by which a file names an office."""

KINDS = frozenset(
    "kabupaten kota kecamatan distrik kapanewon kelurahan desa kampung gampong nagari pekon kalurahan".split()
)


def bare(name: str) -> str:
    """A place's name without the word for its kind: `Distrik Warmare` is `warmare`."""
    words = sort_key(name).split()
    while len(words) > 1 and words[0] in KINDS:
        words = words[1:]
    return " ".join(words)


@dataclass(frozen=True)
class Place:
    """A kecamatan or desa/kelurahan of the regency."""

    code: str
    name: str
    full_name: str


class Places:
    """What a place holds: its kecamatan, its desa/kelurahan, and the word that is used for each here."""

    def __init__(self, code: str) -> None:
        setting = queries.setting_of(code)
        self.district_label = setting.district_label if setting else "Kecamatan"
        self.village_label = setting.village_label if setting else "Desa"
        regency = queries.place_named(code)
        self.name = regency.full_name if regency else code
        self.districts: dict[str, Place] = {}
        self.villages: dict[str, list[Place]] = defaultdict(list)
        self.by_code: dict[str, Place] = {}
        for place_code, name, level, kind in queries.places_below(code):
            label = self.district_label if level is Level.DISTRICT else kind.label
            place = Place(place_code, name, f"{label} {name}")
            self.by_code[place_code] = place
            if level is Level.DISTRICT:
                self.districts[bare(name)] = place
            else:
                self.villages[bare(name)].append(place)

    def district(self, row: Met, key: str) -> Place | None:
        """The kecamatan that a cell names, if it is filled; complains of one that is not there."""
        name = row.values.get(key)
        if not name:
            return None
        found = self.districts.get(bare(name))
        if found is None:
            known = [place.name for place in self.districts.values()]
            row.complain(
                key, f"{self.district_label} “{name}” tidak ada di {self.name}.{perhaps(bare(name), known)}"
            )
        return found

    def village(self, row: Met, key: str, name: str, district: Place | None) -> Place | None:
        """The desa/kelurahan of this name; complains if there is none, or several."""
        found = [
            place
            for place in self.villages.get(bare(name), [])
            if district is None or place.code.startswith(f"{district.code}.")
        ]
        where = district.full_name if district else self.name
        if not found:
            known = [
                place.name
                for places in self.villages.values()
                for place in places
                if district is None or place.code.startswith(f"{district.code}.")
            ]
            row.complain(
                key, f"{self.village_label} “{name}” tidak ada di {where}.{perhaps(bare(name), known)}"
            )
        elif len(found) > 1:
            row.complain(
                key, f"Ada {len(found)} tempat bernama “{name}” di {where}. Isi kolom {self.district_label}."
            )
        return found[0] if len(found) == 1 else None


class Offices:
    """The offices of a place by their names."""

    def __init__(self, code: str, places: Places) -> None:
        self.places = places
        self.by_name: dict[str, list[Office]] = defaultdict(list)
        self.by_id: dict[int, Office] = {}
        for office in queries.offices(code):
            self.add(office)

    def add(self, office: Office) -> None:
        self.by_name[sort_key(office.name)].append(office)
        self.by_id[office.id] = office

    def named(self, name: str, district: Place | None) -> list[Office]:
        """Those of this name, in a kecamatan if one is given."""
        found = self.by_name.get(sort_key(name), [])
        return [office for office in found if district is None or office.district_code == district.code]

    def find(self, row: Met, key: str, district: Place | None, *, expected: bool = True) -> Office | None:
        """The office that a cell names; complains if there are several, or none though one is `expected`."""
        name = row.values[key]
        found = self.named(name, district)
        where = district.full_name if district else self.places.name
        if len(found) > 1 and row.wrong("district"):
            return None
        if len(found) > 1:
            label = self.places.district_label
            row.complain(key, f"Ada {len(found)} kantor bernama “{name}” di {where}. Isi kolom {label}.")
        elif not found and expected:
            near = [
                office.name
                for office in self.by_id.values()
                if district is None or office.district_code == district.code
            ]
            row.complain(key, f"Kantor “{name}” tidak ada di {where}.{perhaps(name, near)}")
        return found[0] if len(found) == 1 else None

    def district_of(self, office: Office) -> str:
        """The name of the kecamatan an office lies in; empty for those of the regency."""
        place = self.places.by_code.get(office.district_code)
        return place.name if place else ""
