"""Writing the trail. Every verb of a domain service calls `record` once, inside its transaction."""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.db import Placed, db, place_codes
from ilp.models.audit import NATION, AuditEntry, AuditHead, AuditPersonal
from ilp.policy.user import User


def canonical(value: object) -> str:
    """One spelling for equal data: sorted keys, no spaces, dates and decimals as text."""

    def plain(item: object) -> object:
        if isinstance(item, datetime | date):
            return item.isoformat()
        if isinstance(item, Decimal):
            return str(item)
        raise TypeError(f"{type(item).__name__} has no place in a hash")

    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=plain)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over everything an entry says and the hash of the one before it."""
    return digest(
        canonical(
            [
                entry.chain,
                entry.seq,
                entry.at,
                entry.action,
                entry.account_id,
                entry.actor_name,
                entry.office_id,
                entry.subject,
                entry.subject_id,
                entry.changes,
                entry.personal_sha256,
                entry.address,
                entry.province_code,
                entry.regency_code,
                entry.district_code,
                entry.previous_hash,
            ]
        )
    )


def record(
    actor: User,
    action: str,
    subject: Any,
    *,
    place: Placed | str | None = None,
    changes: dict[str, Any] | None = None,
    personal: dict[str, Any] | None = None,
) -> AuditEntry:
    """Adds one entry at the end of the chain of the subject's regency (or the nation's).

    `subject` is the changed row (it must have its id already); `place`, another row or a wilayah
    code, stands in for it when it carries no codes itself. `changes` must hold no personal value:
    those go to `personal`, of which the chain keeps only a salted hash.
    """
    codes = _codes(place if place is not None else subject)
    chain = codes["regency_code"] or NATION
    seq, previous = _advance(chain)
    salt = secrets.token_hex(16)
    entry = AuditEntry(
        chain=chain,
        seq=seq,
        at=now(),
        action=action,
        account_id=actor.account_id,
        actor_name=actor.name,
        office_id=actor.main.office_id if actor.main else None,
        subject=subject.__tablename__,
        subject_id=subject.id,
        changes=json.loads(canonical(changes or {})),
        personal_sha256=digest(salt + canonical(personal)) if personal else "",
        address=actor.address,
        previous_hash=previous,
        **codes,
    )
    entry.hash = entry_hash(entry)
    db.session.add(entry)
    db.session.flush()
    if personal:
        db.session.add(AuditPersonal(entry_id=entry.id, salt=salt, values=json.loads(canonical(personal))))
    db.session.execute(sa.update(AuditHead).where(AuditHead.chain == chain).values(hash=entry.hash))
    return entry


def _codes(where: Any) -> dict[str, str]:
    if isinstance(where, str):
        return place_codes(where)
    return {name: getattr(where, name, "") for name in place_codes("")}


def _advance(chain: str) -> tuple[int, str]:
    """Takes the next place in a chain and locks its end until the commit."""
    step = (
        sa.update(AuditHead)
        .where(AuditHead.chain == chain)
        .values(seq=AuditHead.seq + 1)
        .returning(AuditHead.seq, AuditHead.hash)
        .execution_options(synchronize_session=False)
    )
    found = db.session.execute(step).one_or_none()
    if found is None:
        db.session.add(AuditHead(chain=chain, seq=0, hash="0" * 64))
        db.session.flush()
        found = db.session.execute(step).one()
    return found[0], found[1]
