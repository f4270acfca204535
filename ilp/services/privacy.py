"""The duties of UU 27/2022 towards those whose data is kept: who looked is noted, and it can be erased."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from ilp.core.cells import Raw, Unreadable, nip, plain
from ilp.core.clock import now, today
from ilp.core.db import db, insert, locked, transaction
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import sort_key
from ilp.models.accounts import (
    Account,
    ExternalLogin,
    LoginSession,
    PasswordLink,
    RecoveryCode,
    SecondFactor,
)
from ilp.models.audit import AuditPersonal
from ilp.models.directory import ERASED, Appointment, Person, PersonMerge
from ilp.models.imports import ImportRow
from ilp.models.meetings import Attendance, Invitation
from ilp.models.notifications import Notification
from ilp.models.privacy import ErasureBasis, SeenPage, ViewLog
from ilp.policy.actions import Action
from ilp.policy.user import User
from ilp.queries import privacy as queries
from ilp.queries.duplicates import is_joined, records_of
from ilp.queries.persons import home_of
from ilp.services import accounts, audit, merging

NAMELESS = "Data dihapus"


def note_view(*, account_id: int, page: SeenPage, record_id: int, day: date) -> None:
    """Notes that an account looked at a page of a record on a day, in a transaction of its own.

    Once a day is enough: a repeat only reads, and waits for no lock.
    """
    seen = {"account_id": account_id, "page": page, "record_id": record_id, "day": day}
    if not queries.is_noted(**seen):
        with transaction():
            db.session.execute(insert(ViewLog).values(**seen).on_conflict_do_nothing())


def note_export(*, actor: User, person: Person) -> None:
    """Leaves an entry that somebody's data was handed out, and to whom; what it was is not repeated.

    Refuses a record that was erased: nothing is held about him here.
    """
    if person.anonymised_at is not None:
        raise RuleViolation(ERASED)
    audit.record(actor, Action.PERSON_EXPORT, person, place=home_of(person.id))


def anonymise(*, actor: User, person: Person, basis: ErasureBasis) -> None:
    """Blanks everything in the directory that identifies somebody; it cannot be undone.

    Name, titles, NIP, rank, sex, phone and address of the person; user name, password and devices of the
    accounts, which are suspended; phone numbers of seats; rows of imported files; the values that lie beside
    the trail, whose chain stays whole; all this of the records that were joined into his, too. Issued
    papers and signatures stay: they are the records of the office. Refuses oneself, somebody who holds a
    position, a record that was joined into another, and what was erased before.
    """
    locked(person)
    _refuse(actor, person)
    owned = db.session.scalars(sa.select(Account).where(Account.person_id == person.id)).all()
    _blank_imports(person, {account.username for account in owned})
    for account in owned:
        _close(actor, account)
    seats = list(db.session.scalars(queries.seats_of(person)))
    for model, column in ((Invitation, Invitation.id), (Attendance, Attendance.invitation_id)):
        db.session.execute(sa.update(model).where(column.in_(seats)).values(phone=""))
    entries = queries.entries_about(person)
    beside = sa.update(AuditPersonal).where(AuditPersonal.entry_id.in_(entries)).values(values=None)
    db.session.execute(beside.execution_options(synchronize_session=False))
    person.prefix, person.name, person.suffix, person.sort_name = "", NAMELESS, "", sort_key(NAMELESS)
    person.sex, person.nip, person.rank, person.phone, person.email = None, None, "", "", ""
    person.anonymised_at = now()
    merging.forget(actor=actor, person=person)
    changes = {"basis": basis.label, "accounts": len(owned), "entries": len(entries)}
    audit.record(actor, Action.PERSON_ANONYMISE, person, place=home_of(person.id), changes=changes)


def _refuse(actor: User, person: Person) -> None:
    if person.anonymised_at is not None:
        raise RuleViolation(ERASED)
    if person.id == actor.person_id:
        raise RuleViolation("Data sendiri dihapus oleh administrator lain.")
    if is_joined(person.id):
        raise RuleViolation("Catatan ini sudah digabung. Hapus datanya pada catatan yang tetap.")
    held = sa.select(Appointment.id).where(
        Appointment.person_id.in_(records_of(person.id)),
        sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= today(actor.zone)),
    )
    if db.session.scalar(sa.select(held.exists())):
        raise RuleViolation("Orang ini masih memegang jabatan. Akhiri dahulu masa jabatannya.")


def _close(actor: User, account: Account) -> None:
    """Nobody logs in with this account any more, and nothing in it says whose it was."""
    if account.suspended_at is None:
        accounts.suspend(actor=actor, account=account)
    account.username, account.password_hash = f"dihapus.{account.id}", ""
    mine = LoginSession.account_id == account.id
    db.session.execute(sa.update(LoginSession).where(mine).values(address="", device=""))
    for mailed in (Notification, PasswordLink):
        db.session.execute(sa.update(mailed).where(mailed.account_id == account.id).values(mail_to=""))
    for key in (ExternalLogin, RecoveryCode, SecondFactor):
        db.session.execute(sa.delete(key).where(key.account_id == account.id))


def _blank_imports(person: Person, usernames: set[str]) -> None:
    """Rows of files that were handed in and name somebody: what they said stands in the directory since.

    A row is about him if it bears his NIP, his user name, or his whole name and nobody else's NIP.
    """
    records = records_of(person.id)
    known = db.session.scalars(sa.select(Person).where(Person.id.in_(records))).all()
    merges = db.session.scalars(sa.select(PersonMerge.filled).where(PersonMerge.gone_id.in_(records)))
    names = {record.sort_name for record in known}
    nips = {record.nip for record in known} | {filled.get("gone_nip") for filled in merges}

    def his(cells: dict[str, Raw]) -> bool:
        number = _nip(cells)
        named = sort_key(plain(cells.get("name", ""))) in names and (number is None or nips <= {None})
        return named or (number is not None and number in nips) or cells.get("username") in usernames

    rows = [key for key, cells in db.session.execute(queries.imported_rows(person)) if his(cells)]
    db.session.execute(
        sa.update(ImportRow)
        .where(ImportRow.id.in_(rows))
        .values(cells={}, findings={})
        .execution_options(synchronize_session=False)
    )


def _nip(cells: dict[str, Raw]) -> str | None:
    try:
        return nip(cells["nip"])
    except (KeyError, Unreadable):
        return None
