"""The only way to get an object by its id: visible by place or part, or NotFound. Each is one statement."""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from ilp.core.db import Row, columns_of, db, entity, execute
from ilp.core.errors import NotFound
from ilp.core.statements import bound, prepared
from ilp.models.accounts import Account, RoleGrant
from ilp.models.commitments import Commitment, Slot, SlotStatus
from ilp.models.directory import Appointment, Office, OfficeGroup, Person, PersonMerge, Position, Transfer
from ilp.models.documents import Document
from ilp.models.facilities import Facility
from ilp.models.imports import ImportRun
from ilp.models.jobs import Job
from ilp.models.meetings import Invitation, Meeting
from ilp.models.notifications import Notification
from ilp.models.pokjanal import CoordinationBody
from ilp.models.tasks import Assignment, Evidence, Task
from ilp.models.wilayah import RegencySetting
from ilp.policy.scope import (
    Reach,
    administered,
    administered_accounts,
    known_office,
    known_person,
    overseen_accounts,
    values_of,
    visible,
)
from ilp.policy.user import User

Entity = TypeVar("Entity")


def _one(model: type[Entity], statement: sa.Select[Any], values: dict[str, Any] | None = None) -> Entity:
    found: Entity | None = db.session.scalars(statement, values).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


@prepared
def _columns_by_id(model: Any, reach: Reach) -> sa.Select[Any]:
    return sa.select(*columns_of(model)).where(model.id == bound("key"), visible(model, reach))


def _visible_alone(model: type[Row], user: User, key: int) -> Row:
    """What `_visible` gets without options, past the ORM, which is dear."""
    found = execute(_columns_by_id(model, Reach.of(user)), {"key": key, **values_of(user)}).one_or_none()
    if found is None:
        raise NotFound
    return entity(model, found)


@prepared
def _by_id(model: Any, reach: Reach, *options: Any) -> sa.Select[Any]:
    return sa.select(model).where(model.id == bound("key"), visible(model, reach)).options(*options)


def _visible(model: type[Entity], user: User, key: int, *options: Any) -> Entity:
    return _one(model, _by_id(model, Reach.of(user), *options), {"key": key, **values_of(user)})


# Of a person the rules ask for the offices of all terms, and of all living roles.
TERMS = joinedload(Person.appointments).joinedload(Appointment.position).joinedload(Position.office)
ROLES = selectinload(Person.accounts).joinedload(Account.grants).joinedload(RoleGrant.office)
# Named once: a prepared statement is known by the options it was built with.
TASK = (joinedload(Task.owner_office),)
ASSIGNMENT = (
    joinedload(Assignment.task).joinedload(Task.owner_office),
    joinedload(Assignment.office),
    joinedload(Assignment.parent).joinedload(Assignment.office),
)
COMMITMENT = (joinedload(Commitment.office),)
DOCUMENT = (joinedload(Document.office), joinedload(Document.number), joinedload(Document.files))
BODY = (joinedload(CoordinationBody.office),)


def access_meeting(user: User, meeting_id: int) -> Meeting:
    return _visible_alone(Meeting, user, meeting_id)


@prepared
def _meeting_state(reach: Reach) -> sa.Select[int, int]:
    return sa.select(Meeting.id, Meeting.version).where(Meeting.id == bound("key"), visible(Meeting, reach))


def access_meeting_state(user: User, meeting_id: int) -> Any:
    """Id and version of a meeting, for a page that asks whether there is news."""
    state = execute(_meeting_state(Reach.of(user)), {"key": meeting_id, **values_of(user)}).one_or_none()
    if state is None:
        raise NotFound
    return state


def access_invitation(user: User, meeting_id: int, invitation_id: int) -> Invitation:
    """A seat at a meeting the user may see."""
    return _one(
        Invitation,
        sa.select(Invitation)
        .join(Invitation.meeting)
        .options(contains_eager(Invitation.meeting).joinedload(Meeting.office))
        .where(Invitation.id == invitation_id, Meeting.id == meeting_id, visible(Meeting, user)),
    )


def access_task(user: User, task_id: int) -> Task:
    return _visible(Task, user, task_id, *TASK)


def access_assignment(user: User, assignment_id: int) -> Assignment:
    return _visible(Assignment, user, assignment_id, *ASSIGNMENT)


def access_evidence(user: User, evidence_id: int) -> Evidence:
    """Proof handed in for an assignment the user may see."""
    return _one(
        Evidence,
        sa.select(Evidence)
        .join(Assignment, Assignment.id == Evidence.assignment_id)
        .options(joinedload(Evidence.file))
        .where(Evidence.id == evidence_id, visible(Assignment, user)),
    )


def access_commitment(user: User, commitment_id: int) -> Commitment:
    return _visible(Commitment, user, commitment_id, *COMMITMENT)


PASSED_ON = "Tempat tanda tangan ini sudah beralih kepada pejabat penggantinya."


def access_slot(user: User, slot_id: int) -> Slot:
    """A signatory's place in a commitment the user may see.

    Whose own it was, and who sees the commitment no more, is told that it has passed on.
    """
    statement = sa.select(Slot).join(Commitment, Commitment.id == Slot.commitment_id)
    try:
        return _one(Slot, statement.where(Slot.id == slot_id, visible(Commitment, user)))
    except NotFound:
        own = sa.exists().where(
            Slot.id == slot_id, Slot.person_id == user.person_id, Slot.status == SlotStatus.REPLACED
        )
        if user.person_id is not None and db.session.scalar(sa.select(own)):
            raise NotFound(PASSED_ON) from None
        raise


def access_document(user: User, document_id: int) -> Document:
    return _visible(Document, user, document_id, *DOCUMENT)


def access_job(user: User, job_id: int) -> Job:
    """Work that was asked for by the user's own account, or by somebody of the same office."""
    colleagues = sa.select(RoleGrant.account_id).where(
        RoleGrant.office_id.in_(sorted(user.offices)), RoleGrant.revoked_at.is_(None)
    )
    mine = sa.or_(Job.account_id == user.account_id, Job.account_id.in_(colleagues))
    return _one(Job, sa.select(Job).where(Job.id == job_id, mine))


def access_import(user: User, run_id: int) -> ImportRun:
    """A file that the user's own account handed in."""
    mine = ImportRun.account_id == user.account_id
    return _one(ImportRun, sa.select(ImportRun).where(ImportRun.id == run_id, mine))


def access_notification(user: User, notification_id: int) -> Notification:
    """What the user's own account was told."""
    mine = Notification.account_id == user.account_id
    return _one(Notification, sa.select(Notification).where(Notification.id == notification_id, mine))


def access_body(user: User, body_id: int) -> CoordinationBody:
    return _visible(CoordinationBody, user, body_id, *BODY)


def access_facility(user: User, facility_id: int) -> Facility:
    return _visible_alone(Facility, user, facility_id)


def access_office(user: User, office_id: int) -> Office:
    """An office within the user's places, administered places or own; the directory is not public."""
    return _one(
        Office,
        sa.select(Office).where(Office.id == office_id, known_office(user)),
    )


def own_person(user: User) -> Person:
    """The record of whoever is logged in; an account of an office has none."""
    return _one(Person, sa.select(Person).where(Person.id == user.person_id))


def access_person(user: User, person_id: int) -> Person:
    """Somebody who holds or held a position in an office the user may know of, with positions and roles."""
    known = known_person(user)
    return _one(Person, sa.select(Person).where(Person.id == person_id, known).options(TERMS, ROLES))


def access_position(user: User, position_id: int) -> Position:
    """A position in use, of an office the user may know of."""
    return _one(
        Position,
        sa.select(Position)
        .join(Position.office)
        .options(contains_eager(Position.office))
        .where(
            Position.id == position_id,
            Position.archived_at.is_(None),
            known_office(user),
        ),
    )


def access_merge(user: User, merge_id: int) -> PersonMerge:
    """Two records joined into that of somebody the user may know of, with positions and roles of both."""
    return _one(
        PersonMerge,
        sa.select(PersonMerge)
        .join(PersonMerge.kept)
        .options(
            contains_eager(PersonMerge.kept).options(TERMS, ROLES),
            joinedload(PersonMerge.gone).options(TERMS, ROLES),
        )
        .where(PersonMerge.id == merge_id, known_person(user)),
    )


def access_group(user: User, group_id: int) -> OfficeGroup:
    """A saved group of an office that the user may see."""
    return _one(
        OfficeGroup,
        sa.select(OfficeGroup)
        .join(OfficeGroup.office)
        .options(contains_eager(OfficeGroup.office))
        .where(OfficeGroup.id == group_id, visible(Office, user)),
    )


def access_transfer(user: User, transfer_id: int) -> Transfer:
    """A change of officials in an office the user may know of."""
    return _one(
        Transfer,
        sa.select(Transfer)
        .join(Transfer.position)
        .join(Position.office)
        .options(contains_eager(Transfer.position).contains_eager(Position.office))
        .where(Transfer.id == transfer_id, known_office(user)),
    )


def access_setting(user: User, setting: str) -> RegencySetting:
    """The settings of a regency (by its code) in the administered places, once it was set up."""
    if not user.administers(setting):
        raise NotFound
    return _one(RegencySetting, sa.select(RegencySetting).where(RegencySetting.regency_code == setting))


def access_account(user: User, account_id: int) -> Account:
    """An account in the administered places, with its living roles and whom it belongs to."""
    return _one(
        Account,
        sa.select(Account)
        .where(Account.id == account_id, administered_accounts(user))
        .options(
            joinedload(Account.person),
            joinedload(Account.office),
            joinedload(Account.grants).joinedload(RoleGrant.office),
        ),
    )


def access_overseen_account(user: User, account_id: int) -> Account:
    """An account in the places the user administers or audits, with its owner."""
    return _one(
        Account,
        sa.select(Account)
        .where(Account.id == account_id, overseen_accounts(user))
        .options(joinedload(Account.person), joinedload(Account.office)),
    )


def access_grant(user: User, account_id: int, grant_id: int) -> RoleGrant:
    """A role, or one that was taken away, in an office in the administered places."""
    return _one(
        RoleGrant,
        sa.select(RoleGrant)
        .join(RoleGrant.office)
        .where(
            RoleGrant.id == grant_id,
            RoleGrant.account_id == account_id,
            administered(user),
        ),
    )
