"""The trail: every verb of a domain service calls `record` once; `verify_chain` proves it whole."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.db import Keyed, db, execute, insert, is_writing
from ilp.core.statements import bound, lasting, prepared
from ilp.models.audit import NATION, AuditEntry, AuditHead, AuditPersonal
from ilp.models.place import Placed, place_codes, same_place
from ilp.policy.user import User

NO_HASH = "0" * 64
BATCH = 2_000


def _plain(item: object) -> object:
    if isinstance(item, datetime | date):
        return item.isoformat()
    if isinstance(item, Decimal):
        return str(item)
    if isinstance(item, Keyed):
        return item.id
    raise TypeError(f"{type(item).__name__} has no place in a hash")


SPELLING = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)


def canonical(value: object) -> str:
    """One spelling for equal data: sorted keys, no spaces, dates and decimals as text, rows by their id."""
    return SPELLING.encode(value)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


SAID = (
    "chain",
    "seq",
    "at",
    "action",
    "account_id",
    "actor_name",
    "office_id",
    "subject",
    "subject_id",
    "changes",
    "personal_sha256",
    "address",
    "province_code",
    "regency_code",
    "district_code",
    "previous_hash",
)
"""What an entry says, in the order it is hashed in."""
ENTRY: Any = AuditEntry.__table__
KEEP = lasting(sa.insert(ENTRY).returning(ENTRY.c.id))
KEEP_MANY = sa.insert(ENTRY).returning(ENTRY.c.id, sort_by_parameter_order=True)
KEEP_PERSONAL = lasting(sa.insert(AuditPersonal.__table__).inline())  # type: ignore[arg-type]


def entry_hash(entry: Mapping[str, Any]) -> str:
    """SHA-256 over everything an entry says and the hash of the one before it."""
    return digest(canonical([entry[name] for name in SAID]))


def record(
    actor: User,
    action: str,
    subject: Any,
    *,
    place: Placed | str | None = None,
    changes: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> int:
    """Adds one entry at the end of the chain of the subject's regency (or the nation's); returns its number.

    `subject` is the changed row; `place`, another row or a wilayah code, stands in for it when it carries
    no codes itself. `changes` must hold no personal value: those go to `personal`, of which the chain keeps
    only a salted hash. A row among the changes is kept by its id. Inside `gathered` the number is 0.
    """
    entry = _Entry(actor, action, subject, _codes(place if place is not None else subject), changes, personal)
    waiting: list[_Entry] | None = db.session.info.get(GATHERED)
    if waiting is not None:
        waiting.append(entry)
        return 0
    db.session.flush()  # our rows are locked first, the end of the chain for which all wait last
    salt = secrets.token_hex(16)
    said = _said(entry, salt)
    entry_id = execute(KEEP, said).scalar_one()
    if personal:
        execute(KEEP_PERSONAL, _hidden(entry, salt, entry_id))
    return cast(int, said["seq"])


@contextmanager
def gathered() -> Iterator[None]:
    """Adds all that is recorded inside at the end, by statements for many rows; for long work in one go.

    Verbs that leave rows to be flushed add them by such statements, too. Does not nest.
    """
    waiting: list[_Entry] = []
    db.session.info[GATHERED] = waiting
    try:
        yield
    finally:
        db.session.info.pop(GATHERED, None)
    db.session.flush()
    connection = db.session.connection()
    for start in range(0, len(waiting), BATCH):
        batch = [(entry, secrets.token_hex(16)) for entry in waiting[start : start + BATCH]]
        ids = connection.scalars(KEEP_MANY, [_said(*one) for one in batch]).all()
        hidden = [_hidden(*one, key) for one, key in zip(batch, ids, strict=True) if one[0].personal]
        if hidden:
            connection.execute(KEEP_PERSONAL, hidden)


GATHERED = "audit_gathered"


@dataclass(frozen=True)
class _Entry:
    """What is to be recorded; ids and its place in the chain may not be known yet."""

    actor: User
    action: str
    subject: Any
    codes: dict[str, str]
    changes: dict[str, Any] | None
    personal: dict[str, Any] | None


def _said(entry: _Entry, salt: str) -> dict[str, Any]:
    """The row of an entry at the end of its chain, which it moves on."""
    end = _end_of(entry.codes["regency_code"] or NATION)
    actor = entry.actor
    said = {
        "chain": end.chain,
        "seq": end.seq + 1,
        "at": now(),
        "action": entry.action,
        "account_id": actor.account_id,
        "actor_name": actor.signature,
        "office_id": actor.main.office_id if actor.main else None,
        "subject": entry.subject.__tablename__,
        "subject_id": entry.subject.id,
        "changes": json.loads(canonical(entry.changes or {})),
        "personal_sha256": digest(salt + canonical(entry.personal)) if entry.personal else "",
        "address": actor.address,
        "previous_hash": end.hash,
        **entry.codes,
    }
    end.seq, end.hash = end.seq + 1, entry_hash(said)
    return said | {"hash": end.hash}


def _hidden(entry: _Entry, salt: str, entry_id: int) -> dict[str, Any]:
    return {"entry_id": entry_id, "salt": salt, "values": json.loads(canonical(entry.personal))}


def changed(row: Any, **values: Any) -> dict[str, Any]:
    """Sets the columns of a row, and gives what of it is new as `{name: [before, after]}` for `record`."""
    found = {name: [getattr(row, name), value] for name, value in values.items()}
    for name, value in values.items():
        setattr(row, name, value)
    return {name: pair for name, pair in found.items() if pair[0] != pair[1]}


def _codes(where: Any) -> dict[str, str]:
    if isinstance(where, str):
        return place_codes(where)
    return same_place(where) if isinstance(where, Placed) else place_codes("")


@dataclass
class _End:
    """The end of a chain, ours until the commit; the database moves it on with every entry."""

    chain: str
    seq: int
    hash: str


def _end_of(chain: str) -> _End:
    """Locks the end of a chain the first time this transaction needs it. Refuses to work outside one."""
    if not is_writing():
        raise RuntimeError("the trail is written inside transaction()")
    ends: dict[str, _End] = db.session.info.setdefault("audit_ends", {})
    if chain not in ends:
        ends[chain] = _End(chain, *_locked_head(chain))
    return ends[chain]


def _locked_head(chain: str) -> tuple[int, str]:
    found = execute(_head(), {"chain": chain}).one_or_none()
    if found is None:
        opened = insert(AuditHead).values(chain=chain, seq=0, hash=NO_HASH)
        db.session.execute(opened.on_conflict_do_nothing())
        found = execute(_head(), {"chain": chain}).one()
    return found.seq, found.hash


@prepared
def _head() -> sa.Select[Any]:
    head = AuditHead.__table__.c
    return sa.select(head.seq, head.hash).where(head.chain == bound("chain")).with_for_update()


@dataclass(frozen=True)
class Broken:
    """Where a chain first fails to add up, and how, as an Indonesian sentence."""

    chain: str
    seq: int
    what: str


def chains() -> list[str]:
    """The names of all chains there are traces of, the nation's first."""
    named = sa.union(sa.select(AuditHead.chain), sa.select(AuditEntry.chain))
    return sorted(db.session.scalars(named))


def verify_chain(chain: str) -> Broken | None:
    """Walks a chain from its first entry and names the first that is wrong; None for a sound chain.

    Found: an edited entry, a missing, inserted or swapped one, a cut end (by the head), personal
    values that are not those of the day (blanked ones are fine). What a full recomputation of
    entries and head hides, only an anchor outside the database can show.
    """
    seq, previous, head = 0, NO_HASH, None
    while True:
        while batch := db.session.execute(_entries(chain, after=seq)).all():
            for row in batch:
                fault = _fault(row, seq, previous)
                if fault:
                    return Broken(chain, row.seq, fault)
                seq, previous = row.seq, row.hash
        before, head = head, _end(chain)
        if head is None:
            return Broken(chain, seq, "ujung rantai hilang")
        if head.seq <= seq or head == before:
            break  # else entries came in meanwhile: they are walked, too
    if tuple(head) != (seq, previous):
        return Broken(
            chain, seq, f"ujung rantai mencatat urutan {head.seq}; ekor rantai terpotong atau diganti"
        )
    return None


def _end(chain: str) -> Any:
    """Where a chain ends by its head, or None."""
    statement = sa.select(AuditHead.seq, AuditHead.hash).where(AuditHead.chain == chain)
    return db.session.execute(statement).one_or_none()


def _entries(chain: str, *, after: int) -> sa.Select[*tuple[Any, ...]]:
    """The next entries of a chain in order, with their personal values."""
    return (
        sa.select(
            *AuditEntry.__table__.columns,
            AuditPersonal.entry_id,
            AuditPersonal.salt,
            AuditPersonal.values.label("personal"),
        )
        .outerjoin(AuditPersonal, AuditPersonal.entry_id == AuditEntry.id)
        .where(AuditEntry.chain == chain, AuditEntry.seq > after)
        .order_by(AuditEntry.seq)
        .limit(BATCH)
    )


def _fault(row: Any, seq: int, previous: str) -> str:
    """What is wrong with an entry that should follow this one, or nothing."""
    if row.seq != seq + 1:
        return f"urutan {seq + 1} hilang"
    if row.previous_hash != previous:
        return "tidak menyambung ke catatan sebelumnya"
    if entry_hash(row._mapping) != row.hash:  # noqa: SLF001 (what SQLAlchemy calls it)
        return "isi catatan tidak cocok dengan sidiknya"
    if bool(row.personal_sha256) != (row.entry_id is not None):
        return "nilai pribadi hilang atau ditambahkan"
    if row.personal is not None and digest(row.salt + canonical(row.personal)) != row.personal_sha256:
        return "nilai pribadi bukan yang dicatat waktu itu"
    return ""
