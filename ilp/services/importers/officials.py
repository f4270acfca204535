"""Offices and officials: who holds which position of which office, from when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from ilp.core import cells
from ilp.core.cells import Raw
from ilp.core.clock import today
from ilp.core.db import db
from ilp.core.indonesian import plain_date, sort_key, titles_in
from ilp.models.directory import (
    Appointment,
    AppointmentKind,
    Constituency,
    Office,
    OfficeKind,
    Person,
    Position,
    Sex,
)
from ilp.models.imports import ImportKind, Verdict
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.policy.user import User
from ilp.queries import importers as queries
from ilp.queries import transfers
from ilp.services import directory, persons
from ilp.services.importers.base import ImportColumn, Importer, Met, Values, said
from ilp.services.importers.places import DISTRICT, OFFICE, Offices, Place, Places
from ilp.services.transfers import transfer

ADDABLE = {
    OfficeKind.SETDA: Constituency.GOVERNMENT,
    OfficeKind.AGENCY: Constituency.GOVERNMENT,
    OfficeKind.HEALTH_AGENCY: Constituency.GOVERNMENT,
    OfficeKind.INSPECTORATE: Constituency.GOVERNMENT,
    OfficeKind.PUSKESMAS: Constituency.PUSKESMAS,
    OfficeKind.HOSPITAL: Constituency.HOSPITAL,
    OfficeKind.PKK: Constituency.PKK,
    OfficeKind.POKJANAL: Constituency.GOVERNMENT,
    OfficeKind.PROFESSION: Constituency.PROFESSION,
    OfficeKind.ACADEMIC: Constituency.ACADEMIC,
    OfficeKind.COMMUNITY: Constituency.COMMUNITY,
    OfficeKind.PARTNER: Constituency.PARTNER,
}
"""Kinds of offices that a file may add; those of kecamatan and desa follow the register of places."""
OFFICE_WORDS = {kind.label: kind for kind in OfficeKind if kind is not OfficeKind.OPERATOR}
QUALITIES = {"definitif": AppointmentKind.DEFINITIVE} | {
    kind.label.rstrip("."): kind for kind in AppointmentKind if kind.label
}
SEXES = (
    {sex.value: sex for sex in Sex}
    | {sex.label: sex for sex in Sex}
    | {"Pria": Sex.MALE, "Wanita": Sex.FEMALE}
)
MOST_PASSED = 500
"""Positions that a file passes from one to another: each moves what is open there, while everybody waits."""
BESIDE_A_POST = frozenset(
    {
        OfficeKind.PUSTU,
        OfficeKind.POSYANDU,
        OfficeKind.PKK,
        OfficeKind.POKJANAL,
        OfficeKind.PROFESSION,
        OfficeKind.COMMUNITY,
        OfficeKind.ACADEMIC,
        OfficeKind.PARTNER,
        OfficeKind.OPERATOR,
    }
)
"""Kinds of offices that somebody leads beside a post of his own, a camat the Pokjanal of his kecamatan."""
ONE_OFFICE = (
    "Seorang pejabat definitif memimpin satu kantor: bila orangnya sama dan ia merangkap, "
    "isi Status jabatan dengan Plt, Plh, atau Pj."
)
OF_PERSON = ("prefix", "name", "suffix", "nip", "rank", "phone", "sex")


class Officials(Importer):
    """A row is a position; whoever stands in it holds it from a day on."""

    kind = ImportKind.OFFICIALS
    action = Action.DIRECTORY_EDIT
    about = "Satu baris untuk satu jabatan. Sel yang kosong membiarkan yang sudah tercatat."
    columns = (
        OFFICE,
        DISTRICT,
        ImportColumn(
            "office_kind",
            "Jenis kantor",
            cells.one_of(OFFICE_WORDS),
            "Hanya untuk kantor baru",
            "",
            also=("jenis",),
            width=22,
        ),
        ImportColumn(
            "title",
            "Jabatan",
            cells.name(200),
            "Nama jabatan tanpa Plt., Plh., atau Pj.",
            "Kepala Distrik Warmare",
            required=True,
            also=("nama jabatan",),
            width=32,
        ),
        ImportColumn(
            "is_head",
            "Pimpinan kantor",
            cells.yes,
            "ya untuk pimpinan kantor baru",
            "ya",
            also=("pimpinan", "kepala kantor"),
            width=10,
        ),
        ImportColumn("prefix", "Gelar depan", cells.name(60), "Ditulis seperti pada surat", "Drs.", width=12),
        ImportColumn(
            "name",
            "Nama",
            cells.name(120),
            "Nama tanpa gelar",
            "Contoh Mandacan",
            required=True,
            also=("nama lengkap", "nama pejabat"),
            width=28,
        ),
        ImportColumn(
            "suffix", "Gelar belakang", cells.name(120), "Ditulis seperti pada surat", "M.Si.", width=14
        ),
        ImportColumn("nip", "NIP", cells.nip, "18 angka, sebagai teks", "198003152005011003", width=22),
        ImportColumn(
            "rank",
            "Pangkat",
            cells.name(80),
            "Pangkat dan golongan",
            "Pembina (IV/a)",
            also=("pangkat/golongan", "golongan", "pangkat golongan"),
            width=18,
        ),
        ImportColumn(
            "phone",
            "Nomor HP",
            cells.phone,
            "0812-3456-7890",
            "0812-3456-7890",
            also=("hp", "no hp", "telepon", "no telepon", "wa", "no wa", "nomor telepon", "whatsapp"),
        ),
        ImportColumn(
            "sex", "L/P", cells.one_of(SEXES), "L atau P", "L", also=("jenis kelamin", "jk", "l p"), width=6
        ),
        ImportColumn(
            "quality",
            "Status jabatan",
            cells.one_of(QUALITIES),
            "definitif, Plt, Plh, atau Pj",
            "definitif",
            also=("status", "kedudukan"),
            width=14,
        ),
        ImportColumn(
            "starts_on",
            "Mulai menjabat",
            cells.day,
            "01/03/2025",
            "01/03/2025",
            also=("tmt", "mulai", "tanggal mulai", "tmt jabatan", "sejak"),
            width=14,
        ),
    )

    def __init__(self, actor: User, place: str) -> None:
        super().__init__(actor, place)
        self.places = Places(place)
        self.offices = Offices(place, self.places)
        self.positions: dict[int, dict[str, Position]] = defaultdict(dict)
        """By office, its positions by the key of their title."""
        self.terms: dict[Position, list[Appointment]] = defaultdict(list)
        self.past: dict[Position, list[Appointment]] = defaultdict(list)
        """Terms that are over, but not yet on the earliest first day in the file."""
        self.planned: dict[tuple[str, str, str], list[date]] = defaultdict(list)
        """By office and title, the first days of the terms that rows of the file begin."""
        self.leading: dict[str, list[Appointment]] = defaultdict(list)
        """By the key of a name, the terms of heads for good."""
        self.named: dict[Position, list[Values]] = defaultdict(list)
        """By the position of a head, whom the file names for it for good."""
        self.led: dict[str, list[tuple[str | None, str, int]]] = defaultdict(list)
        """By the key of a name, NIP, office and row of each new head in the file."""
        self.names: set[str] = set()
        """The keys of the names of all who hold something there."""
        self.by_nip: dict[str, Person] = {}
        self.by_contact: dict[tuple[str, str], Person] = {}
        """By the key of a name and the telephone beside it."""
        self.foreign: set[str] = set()
        """NIPs of the file that somebody has outside the place."""
        self.awaited = transfers.awaited(place)
        self.entered: set[Person] = set()
        """People whom the file itself has added."""
        self.passed = 0
        self.nips: dict[str, dict[str, int]] = defaultdict(dict)
        """By NIP, the names it was written beside in the file, each with its first row."""
        self.by_phone: dict[str, set[str]] = defaultdict(set)
        self._load()

    def _load(self) -> None:
        day = today(self.actor.zone)
        for position in queries.positions(self.place):
            self.positions[position.office_id][sort_key(position.title)] = position
        people = queries.holders(self.place, day)
        for term in queries.terms(self.place, day):
            self.terms[term.position].append(term)
            kind = self.offices.by_id[term.position.office_id].kind
            if (
                term.position.is_head
                and term.kind is AppointmentKind.DEFINITIVE
                and kind not in BESIDE_A_POST
            ):
                self.leading[term.person.sort_name].append(term)
        for person in people:
            self._know(person)

    def expect(self, rows: Iterable[Mapping[str, Raw]]) -> None:
        read = [self.read(cells) for cells in rows]
        self._meet_others(read)
        first_days = [row.values["starts_on"] for row in read if "starts_on" in row.values]
        if first_days:
            for term in queries.past_terms(self.place, min(first_days), today(self.actor.zone)):
                self.past[term.position].append(term)
        for row in read:
            position = self._to_be_led(row)
            if position is not None:
                self.named[position].append(row.values)

    def _meet_others(self, rows: Iterable[Met]) -> None:
        """Who holds nothing there today: whom the actor may appoint anew by hand is at hand here, too."""
        nips, phones = ({row.values[key] for row in rows if key in row.values} for key in ("nip", "phone"))
        new = nips - set(self.by_nip)
        for person in queries.others(new, phones - set(self.by_phone)):
            if allowed(self.actor, Action.PERSON_EDIT, person):
                self._recognise(person)
        self.foreign = queries.present(Person.nip, new - set(self.by_nip))

    def _to_be_led(self, row: Met) -> Position | None:
        """The position of a head that a row gives away for good."""
        values = row.values
        if (
            not {"office", "title", "name"} <= values.keys()
            or _quality(row) is not AppointmentKind.DEFINITIVE
        ):
            return None
        district = self.places.district(row, "district")
        offices = self.offices.named(values["office"], district)
        position = self._position(row, offices[0], district) if len(offices) == 1 else None
        return position if position is not None and position.is_head else None

    def _know(self, person: Person) -> None:
        self.names.add(person.sort_name)
        self._recognise(person)

    def _recognise(self, person: Person) -> None:
        if person.nip:
            self.by_nip[person.nip] = person
        if person.phone:
            self.by_contact.setdefault((person.sort_name, person.phone), person)
            self.by_phone[person.phone].add(person.sort_name)

    def allowed(self, key: str) -> Sequence[str]:
        offered: dict[str, Iterable[str]] = {
            "office": sorted(office.name for office in self.offices.by_id.values()),
            "district": sorted(place.name for place in self.places.districts.values()),
            "office_kind": [kind.label for kind in ADDABLE],
            "is_head": ("ya", "tidak"),
            "sex": ("L", "P"),
            "quality": QUALITIES,
        }
        return list(offered.get(key, ()))

    # --- meeting what is there --------------------------------------------------------------------
    def meet(self, row: Met) -> None:
        district = self.places.district(row, "district")
        office = self._office(row, district)
        row.known |= {"office": office, "district": district, "quality": _quality(row)}
        row.known |= dict.fromkeys(("position", "holder", "person"))
        placed = not row.wrong("office") and not row.wrong("district") and not row.wrong("title")
        if placed:
            self._meet_position(row, office, district)
        position, person = row.known["position"], row.known["person"]
        starts_on = row.values.get("starts_on")
        refusal = directory.too_far(actor=self.actor, starts_on=starts_on) if starts_on is not None else ""
        if refusal and person is None:
            row.complain("starts_on", refusal)
        if "name" in row.values:
            if starts_on is None and not placed and sort_key(row.values["name"]) not in self.names:
                self._ask_when(row)  # wherever it is, he comes new
            self._titles(row, person)
            self._identity(row, person)
        if office is not None and placed and "name" in row.values:
            row.standing = self._standing(office, position, row.known["holder"] if person else None)
            self.met_by(row, "office", "district", *(["title"] if position is not None else []))
        if not row.faulty:
            self._remember(row)

    def _remember(self, row: Met) -> None:
        """For what is said of later rows: whose the NIP is, and what somebody is to hold from when on."""
        values, key = row.values, sort_key(row.values["name"])
        if "nip" in values:
            self.nips[values["nip"]].setdefault(key, self.number)
        if row.known["person"] is None:
            self.planned[row.known["where"]].append(values["starts_on"])
            if self._is_led(row):
                self.led[key].append((values.get("nip"), values["office"], self.number))

    @staticmethod
    def _is_led(row: Met) -> bool:
        """Whether a row gives away for good the post of a head."""
        office, position = row.known["office"], row.known["position"]
        is_head = position.is_head if position is not None else row.values.get("is_head", False)
        kind = office.kind if office is not None else row.values["office_kind"]
        return is_head and row.known["quality"] is AppointmentKind.DEFINITIVE and kind not in BESIDE_A_POST

    def _meet_position(self, row: Met, office: Office | None, district: Place | None) -> None:
        """Who holds the position of a row, and whether the row is about him or about who follows."""
        quality = row.known["quality"]
        position = row.known["position"] = self._position(row, office, district)
        title = position.title if position else row.values["title"]
        where = row.known["where"] = (*self._named(row, office, district), sort_key(title))
        if quality is not None:
            place = AppointmentKind.PLT if quality.fills_in else quality
            self.once(row, "title", (where, place), "Jabatan ini sudah diisi pada baris {row}.")
        if "name" not in row.values:
            return
        holder = row.known["holder"] = self._holder(position, quality, row.values)
        if holder is not None and _is(holder.person, row.values):
            row.known["person"] = holder.person
            self._same_holder(row, holder)
            return
        self._newcomer(row, position, where, quality)
        self._passes(row, position)
        self._leads(row, position)

    def _office(self, row: Met, district: Place | None) -> Office | None:
        if "office" not in row.values:
            return None
        kind = row.values.get("office_kind")
        expected = kind not in ADDABLE and not row.wrong("office_kind")
        office = self.offices.find(row, "office", district, expected=expected)
        if office is None:
            return None
        if kind is not None and kind is not office.kind:
            row.complain("office_kind", f"Kantor ini tercatat sebagai {office.kind.label}.")
        if row.values.get("is_head") and "title" in row.values and self._other_head(row, office):
            row.complain(
                "is_head",
                f"Kantor ini sudah mempunyai pimpinan: {self._other_head(row, office)}. "
                "Satu kantor satu pimpinan.",
            )
        return office

    def _other_head(self, row: Met, office: Office) -> str:
        """The title of the head, if it is not the very position of this row."""
        title = sort_key(row.values["title"])
        for key, position in self.positions[office.id].items():
            if position.is_head and key != title and not key.startswith(f"{title} "):
                return position.title
        return ""

    @staticmethod
    def _named(row: Met, office: Office | None, district: Place | None) -> tuple[str, str]:
        """What an office is known by, whether it is there or a row adds it."""
        if office is not None:
            return sort_key(office.name), office.district_code
        return sort_key(row.values["office"]), district.code if district else ""

    def _position(self, row: Met, office: Office | None, district: Place | None) -> Position | None:
        """The position of this title. A head may be called by the first words of the title alone."""
        title = sort_key(row.values["title"])
        known = self.positions[office.id] if office else {}
        if title in known:
            return known[title]
        for key, position in known.items():
            if position.is_head and key.startswith(f"{title} "):
                return position
        if row.values.get("is_head"):
            where = self._named(row, office, district)
            self.once(row, "is_head", where, "Pimpinan kantor ini sudah ditulis pada baris {row}.")
        return None

    def _holder(
        self, position: Position | None, quality: AppointmentKind, values: Values
    ) -> Appointment | None:
        """Whoever holds it in this quality, or else the very person of the row in another."""
        if position is None:
            return None
        terms = self.terms[position]
        same = [t for t in terms if _is(t.person, values)] or [t for t in terms if t.kind is quality]
        return same[-1] if same else None

    @staticmethod
    def _same_holder(row: Met, holder: Appointment) -> None:
        for key, now in (("starts_on", holder.starts_on), ("quality", holder.kind)):
            if key in row.values and row.values[key] != now:
                stays = f"Tercatat {said(now)}, dan tetap begitu: masa jabatan diubah di halaman kantornya."
                row.complain(key, stays, Verdict.WARNING)

    def _newcomer(
        self,
        row: Met,
        position: Position | None,
        where: tuple[str, str, str],
        quality: AppointmentKind | None,
    ) -> None:
        """What `services.transfers.judge` refuses; a definitive holder says whom he follows."""
        starts_on = row.values.get("starts_on")
        if starts_on is None:
            self._ask_when(row)
            return
        reached = self._reached(position, starts_on)
        again = next((t for t in reached if t.kind is quality and _is(t.person, row.values)), None)
        if again is not None and again.ends_on is not None:
            until = plain_date(again.ends_on)
            row.complain("starts_on", f"Ia memegang jabatan ini sampai {until}; mulai lagi sesudah hari itu.")
        elif quality is not None and (refusal := directory.second_stand_in(quality, reached, None)):
            row.complain("quality", refusal)
        elif quality is AppointmentKind.DEFINITIVE and reached:
            self._follows(row, max(reached, key=lambda term: term.starts_on), starts_on)
        late = max(self.planned[where], default=starts_on - timedelta(days=1))
        said_already = row.wrong("starts_on") or row.wrong("title")
        if quality is AppointmentKind.DEFINITIVE and starts_on <= late and not said_already:
            row.complain(
                "starts_on",
                f"Berkas ini mengisi jabatan itu mulai {plain_date(late)}; "
                "penggantinya mulai sesudah hari itu.",
            )

    @staticmethod
    def _ask_when(row: Met) -> None:
        if not row.wrong("starts_on"):
            row.complain("starts_on", "Mulai menjabat perlu diisi untuk pejabat baru.")

    def _reached(self, position: Position | None, starts_on: date) -> list[Appointment]:
        """The terms of a position that one from this day on would meet, be they over today."""
        if position is None:
            return []
        terms = (*self.past[position], *self.terms[position])
        return [term for term in terms if term.ends_on is None or term.ends_on >= starts_on]

    @staticmethod
    def _follows(row: Met, holder: Appointment, starts_on: date) -> None:
        if starts_on > holder.starts_on:
            follows = f"Menggantikan {holder.person.name} mulai {plain_date(starts_on)}."
            row.complain("name", follows, Verdict.WARNING)
            return
        row.complain(
            "starts_on",
            f"{holder.person.name} mulai memegang jabatan ini {plain_date(holder.starts_on)}; "
            "penggantinya mulai sesudah hari itu.",
        )

    def _leads(self, row: Met, position: Position | None) -> None:
        """Warns of whoever would lead two offices for good; by name, where a NIP does not tell two apart."""
        values, key = row.values, sort_key(row.values["name"])
        if row.wrong("office_kind") or not self._is_led(row):
            return
        nip = values.get("nip")
        told = [
            f"Ia juga ditulis memimpin {office} pada baris {number}."
            for other, office, number in self.led[key]
            if not (nip and other and nip != other)
        ]
        for term in self.leading[key]:
            if term.position is not position and _is(term.person, values) and self._stays(term, values):
                office = self.offices.by_id[term.position.office_id].name
                told.append(f"Ia juga memimpin {office}, dan berkas ini tidak menggantinya di sana.")
        if told:
            row.complain("title", " ".join([*told, ONE_OFFICE]), Verdict.WARNING)

    def _stays(self, term: Appointment, values: Values) -> bool:
        """Whether a head still is one when another term of his begins: the file names nobody in his place."""
        starts_on = values.get("starts_on")
        over = term.ends_on is not None and starts_on is not None and term.ends_on < starts_on
        return not over and all(_is(term.person, named) for named in self.named[term.position])

    def _passes(self, row: Met, position: Position | None) -> None:
        """Counts the positions that pass on, and complains of one too many."""
        if position is None or row.faulty or not self._is_open(position, row.values["starts_on"]):
            return
        self.passed += 1
        if self.passed > MOST_PASSED:
            row.complain(
                "name",
                f"Satu berkas menggantikan paling banyak {MOST_PASSED} pejabat. Terapkan dahulu berkas ini; "
                "baris ini ikut di berkas yang salah untuk diunggah sesudahnya.",
            )

    def _is_open(self, position: Position, starts_on: date) -> bool:
        """Somebody holds it, or did on that day, or something waits there for whoever comes."""
        held = self.terms[position] or self._reached(position, starts_on)
        return bool(held) or position.id in self.awaited

    @staticmethod
    def _titles(row: Met, person: Person | None) -> None:
        """Warns of titles beside a name that is not recorded so."""
        name = row.values["name"]
        if person is not None and person.name == name:
            return
        for titles, column in zip(titles_in(name), ("Gelar depan", "Gelar belakang"), strict=True):
            if titles:
                told = f"“{titles}” tampaknya gelar: tempatnya di kolom {column}, bukan di kolom Nama."
                row.complain("name", told, Verdict.WARNING)

    def _identity(self, row: Met, person: Person | None) -> None:
        """NIP and telephone say who somebody is: nobody shares a NIP."""
        if person is not None:
            self._others(row, person)
        nip, phone = row.values.get("nip"), row.values.get("phone")
        key = sort_key(row.values["name"])
        if nip:
            self._owner(row, nip, key, person)
        if phone and self.by_phone[phone] - {key}:
            row.complain("phone", "Nomor ini juga tercatat untuk orang lain.", Verdict.WARNING)
        if phone:
            self.by_phone[phone].add(key)

    def _owner(self, row: Met, nip: str, key: str, person: Person | None) -> None:
        """Complains if a NIP is somebody else's, here, elsewhere, or in an earlier row without fault."""
        owner = self.by_nip.get(nip)
        if owner is not None and owner is not person and owner.sort_name != key:
            row.complain("nip", f"NIP ini tercatat atas nama {owner.name}. Periksa nama atau NIP-nya.")
        elif owner is None and nip in self.foreign:
            row.complain("nip", "NIP ini tercatat atas nama orang yang datanya di luar wilayah Bapak/Ibu.")
        written = self.nips[nip]
        others = [number for who, number in written.items() if who != key]
        if others and key not in written:
            row.complain("nip", f"NIP ini juga ditulis untuk orang lain pada baris {min(others)}.")

    def _others(self, row: Met, person: Person) -> None:
        """Complains of each cell that would change somebody whom the user may not change by hand."""
        changed = [key for key in self._changes(row, person) if key not in row.findings]
        if changed and person not in self.entered and not allowed(self.actor, Action.PERSON_EDIT, person):
            for key in changed:
                row.complain(key, "Orang ini juga menjabat di luar wilayah Bapak/Ibu; datanya tetap.")

    def _standing(self, office: Office, position: Position | None, holder: Appointment | None) -> Values:
        found: Values = {
            "office": office.name,
            "district": self.offices.district_of(office),
            "office_kind": office.kind,
        }
        if position is not None:
            found |= {"title": position.title, "is_head": position.is_head}
        if holder is not None:
            found |= {key: getattr(holder.person, key) for key in OF_PERSON}
            found |= {"quality": holder.kind, "starts_on": holder.starts_on}
        return found

    # --- carrying out -----------------------------------------------------------------------------
    def carry_out(self, row: Met) -> None:
        values, known = row.values, row.known
        office = known["office"] or self._add_office(row)
        position = known["position"]
        if position is None:
            is_head = values.get("is_head", False)
            position = directory.enter_position(
                actor=self.actor, office=office, title=values["title"], is_head=is_head
            )
            self.positions[office.id][sort_key(position.title)] = position
        person = known["person"]
        if person is not None:
            self._edit(person, row)
            return
        person = self._at_hand(values) or self._add_person(office, values)
        self.terms[position].append(
            self._begin(office, position, person, kind=known["quality"], starts_on=values["starts_on"])
        )
        self._know(person)

    def _at_hand(self, values: Values) -> Person | None:
        """Whoever a row means that was met before: by NIP, or by name and telephone together."""
        nip = values.get("nip")
        if nip in self.by_nip:
            return self.by_nip[nip]
        same = self.by_contact.get((sort_key(values["name"]), values.get("phone", "")))
        return same if same is None or not (nip and same.nip) else None

    def _begin(self, office: Office, position: Position, person: Person, **term: Any) -> Appointment:
        """By mutasi where there is something to pass on."""
        if not self._is_open(position, term["starts_on"]):
            return directory.enter_term(
                actor=self.actor, office=office, position=position, person=person, **term
            )
        db.session.flush()
        made = transfer(actor=self.actor, office=office, position=position, person=person, **term)
        return db.session.get_one(Appointment, made.appointment_id)

    def _add_office(self, row: Met) -> Office:
        """Once, however many of its positions the file holds."""
        values, district = row.values, row.known["district"]
        found = self.offices.named(values["office"], district)
        if found:
            return found[0]
        office = directory.add_office(
            actor=self.actor,
            kind=values["office_kind"],
            constituency=ADDABLE[values["office_kind"]],
            name=values["office"],
            wilayah_code=district.code if district else self.place,
        )
        self.offices.add(office)
        return office

    def _add_person(self, office: Office, values: Values) -> Person:
        person = directory.add_person(
            actor=self.actor,
            office=office,
            name=values["name"],
            **{key: values[key] for key in OF_PERSON if key in values and key != "name"},
        )
        self.entered.add(person)
        return person

    def _edit(self, person: Person, row: Met) -> None:
        changes = self._changes(row, person)
        if changes:
            entered = person in self.entered
            home = person.wilayah_code if entered else person.appointments[0].position.office.wilayah_code
            persons.amend(actor=self.actor, person=person, home=home, facts=changes)

    @staticmethod
    def _changes(row: Met, person: Person) -> Values:
        """What the row says otherwise of a person."""
        said = {key: row.values[key] for key in OF_PERSON if key in row.values}
        return {key: value for key, value in said.items() if getattr(person, key) != value}

    def lines(self) -> Iterable[Values]:
        for office in sorted(self.offices.by_id.values(), key=lambda o: (o.protocol_order, o.id)):
            for position in sorted(
                self.positions[office.id].values(), key=lambda p: (p.protocol_order, p.id)
            ):
                for term in self.terms[position]:
                    yield self._standing(office, position, term)


def _is(person: Person, values: Values) -> bool:
    """By NIP where both have one, else by name."""
    nip = values.get("nip")
    if nip and person.nip:
        return bool(nip == person.nip)
    return bool(person.sort_name == sort_key(values["name"]))


def _quality(row: Met) -> AppointmentKind | None:
    """In what quality a row gives a position away; None if its cell says what cannot be."""
    unsaid = None if row.wrong("quality") else AppointmentKind.DEFINITIVE
    found: AppointmentKind | None = row.values.get("quality", unsaid)
    return found
