"""The first day: an empty installation becomes that of one regency, once, by whoever reads the terminal.

The code that the terminal prints is computed from the installation's own key and kept nowhere; it is
worthless as soon as there is an account, and there is no way back to that.
"""

from __future__ import annotations

import hashlib
import hmac

import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.config import current
from ilp.core.db import db
from ilp.core.errors import NotFound, RuleViolation
from ilp.core.number_patterns import USUAL
from ilp.models.accounts import Account, Role
from ilp.models.directory import MARGINS, Constituency, Office, OfficeKind, Paper
from ilp.models.wilayah import Wilayah
from ilp.policy.user import User
from ilp.services import accounts, audit, directory, letterheads, throttle, wilayah
from ilp.services.wilayah import Customs

PURPOSE = b"setup"
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Of what a code is made: nothing that is read as something else, as 0 and O, or 1, I and L."""
WRONG = "Kode ini belum cocok. Salin dari terminal; tersisa {left} kesempatan."
HEADS = {OfficeKind.SETDA: "Sekretaris Daerah", OfficeKind.HEALTH_AGENCY: "Kepala Dinas Kesehatan"}
"""The position that a first office of this kind has from the start."""


def is_open() -> bool:
    """Whether nobody has an account yet: until then, and never again, the first day can begin."""
    return not db.session.scalar(sa.select(sa.exists().where(Account.id.is_not(None))))


def terminal_code() -> str:
    """The code for the terminal: `K7QM-2XRD-9FHT`, 59 bits, the same in every process of an installation."""
    mac = hmac.digest(current().secret_key.encode(), PURPOSE, hashlib.sha256)
    letters = "".join(SIGNS[byte % len(SIGNS)] for byte in mac[:12])
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def is_right(code: str) -> bool:
    """Whether this is the code of the terminal, however it was typed; compared in constant time."""
    typed = "".join(character for character in code.upper() if character.isascii() and character.isalnum())
    return hmac.compare_digest(typed.encode(), terminal_code().replace("-", "").encode())


def check_code(*, actor: User, code: str) -> None:
    """Raises NotFound once there is an account, TooMany after ten misses, or RuleViolation beside `code`."""
    if not is_open():
        raise NotFound
    counter = throttle.SETUP.of(throttle.network(actor.address))
    throttle.check(counter)
    if not is_right(code):
        raise RuleViolation(WRONG.format(left=throttle.miss(counter)), "code")


def begin(
    *,
    actor: User,
    regency_code: str,
    customs: Customs,
    username: str,
    name: str,
    password_hash: str,
    is_secretary: bool,
    office_kind: OfficeKind,
    office_name: str,
    tiers: list[str],
    unit: str,
    address: list[str],
    town: str,
    unit_code: str,
) -> Account:
    """Sets the regency up and makes its first office, with letterhead, and its first administrator.

    The administrator has chosen the password himself (hashed before); with `is_secretary` he works in the
    office's secretariat, too. All or nothing. Raises NotFound if somebody else came first: of two who
    send the form at the same moment, the second finds an account.
    """
    _wait_for_others()
    if not is_open():
        raise NotFound
    wilayah.set_up_regency(actor=actor, code=regency_code, customs=customs)
    office = directory.add_office(
        actor=actor,
        kind=office_kind,
        constituency=Constituency.GOVERNMENT,
        name=office_name,
        wilayah_code=regency_code,
    )
    if office_kind in HEADS:
        directory.add_position(actor=actor, office=office, title=HEADS[office_kind], is_head=True)
    letterheads.edit_letterhead(
        actor=actor,
        office=office,
        tiers=tiers,
        unit=unit,
        address=address,
        town=town,
        paper=Paper.A4,
        margins=list(MARGINS),
        classification="",
        unit_code=unit_code,
        pattern=USUAL,
        emblem_sha256="",
    )
    person = directory.add_person(actor=actor, office=office, name=name)
    account = accounts.create_account(
        actor=actor, username=username, role=Role.ADMINISTRATOR, office=office, person_id=person.id
    )
    account.password_hash, account.password_changed_at = password_hash, now()
    if is_secretary:
        accounts.grant_role(actor=actor, account=account, role=Role.SECRETARIAT, office=office)
    audit.record(actor, "installation:begin", account, place=regency_code, changes=_said(customs, office))
    return account


def _said(customs: Customs, office: Office) -> dict[str, object]:
    return {
        "zone": customs.zone,
        "district_label": customs.district_label,
        "village_label": customs.village_label,
        "office_id": office.id,
    }


def _wait_for_others() -> None:
    """Everybody who begins meets at the first row of the register, one after the other."""
    db.session.scalars(sa.select(Wilayah.id).order_by(Wilayah.id).limit(1).with_for_update()).one()
