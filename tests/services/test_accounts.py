"""Logging in, passwords, links, suspension and roles: what each verb guarantees and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
import time_machine

from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.core.demo import PASSWORD as DEMO_PASSWORD
from ilp.core.errors import NotFound, RuleViolation, TooMany
from ilp.core.passwords import hash_password
from ilp.models.accounts import Account, EndReason, ExternalLogin, LoginSession, Role, RoleGrant
from ilp.models.audit import AuditEntry, AuditPersonal
from ilp.models.directory import Office
from ilp.models.notifications import Notification
from ilp.policy.user import SYSTEM, User
from ilp.queries.accounts import session_user
from ilp.services import accounts
from tests.support.people import user_named

VISITOR = User(None, "", "Pengunjung", address="192.0.2.7", device="Firefox")
NEW = "kuda meja biru lari"


def log_in(username: str = "camat.kepanjen", password: str = DEMO_PASSWORD, actor: User = VISITOR) -> str:
    proof = accounts.authenticate(actor=actor, username=username, password=password)
    with transaction():
        return accounts.open_session(actor=actor, proof=proof)


def alive(token: str) -> bool:
    return session_user(accounts.token_hash(token), now()) is not None


def account(username: str) -> Account:
    return db.session.scalars(sa.select(Account).where(Account.username == username)).one()


def office(kind: str, code: str) -> Office:
    return db.session.scalars(
        sa.select(Office).where(Office.kind == kind, Office.wilayah_code == code).order_by(Office.id)
    ).first()


def acting(username: str) -> User:
    """Somebody as an actor, read without a transaction of its own."""
    return User(account(username).id, username, username)


def test_the_row_of_a_session_does_not_hold_its_token(app) -> None:
    token = log_in()
    row = db.session.scalars(sa.select(LoginSession).order_by(LoginSession.id.desc())).first()
    assert row is not None
    assert len(token) == 43
    assert token not in (row.token_hash, row.device, row.address)
    assert alive(token)


@pytest.mark.parametrize(
    ("username", "password"),
    [("camat.kepanjen", "bukan-sandinya"), ("tidak.ada", DEMO_PASSWORD), ("camat.kepanjen", "")],
)
def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(app, username: str, password: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        log_in(username, password)
    assert refused.value.field == "password"
    assert "tersisa 9 kesempatan" in refused.value.message


def test_an_unknown_user_costs_a_hash_too(app, monkeypatch) -> None:
    compared = []
    monkeypatch.setattr(accounts, "verify_password", lambda stored, typed: compared.append(stored) or False)
    for username in ("camat.kepanjen", "tidak.ada"):
        with pytest.raises(RuleViolation):
            log_in(username, "x")
    assert len(compared) == 2
    assert compared[1] is None


def test_ten_misses_shut_the_door_even_for_the_right_password(app) -> None:
    for _ in range(10):
        with pytest.raises(RuleViolation):
            log_in(password="salah")
    with pytest.raises(TooMany) as refused:
        log_in()
    assert refused.value.retry_after > 800


def test_a_network_that_sprays_is_shut_out_for_every_account(app) -> None:
    for number in range(20):
        with pytest.raises(RuleViolation):
            log_in(f"orang.{number}", "salah")
    with pytest.raises(TooMany):
        log_in("setda.malang")
    assert alive(log_in("setda.malang", actor=replace(VISITOR, address="198.51.100.1")))


def test_a_strangers_guesses_do_not_shut_the_owner_out(app) -> None:
    at_home = replace(VISITOR, address="203.0.113.9")
    log_in(actor=at_home)
    for _ in range(10):
        with pytest.raises(RuleViolation):
            log_in(password="salah")
    with pytest.raises(TooMany):
        log_in()
    assert alive(log_in(actor=at_home))


def test_even_at_home_ten_misses_are_enough(app) -> None:
    log_in()
    for _ in range(10):
        with pytest.raises(RuleViolation):
            log_in(password="salah")
    with pytest.raises(TooMany):
        log_in()


def test_other_addresses_of_one_64_are_one_network(app) -> None:
    for number in range(20):
        with pytest.raises(RuleViolation):
            log_in(f"orang.{number}", "salah", replace(VISITOR, address=f"2001:db8:1:2::{number:x}"))
    with pytest.raises(TooMany):
        log_in(actor=replace(VISITOR, address="2001:db8:1:2:ffff::1"))


def test_a_session_ends_after_twelve_idle_hours_and_after_thirty_days(app) -> None:
    token = log_in()
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        clock.shift(11 * 3600)
        assert alive(token)
        clock.shift(2 * 3600)
        assert not alive(token)
        clock.move_to(start)
        session_id = db.session.scalar(
            sa.select(LoginSession.id).where(LoginSession.token_hash == accounts.token_hash(token))
        )
        for _ in range(30 * 4 - 1):
            clock.shift(6 * 3600)
            accounts.touch(session_id, now())
        assert alive(token)
        clock.shift(6 * 3600 + 60)
        assert not alive(token)


def test_a_visit_is_noted_at_most_every_ten_minutes(app) -> None:
    token = log_in()
    row = db.session.scalars(sa.select(LoginSession).order_by(LoginSession.id.desc())).first()
    assert row is not None
    first, key = row.last_seen_at, row.id
    with time_machine.travel(first, tick=False) as clock:
        clock.shift(9 * 60)
        accounts.touch(key, now())
        assert db.session.get_one(LoginSession, key).last_seen_at == first
        clock.shift(2 * 60)
        accounts.touch(key, now())
        db.session.expire_all()
        assert db.session.get_one(LoginSession, key).last_seen_at > first
    assert alive(token)


def test_a_suspended_account_is_out_at_once_and_stays_out(app) -> None:
    token = log_in()
    with transaction():
        accounts.suspend(actor=acting("admin"), account=account("camat.kepanjen"))
    assert not alive(token)
    with pytest.raises(RuleViolation, match="dibekukan"):
        log_in()
    with transaction():
        accounts.restore(actor=acting("admin"), account=account("camat.kepanjen"))
    assert not alive(token), "an old session must not wake up"
    assert alive(log_in())


def test_a_password_changed_between_proof_and_session_is_refused(app) -> None:
    proof = accounts.authenticate(actor=VISITOR, username="camat.kepanjen", password=DEMO_PASSWORD)
    hashed = hash_password(NEW)
    with transaction():
        accounts.change_password(actor=acting("camat.kepanjen"), password_hash=hashed)
    with pytest.raises(RuleViolation), transaction():
        accounts.open_session(actor=VISITOR, proof=proof)


def test_changing_the_password_ends_all_other_sessions(app) -> None:
    other, mine = log_in(), log_in()
    found = session_user(accounts.token_hash(mine), now())
    assert found is not None
    hashed = hash_password(NEW)
    with transaction():
        accounts.change_password(actor=found[0], password_hash=hashed)
    assert alive(mine)
    assert not alive(other)
    assert alive(log_in(password=NEW))
    with pytest.raises(RuleViolation):
        log_in()


def test_nobody_ends_the_session_of_somebody_else(app) -> None:
    token = log_in()
    row = db.session.scalars(sa.select(LoginSession).order_by(LoginSession.id.desc())).first()
    assert row is not None
    key = row.id
    with pytest.raises(NotFound), transaction():
        accounts.end_session(actor=acting("setda.malang"), session_id=key)
    assert alive(token)
    with transaction():
        accounts.end_session(actor=acting("camat.kepanjen"), session_id=key)
    assert not alive(token)
    db.session.expire_all()
    assert db.session.get_one(LoginSession, key).ended_reason is EndReason.REVOKED


def test_reentry_counts_its_misses_by_account(app) -> None:
    actor = user_named("pimpinan.malang")
    accounts.reauthenticate(actor=actor, password=DEMO_PASSWORD)
    for _ in range(5):
        with pytest.raises(RuleViolation):
            accounts.reauthenticate(actor=actor, password="salah")
    with pytest.raises(TooMany):
        accounts.reauthenticate(actor=actor, password=DEMO_PASSWORD)
    accounts.reauthenticate(actor=user_named("setda.malang"), password=DEMO_PASSWORD)


# --- links ---------------------------------------------------------------------------------------


def issue(username: str = "camat.kepanjen") -> str:
    with transaction():
        return accounts.issue_password_link(actor=acting("admin"), account=account(username))


def use(token: str) -> None:
    hashed = hash_password(NEW)
    with transaction():
        accounts.set_password_by_link(actor=VISITOR, token=token, password_hash=hashed)


def test_a_link_sets_the_password_once_and_ends_all_sessions(app) -> None:
    before, token = log_in(), issue()
    assert accounts.account_of_link(actor=VISITOR, token=token).username == "camat.kepanjen"
    use(token)
    assert not alive(before)
    assert alive(log_in(password=NEW))
    with pytest.raises(RuleViolation, match="tidak berlaku lagi"):
        use(token)


def test_a_newer_link_kills_the_older(app) -> None:
    older, newer = issue(), issue()
    with pytest.raises(RuleViolation):
        accounts.account_of_link(actor=VISITOR, token=older)
    accounts.account_of_link(actor=VISITOR, token=newer)


def test_a_link_dies_after_a_day(app) -> None:
    token = issue()
    with time_machine.travel(now(), tick=False) as clock:
        clock.shift(24 * 3600 - 60)
        accounts.account_of_link(actor=VISITOR, token=token)
        clock.shift(120)
        with pytest.raises(RuleViolation):
            accounts.account_of_link(actor=VISITOR, token=token)


def test_a_link_of_a_suspended_account_is_dead(app) -> None:
    token = issue()
    with transaction():
        accounts.suspend(actor=acting("admin"), account=account("camat.kepanjen"))
    with pytest.raises(RuleViolation):
        accounts.account_of_link(actor=VISITOR, token=token)
    with pytest.raises(RuleViolation):
        issue()


def test_forged_links_are_counted_by_network(app) -> None:
    for _ in range(10):
        with pytest.raises(RuleViolation):
            accounts.account_of_link(actor=VISITOR, token="5-1-" + "a" * 22)
    with pytest.raises(TooMany):
        accounts.account_of_link(actor=VISITOR, token=issue())


def test_dead_links_are_counted_by_network_and_fill_no_chain(app) -> None:
    dead, living = issue(), issue()
    for _ in range(10):
        with pytest.raises(RuleViolation):
            accounts.account_of_link(actor=VISITOR, token=dead)
    for token in (dead, living):
        with pytest.raises(TooMany):
            accounts.account_of_link(actor=VISITOR, token=token)
    assert refusals() == 10


def test_what_is_refused_over_and_over_is_told_thirty_times(app) -> None:
    actor = acting("camat.kepanjen")
    for _ in range(35):
        accounts.note_refusal(actor=actor, account=None, attempt="accounts.show /akun/1")
    assert refusals() == 30
    accounts.note_refusal(actor=acting("setda.malang"), account=None, attempt="accounts.show /akun/1")
    assert refusals() == 31


def refusals() -> int:
    refused = AuditEntry.action == "account:refused"
    return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry).where(refused)) or 0


def test_no_token_lies_in_the_database(app) -> None:
    token = issue()
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            assert token[4:] not in str(row), table.name


# --- roles ---------------------------------------------------------------------------------------


def test_a_role_is_given_and_taken_and_the_other_administrators_are_told(app) -> None:
    with transaction():
        accounts.create_account(
            actor=SYSTEM,
            username="admin.malang",
            role=Role.ADMINISTRATOR,
            office=office("setda", "35.07"),
        )
    local = account("admin.malang")
    told = Notification.account_id == local.id
    with transaction():
        given = accounts.grant_role(
            actor=acting("admin"),
            account=account("camat.kepanjen"),
            role=Role.LEADER,
            office=office("kecamatan", "35.07.13"),
        )
        key = given.id
    assert Role.LEADER in {g.role for g in user_named("camat.kepanjen").grants}
    with transaction():
        accounts.revoke_role(actor=acting("admin"), grant=db.session.get_one(RoleGrant, key))
    assert Role.LEADER not in {g.role for g in user_named("camat.kepanjen").grants}
    texts = db.session.scalars(sa.select(Notification.text).where(told).order_by(Notification.id)).all()
    assert [text.split()[0] for text in texts] == ["camat.kepanjen", "Peran"], "and not of his own role"


def test_nobody_gives_himself_a_role(app) -> None:
    with pytest.raises(RuleViolation, match="administrator lain"), transaction():
        accounts.grant_role(
            actor=acting("admin"),
            account=account("admin"),
            role=Role.LEADER,
            office=office("setda", "35.07"),
        )


def test_a_role_is_held_once(app) -> None:
    with pytest.raises(RuleViolation, match="sudah memegang"), transaction():
        accounts.grant_role(
            actor=acting("admin"),
            account=account("camat.kepanjen"),
            role=Role.IMPLEMENTER,
            office=office("kecamatan", "35.07.13"),
        )


def make_administrator(username: str, code: str) -> RoleGrant:
    with transaction():
        accounts.create_account(
            actor=SYSTEM, username=username, role=Role.ADMINISTRATOR, office=office("setda", code)
        )
    return db.session.scalars(sa.select(RoleGrant).join(Account).where(Account.username == username)).one()


def nations() -> RoleGrant:
    return db.session.scalars(sa.select(RoleGrant).join(Account).where(Account.username == "admin")).one()


def test_the_last_administrator_of_a_place_stays(app) -> None:
    local = make_administrator("admin.malang", "35.07")
    other = make_administrator("admin.blitar", "35.05")
    with pytest.raises(RuleViolation, match="terakhir"), transaction():
        accounts.revoke_role(actor=SYSTEM, grant=nations())
    with pytest.raises(RuleViolation, match="terakhir"), transaction():
        accounts.suspend(actor=SYSTEM, account=account("admin"))
    with transaction():
        accounts.revoke_role(actor=SYSTEM, grant=local)
    with transaction():
        accounts.suspend(actor=SYSTEM, account=db.session.get_one(Account, other.account_id))


def test_a_suspended_administrator_does_not_count(app) -> None:
    with transaction():
        accounts.create_account(
            actor=SYSTEM, username="admin.dua", role=Role.ADMINISTRATOR, office=office("operator", "")
        )
    with transaction():
        accounts.suspend(actor=SYSTEM, account=account("admin.dua"))
    with pytest.raises(RuleViolation, match="terakhir"), transaction():
        accounts.revoke_role(actor=SYSTEM, grant=nations())


def test_an_invited_administrator_counts_once_he_can_log_in(app) -> None:
    with transaction():
        second = accounts.create_account(
            actor=SYSTEM, username="admin.dua", role=Role.ADMINISTRATOR, office=office("operator", "")
        )
    with pytest.raises(RuleViolation, match="terakhir"), transaction():
        accounts.revoke_role(actor=SYSTEM, grant=nations())
    with transaction():
        db.session.add(
            ExternalLogin(account_id=second.id, issuer="https://sso.example", subject="2", bound_at=now())
        )
    with transaction():
        accounts.revoke_role(actor=SYSTEM, grant=nations())


def test_a_user_name_is_taken_once(app) -> None:
    with pytest.raises(RuleViolation) as refused, transaction():
        accounts.create_account(
            actor=SYSTEM, username="admin", role=Role.LEADER, office=office("setda", "35.07")
        )
    assert refused.value.field == "username"


def test_a_new_account_cannot_log_in_before_its_link_was_used(app) -> None:
    make_administrator("admin.malang", "35.07")
    with pytest.raises(RuleViolation):
        log_in("admin.malang", "")
    use(issue("admin.malang"))
    assert alive(log_in("admin.malang", NEW))


def test_the_trail_tells_of_it_and_keeps_personal_values_apart(app) -> None:
    token = log_in()
    found = session_user(accounts.token_hash(token), now())
    assert found is not None
    with transaction():
        accounts.log_out(actor=found[0])
    entries = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert [e.action for e in entries] == ["account:logout", "account:login"]
    assert {e.chain for e in entries} == {"35.07"}
    assert entries[1].changes == {}
    assert db.session.get_one(AuditPersonal, entries[1].id).values == {"device": "Firefox"}
    assert not alive(token)
