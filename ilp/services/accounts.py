"""Logging in and out, passwords, suspension, and the roles accounts hold in offices.

Passwords are compared and hashed outside transactions: `authenticate` and `reauthenticate` come
first, the verbs that write come after, inside the caller's transaction. An administrator chooses
nobody's password; all he can do is make a link by which its owner sets one.
"""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NoReturn

import sqlalchemy as sa

from ilp.adapters.oidc import Identity
from ilp.core.clock import now, today
from ilp.core.db import after_rollback, db, locked, transaction
from ilp.core.errors import NotFound, RuleViolation, TooMany
from ilp.core.indonesian import number
from ilp.core.links import make_token, read_token
from ilp.core.passwords import verify_password, weakness
from ilp.models.accounts import Account, EndReason, ExternalLogin, LoginSession, PasswordLink, Role, RoleGrant
from ilp.models.directory import Office
from ilp.models.jobs import JobKind
from ilp.policy.actions import Action
from ilp.policy.user import User, covers
from ilp.queries import accounts as queries
from ilp.services import audit, jobs, notifications, second_factor, throttle

log = logging.getLogger(__name__)

LINK_LIFE = timedelta(hours=24)
KNOWN_FOR = timedelta(days=30)
SEEN_EVERY = timedelta(minutes=10)
PURPOSE = "password"
WEIGHTY_ROLES = (Role.ADMINISTRATOR, Role.LEADER)
"""Roles of which the other administrators hear one by one, however many a file gives."""

USERNAME = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")

ODD_NAME = "Pakai huruf kecil, angka, titik dan tanda hubung, misalnya camat.kepanjen."
NOT_MATCHING = (
    "Nama pengguna atau kata sandi belum cocok. Periksa huruf besar dan kecil; tersisa {left} kesempatan."
)
SUSPENDED = "Akun ini sedang dibekukan. Hubungi administrator di kantor Bapak/Ibu."
NO_ADDRESS = "Layanan masuk tidak menyatakan alamat surat elektronik yang terverifikasi."
NOBODY_THERE = (
    "Belum ada satu akun Simpul dengan alamat surat elektronik itu. Mintalah administrator mencatatnya."
)
DEAD_LINK = "Tautan ini tidak berlaku lagi. Mintalah tautan baru kepada administrator."


def token_hash(token: str) -> str:
    """What the database keeps of a session token."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Proof:
    """Somebody was right about this account a moment ago; `open_session` checks that it still holds.

    `fingerprint` names the password that stood then and betrays nothing of it, so a proof may wait in the
    visitor's cookie for the code from the phone that an account with `asks_code` needs, too.
    """

    account_id: int
    fingerprint: str
    asks_code: bool = False


def fingerprint_of(password_hash: str) -> str:
    """A password's hash, hashed again: enough to see whether it was changed meanwhile."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:32]


def authenticate(*, actor: User, username: str, password: str) -> Proof:
    """Compares what a visitor typed. Whether there is such an account shows neither in answer nor in time.

    Misses count by network and by account; from an address this account logged in at within 30
    days they count apart, so that a stranger's guesses cannot shut the owner out. Raises TooMany,
    or RuleViolation beside the password.
    """
    account = queries.login_row(username, actor.address, since=now() - KNOWN_FOR)
    who = hashlib.sha256(username.encode()).hexdigest()[:32]
    network = throttle.network(actor.address)
    counters = (
        [throttle.LOGIN_ACCOUNT.of(f"{who}@{network}")]
        if account is not None and account.known
        else [throttle.LOGIN_ACCOUNT.of(who), throttle.LOGIN_NETWORK.of(network)]
    )
    left = throttle.take(*counters)
    if not verify_password(account.password_hash if account else None, password) or account is None:
        log.info("login refused: account %s, from %s", account.id if account else "unknown", actor.address)
        raise RuleViolation(NOT_MATCHING.format(left=left), "password")
    throttle.give_back(*counters)
    if account.suspended_at is not None:
        note_refusal(actor=actor, account=db.session.get_one(Account, account.id), attempt="login_suspended")
        raise RuleViolation(SUSPENDED, "password")
    return Proof(account.id, fingerprint_of(account.password_hash), account.factor_at is not None)


def reauthenticate(*, actor: User, password: str, field: str = "password") -> None:
    """Asks for the acting user's password again, before signing or changing it.

    Raises TooMany after five misses in a quarter of an hour, or RuleViolation beside `field`.
    """
    counter = throttle.REENTRY.of(actor.account_id)
    left = throttle.take(counter)
    stored = db.session.scalar(sa.select(Account.password_hash).where(Account.id == actor.account_id))
    if not verify_password(stored, password):
        raise RuleViolation(f"Kata sandi belum cocok; tersisa {left} kesempatan.", field)
    throttle.give_back(counter)


def open_session(*, actor: User, proof: Proof, code: second_factor.Right | None = None) -> str:
    """Logs a visitor's device in and returns its token, of which only the hash is kept.

    An account with a confirmed second factor needs the right code, too, which is used up. Raises
    RuleViolation when the account was suspended or its password changed meanwhile.
    """
    account = db.session.get_one(Account, proof.account_id, with_for_update=True)
    if account.suspended_at is not None or fingerprint_of(account.password_hash) != proof.fingerprint:
        raise RuleViolation(SUSPENDED, "password")
    if code is not None and code.account_id == account.id:
        second_factor.spend(code)
    elif second_factor.stands(account.id):
        raise RuleViolation(second_factor.NEEDED, "code")
    token = secrets.token_urlsafe(32)
    session = LoginSession(
        account_id=account.id,
        token_hash=token_hash(token),
        created_at=now(),
        last_seen_at=now(),
        address=actor.address,
        device=actor.device,
    )
    db.session.add(session)
    db.session.flush()
    owner = _owner_of(session)
    audit.record(owner, "account:login", session, place=_home(owner), personal={"device": actor.device})
    return token


def touch(session_id: int, moment: datetime) -> None:
    """Notes that a session is in use, at most every ten minutes, in a transaction of its own."""
    with transaction():
        db.session.execute(
            sa.update(LoginSession)
            .where(
                LoginSession.id == session_id,
                LoginSession.ended_at.is_(None),
                LoginSession.last_seen_at < moment - SEEN_EVERY,
            )
            .values(last_seen_at=moment)
        )


def log_out(*, actor: User) -> None:
    """Ends the session of this device."""
    _end(EndReason.LOGOUT, LoginSession.id == actor.session_id)
    audit.record(actor, "account:logout", _account(actor), place=_home(actor))


def end_session(*, actor: User, session_id: int) -> None:
    """Ends one of the actor's sessions on another device. Raises NotFound for anybody else's."""
    mine = (LoginSession.id == session_id, LoginSession.account_id == actor.account_id)
    if not _end(EndReason.REVOKED, *mine):
        raise NotFound
    changes = {"sessions": 1}
    audit.record(actor, "account:end_session", _account(actor), place=_home(actor), changes=changes)


def end_other_sessions(*, actor: User) -> int:
    """Ends all the actor's sessions but this one, and says how many."""
    ended = _end(
        EndReason.REVOKED, LoginSession.account_id == actor.account_id, LoginSession.id != actor.session_id
    )
    changes = {"sessions": ended}
    audit.record(actor, "account:end_session", _account(actor), place=_home(actor), changes=changes)
    return ended


def change_password(*, actor: User, password_hash: str) -> None:
    """Sets the actor's own new password (hashed before) and ends all other sessions.

    The caller has asked the old one by `reauthenticate` and judged the new one by `judge_password`.
    """
    account = locked(_account(actor))
    _set_password(account, password_hash)
    ended = _end(
        EndReason.PASSWORD, LoginSession.account_id == account.id, LoginSession.id != actor.session_id
    )
    audit.record(
        actor, "account:change_password", account, place=_home(actor), changes={"sessions_ended": ended}
    )


def judge_password(password: str, repeated: str, *names: str, mixture: bool = False) -> None:
    """Raises RuleViolation beside the field when a new password is weak or was not typed the same twice.

    `mixture` is what `queries.accounts.password_mixture` says of the account.
    """
    refusal = weakness(password, *names, mixture=mixture)
    if refusal:
        raise RuleViolation(refusal, "new_password")
    if password != repeated:
        raise RuleViolation("Kedua isian kata sandi baru belum sama.", "repeated_password")


def create_account(
    *, actor: User, username: str, role: Role, office: Office, person_id: int | None = None
) -> Account:
    """A new login with its first role, without a password: its owner sets one by a link.

    Belongs to a person, or else to the office. Raises RuleViolation for a user name that is taken
    or oddly written.
    """
    if not USERNAME.fullmatch(username):
        raise RuleViolation(ODD_NAME, "username")
    if db.session.scalar(sa.select(sa.exists().where(Account.username == username))):
        raise RuleViolation("Nama pengguna ini sudah dipakai. Pilih nama lain.", "username")
    account, grant = enter_account(
        actor=actor, username=username, role=role, office=office, person_id=person_id
    )
    tell_of_roles(actor=actor, grants=[grant])
    return account


def enter_account(
    *, actor: User, username: str, role: Role, office: Office, person_id: int | None
) -> tuple[Account, RoleGrant]:
    """`create_account` past its questions: the caller has asked what it refuses and calls `tell_of_roles`."""
    account = Account(
        username=username,
        password_hash="",
        person_id=person_id,
        office_id=None if person_id else office.id,
        created_at=now(),
    )
    db.session.add(account)
    audit.record(
        actor,
        "account:create",
        account,
        place=office,
        changes={"role": role},
        personal={"username": username},
    )
    return account, enter_role(actor=actor, account=account, role=role, office=office)


def suspend(*, actor: User, account: Account) -> None:
    """Closes an account and ends its sessions at once.

    Refuses one's own account, and that of the last administrator of a place.
    """
    locked(account)
    if account.id == actor.account_id:
        _refuse(
            actor, account, "suspend_self", "Akun sendiri tidak dapat dibekukan; mintalah administrator lain."
        )
    if account.suspended_at is not None:
        raise RuleViolation("Akun ini sudah dibekukan.")
    _refuse_last_administrator(
        actor,
        account,
        RoleGrant.account_id == account.id,
        "Akun ini administrator terakhir untuk wilayahnya. Angkat administrator lain dahulu.",
    )
    account.suspended_at = now()
    ended = _end(EndReason.SUSPENDED, LoginSession.account_id == account.id)
    changes = {"suspended": True, "sessions_ended": ended}
    audit.record(actor, "account:suspend", account, place=_place_of(account), changes=changes)


def restore(*, actor: User, account: Account) -> None:
    """Opens a suspended account again; its old sessions stay ended."""
    locked(account)
    if account.suspended_at is None:
        raise RuleViolation("Akun ini tidak sedang dibekukan.")
    account.suspended_at = None
    audit.record(actor, "account:restore", account, place=_place_of(account), changes={"suspended": False})


def issue_password_link(*, actor: User, account: Account, mail_to: str = "") -> str:
    """The token of a one-time link, good for 24 hours, by which the owner sets a password.

    It kills the older links of the account. With `mail_to` the job process sends it there. Whoever holds it
    can be this person: of an account in use its owner and the other administrators are told. Refuses a
    suspended account and one's own.
    """
    locked(account)
    if account.suspended_at is not None:
        raise RuleViolation("Akun ini dibekukan. Pulihkan dahulu sebelum membuat tautan.")
    if account.id == actor.account_id:
        raise RuleViolation("Untuk akun sendiri, pakai Ganti kata sandi.")
    latest = db.session.scalar(
        sa.select(sa.func.max(PasswordLink.generation)).where(PasswordLink.account_id == account.id)
    )
    link = PasswordLink(
        account_id=account.id,
        generation=(latest or 0) + 1,
        created_at=now(),
        created_by_id=actor.account_id,
        expires_at=now() + LINK_LIFE,
        mail_to=mail_to,
    )
    db.session.add(link)
    db.session.flush()
    changes = {"generation": link.generation, "expires_at": link.expires_at, "mailed": bool(mail_to)}
    audit.record(
        actor,
        "account:issue_link",
        account,
        place=_place_of(account),
        changes=changes,
        personal={"mail_to": mail_to} if mail_to else None,
    )
    if mail_to:
        jobs.enqueue(actor=actor, kind=JobKind.SEND_LINK, target_id=link.id)
    if _is_in_use(account):
        _tell_of_change(
            actor, f"Tautan kata sandi untuk {account.username} dibuat oleh {actor.signature}", account
        )
    return make_token(PURPOSE, account.id, link.generation)


@dataclass(frozen=True)
class Mailing:
    """A one-time link on its way to a mailbox."""

    username: str
    token: str
    mail_to: str
    is_new: bool


def living_link(link_id: int) -> Mailing | None:
    """A link that is to be mailed; None once it is used, old or replaced.

    The token is computed here, for the mail alone: the outbox never holds it.
    """
    link = db.session.get(PasswordLink, link_id)
    account = queries.account_with_link(link.account_id, link.generation, at=now()) if link else None
    if link is None or account is None or not link.mail_to:
        return None
    token = make_token(PURPOSE, account.id, link.generation)
    return Mailing(account.username, token, link.mail_to, is_new=not account.password_hash)


def account_of_link(*, actor: User, token: str) -> Account:
    """The account whose password a living link may set. Counts a miss by network for any other.

    Raises RuleViolation for a link that is forged, used, expired or followed by a newer one, and TooMany
    after ten of them; the trail keeps that a true one was tried again.
    """
    counter = throttle.LINK.of(throttle.network(actor.address))
    throttle.check(counter)
    found = read_token(PURPOSE, token)
    account = queries.account_with_link(*found, at=now()) if found else None
    if account is None:
        throttle.miss(counter)
        if found is not None:
            note_refusal(actor=actor, account=db.session.get_one(Account, found[0]), attempt="dead_link")
        raise RuleViolation(DEAD_LINK)
    return account


def set_password_by_link(*, actor: User, token: str, password_hash: str) -> None:
    """Sets the password (hashed before) of a link's account, uses the link up and ends all sessions.

    Of an account in use its owner is told and the administrators, also the one who made the link.
    `actor` is the visitor who holds it. Raises RuleViolation when it was used or replaced meanwhile.
    """
    found = read_token(PURPOSE, token)
    account = queries.account_with_link(*found, at=now(), lock=True) if found else None
    if found is None or account is None:
        raise RuleViolation(DEAD_LINK)
    maker_id = db.session.scalar(
        sa.update(PasswordLink)
        .where(PasswordLink.account_id == account.id, PasswordLink.generation == found[1])
        .values(used_at=now())
        .returning(PasswordLink.created_by_id)
    )
    was_in_use = _is_in_use(account)
    _set_password(account, password_hash)
    ended = _end(EndReason.PASSWORD, LoginSession.account_id == account.id)
    changes = {"generation": found[1], "sessions_ended": ended}
    audit.record(actor, "account:set_password", account, place=_place_of(account), changes=changes)
    if was_in_use:
        maker = db.session.get_one(Account, maker_id).username if maker_id else "pengelola server"
        _tell_of_change(actor, f"Kata sandi {account.username} diganti lewat tautan dari {maker}", account)


def end_sessions_of(*, actor: User, account: Account) -> int:
    """Logs an account out everywhere, says on how many devices. It may log in again at once."""
    locked(account)
    ended = _end(EndReason.REVOKED, LoginSession.account_id == account.id)
    changes = {"sessions": ended}
    audit.record(actor, "account:end_session", account, place=_place_of(account), changes=changes)
    return ended


def reset_factor(*, actor: User, account: Account) -> None:
    """Takes away an account's second factor, for an owner who lost phone and recovery codes.

    All its sessions end; its owner and the other administrators are told. Refuses one's own account, and
    one that has none.
    """
    locked(account)
    if account.id == actor.account_id:
        _refuse(
            actor,
            account,
            "reset_own_factor",
            "Kode masuk akun sendiri diatur ulang oleh administrator lain.",
        )
    if not second_factor.take_away(account.id):
        raise RuleViolation("Akun ini tidak memakai kode masuk.")
    ended = _end(EndReason.FACTOR, LoginSession.account_id == account.id)
    changes = {"sessions_ended": ended}
    audit.record(actor, "account:reset_factor", account, place=_place_of(account), changes=changes)
    _tell_of_change(actor, f"Kode masuk {account.username} diatur ulang oleh {actor.signature}", account)


def enable_factor(*, actor: User, code: second_factor.Right, seed: str = "") -> list[str]:
    """The actor's phone shows the right code: from now on it is asked. Returns ten recovery codes, once.

    The caller has asked the password by `reauthenticate`: an open screen must not choose the phone that is
    trusted. All other sessions of the account end. Raises RuleViolation beside `code` if it was used before.
    """
    account = locked(_account(actor))
    codes = second_factor.confirm(code, seed)
    ended = _end(EndReason.FACTOR, LoginSession.account_id == account.id, LoginSession.id != actor.session_id)
    changes = {"sessions_ended": ended}
    audit.record(actor, "account:enable_factor", account, place=_home(actor), changes=changes)
    return codes


def renew_recovery_codes(*, actor: User, code: second_factor.Right, seed: str = "") -> list[str]:
    """Ten new recovery codes for the actor, shown once; the old ones are worthless."""
    account = locked(_account(actor))
    second_factor.spend(code)
    codes = second_factor.replace_codes(code, seed)
    audit.record(actor, "account:renew_codes", account, place=_home(actor))
    return codes


def prepare_factor(*, actor: User) -> None:
    """A new key for the actor's phone, which counts once a code of it was shown. Refused if one counts."""
    account = locked(_account(actor))
    second_factor.prepare(account.id)
    audit.record(actor, "account:prepare_factor", account, place=_home(actor))


def recognise(*, actor: User, identity: Identity) -> Proof:
    """The account of somebody whom the login service knows; the visitor has no password to type.

    Known by the subject it was bound to, or bound now, once and for good, by an address that the service has
    verified and that belongs to one account alone. Nobody gets an account this way. Raises RuleViolation.
    """
    account = queries.account_bound(identity.issuer, identity.subject) or _bind(actor, identity)
    if account.suspended_at is not None:
        note_refusal(actor=actor, account=account, attempt="login_suspended")
        raise RuleViolation(SUSPENDED, "password")
    return Proof(account.id, fingerprint_of(account.password_hash), second_factor.stands(account.id))


def _bind(actor: User, identity: Identity) -> Account:
    """The one account with this address, bound to the subject from now on unless it is suspended."""
    if not identity.email:
        raise RuleViolation(NO_ADDRESS)
    with transaction():
        found = queries.accounts_with_email(identity.issuer, identity.email)
        if len(found) != 1:
            raise RuleViolation(NOBODY_THERE)
        account = found[0]
        if account.suspended_at is not None:
            return account
        bound = ExternalLogin(
            account_id=account.id, issuer=identity.issuer, subject=identity.subject, bound_at=now()
        )
        db.session.add(bound)
        audit.record(
            actor,
            "account:bind",
            account,
            place=_place_of(account),
            changes={"issuer": identity.issuer},
            personal={"subject": identity.subject, "email": identity.email},
        )
    return account


def unbind(*, actor: User, account: Account) -> None:
    """Forgets who an account is at the login service (a new service, a wrong address) and ends its sessions.

    The next login by an address that the service has verified binds it again.
    """
    locked(account)
    gone = db.session.execute(
        sa.delete(ExternalLogin).where(ExternalLogin.account_id == account.id).returning(ExternalLogin.id)
    ).all()
    if not gone:
        raise RuleViolation("Akun ini tidak terhubung dengan layanan masuk.")
    ended = _end(EndReason.REVOKED, LoginSession.account_id == account.id)
    changes = {"sessions_ended": ended}
    audit.record(actor, "account:unbind", account, place=_place_of(account), changes=changes)


def resume(*, actor: User, account_id: int, fingerprint: str) -> Proof:
    """A proof that waited in the visitor's cookie. Raises RuleViolation once it holds no more."""
    found = db.session.execute(
        sa.select(Account.password_hash, Account.suspended_at).where(Account.id == account_id)
    ).one_or_none()
    proof = Proof(account_id, fingerprint, asks_code=True)
    if found is None or found.suspended_at or fingerprint_of(found.password_hash) != fingerprint:
        raise RuleViolation(SUSPENDED, "code")
    return proof


def grant_role(*, actor: User, account: Account, role: Role, office: Office) -> RoleGrant:
    """Gives an account a role in an office. Nobody gives himself one; the other administrators are told."""
    if account.id == actor.account_id:
        _refuse(actor, account, "grant_self", "Peran untuk akun sendiri diberikan oleh administrator lain.")
    standing = sa.exists().where(
        RoleGrant.account_id == account.id,
        RoleGrant.role == role,
        RoleGrant.office_id == office.id,
        RoleGrant.revoked_at.is_(None),
    )
    if db.session.scalar(sa.select(standing)):
        raise RuleViolation("Akun ini sudah memegang peran itu di kantor tersebut.", "office_id")
    grant = enter_role(actor=actor, account=account, role=role, office=office)
    tell_of_roles(actor=actor, grants=[grant])
    return grant


def enter_role(*, actor: User, account: Account, role: Role, office: Office) -> RoleGrant:
    """`grant_role` past its questions: the caller has asked what it refuses and calls `tell_of_roles`."""
    grant = RoleGrant(account=account, role=role, office=office, granted_at=now())
    db.session.add(grant)
    changes = {"role": role, "office_id": office.id}
    audit.record(actor, Action.ACCOUNT_MANAGE, grant, place=office, changes={"granted": changes})
    return grant


def tell_of_roles(*, actor: User, grants: Sequence[RoleGrant]) -> None:
    """Tells the other administrators of roles that were given: of one what it is, of many how many.

    Of many, too, those are named that command others or sign. Nobody is told of his own.
    """
    db.session.flush()
    own = {grant.account.id for grant in grants}
    codes = {grant.office.wilayah_code for grant in grants}
    by = f"oleh {actor.signature}."
    if len(grants) == 1:
        _tell_administrators(actor, f"{_given(grants[0])} {by}", codes, grants[0].account, but=own)
    elif grants:
        accounts = len({grant.account.username for grant in grants})
        text = f"{number(accounts)} akun diberi {number(len(grants))} peran {by}"
        _tell_administrators(actor, text, codes, but=own)
        weighty = [grant for grant in grants if grant.role in WEIGHTY_ROLES]
        codes = {grant.office.wilayah_code for grant in weighty}
        for some in _lines([_given(grant) for grant in weighty], notifications.LONGEST - len(by) - 1):
            _tell_administrators(actor, f"{some} {by}", codes, but=own)


def _given(grant: RoleGrant) -> str:
    return f"{grant.account.username} diberi peran {grant.role.label} di {grant.office.name}"


def _lines(parts: Sequence[str], room: int) -> list[str]:
    """The parts in as few lines as they fit in; one that is longer stands alone."""
    lines: list[str] = []
    for part in parts:
        if lines and len(lines[-1]) + len(part) + 2 <= room:
            lines[-1] += f"; {part}"
        else:
            lines.append(part)
    return lines


def revoke_role(*, actor: User, grant: RoleGrant) -> None:
    """Takes a role away; it bites on the next request. The last administrator of a place keeps his."""
    locked(grant)
    if grant.revoked_at is not None:
        raise RuleViolation("Peran ini sudah dicabut sebelumnya; tidak ada yang perlu dilakukan lagi.")
    account = db.session.get_one(Account, grant.account_id)
    _refuse_last_administrator(
        actor,
        account,
        RoleGrant.id == grant.id,
        "Ini administrator terakhir untuk wilayahnya. Angkat administrator lain dahulu.",
    )
    grant.revoked_at = now()
    office = db.session.get_one(Office, grant.office_id)
    changes = {"role": grant.role, "office_id": grant.office_id}
    audit.record(actor, Action.ACCOUNT_MANAGE, grant, place=office, changes={"revoked": changes})
    _tell_administrators(
        actor,
        f"Peran {grant.role.label} di {office.name} dicabut dari {account.username} oleh {actor.signature}.",
        {office.wilayah_code},
        account,
    )


def _home(actor: User) -> str:
    """The place whose chain tells of a user's own doings: that of the first role."""
    return actor.main.wilayah_code if actor.main else ""


def _place_of(account: Account) -> str:
    """The place an account belongs to: that of its first role, or of its office."""
    code = db.session.scalar(
        sa.select(Office.wilayah_code)
        .join(RoleGrant, RoleGrant.office_id == Office.id)
        .where(RoleGrant.account_id == account.id)
        .order_by(RoleGrant.revoked_at.is_not(None), RoleGrant.id)
        .limit(1)
    )
    return code or ""


def _owner_of(session: LoginSession) -> User:
    found = queries.session_user(session.token_hash, session.last_seen_at)
    if found is None:
        raise NotFound
    return replace(found[0], address=session.address)


def _account(actor: User) -> Account:
    return db.session.get_one(Account, actor.account_id)


def _set_password(account: Account, password_hash: str) -> None:
    account.password_hash = password_hash
    account.password_changed_at = now()


def _end(reason: EndReason, *conditions: sa.ColumnElement[bool]) -> int:
    """Ends the living sessions that meet the conditions, and says how many."""
    ended = db.session.execute(
        sa.update(LoginSession)
        .where(*conditions, LoginSession.ended_at.is_(None))
        .values(ended_at=now(), ended_reason=reason)
        .returning(LoginSession.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


def note_refusal(*, actor: User, account: Account | None, attempt: str) -> None:
    """Writes into the trail that somebody tried what he may not do, in a transaction of its own.

    Without an account (one that does not exist for the actor) the entry is about his own. Of one account, or
    of a network where nobody is logged in, at most thirty an hour: nobody fills a chain by being refused.
    """
    try:
        throttle.take(throttle.ATTEMPT.of(actor.account_id or throttle.network(actor.address)))
    except TooMany:
        return
    with transaction():
        subject = db.session.get_one(Account, account.id if account is not None else actor.account_id)
        changes = {"attempt": attempt}
        audit.record(actor, "account:refused", subject, place=_place_of(subject), changes=changes)


def _refuse(actor: User, account: Account, attempt: str, sentence: str, field: str | None = None) -> NoReturn:
    """Refuses inside a transaction; the trail keeps the attempt."""
    key = account.id
    after_rollback(
        lambda: note_refusal(actor=actor, account=db.session.get_one(Account, key), attempt=attempt)
    )
    raise RuleViolation(sentence, field)


def _refuse_last_administrator(
    actor: User, account: Account, leaving: sa.ColumnElement[bool], refusal: str
) -> None:
    """Every place that is administered stays so: by somebody there or above who can log in.

    Who was invited and never set a password cannot, unless the login service knows him.
    The rows are locked, so that two administrators who remove each other do not both succeed.
    """
    rows = db.session.execute(
        sa.select(Office.wilayah_code, leaving)
        .select_from(RoleGrant)
        .join(Office, Office.id == RoleGrant.office_id)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(
            RoleGrant.role == Role.ADMINISTRATOR,
            RoleGrant.revoked_at.is_(None),
            Account.suspended_at.is_(None),
            sa.or_(Account.password_hash != "", sa.exists().where(ExternalLogin.account_id == Account.id)),
        )
        .with_for_update(of=RoleGrant)
    ).all()
    staying = [code for code, leaves in rows if not leaves]
    if any(leaves and not any(covers(above, code) for above in staying) for code, leaves in rows):
        _refuse(actor, account, "last_administrator", refusal)


def _roles_given(actor: User) -> dict[str, object]:
    """The filter of the trail for the roles that somebody gives today."""
    day = today(actor.zone).isoformat()
    by = actor.signature[:80]  # as long as a filter may be
    return {"perbuatan": Action.ACCOUNT_MANAGE.value, "pelaku": by, "dari": day, "sampai": day}


def _tell_of_change(actor: User, what: str, account: Account) -> None:
    """How somebody logs in was changed for him: he learns it himself, and all who could have done it."""
    notifications.notify(
        offices=(),
        accounts=[account.id],
        text=f"{what}. Bila Bapak/Ibu tidak memintanya, segera hubungi administrator lain.",
        endpoint="accounts.devices",
        arguments={},
        actor=actor,
    )
    _tell_administrators(actor, f"{what}.", {_place_of(account)}, account, but=[account.id])


def _is_in_use(account: Account) -> bool:
    """Whether somebody can log in with it: it has a password, or the login service knows its owner."""
    bound = sa.exists().where(ExternalLogin.account_id == account.id)
    return bool(account.password_hash) or bool(db.session.scalar(sa.select(bound)))


def _tell_administrators(
    actor: User,
    text: str,
    codes: Collection[str],
    account: Account | None = None,
    *,
    but: Collection[int] = (),
) -> None:
    """The other administrators of these places learn it, with the way to the account.

    Without one the way leads to what the actor did to roles today, as the trail tells it.
    """
    notifications.notify(
        offices=queries.administrator_offices(codes),
        roles=(Role.ADMINISTRATOR,),
        text=text,
        endpoint="accounts.show" if account else "audit.index",
        arguments={"account_id": account.id} if account else _roles_given(actor),
        actor=actor,
        but=but,
    )
