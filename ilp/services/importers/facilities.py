"""Puskesmas, Pustu and Posyandu: where each is, to whom it belongs, and how far it has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from ilp.core import cells
from ilp.core.clock import today
from ilp.core.indonesian import plain_date, sort_key
from ilp.models.facilities import Catchment, Facility, FacilityKind, FacilityStatus
from ilp.models.imports import ImportKind, Verdict
from ilp.policy.actions import Action
from ilp.policy.user import User
from ilp.queries import importers as queries
from ilp.services import facilities
from ilp.services.importers.base import ImportColumn, Importer, Met, Values, perhaps
from ilp.services.importers.places import Place, Places, bare

KINDS = {kind.label: kind for kind in FacilityKind}
STATUSES = {status.label: status for status in FacilityStatus}
LADDER = list(FacilityStatus)
Identity = tuple[FacilityKind, str, str]
"""Kind, key of the name, and kecamatan."""


class Facilities(Importer):
    """A row is a facility, known by its kind, its name and its kecamatan."""

    kind = ImportKind.FACILITIES
    action = Action.FACILITY_UPDATE
    about = "Satu baris untuk satu fasilitas. Sel yang kosong membiarkan yang sudah tercatat."
    columns = (
        ImportColumn(
            "kind",
            "Jenis",
            cells.one_of(KINDS),
            "Puskesmas, Pustu, atau Posyandu",
            "Posyandu",
            required=True,
            also=("jenis fasilitas",),
            width=14,
        ),
        ImportColumn(
            "name",
            "Nama",
            cells.text(200),
            "Nama lengkap",
            "Posyandu Melati 1",
            required=True,
            also=("nama fasilitas", "fasilitas"),
            width=34,
        ),
        ImportColumn(
            "district",
            "Kecamatan",
            cells.text(100),
            "Tempat fasilitas",
            "Warmare",
            required=True,
            also=("distrik", "kapanewon"),
            width=22,
        ),
        ImportColumn(
            "village",
            "Desa/kelurahan",
            cells.text(100),
            "Boleh kosong untuk Puskesmas",
            "Dimbai",
            also=("desa", "kelurahan", "kampung", "gampong", "nagari", "desa kelurahan"),
            width=22,
        ),
        ImportColumn(
            "parent",
            "Puskesmas induk",
            cells.text(200),
            "Untuk Pustu dan Posyandu",
            "Puskesmas Warmare",
            also=("puskesmas", "induk"),
            width=30,
        ),
        ImportColumn(
            "villages",
            "Desa yang dilayani",
            cells.listed(200),
            "Nama desa/kelurahan, dipisah titik koma; di kecamatan lain: Nama (Kecamatan)",
            "Dimbai; Warmare",
            also=("wilayah kerja", "desa wilayah kerja", "catchment", "kampung yang dilayani"),
            width=40,
        ),
        ImportColumn(
            "status",
            "Keadaan",
            cells.one_of(STATUSES),
            "belum, proses, atau menerapkan",
            "proses",
            also=("status", "keadaan ilp", "status ilp"),
            width=14,
        ),
        ImportColumn(
            "status_on",
            "Sejak",
            cells.day,
            "01/03/2025",
            "01/03/2025",
            also=("tanggal", "mulai", "keadaan sejak"),
            width=14,
        ),
    )

    def __init__(self, actor: User, place: str) -> None:
        super().__init__(actor, place)
        self.places = Places(place)
        self.found: dict[Identity, list[Facility]] = defaultdict(list)
        self.written: dict[Identity, dict[str, int]] = defaultdict(dict)
        """Those that rows of the file add: by place, the number of the row."""
        self.centres: dict[str, Facility] = {}
        self.by_id: dict[int, Facility] = {}
        """Those that were there before."""
        self.serves: dict[Facility | None, list[Catchment]] = defaultdict(list)
        self.server: dict[str, Facility | int] = {}
        """By desa, the Puskesmas that serves it, or the number of the row that adds one."""
        self.announced: set[str] = set()
        """Puskesmas that rows of the file add."""
        for facility in queries.facilities(place):
            self.by_id[facility.id] = facility
            identity = (facility.kind, sort_key(facility.name), facility.district_code)
            self.found[identity].append(facility)
            self._know(facility)
        for catchment in queries.catchments(place):
            facility = self.by_id[catchment.facility_id]
            self.serves[facility].append(catchment)
            if facility.kind is FacilityKind.PUSKESMAS:
                self.server[catchment.wilayah_code] = facility

    def _know(self, facility: Facility) -> None:
        """One that others may belong to from now on."""
        if facility.kind is FacilityKind.PUSKESMAS:
            self.centres[sort_key(facility.name)] = facility

    def allowed(self, key: str) -> Sequence[str]:
        offered: dict[str, Iterable[str]] = {
            "kind": KINDS,
            "district": sorted(place.name for place in self.places.districts.values()),
            "parent": sorted(centre.name for centre in self.centres.values()),
            "status": STATUSES,
        }
        return list(offered.get(key, ()))

    def meet(self, row: Met) -> None:
        kind, name = row.values.get("kind"), row.values.get("name")
        district = self.places.district(row, "district")
        village = None
        if district is not None and "village" in row.values:
            village = self.places.village(row, "village", row.values["village"], district)
        row.known |= {"facility": None, "district": district, "village": village}
        self._belongs(row, kind)
        if district is not None and "villages" in row.values:
            served = [self._served(row, one) for one in row.values["villages"]]
            row.known["villages"] = frozenset(place.code for place in served if place is not None)
        if "status_on" in row.values and row.values["status_on"] > today(self.actor.zone):
            row.complain("status_on", "Tanggal ini belum tiba. Catat yang sudah terjadi.")
        if kind is not None and name is not None and district is not None and not row.wrong("village"):
            self._meet_facility(row, (kind, sort_key(name), district.code))

    def _meet_facility(self, row: Met, identity: Identity) -> None:
        """Which facility a row is about, if it is there, and whether it can be as the row says."""
        kind, name, _ = identity
        district, village = row.known["district"], row.known["village"]
        facility = row.known["facility"] = self._same(row, identity, district, village)
        one = (identity, village) if facility is None else facility
        self.once(row, "name", one, "Fasilitas ini sudah ditulis pada baris {row}.")
        if facility is not None:
            row.standing = self._standing(facility)
            self.met_by(row, "name", "district", *(["village"] if village else []))
            if village is not None and facility.wilayah_code != village.code:
                row.complain("village", "Tempat fasilitas tidak dipindah lewat impor.")
        elif not cells.has_letter(row.values["name"]):
            row.complain("name", "Nama ini hanya angka. Biarkan bila memang begitu.", Verdict.WARNING)
        self._check_villages(row, facility)
        self._check_status(row, facility)
        if row.faulty:
            return
        if facility is None:
            self.written[identity][(village or district).code] = self.number
        if kind is FacilityKind.PUSKESMAS:
            self.announced.add(name)
            self.server |= dict.fromkeys(row.known.get("villages", ()), self._key(facility))

    def _check_villages(self, row: Met, facility: Facility | None) -> None:
        """That no other Puskesmas serves what one is to serve."""
        codes = row.known.get("villages")
        if codes is None:
            return
        if row.values["kind"] is FacilityKind.PUSKESMAS:
            key = self._key(facility)
            for code in sorted(codes):
                if self.server.get(code, key) != key:
                    name = self.places.by_code[code].name
                    row.complain("villages", f"{name} sudah dilayani Puskesmas lain.")
        if row.standing is not None and codes == self._codes(facility):
            self.met_by(row, "villages")

    def _key(self, facility: Facility | None) -> Facility | int:
        """A Puskesmas in `server`."""
        return facility if facility is not None else self.number

    def _served(self, row: Met, name: str) -> Place | None:
        """`Dimbai`, or `Dimbai (Warmare)` for one of several of that name; at first in the own kecamatan."""
        bare_name, _, within_district = name.partition("(")
        if within_district:
            district = self.places.districts.get(bare(within_district.rstrip(") ")))
            return self.places.village(row, "villages", bare_name.strip(), district)
        here = [
            place
            for place in self.places.villages.get(bare(bare_name), [])
            if place.code.startswith(f"{row.known['district'].code}.")
        ]
        return here[0] if len(here) == 1 else self.places.village(row, "villages", bare_name, None)

    def _same(self, row: Met, identity: Identity, district: Place, village: Place | None) -> Facility | None:
        """Of several with one name in a kecamatan, that of the very place; complains if none can be told.

        One that a row of the file adds counts as another, so a row is never taken for what another adds.
        """
        found, place = self.found.get(identity, []), village or district
        there = [one for one in found if one.wilayah_code == place.code]
        if not there:
            self._between_rows(row, identity, district, village)
        if village is None and len(found) > 1 and not there:
            row.complain(
                "village",
                f"Ada {len(found)} {identity[0].label} bernama ini di {district.full_name}. "
                f"Isi kolom {self.places.village_label}.",
            )
        if there or len(found) != 1:
            return there[0] if there else None
        only = found[0]
        return None if village is not None and only.wilayah_code.count(".") == 3 else only

    def _between_rows(self, row: Met, identity: Identity, district: Place, village: Place | None) -> None:
        """Complains if an earlier row names a desa for one of this name and this row none, or the reverse."""
        for code, number in self.written[identity].items():
            if (village is None) != (code == district.code):
                how = "tanpa" if village else "dengan"
                row.complain(
                    "village",
                    f"Fasilitas bernama ini juga ditulis pada baris {number}, {how} "
                    f"{self.places.village_label.lower()}. "
                    f"Isi kolom {self.places.village_label} di keduanya, atau hapus salah satu.",
                )

    def _belongs(self, row: Met, kind: FacilityKind | None) -> None:
        name = row.values.get("parent")
        if name is None:
            return
        if kind is FacilityKind.PUSKESMAS:
            row.complain("parent", "Puskesmas tidak mempunyai Puskesmas induk. Kosongkan sel ini.")
        elif sort_key(name) not in self.centres and sort_key(name) not in self.announced:
            known = [centre.name for centre in self.centres.values()]
            row.complain("parent", f"Tidak ada “{name}” di {self.places.name}.{perhaps(name, known)}")

    def _codes(self, facility: Facility | None) -> frozenset[str]:
        """What it serves."""
        return frozenset(one.wilayah_code for one in self.serves[facility])

    def _check_status(self, row: Met, facility: Facility | None) -> None:
        """What `services.facilities.record_status` refuses."""
        status, on = row.values.get("status"), row.values.get("status_on")
        before = facility.status if facility else FacilityStatus.NONE
        if status is None or status is before:
            return
        if on is None:
            if not row.wrong("status_on"):
                row.complain("status_on", "Sejak kapan perlu diisi bila keadaannya berubah.")
        elif facility is not None and facility.status_on is not None and on < facility.status_on:
            row.complain(
                "status_on",
                f"Tanggal ini sebelum catatan terakhir, {plain_date(facility.status_on)}.",
            )
        if LADDER.index(status) < LADDER.index(before):
            row.complain("status", "Keadaan yang mundur dicatat dengan alasan di halaman fasilitasnya.")

    def _standing(self, facility: Facility) -> Values:
        district, village = (
            self.places.by_code.get(code) for code in (facility.district_code, facility.wilayah_code)
        )
        parent = self.by_id.get(facility.parent_id or 0)
        found: Values = {"kind": facility.kind, "name": facility.name, "status": facility.status}
        found["district"] = district.name if district else ""
        if village is not None and village is not district:
            found["village"] = village.name
        if parent is not None:
            found["parent"] = parent.name
        if self.serves[facility]:
            found["villages"] = self._called(facility)
        if facility.status_on is not None:
            found["status_on"] = facility.status_on
        return found

    def _called(self, facility: Facility) -> tuple[str, ...]:
        """The places it serves as the template names them, those of another kecamatan with its name."""
        found = []
        for code in sorted(self._codes(facility)):
            place, district = self.places.by_code.get(code), self.places.by_code.get(code[:8])
            if place is not None and district is not None:
                near = code.startswith(f"{facility.district_code}.")
                found.append(place.name if near else f"{place.name} ({district.name})")
        return tuple(found)

    def carry_out(self, row: Met) -> None:
        values, facility = row.values, row.known["facility"]
        parent = self.centres.get(sort_key(values["parent"])) if "parent" in values else None
        if facility is None:
            place = row.known["village"] or row.known["district"]
            facility = facilities.enter_facility(
                actor=self.actor,
                kind=values["kind"],
                name=values["name"],
                wilayah_code=place.code,
                parent=parent,
            )
            self._know(facility)
        elif parent is not None and self.by_id.get(facility.parent_id or 0) is not parent:
            facilities.enter_move(actor=self.actor, facility=facility, parent=parent)
        villages = row.known.get("villages")
        if villages is not None and villages != self._codes(facility):
            self.serves[facility] = facilities.enter_catchment(
                actor=self.actor, facility=facility, standing=self.serves[facility], villages=villages
            )
        status = values.get("status", facility.status)
        if status is not facility.status:
            facilities.enter_status(
                actor=self.actor,
                facility=facility,
                status=status,
                on=values["status_on"],
                note="diimpor dari Excel",
            )

    def lines(self) -> Iterable[Values]:
        return (self._standing(facility) for facility in self.by_id.values())
