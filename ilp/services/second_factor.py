"""The second factor of an account: comparing, using up, and replacing its codes. `accounts` has the verbs.

A code is compared outside transactions, as passwords are: its misses are counted even if what it was typed
for is refused. It is used up inside, by one conditional UPDATE: of two who send the same code, one wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa

from ilp.core import second_factor as codes
from ilp.core.clock import now
from ilp.core.config import current
from ilp.core.db import db
from ilp.core.errors import RuleViolation
from ilp.models.accounts import RecoveryCode, SecondFactor
from ilp.policy.user import User
from ilp.services import throttle

NEEDED = "Akun ini memakai kode masuk. Isi kode dari ponsel."
WRONG = "Kode belum cocok. Periksa jam ponsel; tersisa {left} kesempatan."
USED = "Kode ini sudah dipakai. Tunggu kode berikutnya, paling lama setengah menit."


@dataclass(frozen=True)
class Right:
    """A code was right: that of a half minute, or a recovery code. `spend` uses it up."""

    account_id: int
    step: int = 0
    recovery_id: int = 0


def stands(account_id: int) -> bool:
    """Whether the account has a second factor that counts."""
    standing = sa.exists().where(
        SecondFactor.account_id == account_id, SecondFactor.confirmed_at.is_not(None)
    )
    return bool(db.session.scalar(sa.select(standing)))


def verify(*, actor: User, account_id: int, code: str, field: str = "code") -> Right:
    """Compares a code from the phone, or a recovery code, with what the account has.

    Raises TooMany after five misses in a quarter of an hour, or RuleViolation beside `field`.
    """
    counter = throttle.CODE.of(account_id)
    left = throttle.take(counter)
    right = _of_phone(account_id, code) or _of_paper(account_id, code)
    if right is None:
        raise RuleViolation(WRONG.format(left=left), field)
    throttle.give_back(counter)
    return right


def again(*, actor: User, code: str) -> Right | None:
    """Asks the acting user for a code before he signs; None if he has no second factor.

    Outside the demo nobody signs without one: raises RuleViolation beside `code`.
    """
    if actor.has_factor:
        return verify(actor=actor, account_id=actor.account_id or 0, code=code)
    if not current().demo:
        raise RuleViolation(
            "Aktifkan dahulu kode masuk pada halaman Akun saya; tanpa itu tidak dapat menandatangani."
        )
    return None


def _of_phone(account_id: int, code: str) -> Right | None:
    factor = db.session.get(SecondFactor, account_id)
    typed = "".join(code.split())
    if factor is None or not (typed.isascii() and typed.isdigit()):
        return None
    step = codes.step_of(codes.unseal(factor.sealed), typed, now())
    return Right(account_id, step=step) if step else None


def _of_paper(account_id: int, code: str) -> Right | None:
    found = db.session.scalar(
        sa.select(RecoveryCode.id).where(
            RecoveryCode.account_id == account_id,
            RecoveryCode.code_hash == codes.recovery_hash(code),
            RecoveryCode.used_at.is_(None),
        )
    )
    return Right(account_id, recovery_id=found) if found else None


def spend(code: Right) -> None:
    """Uses a code up, in the caller's transaction. Raises RuleViolation if somebody else was quicker."""
    if code.recovery_id:
        statement = (
            sa.update(RecoveryCode)
            .where(RecoveryCode.id == code.recovery_id, RecoveryCode.used_at.is_(None))
            .values(used_at=now())
        )
    else:
        statement = (
            sa.update(SecondFactor)
            .where(SecondFactor.account_id == code.account_id, SecondFactor.last_step < code.step)
            .values(last_step=code.step)
        )
    if cast("sa.CursorResult[tuple[()]]", db.session.execute(statement)).rowcount != 1:
        raise RuleViolation(USED, "code")


def prepare(account_id: int) -> None:
    """A new key in the place of one that was never confirmed. Refused if one counts."""
    if stands(account_id):
        raise RuleViolation("Kode masuk sudah aktif untuk akun ini.")
    take_away(account_id)
    db.session.add(SecondFactor(account_id=account_id, sealed=codes.seal(codes.new_key()), created_at=now()))


def confirm(code: Right, seed: str) -> list[str]:
    """The factor counts from now on; returns the recovery codes."""
    spend(code)
    db.session.execute(
        sa.update(SecondFactor)
        .where(SecondFactor.account_id == code.account_id, SecondFactor.confirmed_at.is_(None))
        .values(confirmed_at=now())
    )
    return replace_codes(code, seed)


def replace_codes(code: Right, seed: str) -> list[str]:
    """Ten new recovery codes, of which only the hashes stay; what a `seed` is, see `codes_of`."""
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == code.account_id))
    fresh = codes_of(code, seed)
    db.session.execute(
        sa.insert(RecoveryCode),
        [{"account_id": code.account_id, "code_hash": codes.recovery_hash(one)} for one in fresh],
    )
    return fresh


def codes_of(code: Right, seed: str) -> list[str]:
    """The recovery codes that a form got, once more for its repeat: its key is the `seed`.

    Two clicks are one form, and the answer to the second is the one that is seen. Whoever asks has just
    shown the same code again, which lives for a minute and a half.
    """
    asked = f"{code.account_id}:{code.step}:{code.recovery_id}:{seed}"
    return codes.new_recovery_codes(asked if seed else "")


def take_away(account_id: int) -> bool:
    """Removes key and recovery codes; whether there were any."""
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.account_id == account_id))
    gone = db.session.execute(sa.delete(SecondFactor).where(SecondFactor.account_id == account_id))
    return bool(cast("sa.CursorResult[tuple[()]]", gone).rowcount)


def waiting_key(account_id: int) -> str | None:
    """The key that the phone is still to learn; None without one, and once it counts: it is shown no more."""
    factor = db.session.get(SecondFactor, account_id)
    return codes.unseal(factor.sealed) if factor is not None and factor.confirmed_at is None else None


def codes_left(account_id: int) -> int:
    """How many recovery codes are unused."""
    unused = sa.select(sa.func.count()).where(
        RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None)
    )
    return db.session.scalar(unused) or 0
