"""Which rows a user can see: *my place or my part*, stated once per model.

Place: the record's code lies in the subtree of a role that reaches one. Part: my office is invited,
assigned, asked to sign, follows it, or owns it. Each part is a condition of its own that one index
answers. Getters join them with OR (`visible`): they look at one row. Lists and counts walk them one by
one and join by UNION (`branches`): an OR of several would be read from end to end.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from ilp.models.accounts import Account, RoleGrant
from ilp.models.commitments import Commitment, CommitmentStatus, Slot
from ilp.models.directory import Office, Position
from ilp.models.documents import Document, DocumentStatus
from ilp.models.facilities import Facility
from ilp.models.meetings import Invitation, Meeting, MeetingStatus
from ilp.models.pokjanal import CoordinationBody, Seat
from ilp.models.tasks import Assignment, AssignmentFollower, Task
from ilp.models.wilayah import Level
from ilp.policy.user import User

Condition = ColumnElement[bool]


def within(model: Any, code: str) -> Condition:
    """Rows of a placed model in the subtree of a code; the empty code is the whole nation."""
    level = Level.of(code)
    if level is None:
        return sa.true()
    if level is Level.VILLAGE:
        return sa.false()
    column: ColumnElement[str] = getattr(model, f"{level.value}_code")
    return column == code


def in_place(model: Any, user: User) -> Condition:
    return sa.or_(sa.false(), *(within(model, code) for code in sorted(user.places)))


Parts = tuple[Condition, ...]


def _meeting_parts(offices: Collection[int]) -> Parts:
    invited = sa.select(Invitation.meeting_id).where(Invitation.office_id.in_(offices))
    return (
        Meeting.office_id.in_(offices),
        sa.and_(Meeting.id.in_(invited), Meeting.status != MeetingStatus.DRAFT),
    )


def _task_parts(offices: Collection[int]) -> Parts:
    assigned = sa.select(Assignment.task_id).where(Assignment.office_id.in_(offices))
    followed = (
        sa.select(Assignment.task_id)
        .join(AssignmentFollower, AssignmentFollower.assignment_id == Assignment.id)
        .where(AssignmentFollower.office_id.in_(offices))
    )
    return (Task.owner_office_id.in_(offices), Task.id.in_(assigned), Task.id.in_(followed))


def _assignment_parts(offices: Collection[int]) -> Parts:
    followed = sa.select(AssignmentFollower.assignment_id).where(AssignmentFollower.office_id.in_(offices))
    return (
        Assignment.office_id.in_(offices),
        Assignment.issuer_office_id.in_(offices),
        Assignment.id.in_(followed),
    )


def _commitment_parts(offices: Collection[int]) -> Parts:
    asked = sa.select(Slot.commitment_id).where(Slot.office_id.in_(offices))
    return (
        Commitment.office_id.in_(offices),
        sa.and_(Commitment.id.in_(asked), Commitment.status != CommitmentStatus.DRAFT),
    )


def _document_parts(offices: Collection[int]) -> Parts:
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


def _body_parts(offices: Collection[int]) -> Parts:
    seated = (
        sa.select(Seat.body_id)
        .join(Position, Position.id == Seat.position_id)
        .where(Position.office_id.in_(offices))
    )
    return (CoordinationBody.office_id.in_(offices), CoordinationBody.id.in_(seated))


def _facility_parts(offices: Collection[int]) -> Parts:
    """An office's own facility (a Puskesmas) and its network of Pustu and Posyandu."""
    centre = aliased(Facility)
    network = sa.select(centre.id).where(centre.office_id.in_(offices))
    return (Facility.office_id.in_(offices), Facility.parent_id.in_(network))


PARTS: dict[type, Callable[[Collection[int]], Parts]] = {
    Meeting: _meeting_parts,
    Task: _task_parts,
    Assignment: _assignment_parts,
    Commitment: _commitment_parts,
    Document: _document_parts,
    CoordinationBody: _body_parts,
    Facility: _facility_parts,
    Office: lambda offices: (Office.id.in_(offices),),
}


def administered(user: User) -> Condition:
    """Offices in the places whose accounts and settings this user administers."""
    return sa.or_(sa.false(), *(within(Office, code) for code in sorted(user.administered)))


def administered_accounts(user: User) -> Condition:
    """Accounts that hold or held a role in such an office, or belong to one."""
    if "" in user.administered:
        return sa.true()
    offices = sa.select(Office.id).where(administered(user))
    return sa.or_(
        Account.id.in_(sa.select(RoleGrant.account_id).where(RoleGrant.office_id.in_(offices))),
        Account.office_id.in_(offices),
    )


def _parts(model: Any, user: User) -> list[Condition]:
    """My offices' parts, and a partner's parts bounded by its area."""
    parts = PARTS[model]
    mine = list(parts(sorted(user.offices))) if user.offices else []
    for office_id, area in sorted(user.partner_offices.items()):
        mine += [sa.and_(part, within(model, area)) for part in parts([office_id])]
    return mine


def takes_part(model: Any, user: User) -> Condition:
    """My office is one of those that the record concerns."""
    return sa.or_(sa.false(), *_parts(model, user))


def visible(model: Any, user: User) -> Condition:
    """The one expression for "this user may know that this row exists"; for rows found by a key."""
    return sa.or_(in_place(model, user), takes_part(model, user))


def branches(model: Any, user: User) -> list[Condition]:
    """`visible` as separate conditions, each answered by an index of its own, for lists and counts."""
    return [within(model, code) for code in sorted(user.places)] + _parts(model, user)
