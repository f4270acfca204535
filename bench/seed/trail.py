"""Entries of the trail, chained as the product chains them and written together at the end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bench.seed.bulk import Bulk
from bench.seed.cast import Host
from ilp.core.db import db, insert
from ilp.models.audit import AuditEntry, AuditHead
from ilp.services.audit import NO_HASH, entry_hash


class Trail:
    """Collects what happened in one regency; `write` puts it in order of time behind what is there."""

    def __init__(self, chain: str) -> None:
        self.chain = chain
        self._entries: list[dict[str, Any]] = []

    def add(
        self, host: Host, at: datetime, action: str, subject: str, subject_id: int, **changes: Any
    ) -> None:
        """One act of a host; `changes` must be what JSON can say, and nothing personal."""
        self._entries.append(
            {
                "at": at,
                "action": action,
                "account_id": host.account_id,
                "actor_name": host.actor,
                "office_id": host.id,
                "subject": subject,
                "subject_id": subject_id,
                "changes": changes,
                **host.place,
            }
        )

    def write(self, bulk: Bulk) -> None:
        self._entries.sort(key=lambda entry: entry["at"])
        head = db.session.execute(
            sa.select(AuditHead.seq, AuditHead.hash).where(AuditHead.chain == self.chain)
        ).one_or_none()
        seq, previous = head or (0, NO_HASH)
        for key, entry in zip(bulk.keys(AuditEntry, len(self._entries)), self._entries, strict=True):
            seq += 1
            entry |= {
                "id": key,
                "chain": self.chain,
                "seq": seq,
                "personal_sha256": "",
                "address": "",
                "previous_hash": previous,
            }
            previous = entry["hash"] = entry_hash(entry)
        bulk.load(AuditEntry, self._entries)
        end = {"seq": seq, "hash": previous}
        statement = insert(AuditHead).values(chain=self.chain, **end)
        db.session.execute(statement.on_conflict_do_update(index_elements=["chain"], set_=end))
