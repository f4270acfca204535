"""Which rows a user can see: *my place or my part*, stated once per model.

Place: the record's code lies in the subtree of a role that reaches one. Part: my office is invited,
assigned, asked to sign, follows it, or owns it. Getters, lists, counts and exports all use
`visible`; lists of large tables use `branches`, each bounded by an index, joined by UNION.
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


def _meeting_part(offices: Collection[int]) -> Condition:
    invited = sa.select(Invitation.meeting_id).where(Invitation.office_id.in_(offices))
    return sa.or_(
        Meeting.office_id.in_(offices),
        sa.and_(Meeting.id.in_(invited), Meeting.status != MeetingStatus.DRAFT),
    )


def _task_part(offices: Collection[int]) -> Condition:
    assigned = sa.select(Assignment.task_id).where(Assignment.office_id.in_(offices))
    followed = (
        sa.select(Assignment.task_id)
        .join(AssignmentFollower, AssignmentFollower.assignment_id == Assignment.id)
        .where(AssignmentFollower.office_id.in_(offices))
    )
    return sa.or_(Task.owner_office_id.in_(offices), Task.id.in_(assigned), Task.id.in_(followed))


def _assignment_part(offices: Collection[int]) -> Condition:
    owned = sa.select(Task.id).where(Task.owner_office_id.in_(offices))
    followed = sa.select(AssignmentFollower.assignment_id).where(AssignmentFollower.office_id.in_(offices))
    return sa.or_(
        Assignment.office_id.in_(offices), Assignment.task_id.in_(owned), Assignment.id.in_(followed)
    )


def _commitment_part(offices: Collection[int]) -> Condition:
    asked = sa.select(Slot.commitment_id).where(Slot.office_id.in_(offices))
    return sa.or_(
        Commitment.office_id.in_(offices),
        sa.and_(Commitment.id.in_(asked), Commitment.status != CommitmentStatus.DRAFT),
    )


def _document_part(offices: Collection[int]) -> Condition:
    meetings = sa.select(Meeting.id).where(_meeting_part(offices))
    commitments = sa.select(Commitment.id).where(_commitment_part(offices))
    return sa.or_(
        Document.office_id.in_(offices),
        sa.and_(
            sa.or_(Document.meeting_id.in_(meetings), Document.commitment_id.in_(commitments)),
            Document.status != DocumentStatus.RESERVED,
        ),
    )


def _body_part(offices: Collection[int]) -> Condition:
    seated = (
        sa.select(Seat.body_id)
        .join(Position, Position.id == Seat.position_id)
        .where(Position.office_id.in_(offices))
    )
    return sa.or_(CoordinationBody.office_id.in_(offices), CoordinationBody.id.in_(seated))


def _facility_part(offices: Collection[int]) -> Condition:
    """An office's own facility (a Puskesmas) and its network of Pustu and Posyandu."""
    centre = aliased(Facility)
    network = sa.select(centre.id).where(centre.office_id.in_(offices))
    return sa.or_(Facility.office_id.in_(offices), Facility.parent_id.in_(network))


PARTS: dict[type, Callable[[Collection[int]], Condition]] = {
    Meeting: _meeting_part,
    Task: _task_part,
    Assignment: _assignment_part,
    Commitment: _commitment_part,
    Document: _document_part,
    CoordinationBody: _body_part,
    Facility: _facility_part,
    Office: Office.id.in_,
}


def administered(user: User) -> Condition:
    """Offices in the places whose accounts and settings this user administers."""
    return sa.or_(sa.false(), *(within(Office, code) for code in sorted(user.administered)))


def administered_accounts(user: User) -> Condition:
    """Accounts that hold or held a role in such an office, or belong to one."""
    offices = sa.select(Office.id).where(administered(user))
    return sa.or_(
        Account.id.in_(sa.select(RoleGrant.account_id).where(RoleGrant.office_id.in_(offices))),
        Account.office_id.in_(offices),
    )


def takes_part(model: Any, user: User) -> Condition:
    """My office's part, and a partner's part bounded by its area."""
    part = PARTS[model]
    conditions = [part(sorted(user.offices))] if user.offices else []
    for office_id, area in sorted(user.partner_offices.items()):
        conditions.append(sa.and_(part([office_id]), within(model, area)))
    return sa.or_(sa.false(), *conditions)


def visible(model: Any, user: User) -> Condition:
    """The one expression for "this user may know that this row exists"."""
    return sa.or_(in_place(model, user), takes_part(model, user))


def branches(model: Any, user: User) -> list[Condition]:
    """`visible` as separate conditions, one for each index that can answer it (for keyset lists by UNION)."""
    conditions = [within(model, code) for code in sorted(user.places)]
    if user.offices or user.partner_offices:
        conditions.append(takes_part(model, user))
    return conditions
