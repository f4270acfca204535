"""How an office's papers begin, and how it writes its numbers. What was issued keeps the head it had."""

from __future__ import annotations

from typing import Any

from ilp.core.db import db, locked
from ilp.core.errors import Clash, RuleViolation
from ilp.core.number_patterns import fault
from ilp.models.directory import Letterhead, Office, Paper
from ilp.policy.user import User
from ilp.services import audit

NAMES = {"pattern": "number_pattern", "address": "letter_address"}
"""What the trail calls it: a meeting has a pattern, too, and a visitor an address."""


CHANGED = "Kop ini baru saja disimpan dari jendela lain atau oleh orang lain. Periksa, lalu simpan lagi."


def edit_letterhead(
    *,
    actor: User,
    office: Office,
    tiers: list[str],
    unit: str,
    address: list[str],
    town: str,
    paper: Paper,
    margins: list[int],
    classification: str,
    unit_code: str,
    pattern: str,
    emblem_sha256: str,
    version: int | None = None,
) -> Letterhead:
    """Gives an office its letterhead, or changes it; the next paper begins with it.

    `emblem_sha256` names bytes that were looked at and kept, "" the usual emblem. Refuses a pattern that
    does not count. Raises Clash, with what stands now, if somebody saved it since `version` (0: none then).
    """
    locked(office)
    refusal = fault(pattern)
    if refusal:
        raise RuleViolation(refusal, "pattern")
    head = db.session.get(Letterhead, office.id)
    if version is not None and version != (head.version if head else 0):
        raise Clash(CHANGED, _said(head), head.version if head else 0)
    if head is None:
        head = Letterhead(
            office_id=office.id, tiers=[], unit="", address=[], town="", emblem_sha256="", version=0
        )
        db.session.add(head)
        db.session.flush()
    changes = audit.changed(
        head,
        tiers=tiers,
        unit=unit,
        address=address,
        town=town,
        paper=paper,
        margins=margins,
        classification=classification,
        unit_code=unit_code,
        pattern=pattern,
        emblem_sha256=emblem_sha256,
    )
    head.version += 1
    db.session.flush()
    told = {NAMES.get(name, name): [_in_words(value) for value in pair] for name, pair in changes.items()}
    audit.record(actor, "office:letterhead", office, changes=told)
    return head


def _said(head: Letterhead | None) -> dict[str, str]:
    """What stands now, for who must choose."""
    if head is None:
        return {}
    about = ("tiers", "unit", "address", "town", "paper", "margins", "classification", "unit_code", "pattern")
    return {name: _in_words(getattr(head, name)) for name in about}


def _in_words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
