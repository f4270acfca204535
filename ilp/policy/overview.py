"""What a role may do at best, read off the very rules that decide it, for the page that explains it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace

from ilp.models.accounts import Role
from ilp.models.directory import OfficeKind
from ilp.models.imports import ImportKind
from ilp.models.place import place_codes
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.policy.user import SECURED_ROLES, Grant, User

AREAS = {
    "meeting": "Rapat",
    "invitation": "Rapat",
    "task": "Tugas",
    "assignment": "Tugas",
    "commitment": "Komitmen dan dokumen",
    "document": "Komitmen dan dokumen",
    "facility": "ILP dan Pokjanal",
    "pokjanal": "ILP dan Pokjanal",
    "report": "ILP dan Pokjanal",
    "directory": "Direktori",
    "person": "Direktori",
    "group": "Direktori",
    "import": "Direktori",
    "account": "Akun dan pengaturan",
    "setting": "Akun dan pengaturan",
    "gallery": "Akun dan pengaturan",
    "audit": "Jejak audit",
}
"""Under which heading the page tells of an action, by what it is about; the others are open to everybody."""
EVERYBODY = "Umum"

OWN, OTHER = 1, 2
"""The office of whoever asks, and one that is not."""
REGENCY, DISTRICT, VILLAGE = "35.07", "35.07.13", "35.07.13.2001"

HOLDERS = (
    (Role.SECRETARIAT, OfficeKind.SETDA, REGENCY),
    (Role.BODY_SECRETARIAT, OfficeKind.POKJANAL, REGENCY),
    (Role.HEALTH_OFFICE, OfficeKind.HEALTH_AGENCY, REGENCY),
    (Role.LEADER, OfficeKind.SETDA, REGENCY),
    (Role.IMPLEMENTER, OfficeKind.KECAMATAN, DISTRICT),
    (Role.IMPLEMENTER, OfficeKind.PUSKESMAS, DISTRICT),
    (Role.IMPLEMENTER, OfficeKind.DESA, VILLAGE),
    (Role.IMPLEMENTER, OfficeKind.AGENCY, REGENCY),
    (Role.PARTNER, OfficeKind.PARTNER, REGENCY),
    (Role.AUDITOR, OfficeKind.INSPECTORATE, REGENCY),
    (Role.ADMINISTRATOR, OfficeKind.OPERATOR, REGENCY),
)
"""One of each role, and of the implementers one for each kind of office that makes a difference."""


@dataclass(frozen=True)
class Situation:
    """Where a record stands, seen from the office of whoever asks."""

    code: str | None
    office: int = OTHER
    part: bool = False
    reviewer: int | None = None
    issuer: int = OTHER


@dataclass(frozen=True)
class RoleRights:
    """A role in a kind of office: what it may do, how far it sees, whether it needs the code of a phone."""

    role: Role
    office_kind: OfficeKind
    actions: tuple[Action, ...]
    reaches_subtree: bool
    is_secured: bool

    @property
    def areas(self) -> dict[str, list[Action]]:
        """The actions under their headings, in the order of these."""
        found: dict[str, list[Action]] = {area: [] for area in (*AREAS.values(), EVERYBODY)}
        for action in self.actions:
            found[AREAS.get(action.partition(":")[0], EVERYBODY)].append(action)
        return {area: actions for area, actions in found.items() if actions}


@cache
def overview() -> tuple[RoleRights, ...]:
    """Every role, with each action that its rule allows on at least one record it can meet."""
    return tuple(_rights(*holder) for holder in HOLDERS)


def _rights(role: Role, kind: OfficeKind, code: str) -> RoleRights:
    grant = Grant(role, OWN, kind, "", code)
    user = User(1, "contoh", "Contoh", grants=(grant,))
    records = tuple(_records(code))
    may = tuple(action for action in Action if any(allowed(user, action, record) for record in records))
    return RoleRights(role, kind, may, grant.reaches_subtree, role in SECURED_ROLES)


def _records(code: str) -> Iterator[SimpleNamespace]:
    """One's own record, also one that somebody reviews; and, but for a desa, those of offices below."""
    yield record_at(Situation(code, office=OWN))
    yield record_at(Situation(code, office=OWN, reviewer=OTHER))
    if code != VILLAGE:
        yield record_at(Situation(code, reviewer=OWN))
        yield record_at(Situation(code, issuer=OWN))


def record_at(at: Situation) -> SimpleNamespace:
    """Whatever the rules may ask of a record in a situation, with nobody's name on it."""
    code = at.code or ""
    return SimpleNamespace(
        office_id=at.office,
        person_id=None,
        appointments=[],
        accounts=[],
        kind=ImportKind.OFFICIALS,
        minute_taker_id=None,
        wilayah_code=code,
        grants=[SimpleNamespace(office=SimpleNamespace(wilayah_code=code))],
        parent_id=1 if at.reviewer else None,
        issuer_office_id=at.issuer,
        reviewer_office_id=at.reviewer or at.issuer,
        **place_codes(code),
    )
