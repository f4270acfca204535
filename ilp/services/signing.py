"""Signing: a frozen text put before its signatories, and what each of them did, chained by hash.

Opening freezes text, roster and names in a version and hashes them; every signature binds to that
hash. One seal at the end, not one per person (it comes with certificates later): closing hands the
frozen content and the strokes to the document register, and the commitment is in force when the
naskah is issued. A signatory who declines stops nobody else.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from ilp.core import indonesian
from ilp.core.clock import now, today
from ilp.core.db import db, locked
from ilp.core.errors import RuleViolation
from ilp.core.strokes import Strokes, draw, strokes_sha256
from ilp.models.commitments import (
    COMMITMENT,
    SLOT,
    WAITING,
    Clause,
    Commitment,
    CommitmentStatus,
    CommitmentVersion,
    SignatureEvent,
    SignatureMethod,
    SigningRound,
    Slot,
    SlotStatus,
    Target,
)
from ilp.models.directory import Appointment, AppointmentKind, Office, Person, Position
from ilp.models.documents import Document, DocumentKind, Number
from ilp.policy.actions import Action
from ilp.policy.user import User
from ilp.queries.commitments import current_round, current_version, signatories_of
from ilp.queries.directory import holding, holds_on
from ilp.services import audit, documents, notifications
from ilp.services.papers.commitment import capacity_of, commitment_paper

GENESIS = "0" * 64
CARRIED = (
    "commitment_id round_id place position_id office_id constituency capacity on_behalf_of office_name"
).split()
"""What the place of a successor has in common with the one it replaces."""


def open_for_signing(*, actor: User, commitment: Commitment) -> SigningRound:
    """Freezes the text and the names, and asks every signatory.

    Refuses a text without clauses, without signatories, or with a position nobody holds today.
    """
    locked(commitment)
    commitment.status = COMMITMENT.move("open", commitment.status)
    clauses = _frozen_clauses(commitment)
    if not clauses:
        raise RuleViolation("Tulis dahulu paling sedikit satu butir komitmen.")
    roster = _freeze_names(commitment, today(actor.zone))
    content = {
        "title": commitment.title,
        "preamble": commitment.preamble,
        "closing": commitment.closing,
        "place": commitment.place,
        "signed_on": commitment.signed_on.isoformat() if commitment.signed_on else "",
        "clauses": clauses,
        "roster": roster,
    }
    earlier = current_version(commitment)
    version = CommitmentVersion(
        commitment_id=commitment.id,
        number=earlier.number + 1 if earlier else 1,
        content=content,
        content_sha256=audit.digest(audit.canonical(content)),
        locked_at=now(),
    )
    db.session.add(version)
    db.session.flush()
    opening = SigningRound(version_id=version.id, commitment_id=commitment.id, opened_at=now())
    db.session.add(opening)
    db.session.flush()
    living = sa.and_(Slot.commitment_id == commitment.id, Slot.status != SlotStatus.REPLACED)
    db.session.execute(sa.update(Slot).where(living).values(round_id=opening.id))
    audit.record(
        actor,
        "commitment:open",
        commitment,
        changes={"version": version.number, "content_sha256": version.content_sha256},
    )
    notifications.notify(
        actor=actor,
        offices=[slot["office_id"] for slot in roster],
        text=f"Tanda tangan diminta: {commitment.title}",
        endpoint="commitments.show",
        arguments={"commitment_id": commitment.id},
    )
    return opening


def return_to_draft(*, actor: User, commitment: Commitment) -> None:
    """Takes the text back for changes, while nobody has signed it."""
    locked(commitment)
    commitment.status = COMMITMENT.move("reopen_draft", commitment.status)
    signed = db.session.scalar(
        sa.select(sa.func.count()).where(
            Slot.commitment_id == commitment.id, Slot.status == SlotStatus.SIGNED
        )
    )
    if signed:
        raise RuleViolation(
            f"Sudah ada {signed} tanda tangan pada naskah ini. Tutup penandatanganan, lalu buat adendum."
        )
    db.session.execute(
        sa.update(Slot)
        .where(Slot.commitment_id == commitment.id, Slot.status != SlotStatus.REPLACED)
        .values(round_id=None, status=SlotStatus.REQUESTED, reason="", person_id=None)
    )
    audit.record(actor, "commitment:reopen_draft", commitment)


def open_slot(*, actor: User, commitment: Commitment, slot: Slot) -> None:
    """Notes that the signatory has the text before them; a repeat changes nothing."""
    opening, version = _under_way(commitment)
    locked(slot)
    if slot.status is SlotStatus.REQUESTED:
        slot.status = SLOT.move("open", slot.status)
        _append(actor, opening, slot, version)
        audit.record(actor, "signatory:open", slot, place=commitment)


def sign(
    *,
    actor: User,
    commitment: Commitment,
    slot: Slot,
    content_sha256: str,
    strokes: Strokes | None,
    typed_name: str,
) -> None:
    """Signs the text with exactly this hash, by strokes or by typing the name frozen on the roster.

    The caller has asked for the password again. Refuses another text than the one shown, a second
    signature, a typed name that is not the signatory's, and whoever holds the position no more.
    """
    opening, version = _under_way(commitment)
    locked(slot)
    if slot.status in WAITING and not _holds(slot, today(actor.zone)):
        raise RuleViolation(f"Masa jabatan {slot.title} sudah berakhir. Penggantinya yang menandatangani.")
    if version.content_sha256 != content_sha256:
        raise RuleViolation("Naskah berubah sejak halaman ini dibuka. Muat ulang dan baca kembali naskahnya.")
    slot.status = SLOT.move("sign", slot.status)
    if strokes is None and not _same_name(typed_name, slot):
        raise RuleViolation(f"Ketik nama seperti tertulis: {slot.name}.", "typed_name")
    method = SignatureMethod.DRAWN if strokes else SignatureMethod.TYPED
    event = _append(
        actor,
        opening,
        slot,
        version,
        method=method,
        strokes_sha256=strokes_sha256(strokes) if strokes else audit.digest(typed_name),
        stroke=dict(draw(strokes)) if strokes else None,
        typed_name="" if strokes else typed_name,
    )
    audit.record(actor, Action.COMMITMENT_SIGN, slot, place=commitment, changes={"event": event.hash})


def decline(*, actor: User, commitment: Commitment, slot: Slot, reason: str) -> None:
    """Refuses to sign; the reason goes to the secretariat and stands on the board."""
    opening, version = _under_way(commitment)
    locked(slot)
    slot.status = SLOT.move("decline", slot.status)
    slot.reason = reason
    _append(actor, opening, slot, version, reason=reason)
    audit.record(actor, "signatory:decline", slot, place=commitment, changes={"reason": reason})
    _tell_owner(actor, commitment, f"{slot.title} tidak menandatangani: {commitment.title}")


def excuse(*, actor: User, commitment: Commitment, slot: Slot, reason: str) -> None:
    """The secretariat notes that a signatory is unable to sign (berhalangan)."""
    opening, version = _under_way(commitment)
    locked(slot)
    slot.status = SLOT.move("excuse", slot.status)
    slot.reason = reason
    _append(actor, opening, slot, version, reason=reason)
    audit.record(actor, "signatory:excuse", slot, place=commitment, changes={"reason": reason})


def close_signing(
    *, actor: User, commitment: Commitment, letter_date: date, number: Number | None
) -> Document:
    """Ends the round and hands the naskah to the register: at least one signature must be there.

    The head of the signature chain goes into the audit trail, so that the events can be proved
    unchanged later.
    """
    opening, version = _under_way(commitment)
    slots = signatories_of(commitment)
    if not any(slot.status is SlotStatus.SIGNED for slot in slots):
        raise RuleViolation("Belum ada yang menandatangani. Penandatanganan belum dapat ditutup.")
    commitment.status = COMMITMENT.move("close", commitment.status)
    opening.closed_at = now()
    office = db.session.get_one(Office, commitment.office_id)
    content = commitment_paper(
        actor=actor,
        office=office,
        opening=opening,
        version=version,
        slots=slots,
        number=number,
        letter_date=letter_date,
    )
    document = documents.reserve(
        actor=actor,
        kind=DocumentKind.COMMITMENT,
        office=office,
        title=commitment.title,
        content=content,
        letter_date=letter_date,
        number=number,
        commitment=commitment,
    )
    head = db.session.scalar(
        sa.select(SignatureEvent.hash)
        .where(SignatureEvent.round_id == opening.id)
        .order_by(SignatureEvent.seq.desc())
        .limit(1)
    )
    audit.record(actor, "commitment:close", commitment, changes={"signature_chain": head})
    return document


def put_in_force(*, actor: User, commitment_id: int) -> None:
    """The naskah is issued: the commitment is in force. Called inside the issuing transaction."""
    commitment = locked(db.session.get_one(Commitment, commitment_id))
    if commitment.status is CommitmentStatus.IN_FORCE:
        return  # a later version of the same naskah
    commitment.status = COMMITMENT.move("issue", commitment.status)
    audit.record(actor, "commitment:issue", commitment)


def pass_on(*, actor: User, position_id: int, on: date) -> list[list[int]]:
    """Replaces the places that wait for somebody who holds the position no more; pairs of old and new ids.

    The successor is asked in a place of his own under the same frozen text; the old place stays on the
    board as replaced. Somebody acting beside the holder replaces nobody.
    """
    waiting = sa.select(Slot.id, Slot.commitment_id).join(Commitment, Commitment.id == Slot.commitment_id)
    rows = db.session.execute(
        waiting.where(
            Slot.position_id == position_id,
            Slot.status.in_(WAITING),
            Commitment.status == CommitmentStatus.OPEN,
        ).order_by(Slot.id)
    ).all()
    pairs = []
    for slot_id, commitment_id in rows:
        commitment = db.session.get_one(Commitment, commitment_id)
        opening, version = _under_way(commitment)
        slot = locked(db.session.get_one(Slot, slot_id))
        holder = _holder(position_id, on)
        if holder is None or _holds(slot, on):
            continue
        new = _replacement(slot, *holder)
        _replace(actor, opening, version, slot, f"digantikan oleh {_full_name(new)}")
        db.session.add(new)
        db.session.flush()
        pairs.append([slot.id, new.id])
        audit.record(actor, "signatory:replace", new, place=commitment, changes={"slots": [slot.id, new.id]})
        notifications.notify(
            actor=actor,
            offices=[new.office_id],
            text=f"Tanda tangan diminta: {commitment.title}",
            endpoint="commitments.show",
            arguments={"commitment_id": commitment.id},
        )
    return pairs


def take_back(*, actor: User, pairs: Sequence[Sequence[int]]) -> None:
    """Undoes `pass_on`: the old places wait again, the new ones leave the round. Refused once one was signed.

    The chain of events and the trail keep what happened; board and paper show nothing of it.
    """
    for old_id, new_id in pairs:
        old, new = db.session.get_one(Slot, old_id), db.session.get_one(Slot, new_id)
        commitment = db.session.get_one(Commitment, old.commitment_id)
        opening, version = _under_way(commitment)
        _replace(actor, opening, version, locked(new), "mutasi dibatalkan")
        new.round_id = None
        locked(old).status = SLOT.move("restore", old.status)
        old.reason = ""
        _append(actor, opening, old, version)
        audit.record(actor, "signatory:restore", old, place=commitment, changes={"slots": [new.id, old.id]})


def _replace(actor: User, opening: SigningRound, version: CommitmentVersion, slot: Slot, reason: str) -> None:
    slot.status = SLOT.move("replace", slot.status)
    slot.reason = reason
    _append(actor, opening, slot, version, reason=reason)


def _holder(position_id: int, on: date) -> tuple[Person, AppointmentKind, str] | None:
    """Who holds a position on a day, in what quality, and the title of the position."""
    row = db.session.execute(
        sa.select(Person, Appointment.kind, Position.title)
        .select_from(Position)
        .join(Appointment, holding(on))
        .join(Person, Person.id == Appointment.person_id)
        .where(Position.id == position_id)
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def _holds(slot: Slot, on: date) -> bool:
    """Whether the person whose name stands on a place holds its position on a day."""
    held = sa.exists().where(
        Appointment.position_id == slot.position_id, Appointment.person_id == slot.person_id, holds_on(on)
    )
    return bool(db.session.scalar(sa.select(held)))


def _replacement(slot: Slot, person: Person, kind: AppointmentKind, title: str) -> Slot:
    new = Slot(
        **{name: getattr(slot, name) for name in CARRIED},
        person_id=person.id,
    )
    _write_name(new, person, kind, title)
    return new


def _write_name(slot: Slot, person: Person, kind: AppointmentKind, title: str) -> None:
    slot.prefix, slot.name, slot.suffix = person.prefix, person.name, person.suffix
    slot.title = f"{kind.label} {title}".strip()


def _full_name(slot: Slot) -> str:
    return indonesian.full_name(slot.prefix, slot.name, slot.suffix)


def _under_way(commitment: Commitment) -> tuple[SigningRound, CommitmentVersion]:
    """The open round and its text.

    Locks the commitment: the chain of events may not fork, and nobody signs what is being closed.
    """
    locked(commitment)
    if commitment.status is not CommitmentStatus.OPEN:
        raise RuleViolation(f"Penandatanganan tidak sedang dibuka: naskah ini {commitment.status.label}.")
    opening = current_round(commitment)
    version = current_version(commitment)
    if opening is None or version is None:
        raise RuleViolation("Penandatanganan tidak sedang dibuka.")
    return opening, version


def _append(
    actor: User,
    opening: SigningRound,
    slot: Slot,
    version: CommitmentVersion,
    *,
    method: SignatureMethod | None = None,
    **facts: Any,
) -> SignatureEvent:
    """Adds an event at the end of the round's chain."""
    last = db.session.execute(
        sa.select(SignatureEvent.seq, SignatureEvent.hash)
        .where(SignatureEvent.round_id == opening.id)
        .order_by(SignatureEvent.seq.desc())
        .limit(1)
    ).one_or_none()
    event = SignatureEvent(
        round_id=opening.id,
        slot_id=slot.id,
        seq=last.seq + 1 if last else 1,
        status=slot.status,
        method=method,
        content_sha256=version.content_sha256,
        account_id=actor.account_id,
        at=now(),
        address=actor.address,
        device=actor.device,
        previous_hash=last.hash if last else GENESIS,
        **facts,
    )
    event.hash = event_hash(event)
    db.session.add(event)
    db.session.flush()
    return event


def event_hash(event: SignatureEvent) -> str:
    """SHA-256 over what an event says and the hash of the one before it."""
    return audit.digest(
        audit.canonical(
            [
                event.round_id,
                event.slot_id,
                event.seq,
                event.status,
                event.method or "",
                event.content_sha256,
                event.strokes_sha256 or "",
                event.typed_name or "",
                event.reason or "",
                event.account_id,
                event.at,
                event.previous_hash,
            ]
        )
    )


def _frozen_clauses(commitment: Commitment) -> list[dict[str, Any]]:
    rows = db.session.execute(
        sa.select(Clause.id, Clause.heading, Clause.text)
        .where(Clause.commitment_id == commitment.id, Clause.removed_at.is_(None))
        .order_by(Clause.place, Clause.id)
    ).all()
    targets = db.session.execute(
        sa.select(Target.clause_id, Target.indicator, Target.value, Target.unit, Target.due_on, Office.name)
        .join(Clause, Clause.id == Target.clause_id)
        .join(Office, Office.id == Target.lead_office_id)
        .where(Clause.commitment_id == commitment.id, Target.removed_at.is_(None))
        .order_by(Target.id)
    ).all()
    return [
        {
            "heading": heading,
            "text": text,
            "targets": [
                {
                    "text": indicator,
                    "value": f"{_figure(value)} {unit}",
                    "due": indonesian.short_date(due_on),
                    "lead": lead,
                }
                for clause_id, indicator, value, unit, due_on, lead in targets
                if clause_id == key
            ],
        }
        for key, heading, text in rows
    ]


def _figure(value: Decimal) -> str:
    return indonesian.number(float(value), 0 if value == value.to_integral() else 2)


def _freeze_names(commitment: Commitment, on: date) -> list[dict[str, Any]]:
    """Copies today's holder of every position into its place; refuses a position nobody holds."""
    rows: Sequence[Any] = db.session.execute(
        sa.select(Slot, Position.title, Office.name, Appointment.kind, Person)
        .join(Position, Position.id == Slot.position_id)
        .join(Office, Office.id == Slot.office_id)
        .outerjoin(Appointment, holding(on))
        .outerjoin(Person, Person.id == Appointment.person_id)
        .where(Slot.commitment_id == commitment.id, Slot.status != SlotStatus.REPLACED)
        .order_by(Slot.place, Slot.id)
    ).all()
    if not rows:
        raise RuleViolation("Tambahkan dahulu paling sedikit satu penandatangan.")
    vacant = [row[1] for row in rows if row[4] is None]
    if vacant:
        raise RuleViolation(f"Belum ada pejabat untuk: {', '.join(vacant)}. Lengkapi di direktori dahulu.")
    for slot, title, office_name, kind, person in rows:
        slot.person_id = person.id
        slot.office_name = office_name
        _write_name(slot, person, kind, title)
    return [
        {
            "place": slot.place,
            "office_id": slot.office_id,
            "title": slot.title,
            "name": _full_name(slot),
            "capacity": capacity_of(slot),
        }
        for slot, *_ in rows
    ]


def _same_name(typed: str, slot: Slot) -> bool:
    """Case and spaces do not matter; the titles before and after the name may each be typed or left out."""

    def bare(text: str) -> str:
        return "".join(unicodedata.normalize("NFKC", text).casefold().split())

    written = {
        bare(indonesian.full_name(prefix, slot.name, suffix))
        for prefix in ("", slot.prefix)
        for suffix in ("", slot.suffix)
    }
    return bool(typed) and bare(typed) in written


def _tell_owner(actor: User, commitment: Commitment, text: str) -> None:
    notifications.notify(
        actor=actor,
        offices=[commitment.office_id],
        text=text,
        endpoint="commitments.show",
        arguments={"commitment_id": commitment.id},
    )
