"""What a change of officials moves: what is open at a position, and what was done there since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from ilp.core.clock import Zone, to_utc
from ilp.core.db import db
from ilp.core.indonesian import full_name
from ilp.models.accounts import Account, Role, RoleGrant
from ilp.models.commitments import WAITING, Commitment, CommitmentStatus, SignatureEvent, Slot, SlotStatus
from ilp.models.directory import Appointment, AppointmentKind, Office, Person, Position, Transfer
from ilp.models.documents import Document
from ilp.models.meetings import Attendance, Invitation, Meeting, MeetingStatus
from ilp.models.pokjanal import CoordinationBody, Seat
from ilp.models.tasks import OPEN, Assignment, AssignmentEvent, AssignmentStatus
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.policy.scope import administered, within
from ilp.policy.user import User
from ilp.queries.directory import holds_on
from ilp.queries.seats import UNANSWERED

COMING = (MeetingStatus.DRAFT, MeetingStatus.INVITED, MeetingStatus.POSTPONED, MeetingStatus.IN_SESSION)
"""States of a meeting whose seats are still to be taken."""


@dataclass(frozen=True)
class Passing:
    """What passes to whoever follows in a position, counted; contents stay with those who may read them."""

    tasks: int
    late: int
    meetings: int
    next_meeting: Any
    answered: int
    bodies: Sequence[str]
    signatures: int


def coming_seats(position_id: int, since: date) -> sa.ColumnElement[bool]:
    """Seats of a position at meetings from a day on that nobody has taken yet."""
    begin = to_utc(since, time(), Zone.WIT)
    return sa.and_(
        Invitation.position_id == position_id,
        Meeting.starts_at >= begin,
        Meeting.status.in_(COMING),
        ~sa.exists().where(Attendance.invitation_id == Invitation.id),
    )


def awaited(place: str) -> set[int]:
    """Positions of a place where a seat to come or a signature waits for whoever follows: one statement."""
    seats = (
        sa.select(Invitation.position_id)
        .join(Meeting, Meeting.id == Invitation.meeting_id)
        .join(Office, Office.id == Invitation.office_id)
        .where(Meeting.status.in_(COMING), within(Office, place))
    )
    slots = (
        sa.select(Slot.position_id)
        .join(Commitment, Commitment.id == Slot.commitment_id)
        .join(Office, Office.id == Slot.office_id)
        .where(Commitment.status == CommitmentStatus.OPEN, Slot.status.in_(WAITING), within(Office, place))
    )
    return set(db.session.scalars(sa.union(seats, slots)))


def passing(position: Position, starts_on: date) -> Passing:
    """Counts what is open at a position: three statements.

    Tasks are given to offices: they pass with its head.
    """
    open_rows = sa.and_(
        Assignment.office_id == position.office_id,
        Assignment.status.in_(OPEN),
        Assignment.withdrawn_at.is_(None),
    )
    tasks, late = (
        db.session.execute(
            sa.select(sa.func.count(), sa.func.count().filter(Assignment.awaited_on < starts_on)).where(
                open_rows
            )
        ).one()
        if position.is_head
        else (0, 0)
    )
    meetings = (
        sa.select(
            sa.func.count(),
            sa.func.min(Meeting.starts_at),
            sa.func.count().filter(Invitation.status.not_in(UNANSWERED)),
        )
        .join(Invitation, Invitation.meeting_id == Meeting.id)
        .where(coming_seats(position.id, starts_on))
        .subquery()
    )
    signatures = (
        sa.select(sa.func.count())
        .select_from(Slot)
        .join(Commitment, Commitment.id == Slot.commitment_id)
        .where(
            Slot.position_id == position.id,
            Slot.status.in_(WAITING),
            Commitment.status == CommitmentStatus.OPEN,
        )
        .scalar_subquery()
    )
    count, first, answered, waiting = db.session.execute(sa.select(meetings, signatures)).one()
    bodies = db.session.scalars(
        sa.select(CoordinationBody.name)
        .join(Seat, Seat.body_id == CoordinationBody.id)
        .where(Seat.position_id == position.id)
        .order_by(CoordinationBody.name)
    ).all()
    return Passing(tasks, late, count, first, answered, bodies, waiting)


def terms_elsewhere(user: User, person_id: int, position_id: int, on: date) -> Sequence[Any]:
    """What else somebody holds from a day on in places the user administers: id, title and office."""
    return db.session.execute(
        sa.select(Appointment.id, Position.title, Office.name)
        .join(Appointment.position)
        .join(Position.office)
        .where(
            Appointment.person_id == person_id,
            Appointment.position_id != position_id,
            sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= on),
            administered(user),
        )
        .order_by(Position.protocol_order, Position.id)
    ).all()


def kept_by_holders(user: User, position_id: int, person_id: int, on: date) -> Sequence[Any]:
    """What whoever goes holds besides, in places the user administers: position, title and office."""
    goes = sa.select(Appointment.person_id).where(
        Appointment.position_id == position_id, Appointment.person_id != person_id, holds_on(on)
    )
    return db.session.execute(
        sa.select(Position.id, Position.title, Office.name)
        .join(Appointment, Appointment.position_id == Position.id)
        .join(Position.office)
        .where(
            Appointment.person_id.in_(goes),
            Position.id != position_id,
            holds_on(on),
            administered(user),
        )
        .order_by(Position.protocol_order, Position.id)
    ).all()


@dataclass(frozen=True)
class RolesPassing:
    """Which roles a change of officials takes, and which roles in its office it gives to whose account."""

    lost: Sequence[RoleGrant]
    heir: Account | None
    given: Sequence[Role]


def roles_passing(
    user: User,
    office: Office,
    heir_id: int | None,
    on: date,
    *,
    ended: Collection[int],
    gone: Collection[int],
    left: Sequence[Office],
) -> RolesPassing:
    """Who loses which roles on a day as some terms end, and which of them the successor gets.

    Those of `gone` in the office are taken and given on; the successor's own in the offices `left`, as far
    as the user may change the directory there, are only taken. Whoever still serves an office keeps its
    roles, `ended` terms apart; an administrator's role, and those of the user's own account, stay. The
    successor has no id while nobody has stored him.
    """
    me = user.account_id or 0
    taken = _roles_without_office(gone, office.id, on, ended, apart_from=me)
    if heir_id is None:
        return RolesPassing(taken, None, [])
    own = [
        grant
        for where in left
        if where.id != office.id and allowed(user, Action.DIRECTORY_EDIT, where)
        for grant in _roles_without_office([heir_id], where.id, on, ended, apart_from=me)
    ]
    heir = account_of(heir_id, apart_from=me)
    roles = {grant.role for grant in taken}
    given = sorted(roles - roles_in(heir.id, office.id)) if heir is not None and roles else []
    return RolesPassing([*taken, *own], heir, given)


def _roles_without_office(
    persons: Collection[int], office_id: int, on: date, ended: Collection[int], *, apart_from: int
) -> Sequence[RoleGrant]:
    """Roles in an office, but an administrator's, of those among some persons who serve it no more on a day.

    Terms that end are no service. Those of one account are left out: whoever acts does not take his own.
    """
    if not persons:
        return []
    serving = (
        sa.select(Appointment.person_id)
        .join(Appointment.position)
        .where(Position.office_id == office_id, holds_on(on), Appointment.id.not_in(ended))
    )
    return db.session.scalars(
        sa.select(RoleGrant)
        .join(Account, Account.id == RoleGrant.account_id)
        .options(contains_eager(RoleGrant.account), joinedload(RoleGrant.office))
        .where(
            Account.person_id.in_(persons),
            Account.person_id.not_in(serving),
            Account.id != apart_from,
            RoleGrant.office_id == office_id,
            RoleGrant.role != Role.ADMINISTRATOR,
            RoleGrant.revoked_at.is_(None),
        )
        .order_by(RoleGrant.id)
    ).all()


def roles_in(account_id: int, office_id: int) -> set[Role]:
    """The roles that an account has in an office."""
    return set(
        db.session.scalars(
            sa.select(RoleGrant.role).where(
                RoleGrant.account_id == account_id,
                RoleGrant.office_id == office_id,
                RoleGrant.revoked_at.is_(None),
            )
        )
    )


def standing_grants(keys: Collection[int]) -> Sequence[RoleGrant]:
    """Those of some grants that nobody has revoked."""
    return db.session.scalars(
        sa.select(RoleGrant).where(RoleGrant.id.in_(keys), RoleGrant.revoked_at.is_(None))
    ).all()


def account_of(person_id: int, *, apart_from: int) -> Account | None:
    """The account that somebody logs in with; never that of whoever acts."""
    return db.session.scalars(
        sa.select(Account)
        .where(Account.person_id == person_id, Account.suspended_at.is_(None), Account.id != apart_from)
        .order_by(Account.id)
        .limit(1)
    ).one_or_none()


def terms_reaching(condition: sa.ColumnElement[bool], starts_on: date) -> Sequence[Appointment]:
    """Terms that would reach into one that begins on a day."""
    reach = sa.or_(Appointment.ends_on.is_(None), Appointment.ends_on >= starts_on)
    return db.session.scalars(sa.select(Appointment).where(condition, reach).order_by(Appointment.id)).all()


def positions_of(terms: Collection[int]) -> Sequence[int]:
    """The positions that some terms are about."""
    if not terms:
        return []
    return db.session.scalars(
        sa.select(Appointment.position_id).where(Appointment.id.in_(terms)).distinct()
    ).all()


def last_transfer(position_id: int) -> Transfer | None:
    """The latest change of a position that was not taken back, with whoever followed."""
    return db.session.scalars(
        sa.select(Transfer)
        .options(joinedload(Transfer.person))
        .where(Transfer.position_id == position_id, Transfer.undone_at.is_(None))
        .order_by(Transfer.id.desc())
        .limit(1)
    ).one_or_none()


def ended_terms(made: Transfer) -> list[tuple[int, date | None]]:
    """The terms that a transfer ended, with the last days they had before."""
    return [(key, date.fromisoformat(end) if end else None) for key, end in made.outcome["terms"]]


def goes(made: Transfer) -> Sequence[int]:
    """The persons whose terms in the position a transfer ended, but for the successor."""
    ended = [key for key, _ in ended_terms(made)]
    return db.session.scalars(
        sa.select(Appointment.person_id).where(
            Appointment.id.in_(ended),
            Appointment.position_id == made.position_id,
            Appointment.person_id != made.person_id,
        )
    ).all()


def offices_of(terms: Collection[int], person_id: int | None) -> Sequence[Office]:
    """The offices that some terms of one person are in."""
    if not terms or person_id is None:
        return []
    return db.session.scalars(
        sa.select(Office)
        .join(Position, Position.office_id == Office.id)
        .join(Appointment, Appointment.position_id == Position.id)
        .where(Appointment.id.in_(terms), Appointment.person_id == person_id)
        .distinct()
        .order_by(Office.id)
    ).all()


def _filled_again(made: Transfer) -> sa.ColumnElement[bool]:
    """Whether another definitive term reaches into one that a transfer ended, as it was before."""
    ended, other = ended_terms(made), aliased(Appointment)
    before = [
        sa.and_(Appointment.id == key, *([other.starts_on <= end] if end else [])) for key, end in ended
    ]
    return sa.exists().where(
        sa.or_(sa.false(), *before),
        other.position_id == Appointment.position_id,
        other.kind == AppointmentKind.DEFINITIVE,
        other.id.not_in([*(key for key, _ in ended), made.appointment_id or 0]),
        sa.or_(other.ends_on.is_(None), other.ends_on >= made.starts_on),
    )


def done_since(made: Transfer, position: Position, office: Office, person: Person) -> str:
    """What forbids to take a transfer back, as a sentence; "" if nothing was done under the successor."""
    left = sa.select(Appointment.position_id).where(Appointment.id.in_([key for key, _ in ended_terms(made)]))
    later = sa.exists().where(
        sa.or_(Transfer.position_id == position.id, Transfer.position_id.in_(left)),
        Transfer.id > made.id,
        Transfer.undone_at.is_(None),
    )
    signed = sa.exists().where(
        SignatureEvent.slot_id == Slot.id,
        Slot.position_id == position.id,
        Slot.person_id == made.person_id,
        SignatureEvent.status.in_((SlotStatus.SIGNED, SlotStatus.DECLINED)),
        SignatureEvent.at >= made.created_at,
    )
    own = AssignmentEvent.status.in_((AssignmentStatus.IN_PROGRESS, AssignmentStatus.SUBMITTED))
    reported = sa.exists().where(
        AssignmentEvent.assignment_id == Assignment.id,
        Assignment.office_id == office.id,
        AssignmentEvent.at >= made.created_at,
        own if position.is_head else sa.and_(own, AssignmentEvent.actor_name == person.name),
    )
    attended = sa.exists().where(
        Attendance.invitation_id == Invitation.id,
        Invitation.position_id == position.id,
        Attendance.recorded_at >= made.created_at,
    )
    found = db.session.execute(sa.select(later, _filled_again(made), signed, reported, attended)).one()
    sentences = (
        "Sudah ada mutasi lain sesudahnya untuk jabatan ini atau yang ditinggalkan.",
        "Jabatan yang ditinggalkan sudah dipegang orang lain.",
        "Penggantinya sudah menandatangani atau menolak suatu naskah.",
        "Sudah ada laporan tugas dari kantor ini sejak mutasi.",
        "Kehadirannya dalam suatu rapat sudah dicatat.",
    )
    refusal = next((sentence for done, sentence in zip(found, sentences, strict=True) if done), "")
    return refusal or (
        "Sudah ada surat terbit atas nama penggantinya." if _wrote(made, office, person) else ""
    )


def _wrote(made: Transfer, office: Office, person: Person) -> bool:
    """Whether a paper of the office names the successor among its signatories."""
    name = full_name(person.prefix, person.name, person.suffix)
    facts = db.session.scalars(
        sa.select(Document.facts).where(
            Document.office_id == office.id,
            Document.letter_date >= made.starts_on,
            Document.created_at >= made.created_at,
        )
    )
    return any(name == who["name"] for fact in facts for who in fact.get("signatories", []))
