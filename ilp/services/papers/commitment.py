"""The naskah komitmen bersama: the text that was signed, with its signatures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ilp.core.clock import local
from ilp.core.indonesian import plain_date
from ilp.core.papers.commitment import CommitmentPaper, Signatory, SignatoryGroup, Unsigned
from ilp.models.commitments import (
    Capacity,
    CommitmentVersion,
    SigningRound,
    SlotStatus,
)
from ilp.models.directory import Office
from ilp.models.documents import Number
from ilp.policy.user import User
from ilp.services.papers.parts import letterhead_of, number_of, place_and_date


def commitment_paper(
    *,
    actor: User,
    office: Office,
    opening: SigningRound,
    version: CommitmentVersion,
    slots: Sequence[Any],
    number: Number | None,
    letter_date: date,
) -> CommitmentPaper:
    """The content of the naskah: the frozen text, who signed it and how, and who did not.

    `slots` are the places of the signatories with their last event (`queries.commitments.signatories_of`).
    """
    frozen, head = version.content, letterhead_of(office)
    return {
        "letterhead": head,
        "issuer": " ".join(head["tiers"]).title(),
        "subject": [frozen["title"]],
        "number": number_of(office, number, letter_date),
        "preamble": frozen["preamble"],
        "clauses": [
            {"lead": clause["heading"], "text": clause["text"], "targets": clause["targets"]}
            for clause in frozen["clauses"]
        ],
        "closing": frozen["closing"],
        "place_date": (
            f"{frozen['place']}, {plain_date(letter_date)}"
            if frozen["place"]
            else place_and_date(office, letter_date)
        ),
        "groups": _groups(slots, actor),
        "record": {
            "version": version.number,
            "content_sha256": version.content_sha256,
            "opened": _moment(opening.opened_at, actor),
            "closed": _moment(opening.closed_at, actor),
            "zone": actor.zone.label,
            "unsigned": _unsigned(slots),
        },
    }


def _method(slot: Any) -> str:
    return slot.method.label if slot.status is SlotStatus.SIGNED and slot.method else ""


def _groups(slots: Sequence[Any], actor: User) -> list[SignatoryGroup]:
    """Who signed, by constituency, in the order of the roster."""
    groups: dict[str, list[Signatory]] = {}
    for slot in slots:
        if slot.status is SlotStatus.SIGNED:
            groups.setdefault(actor.words.said(slot.constituency.label), []).append(_signatory(slot, actor))
    return [{"name": name, "people": people} for name, people in groups.items()]


def _unsigned(slots: Sequence[Any]) -> list[Unsigned]:
    """Who was asked and did not sign; reasons stay with the secretariat."""
    return [
        {
            "prefix": slot.prefix,
            "name": slot.name,
            "suffix": slot.suffix,
            "position": slot.title,
            "outcome": slot.status.label,
            "reason": "",
        }
        for slot in slots
        if slot.status is not SlotStatus.SIGNED
    ]


def _signatory(slot: Any, actor: User) -> Signatory:
    return {
        "prefix": slot.prefix,
        "name": slot.name,
        "suffix": slot.suffix,
        "position": slot.title,
        "capacity": capacity_of(slot),
        "stroke": slot.stroke,
        "typed": slot.typed_name,
        "method": _method(slot),
        "at": local(slot.at, actor.zone).strftime("%d/%m/%Y %H.%M.%S"),
        "trace": slot.hash[:12],
    }


def _moment(moment: Any, actor: User) -> str:
    return f"{local(moment, actor.zone).strftime('%d/%m/%Y %H.%M')} {actor.zone.label}"


def capacity_of(slot: Any) -> str:
    """`a.n. Bupati Malang`; nothing for who signs for himself."""
    named = slot.capacity in (Capacity.ON_BEHALF, Capacity.SUB_DELEGATE)
    return f"{slot.capacity.label} {slot.on_behalf_of}" if named else ""
