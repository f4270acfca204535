"""Accounts and their roles. Nobody's password is in a file: its owner sets one by a link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ilp.core import cells
from ilp.core.cells import Raw, Unreadable, plain
from ilp.core.clock import today
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.directory import Office
from ilp.models.imports import ImportKind
from ilp.policy.actions import Action
from ilp.policy.user import User
from ilp.queries import importers as queries
from ilp.services import accounts
from ilp.services.importers.base import ImportColumn, Importer, Met, Values
from ilp.services.importers.places import DISTRICT, OFFICE, Offices, Places

ROLES = {role.label: role for role in Role}
OTHER_OWNER = "Pemilik akun tidak diganti lewat impor. Buat akun baru untuk orang lain."


def username(raw: Raw) -> str:
    """A user name, in small letters."""
    found = plain(raw).casefold()
    if isinstance(raw, int | float):
        found = cells.digits(raw, "nama pengguna")
    if not accounts.USERNAME.fullmatch(found):
        raise Unreadable(accounts.ODD_NAME)
    if len(found) > 80:
        raise Unreadable("Terlalu panjang: paling banyak 80 huruf.")
    return found


class Accounts(Importer):
    """A row is a role of an account in an office; an account with two roles has two rows."""

    kind = ImportKind.ACCOUNTS
    action = Action.ACCOUNT_MANAGE
    about = "Satu baris untuk satu peran. Kata sandi dibuat pemiliknya sendiri lewat tautan, tidak di sini."
    columns = (
        ImportColumn(
            "username",
            "Nama pengguna",
            username,
            "Huruf kecil, angka, titik, tanda hubung",
            "distrik.warmare",
            required=True,
            also=("username", "akun", "login"),
            width=28,
        ),
        OFFICE,
        DISTRICT,
        ImportColumn(
            "role", "Peran", cells.one_of(ROLES), "Pilih dari daftar", "Pelaksana", required=True, width=22
        ),
        ImportColumn(
            "nip",
            "NIP pemilik",
            cells.nip,
            "Kosong bila akun dipakai bersama sekantor",
            "",
            also=("nip",),
            width=22,
        ),
    )

    def __init__(self, actor: User, place: str) -> None:
        super().__init__(actor, place)
        self.places = Places(place)
        self.offices = Offices(place, self.places)
        self.accounts: dict[str, Account] = {}
        self.taken: set[str] = set()
        """User names of the file that somebody has outside the place."""
        self.owners: dict[str, str | None] = {}
        """By user name, the NIP of whoever it belongs to."""
        self.grants: dict[str, set[tuple[int, Role]]] = defaultdict(set)
        self.given: list[RoleGrant] = []
        for grant in queries.grants(place):
            account = grant.account
            self.accounts[account.username] = account
            self.owners[account.username] = account.person.nip if account.person else None
            self.grants[grant.account.username].add((grant.office_id, grant.role))
        self.announced: dict[str, str | None] = {}
        """By user name that rows of the file add, the NIP of whoever it will belong to."""
        holders = queries.holders_with_nip(place, today(actor.zone))
        self.holders = {(office_id, person.nip): person for office_id, person in holders}

    def expect(self, rows: Iterable[Mapping[str, Raw]]) -> None:
        names = self.read_all("username", rows) - set(self.accounts)
        self.taken = queries.present(Account.username, names)

    def allowed(self, key: str) -> Sequence[str]:
        offered: dict[str, Iterable[str]] = {
            "office": sorted(office.name for office in self.offices.by_id.values()),
            "district": sorted(place.name for place in self.places.districts.values()),
            "role": ROLES,
        }
        return list(offered.get(key, ()))

    def meet(self, row: Met) -> None:
        district = self.places.district(row, "district")
        office = self.offices.find(row, "office", district) if "office" in row.values else None
        nip, name, role = (row.values.get(key) for key in ("nip", "username", "role"))
        account = self.accounts.get(name or "")
        person = self.holders.get((office.id, nip)) if office is not None and nip else None
        row.known |= {"office": office, "account": account, "person": person}
        if name is None:
            return
        if office is not None and role is not None:
            self.once(row, "role", (name, office.id, role), "Peran ini sudah ditulis pada baris {row}.")
        if account is None:
            self._newcomer(row, name, nip)
            return
        if nip and self.owners.get(name) != nip:
            row.complain("nip", OTHER_OWNER)
        if office is None or role is None:
            return
        row.standing = {"username": name, "nip": self.owners.get(name)}
        if (office.id, role) in self.grants[name]:
            row.standing |= self._place(office) | {"role": role}
            self.met_by(row, "office", "district")
        elif account.id == self.actor.account_id:
            row.complain("role", "Peran untuk akun sendiri diberikan oleh administrator lain.")

    def _newcomer(self, row: Met, name: str, nip: str | None) -> None:
        """Whose a new account can be: as by hand, of somebody who holds a position in its first office."""
        if name in self.taken:
            row.complain("username", "Nama pengguna ini sudah dipakai. Pilih nama lain.")
        if name in self.announced:
            if nip and self.announced[name] != nip:
                row.complain("nip", OTHER_OWNER)
        elif nip and row.known["office"] is not None and row.known["person"] is None:
            row.complain(
                "nip", "Tidak ada pejabat dengan NIP ini di kantor itu hari ini. Impor pejabatnya dahulu."
            )
        if not row.faulty:
            self.announced.setdefault(name, nip)

    def _place(self, office: Office) -> Values:
        return {"office": office.name, "district": self.offices.district_of(office)}

    def carry_out(self, row: Met) -> None:
        name, role, office = row.values["username"], row.values["role"], row.known["office"]
        account, person = self.accounts.get(name), row.known["person"]
        if account is None:
            account, grant = accounts.enter_account(
                actor=self.actor,
                username=name,
                role=role,
                office=office,
                person_id=person.id if person else None,
            )
            self.accounts[name] = account
            self.owners[name] = person.nip if person else None
            self.given.append(grant)
        elif (office.id, role) not in self.grants[name]:
            self.given.append(
                accounts.enter_role(actor=self.actor, account=account, role=role, office=office)
            )
        self.grants[name].add((office.id, role))

    def finish(self) -> None:
        accounts.tell_of_roles(actor=self.actor, grants=self.given)

    def lines(self) -> Iterable[Values]:
        for name in sorted(self.accounts):
            for office_id, role in sorted(self.grants[name]):
                office = self.offices.by_id.get(office_id)
                if office is not None:
                    yield {"username": name, "role": role, "nip": self.owners[name]} | self._place(office)
