"""Who is asking: an account with its roles, read once per request in one statement, never an ORM object."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ilp.core.clock import Zone
from ilp.core.enums import LabelledEnum
from ilp.models.accounts import Role
from ilp.models.directory import OfficeKind
from ilp.models.wilayah import Words

SUBTREE_ROLES = frozenset(
    {Role.SECRETARIAT, Role.BODY_SECRETARIAT, Role.HEALTH_OFFICE, Role.LEADER, Role.AUDITOR}
)
CONTENT_ROLES = frozenset(Role) - {Role.ADMINISTRATOR}
SECURED_ROLES = frozenset({Role.ADMINISTRATOR, Role.SECRETARIAT, Role.BODY_SECRETARIAT, Role.LEADER})
"""Who logs in with a code from the phone, too: a stolen password alone must not speak for an office."""


class Owed(LabelledEnum):
    """What an account has to settle before anything else."""

    PASSWORD = "password", "kata sandi sudah terlalu lama dipakai"
    SECOND_FACTOR = "second_factor", "kode masuk belum diaktifkan"


def covers(above: str, code: str) -> bool:
    """Whether a place is another or lies in it; the empty code is the whole nation."""
    return above in ("", code) or code.startswith(f"{above}.")


@dataclass(frozen=True)
class Grant:
    """One role in one office, with what the policy needs to know of that office."""

    role: Role
    office_id: int
    office_kind: OfficeKind
    office_name: str
    wilayah_code: str

    @property
    def reaches_subtree(self) -> bool:
        """Some roles see their whole wilayah; of the implementers only a kecamatan does."""
        return self.role in SUBTREE_ROLES or (
            self.role is Role.IMPLEMENTER and self.office_kind is OfficeKind.KECAMATAN
        )


LONGEST_SIGNATURE = 120


@dataclass(frozen=True)
class User:
    """The acting account. `account_id` is None for the system itself and for visitors."""

    account_id: int | None
    username: str
    name: str
    grants: tuple[Grant, ...] = ()
    session_id: int | None = None
    zone: Zone = Zone.WIB
    unread: int = 0
    address: str = ""
    device: str = ""
    person_id: int | None = None
    kop: str = field(default="", compare=False)
    words: Words = field(default=Words(), compare=False)
    has_factor: bool = False
    owes: Owed | None = None

    @cached_property
    def places(self) -> frozenset[str]:
        """Codes whose whole subtree this user reads."""
        return frozenset(g.wilayah_code for g in self.grants if g.reaches_subtree)

    @cached_property
    def offices(self) -> frozenset[int]:
        """Own offices: being invited, assigned or asked to sign there is "my part"."""
        return frozenset(
            g.office_id for g in self.grants if g.role in CONTENT_ROLES - {Role.AUDITOR, Role.PARTNER}
        )

    @cached_property
    def partner_offices(self) -> dict[int, str]:
        """Partner offices and the area their part is bounded by."""
        return {g.office_id: g.wilayah_code for g in self.grants if g.role is Role.PARTNER}

    @cached_property
    def administered(self) -> frozenset[str]:
        """Codes whose accounts and settings this user administers."""
        return frozenset(g.wilayah_code for g in self.grants if g.role is Role.ADMINISTRATOR)

    @cached_property
    def audited(self) -> frozenset[str]:
        """Codes whose whole trail this user reads."""
        return frozenset(g.wilayah_code for g in self.grants if g.role is Role.AUDITOR)

    def audits(self, code: str) -> bool:
        """Whether a place lies in one that this user audits."""
        return any(covers(above, code) for above in self.audited)

    def administers(self, code: str) -> bool:
        """Whether a place lies in one that this user administers."""
        return any(covers(above, code) for above in self.administered)

    @property
    def main(self) -> Grant | None:
        """The grant that names the user in the masthead."""
        return self.grants[0] if self.grants else None

    @property
    def signature(self) -> str:
        """The name in the trail and in notices, of at most 120 letters; of an office account which one."""
        if self.account_id is None or self.person_id is not None:
            return self.name
        mark = f" ({self.username})"
        return self.name[: LONGEST_SIGNATURE - len(mark)] + mark

    @property
    def office_name(self) -> str:
        return self.main.office_name if self.main else ""

    @property
    def role_label(self) -> str:
        return self.main.role.label if self.main else ""

    @property
    def initials(self) -> str:
        words = [w for w in self.name.split() if w[:1].isalpha()]
        return "".join(w[0] for w in words[:2]).upper()

    def offices_as(self, *roles: Role) -> frozenset[int]:
        """Offices in which the user holds one of these roles."""
        return frozenset(g.office_id for g in self.grants if g.role in roles)

    def has(self, *roles: Role) -> bool:
        return any(g.role in roles for g in self.grants)


SYSTEM = User(account_id=None, username="sistem", name="Sistem")
