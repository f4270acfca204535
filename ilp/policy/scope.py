"""Which rows a user can see: *my place or my part*, stated once per model.

Place: the record's code lies in the subtree of a role that reaches one. Part: my office is invited,
assigned, asked to sign, follows it, or owns it. Each part is a condition of its own that one index
answers. Getters join them with OR (`visible`): they look at one row. Lists and counts walk them one by
one and join by UNION (`branches`): an OR of several would be read from end to end.

A statement that is put together once (`core.statements.prepared`) is built for a `Reach`, the form of what a
user reaches, and run with that user's `values_of`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from ilp.core.statements import bound
from ilp.models.accounts import Account, RoleGrant
from ilp.models.audit import OF_ADMINISTRATION, AuditEntry
from ilp.models.commitments import Commitment, CommitmentStatus, Slot
from ilp.models.directory import Appointment, Office, Person, Position
from ilp.models.documents import Document, DocumentStatus
from ilp.models.facilities import Facility
from ilp.models.meetings import Invitation, Meeting, MeetingStatus
from ilp.models.pokjanal import CoordinationBody, Seat
from ilp.models.tasks import Assignment, AssignmentFollower, Task
from ilp.models.wilayah import Level
from ilp.policy.user import User, covers

Condition = ColumnElement[bool]


def within(model: Any, code: str) -> Condition:
    """Rows of a placed model in the subtree of a code; the empty code is the whole nation."""
    return _within(model, Level.of(code), code)


def _within(model: Any, level: Level | None, code: Any) -> Condition:
    if level is None:
        return sa.true()
    if level is Level.VILLAGE:
        return sa.false()
    column: ColumnElement[str] = getattr(model, f"{level.value}_code")
    inside: Condition = column == code
    return inside


@dataclass(frozen=True)
class Reach:
    """The form of what a user reaches, without its values; everybody of one form shares a statement.

    Levels of the places, how many offices of one's own there are, levels of the areas of partner offices, and
    of the places that one administers.
    """

    places: tuple[Level | None, ...]
    offices: int
    areas: tuple[Level | None, ...]
    administered: tuple[Level | None, ...]

    @classmethod
    def of(cls, user: User) -> Reach:
        areas = [area for _, area in sorted(user.partner_offices.items())]
        places, administered = (_levels(sorted(codes)) for codes in (user.places, user.administered))
        return cls(places, len(user.offices), _levels(areas), administered)


def _levels(codes: Sequence[str]) -> tuple[Level | None, ...]:
    return tuple(map(Level.of, codes))


def values_of(user: User) -> dict[str, Any]:
    """What a statement built for `Reach.of(user)` is run with."""
    values: dict[str, Any] = {f"place_{n}": code for n, code in enumerate(sorted(user.places))}
    values |= {f"administered_{n}": code for n, code in enumerate(sorted(user.administered))}
    values |= {f"office_{n}": office_id for n, office_id in enumerate(sorted(user.offices))}
    for n, (office_id, area) in enumerate(sorted(user.partner_offices.items())):
        values |= {f"partner_{n}": office_id, f"area_{n}": area}
    return values


Who = User | Reach
Offices = Sequence[Any]


def _places(who: Who) -> list[tuple[Level | None, Any]]:
    if isinstance(who, Reach):
        return [(level, bound(f"place_{n}")) for n, level in enumerate(who.places)]
    return [(Level.of(code), code) for code in sorted(who.places)]


def _administered(who: Who) -> list[tuple[Level | None, Any]]:
    if isinstance(who, Reach):
        return [(level, bound(f"administered_{n}", sa.Text)) for n, level in enumerate(who.administered)]
    return [(Level.of(code), code) for code in sorted(who.administered)]


def own_offices(who: Who) -> Offices:
    """For an IN; nothing to look for where this is empty."""
    if isinstance(who, Reach):
        return [bound(f"office_{n}") for n in range(who.offices)]
    return sorted(who.offices)


def partner_offices(who: Who) -> list[tuple[Any, Level | None, Any]]:
    """Each with the level and the code of the area that bounds its part."""
    if isinstance(who, Reach):
        return [(bound(f"partner_{n}"), level, bound(f"area_{n}")) for n, level in enumerate(who.areas)]
    return [(office, Level.of(area), area) for office, area in sorted(who.partner_offices.items())]


def in_place(model: Any, who: Who) -> Condition:
    return sa.or_(sa.false(), *(_within(model, level, code) for level, code in _places(who)))


Parts = tuple[Condition, ...]


def _meeting_parts(offices: Offices) -> Parts:
    invited = sa.select(Invitation.meeting_id).where(Invitation.office_id.in_(offices))
    return (
        Meeting.office_id.in_(offices),
        sa.and_(Meeting.id.in_(invited), Meeting.status != MeetingStatus.DRAFT),
    )


def _task_parts(offices: Offices) -> Parts:
    assigned = sa.select(Assignment.task_id).where(Assignment.office_id.in_(offices))
    followed = (
        sa.select(Assignment.task_id)
        .join(AssignmentFollower, AssignmentFollower.assignment_id == Assignment.id)
        .where(AssignmentFollower.office_id.in_(offices))
    )
    return (Task.owner_office_id.in_(offices), Task.id.in_(assigned), Task.id.in_(followed))


def _assignment_parts(offices: Offices) -> Parts:
    followed = sa.select(AssignmentFollower.assignment_id).where(AssignmentFollower.office_id.in_(offices))
    return (
        Assignment.office_id.in_(offices),
        Assignment.issuer_office_id.in_(offices),
        Assignment.id.in_(followed),
    )


def _commitment_parts(offices: Offices) -> Parts:
    asked = sa.select(Slot.commitment_id).where(Slot.office_id.in_(offices))
    return (
        Commitment.office_id.in_(offices),
        sa.and_(Commitment.id.in_(asked), Commitment.status != CommitmentStatus.DRAFT),
    )


def _document_parts(offices: Offices) -> Parts:
    issued = Document.status != DocumentStatus.RESERVED
    meetings = _ids(Meeting, _meeting_parts(offices))
    commitments = _ids(Commitment, _commitment_parts(offices))
    return (
        Document.office_id.in_(offices),
        sa.and_(Document.meeting_id.in_(meetings), issued),
        sa.and_(Document.commitment_id.in_(commitments), issued),
    )


def _ids(model: Any, parts: Parts) -> sa.CompoundSelect[int]:
    return sa.union(*(sa.select(model.id).where(part) for part in parts))


def _body_parts(offices: Offices) -> Parts:
    seated = (
        sa.select(Seat.body_id)
        .join(Position, Position.id == Seat.position_id)
        .where(Position.office_id.in_(offices))
    )
    return (CoordinationBody.office_id.in_(offices), CoordinationBody.id.in_(seated))


def _facility_parts(offices: Offices) -> Parts:
    """An office's own facility (a Puskesmas) and its network of Pustu and Posyandu."""
    centre = aliased(Facility)
    network = sa.select(centre.id).where(centre.office_id.in_(offices))
    return (Facility.office_id.in_(offices), Facility.parent_id.in_(network))


PARTS: dict[type, Callable[[Offices], Parts]] = {
    Meeting: _meeting_parts,
    Task: _task_parts,
    Assignment: _assignment_parts,
    Commitment: _commitment_parts,
    Document: _document_parts,
    CoordinationBody: _body_parts,
    Facility: _facility_parts,
    Office: lambda offices: (Office.id.in_(offices),),
}


def administered(who: Who) -> Condition:
    """Offices in the places whose accounts and settings this user administers."""
    return sa.or_(sa.false(), *_administered_offices(who))


def _administered_offices(who: Who) -> list[Condition]:
    return [_within(Office, level, code) for level, code in _administered(who)]


def at_or_below(column: Any, code: Any) -> Condition:
    """Codes of a place and all below it, found by the index of their column; the empty code is the nation."""
    if isinstance(code, str) and not code:
        return sa.true()
    return sa.or_(column == code, sa.and_(column >= code + ".", column < code + "/"))


def known_office(who: Who) -> Condition:
    """Offices a user may know of: those he sees, and those he administers; for rows found by a key."""
    return sa.or_(visible(Office, who), administered(who))


def known_persons(user: User) -> list[sa.Select[int]] | None:
    """Ids of the persons a user may know of, by each way; None if everybody.

    Whoever holds or held a position in an office the user may know of, or was entered in a place the
    user administers.
    """
    if _knows_everybody(user):
        return None
    held = sa.select(Appointment.person_id).join(Appointment.position).join(Position.office)
    ways = branches(Office, user) + _administered_offices(user)
    return [held.where(way) for way in ways] + [sa.select(Person.id).where(way) for way in _entered(user)]


def known_person(who: Who) -> Condition:
    """`known_persons` as one condition, for persons found by a key."""
    if _knows_everybody(who):
        return sa.true()
    held = (
        sa.select(Appointment.id)
        .join(Appointment.position)
        .join(Position.office)
        .where(Appointment.person_id == Person.id, known_office(who))
        .correlate(Person)
    )
    return sa.or_(held.exists(), *_entered(who))


def _knows_everybody(who: Who) -> bool:
    return any(level is None for level, _ in _places(who) + _administered(who))


def _entered(who: Who) -> list[Condition]:
    return [at_or_below(Person.wilayah_code, code) for _, code in _administered(who)]


def administered_accounts(user: User) -> Condition:
    """Accounts that hold or held a role in such an office, or belong to one."""
    return _accounts_in(user.administered)


def _accounts_in(codes: Collection[str]) -> Condition:
    if "" in codes:
        return sa.true()
    offices = _offices_in(codes)
    return sa.or_(
        Account.id.in_(sa.select(RoleGrant.account_id).where(RoleGrant.office_id.in_(offices))),
        Account.office_id.in_(offices),
    )


def _offices_in(codes: Collection[str]) -> sa.Select[int]:
    return sa.select(Office.id).where(sa.or_(sa.false(), *(within(Office, code) for code in sorted(codes))))


def overseen_accounts(user: User) -> Condition:
    """Accounts of the places that this user administers or audits."""
    return _accounts_in(user.administered | user.audited)


def readable_entries(user: User) -> list[Condition]:
    """The trail this user reads, as separate conditions; what lies in two places is in both.

    Of the places he audits all of it, of those he administers what the administration did.
    """
    audited = _outermost(user.audited)
    administered = [c for c in _outermost(user.administered) if not any(covers(a, c) for a in audited)]
    return [within(AuditEntry, code) for code in audited] + [
        sa.and_(within(AuditEntry, code), sa.text(OF_ADMINISTRATION)) for code in administered
    ]


def _outermost(codes: Collection[str]) -> list[str]:
    """Without the places that lie in another of them."""
    return sorted(c for c in codes if not any(c != above and covers(above, c) for above in codes))


def _parts(model: Any, who: Who) -> list[Condition]:
    """My offices' parts, and a partner's parts bounded by its area."""
    parts, own = PARTS[model], own_offices(who)
    mine = list(parts(own)) if own else []
    for office, level, area in partner_offices(who):
        mine += [sa.and_(part, _within(model, level, area)) for part in parts([office])]
    return mine


def takes_part(model: Any, who: Who) -> Condition:
    """My office is one of those that the record concerns."""
    return sa.or_(sa.false(), *_parts(model, who))


def visible(model: Any, who: Who) -> Condition:
    """The one expression for "this user may know that this row exists"; for rows found by a key."""
    return sa.or_(in_place(model, who), takes_part(model, who))


def visible_within(model: Any, user: User, code: str) -> Condition:
    """`visible`, of rows that lie in a place: nothing more is asked where the user reads all of it."""
    wholly = any(covers(place, code) for place in user.places)
    return sa.true() if wholly else visible(model, user)


def branches(model: Any, who: Who) -> list[Condition]:
    """`visible` as separate conditions, each answered by an index of its own, for lists and counts."""
    return [_within(model, level, code) for level, code in _places(who)] + _parts(model, who)
