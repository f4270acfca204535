"""Who may: one map from action to alternatives, each a list of predicates that must all hold.

A predicate is a tiny function (user, target) -> bool that may not raise. Visibility (place or part)
was already settled by the getter in `access.py`; these rules say what may be *done* with what is
visible. An action without a target is about a new thing or a list.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ilp.core.clock import today
from ilp.models.accounts import Role
from ilp.models.directory import OfficeKind
from ilp.models.imports import ImportKind
from ilp.policy.actions import Action
from ilp.policy.user import CONTENT_ROLES, User, covers

Predicate = Callable[[User, Any], bool]

WRITERS = (Role.SECRETARIAT, Role.BODY_SECRETARIAT, Role.HEALTH_OFFICE)
SIGNERS = (Role.LEADER, Role.HEALTH_OFFICE, Role.IMPLEMENTER, Role.BODY_SECRETARIAT)
CALLERS = (OfficeKind.KECAMATAN, OfficeKind.PUSKESMAS)


def logged_in(user: User, target: Any) -> bool:
    return user.account_id is not None


def has_role(*roles: Role) -> Predicate:
    """Holds one of these roles anywhere."""
    return lambda user, target: user.has(*roles)


def owner_office(target: Any) -> int | None:
    """The office a record belongs to: its organiser, issuer or author."""
    return getattr(target, "owner_office_id", None) or getattr(target, "office_id", None)


def owns_as(*roles: Role) -> Predicate:
    """Holds one of these roles in the very office the record belongs to."""
    return lambda user, target: owner_office(target) in user.offices_as(*roles)


def calls_meetings(user: User, target: Any) -> bool:
    """Camat and Puskesmas call their own meetings (lokakarya mini tribulanan)."""
    return any(
        g.role is Role.IMPLEMENTER
        and g.office_kind in CALLERS
        and (target is None or g.office_id == owner_office(target))
        for g in user.grants
    )


def group_offices(user: User) -> list[int]:
    """The offices for which a user keeps groups to invite: those in which meetings are called."""
    return [
        grant.office_id
        for grant in user.grants
        if grant.role in WRITERS or (grant.role is Role.IMPLEMENTER and grant.office_kind in CALLERS)
    ]


def is_minute_taker(user: User, target: Any) -> bool:
    return user.account_id is not None and target.minute_taker_id == user.account_id


def reaches(user: User, target: Any) -> bool:
    """The record lies in a place whose whole subtree the user reads."""
    codes = {"", target.province_code, target.regency_code, target.district_code}
    return not codes.isdisjoint(user.places)


def is_own(user: User, target: Any) -> bool:
    """It belongs to, or is addressed to, an office of mine."""
    return owner_office(target) in user.offices | user.partner_offices.keys()


def is_assigned(user: User, target: Any) -> bool:
    """The row is for an office in which I carry out tasks; nobody reports for a neighbour."""
    return target.office_id in user.offices - user.offices_as(Role.LEADER)


def delegates_below(user: User, target: Any) -> bool:
    """Only a kecamatan passes its own row on to its desa/kelurahan."""
    return any(
        g.role is Role.IMPLEMENTER
        and g.office_kind is OfficeKind.KECAMATAN
        and g.office_id == target.office_id
        for g in user.grants
    )


def reviews(user: User, target: Any) -> bool:
    """A child row is reviewed by its parent's office, a top row by the issuer, never one's own."""
    if target.office_id in user.offices:
        return False
    roles = (Role.IMPLEMENTER,) if target.parent_id is not None else (*WRITERS, Role.IMPLEMENTER)
    return target.reviewer_office_id in user.offices_as(*roles)


def issued_as(*roles: Role) -> Predicate:
    """Holds one of these roles in the office that gave the task of this row."""
    return lambda user, target: target.issuer_office_id in user.offices_as(*roles)


def is_asked_to_sign(user: User, target: Any) -> bool:
    """The person whose name was frozen when signing opened; a shared office account only if nobody was."""
    if target.person_id is not None:
        return bool(target.person_id == user.person_id)
    return user.person_id is None and target.office_id in user.offices_as(*SIGNERS)


def administers_wholly(user: User, target: Any) -> bool:
    """No role of the account lies outside what I administer: nobody climbs through a password link."""
    return all(user.administers(grant.office.wilayah_code) for grant in target.grants)


def administers_place(user: User, target: Any) -> bool:
    """The office (or a new one, somewhere) lies in a place I administer."""
    return bool(user.administered) if target is None else user.administers(target.wilayah_code)


def audits_place(user: User, target: Any) -> bool:
    """The office lies in a place whose whole trail I read."""
    return user.audits(target.wilayah_code)


def administers_person(user: User, target: Any) -> bool:
    """All that somebody holds lies in places I administer; else what was held last, or where entered."""
    held = [term for term in target.appointments if term.ends_on is None or term.ends_on >= today()]
    codes = [term.position.office.wilayah_code for term in held or target.appointments[:1]]
    return all(user.administers(code) for code in codes or [target.wilayah_code])


def administers_accounts(user: User, target: Any) -> bool:
    """No role of that person lies outside what I administer: nobody climbs through a record either."""
    return all(administers_wholly(user, account) for account in target.accounts)


def oversees_person(user: User, target: Any) -> bool:
    """Something that somebody holds or held lies in a place I administer or audit; else where entered."""
    codes = {term.position.office.wilayah_code for term in target.appointments} or {target.wilayah_code}
    return any(user.administers(code) or user.audits(code) for code in codes)


def writes_in_place(user: User, target: Any) -> bool:
    """I am with a secretariat whose place the office lies in."""
    return any(g.role in WRITERS and covers(g.wilayah_code, target.wilayah_code) for g in user.grants)


def guides_health(user: User, target: Any) -> bool:
    """I am with the Dinas Kesehatan of the place the facility lies in."""
    return any(
        g.role is Role.HEALTH_OFFICE and covers(g.wilayah_code, target.wilayah_code) for g in user.grants
    )


def imports(user: User, target: Any) -> bool:
    """I may do there by hand what a file of this kind does row by row."""
    if target is None:
        return user.has(Role.ADMINISTRATOR, Role.HEALTH_OFFICE)
    by_hand = guides_health if getattr(target, "kind", None) is ImportKind.FACILITIES else administers_place
    return by_hand(user, target)


ANY_CONTENT = [[has_role(*CONTENT_ROLES)]]

RULES: dict[Action, list[list[Predicate]]] = {
    Action.ACCOUNT_FACTOR: [[logged_in]],
    Action.ACCOUNT_MANAGE: [[has_role(Role.ADMINISTRATOR)]],
    Action.ACCOUNT_SECURE: [[has_role(Role.ADMINISTRATOR), administers_wholly]],
    Action.ACCOUNT_SELF: [[logged_in]],
    Action.ASSIGNMENT_DELEGATE: [[delegates_below]],
    Action.ASSIGNMENT_FOLLOW: [[issued_as(*WRITERS)]],
    Action.ASSIGNMENT_READ: ANY_CONTENT,
    Action.ASSIGNMENT_REPORT: [[is_assigned]],
    Action.ASSIGNMENT_REVIEW: [[reviews]],
    Action.AUDIT_ACCOUNT: [[has_role(Role.AUDITOR, Role.ADMINISTRATOR)]],
    Action.AUDIT_CONTENT: [[reaches], [is_own]],
    Action.AUDIT_OFFICE: [[administers_place], [audits_place]],
    Action.AUDIT_PERSON: [[oversees_person]],
    Action.AUDIT_READ: [[has_role(Role.AUDITOR, Role.ADMINISTRATOR)]],
    Action.COMMITMENT_CREATE: [[has_role(*WRITERS)]],
    Action.COMMITMENT_EDIT: [[owns_as(*WRITERS)]],
    Action.COMMITMENT_READ: ANY_CONTENT,
    Action.COMMITMENT_SIGN: [[is_asked_to_sign]],
    Action.DESK_READ: [[logged_in]],
    Action.DIRECTORY_CONTACT: [[administers_place], [writes_in_place]],
    Action.DIRECTORY_EDIT: [[administers_place]],
    Action.DIRECTORY_READ: [[logged_in]],
    Action.DOCUMENT_EDIT: [[owns_as(*WRITERS)], [calls_meetings]],
    Action.DOCUMENT_READ: ANY_CONTENT,
    Action.FACILITY_CATCHMENT: [[guides_health]],
    Action.FACILITY_READ: ANY_CONTENT,
    Action.FACILITY_UPDATE: [[guides_health]],
    Action.GALLERY_READ: [[has_role(Role.ADMINISTRATOR)]],
    Action.GROUP_CREATE: [[has_role(*WRITERS)], [calls_meetings]],
    Action.GROUP_EDIT: [[owns_as(*WRITERS)], [calls_meetings]],
    Action.HELP_READ: [[logged_in]],
    Action.IMPORT_RUN: [[imports]],
    Action.INVITATION_ANSWER: [[is_own]],
    Action.JOB_READ: [[logged_in]],
    Action.MEETING_APPROVE: [[owns_as(Role.LEADER)]],
    Action.MEETING_CREATE: [[has_role(*WRITERS)], [calls_meetings]],
    Action.MEETING_EDIT: [[owns_as(*WRITERS)], [calls_meetings]],
    Action.MEETING_MINUTE: [[owns_as(*WRITERS)], [calls_meetings], [is_minute_taker]],
    Action.MEETING_PEOPLE: [[reaches], [is_own], [is_minute_taker]],
    Action.MEETING_READ: ANY_CONTENT,
    Action.MEETING_REGISTER: [[owns_as(*WRITERS)], [calls_meetings], [is_minute_taker]],
    Action.PERSON_ADDRESS: [[administers_person, administers_accounts]],
    Action.PERSON_ANONYMISE: [[administers_person, administers_accounts]],
    Action.PERSON_EDIT: [[administers_person]],
    Action.PERSON_EXPORT: [[administers_person]],
    Action.PERSON_MERGE: [[administers_person, administers_accounts]],
    Action.POKJANAL_ISSUE: [[owns_as(Role.BODY_SECRETARIAT)]],
    Action.POKJANAL_READ: ANY_CONTENT,
    Action.REPORT_READ: ANY_CONTENT,
    Action.SEARCH: [[logged_in]],
    Action.SETTING_EDIT: [[administers_place]],
    Action.TASK_ISSUE: [[has_role(*WRITERS)], [calls_meetings]],
    Action.TASK_READ: ANY_CONTENT,
    Action.TASK_WITHDRAW: [[owns_as(*WRITERS)], [calls_meetings]],
    Action.WILAYAH_READ: [[logged_in]],
}


def allowed(user: User, action: Action, target: Any = None) -> bool:
    """Whether one alternative of the action's rule holds."""
    return any(all(holds(user, target) for holds in alternative) for alternative in RULES[action])
