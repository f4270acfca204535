"""The code from the phone: who is asked for it, that each counts once, and how it is taken away."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from cryptography.fernet import InvalidToken

from ilp.core import second_factor as codes
from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.core.demo import PASSWORD
from ilp.core.errors import RuleViolation, TooMany
from ilp.models.accounts import Account, LoginSession, RecoveryCode, SecondFactor
from ilp.models.audit import AuditEntry, AuditPersonal
from ilp.models.notifications import Notification
from ilp.policy.user import SYSTEM, User
from ilp.queries.accounts import session_user
from ilp.services import accounts, second_factor
from tests.support.people import user_named

VISITOR = User(None, "", "Pengunjung", address="192.0.2.7", device="Firefox")
NOON = now().replace(minute=0, second=5, microsecond=0)


def account(username: str = "setda.malang") -> Account:
    return db.session.scalars(sa.select(Account).where(Account.username == username)).one()


def enrol(actor: User) -> tuple[pyotp.TOTP, list[str]]:
    """The actor's phone, and the ten codes for the day it is lost."""
    with transaction():
        accounts.prepare_factor(actor=actor)
    phone = pyotp.TOTP(second_factor.waiting_key(actor.account_id))
    right = second_factor.verify(actor=actor, account_id=actor.account_id, code=phone.at(now()))
    with transaction():
        return phone, accounts.enable_factor(actor=actor, code=right)


def log_in(code: str | None, username: str = "setda.malang") -> str:
    proof = accounts.authenticate(actor=VISITOR, username=username, password=PASSWORD)
    right = None
    if code is not None:
        right = second_factor.verify(actor=VISITOR, account_id=proof.account_id, code=code)
    with transaction():
        return accounts.open_session(actor=VISITOR, proof=proof, code=right)


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as moved:
        yield moved


@pytest.fixture
def setda(app, clock) -> User:
    return user_named("setda.malang")


def test_a_password_alone_opens_nothing_once_the_phone_counts(setda, clock) -> None:
    assert not accounts.authenticate(actor=VISITOR, username="setda.malang", password=PASSWORD).asks_code
    phone, _ = enrol(setda)
    assert accounts.authenticate(actor=VISITOR, username="setda.malang", password=PASSWORD).asks_code
    before = db.session.scalar(sa.select(sa.func.count()).select_from(LoginSession))
    with pytest.raises(RuleViolation) as refused:
        log_in(None)
    assert refused.value.field == "code"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(LoginSession)) == before
    clock.shift(30)
    assert session_user(accounts.token_hash(log_in(phone.at(now()))), now()) is not None


def test_a_code_is_taken_once(setda, clock) -> None:
    phone, _ = enrol(setda)
    with pytest.raises(RuleViolation, match="sudah dipakai"):
        log_in(phone.at(now()))
    clock.shift(30)
    log_in(phone.at(now()))
    with pytest.raises(RuleViolation, match="sudah dipakai"):
        log_in(phone.at(now()))
    with pytest.raises(RuleViolation, match="sudah dipakai"):
        log_in(phone.at(now() - timedelta(seconds=30)))


@pytest.mark.parametrize(("drift", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_clocks_may_differ_by_half_a_minute(setda, clock, drift: int, taken: bool) -> None:
    phone, _ = enrol(setda)
    clock.shift(600)
    code = phone.at(now() + timedelta(seconds=drift))
    if taken:
        log_in(code)
    else:
        with pytest.raises(RuleViolation, match="belum cocok"):
            log_in(code)


def test_five_misses_shut_the_door_even_for_the_right_code(setda, clock) -> None:
    phone, codes_for_later = enrol(setda)
    clock.shift(30)
    for left in range(4, -1, -1):
        with pytest.raises(RuleViolation, match=f"tersisa {left} kesempatan"):
            log_in("12 34 5x")
    for code in (phone.at(now()), codes_for_later[0]):
        with pytest.raises(TooMany):
            log_in(code)


def test_a_recovery_code_opens_once_however_it_is_typed(setda) -> None:
    _, ten = enrol(setda)
    assert len(set(ten)) == 10
    log_in(ten[3].upper().replace("-", " "))
    assert second_factor.codes_left(setda.account_id) == 9
    with pytest.raises(RuleViolation, match="belum cocok"):
        log_in(ten[3])
    log_in(ten[4])


def test_new_recovery_codes_make_the_old_ones_worthless(setda, clock) -> None:
    phone, old = enrol(setda)
    clock.shift(30)
    right = second_factor.verify(actor=setda, account_id=setda.account_id, code=phone.at(now()))
    with transaction():
        fresh = accounts.renew_recovery_codes(actor=setda, code=right)
    assert not set(old) & set(fresh)
    with pytest.raises(RuleViolation):
        log_in(old[0])
    log_in(fresh[0])


def test_enabling_ends_the_other_devices(setda) -> None:
    elsewhere = log_in(None)
    enrol(setda)
    assert session_user(accounts.token_hash(elsewhere), now()) is None


def test_a_key_that_was_never_confirmed_asks_nobody(setda) -> None:
    with transaction():
        accounts.prepare_factor(actor=setda)
    first = second_factor.waiting_key(setda.account_id)
    log_in(None)
    with transaction():
        accounts.prepare_factor(actor=setda)
    assert second_factor.waiting_key(setda.account_id) != first


def test_a_key_that_counts_is_never_shown_or_replaced(setda) -> None:
    enrol(setda)
    assert second_factor.waiting_key(setda.account_id) is None
    with pytest.raises(RuleViolation, match="sudah aktif"), transaction():
        accounts.prepare_factor(actor=setda)


def test_another_administrator_takes_it_away_and_all_hear_of_it(setda) -> None:
    enrol(setda)
    admin = user_named("admin")
    with transaction():
        accounts.reset_factor(actor=SYSTEM, account=account())
    assert not second_factor.stands(setda.account_id)
    told = db.session.scalars(
        sa.select(Notification.text).where(Notification.account_id == admin.account_id)
    ).all()
    assert any("Kode masuk setda.malang diatur ulang" in text for text in told)
    assert "account:reset_factor" in db.session.scalars(sa.select(AuditEntry.action)).all()
    log_in(None)
    with pytest.raises(RuleViolation, match="tidak memakai"), transaction():
        accounts.reset_factor(actor=SYSTEM, account=account())


def test_nobody_takes_away_his_own(setda) -> None:
    enrol(setda)
    with pytest.raises(RuleViolation, match="administrator lain"), transaction():
        accounts.reset_factor(actor=setda, account=account())
    assert second_factor.stands(setda.account_id)


def test_key_and_codes_lie_nowhere_in_the_clear(setda, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    with transaction():
        accounts.prepare_factor(actor=setda)
    key = second_factor.waiting_key(setda.account_id)
    right = second_factor.verify(actor=setda, account_id=setda.account_id, code=pyotp.TOTP(key).at(now()))
    with transaction():
        ten = accounts.enable_factor(actor=setda, code=right)
    kept = [
        repr(tuple(row))
        for model in (SecondFactor, RecoveryCode, AuditEntry, AuditPersonal)
        for row in db.session.execute(sa.select(model.__table__))
    ]
    text = "\n".join([*kept, caplog.text])
    for secret in (key, *ten):
        assert secret not in text
        assert secret.replace("-", "") not in text


def test_a_sealed_key_is_worthless_under_another_installation(app, monkeypatch) -> None:
    key = codes.new_key()
    sealed = codes.seal(key)
    assert codes.unseal(sealed) == key
    assert key not in sealed
    monkeypatch.setitem(app.config, "ILP", replace(app.config["ILP"], secret_key="lain" * 16))
    with pytest.raises(InvalidToken):
        codes.unseal(sealed)


def test_of_two_with_the_same_code_one_wins(setda, clock) -> None:
    phone, _ = enrol(setda)
    clock.shift(30)
    rights = [
        second_factor.verify(actor=VISITOR, account_id=setda.account_id, code=phone.at(now()))
        for _ in range(2)
    ]
    with transaction():
        second_factor.spend(rights[0])
    with pytest.raises(RuleViolation, match="sudah dipakai"), transaction():
        second_factor.spend(rights[1])


def test_a_code_of_somebody_else_opens_nothing(setda, clock) -> None:
    phone, _ = enrol(setda)
    camat = user_named("camat.kepanjen")
    clock.shift(30)
    right = second_factor.verify(actor=VISITOR, account_id=setda.account_id, code=phone.at(now()))
    enrol(camat)
    proof = accounts.authenticate(actor=VISITOR, username="camat.kepanjen", password=PASSWORD)
    with pytest.raises(RuleViolation, match="kode masuk"), transaction():
        accounts.open_session(actor=VISITOR, proof=proof, code=right)
