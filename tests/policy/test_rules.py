"""Who sees and who may, as tables written by hand: role by place by act, against real rows.

Everywhere: `-` is not visible (404), `r` visible only (403 on the act), `x` visible and allowed.
"""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.core.errors import NotFound
from ilp.models.accounts import Account, Role
from ilp.models.directory import Appointment, Office, OfficeGroup, OfficeKind, Person, Position
from ilp.models.facilities import Facility
from ilp.models.meetings import Invitation, Meeting, MeetingKind, MeetingStatus
from ilp.policy.access import access_facility, access_group, access_meeting, access_office, access_person
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.policy.user import SYSTEM, Grant, User
from ilp.services import accounts

K = OfficeKind
PLACES = {
    "province": (K.INSPECTORATE, "35"),
    "setda": (K.SETDA, "35.07"),
    "kepanjen": (K.KECAMATAN, "35.07.13"),
    "neighbour": (K.KECAMATAN, "35.07.09"),
    "puskesmas": (K.PUSKESMAS, "35.07.13"),
    "blitar": (K.SETDA, "35.05"),
}
WHO = {
    "secretariat": (Role.SECRETARIAT, K.SETDA, "35.07"),
    "pokjanal": (Role.BODY_SECRETARIAT, K.POKJANAL, "62.10"),
    "health": (Role.HEALTH_OFFICE, K.HEALTH_AGENCY, "35.07"),
    "leader": (Role.LEADER, K.SETDA, "35.07"),
    "agency": (Role.IMPLEMENTER, K.HEALTH_AGENCY, "35.07"),
    "camat": (Role.IMPLEMENTER, K.KECAMATAN, "35.07.13"),
    "puskesmas": (Role.IMPLEMENTER, K.PUSKESMAS, "35.07.13"),
    "partner": (Role.PARTNER, K.PARTNER, "35.05"),
    "auditor": (Role.AUDITOR, K.INSPECTORATE, "35"),
    "administrator": (Role.ADMINISTRATOR, K.SETDA, "35.07"),
    "camat's administrator": (Role.ADMINISTRATOR, K.KECAMATAN, "35.07.13"),
}


def office(kind: OfficeKind, code: str) -> Office:
    found = sa.select(Office).where(Office.kind == kind, Office.wilayah_code == code).order_by(Office.id)
    return db.session.scalars(found.limit(1)).one()


def somebody(who: str) -> User:
    role, kind, code = WHO[who]
    place = office(kind, code)
    grant = Grant(role, place.id, kind, place.name, place.wilayah_code)
    return User(999_999, who, who, grants=(grant,))


@pytest.fixture
def meetings(app) -> dict[str, int]:
    """One meeting of each office, called but addressed to nobody."""
    account = db.session.scalars(sa.select(Account.id).order_by(Account.id).limit(1)).one()
    made = {}
    with transaction():
        for name, (kind, code) in PLACES.items():
            owner = office(kind, code)
            meeting = Meeting(
                office_id=owner.id,
                kind=MeetingKind.COORDINATION,
                title=name,
                status=MeetingStatus.INVITED,
                starts_at=now(),
                created_at=now(),
                created_by_id=account,
                province_code=owner.province_code,
                regency_code=owner.regency_code,
                district_code=owner.district_code,
            )
            db.session.add(meeting)
            db.session.flush()
            made[name] = meeting.id
    return made


def cell(user: User, action: Action, meeting_id: int) -> str:
    try:
        meeting = access_meeting(user, meeting_id)
    except NotFound:
        return "-"
    return "x" if allowed(user, action, meeting) else "r"


# columns: province setda kepanjen neighbour puskesmas blitar
EDIT = {
    "secretariat": "- x r r r -",
    "pokjanal": "- - - - - -",
    "health": "- r r r r -",
    "leader": "- r r r r -",
    "agency": "- - - - - -",
    "camat": "- - x - r -",
    "puskesmas": "- - - - x -",
    "partner": "- - - - - -",
    "auditor": "r r r r r r",
    "administrator": "- - - - - -",
}
APPROVE = {
    "secretariat": "- r r r r -",
    "health": "- r r r r -",
    "leader": "- x r r r -",
    "camat": "- - r - r -",
    "auditor": "r r r r r r",
}


@pytest.mark.parametrize("who", EDIT)
@pytest.mark.parametrize("action", [Action.MEETING_EDIT, Action.MEETING_MINUTE, Action.MEETING_REGISTER])
def test_a_meeting_is_written_by_the_office_that_calls_it(meetings, who: str, action: Action) -> None:
    user = somebody(who)
    assert [cell(user, action, meetings[name]) for name in PLACES] == EDIT[who].split()


@pytest.mark.parametrize("who", APPROVE)
def test_minutes_are_approved_by_a_leader_of_the_office_that_calls(meetings, who: str) -> None:
    user = somebody(who)
    assert [cell(user, Action.MEETING_APPROVE, meetings[name]) for name in PLACES] == APPROVE[who].split()


@pytest.mark.parametrize(
    ("who", "seen"), [("camat", "r"), ("puskesmas", "r"), ("agency", "r"), ("partner", "r")]
)
def test_whoever_is_invited_sees_a_meeting_above_and_changes_nothing(meetings, who: str, seen: str) -> None:
    user, target = somebody(who), meetings["blitar" if who == "partner" else "setda"]
    assert cell(user, Action.MEETING_EDIT, target) == "-"
    invite(user, target)
    assert cell(user, Action.MEETING_READ, target) == "x"
    for action in (Action.MEETING_EDIT, Action.MEETING_MINUTE, Action.MEETING_APPROVE):
        assert cell(user, action, target) == seen


def test_a_draft_is_not_shown_to_those_it_would_invite(meetings) -> None:
    user, target = somebody("camat"), meetings["setda"]
    invite(user, target)
    with transaction():
        db.session.get_one(Meeting, target).status = MeetingStatus.DRAFT
    assert cell(user, Action.MEETING_READ, target) == "-"


def test_a_partner_sees_its_part_within_its_area_only(meetings) -> None:
    user = somebody("partner")
    for name in ("setda", "blitar"):
        invite(user, meetings[name])
    assert cell(user, Action.MEETING_READ, meetings["blitar"]) == "x"
    assert cell(user, Action.MEETING_READ, meetings["setda"]) == "-"


def test_an_administrator_and_an_auditor_take_no_part(meetings) -> None:
    for who in ("administrator", "auditor"):
        user = somebody(who)
        target = meetings["blitar"] if who == "administrator" else meetings["setda"]
        before = cell(user, Action.MEETING_READ, target)
        invite(user, target)
        assert cell(user, Action.MEETING_READ, target) == before


def test_a_minute_taker_writes_the_minutes_and_nothing_else(meetings) -> None:
    user, target = somebody("health"), meetings["setda"]
    with transaction():
        account = db.session.scalars(sa.select(Account.id).order_by(Account.id.desc()).limit(1)).one()
        db.session.get_one(Meeting, target).minute_taker_id = account
    taker = User(account, "notulis", "Notulis", grants=user.grants)
    assert cell(taker, Action.MEETING_MINUTE, target) == "x"
    assert cell(taker, Action.MEETING_EDIT, target) == "r"
    assert cell(user, Action.MEETING_MINUTE, target) == "r"


def invite(user: User, meeting_id: int) -> None:
    place = db.session.get_one(Office, user.grants[0].office_id)
    with transaction():
        db.session.add(
            Invitation(
                meeting_id=meeting_id, office_id=place.id, constituency=place.constituency, title=place.name
            )
        )


# --- assignments: rows of a task that setda gave to kepanjen, which passed it on --------------------

TOP = "row of kepanjen, given by setda"
CHILD = "row of a desa under kepanjen's"
# columns: report review delegate of the top row; report review delegate of the child row
ASSIGNMENTS = {
    "secretariat": "r x r  r r r",
    "health": "r r r  r r r",
    "leader": "r r r  r r r",
    "camat": "x r x  r x r",
    "puskesmas": "r r r  r r r",
    "partner": "r r r  r r r",
    "auditor": "r r r  r r r",
    "administrator": "r r r  r r r",
}


@pytest.mark.parametrize("who", ASSIGNMENTS)
def test_a_row_is_reported_below_and_judged_above(app, who: str) -> None:
    user = somebody(who)
    setda, kepanjen = office(K.SETDA, "35.07").id, office(K.KECAMATAN, "35.07.13").id
    top = SimpleNamespace(
        office_id=kepanjen, parent_id=None, issuer_office_id=setda, reviewer_office_id=setda
    )
    child = SimpleNamespace(office_id=-1, parent_id=1, issuer_office_id=setda, reviewer_office_id=kepanjen)
    found = [
        "x" if allowed(user, action, row) else "r"
        for row in (top, child)
        for action in (Action.ASSIGNMENT_REPORT, Action.ASSIGNMENT_REVIEW, Action.ASSIGNMENT_DELEGATE)
    ]
    assert found == ASSIGNMENTS[who].split()


def test_nobody_judges_a_row_of_his_own_office(app) -> None:
    user = somebody("secretariat")
    own = user.grants[0].office_id
    row = SimpleNamespace(office_id=own, parent_id=None, issuer_office_id=own, reviewer_office_id=own)
    assert not allowed(user, Action.ASSIGNMENT_REVIEW, row)


def test_only_the_secretariat_that_gave_a_task_lets_a_partner_follow_it(app) -> None:
    setda, kepanjen = office(K.SETDA, "35.07").id, office(K.KECAMATAN, "35.07.13").id
    row = SimpleNamespace(
        office_id=kepanjen, parent_id=None, issuer_office_id=setda, reviewer_office_id=setda
    )
    assert {who for who in WHO if allowed(somebody(who), Action.ASSIGNMENT_FOLLOW, row)} == {"secretariat"}


# --- what is about nothing in particular -------------------------------------------------------------

# columns: account:manage audit:read commitment:create meeting:create desk:read meeting:read gallery:read
GENERAL = {
    "secretariat": "- - x x x x -",
    "pokjanal": "- - x x x x -",
    "health": "- - x x x x -",
    "leader": "- - - - x x -",
    "agency": "- - - - x x -",
    "camat": "- - - x x x -",
    "puskesmas": "- - - x x x -",
    "partner": "- - - - x x -",
    "auditor": "- x - - x x -",
    "administrator": "x x - - x - x",
}
ACTS = (
    Action.ACCOUNT_MANAGE,
    Action.AUDIT_READ,
    Action.COMMITMENT_CREATE,
    Action.MEETING_CREATE,
    Action.DESK_READ,
    Action.MEETING_READ,
    Action.GALLERY_READ,
)


@pytest.mark.parametrize("who", GENERAL)
def test_what_a_role_may_at_all(app, who: str) -> None:
    user = somebody(who)
    assert ["x" if allowed(user, action) else "-" for action in ACTS] == GENERAL[who].split()


@pytest.mark.parametrize("action", list(Action))
def test_whoever_has_no_role_may_only_look_after_himself(action: Action) -> None:
    nobody = User(1, "x", "x")
    bare = {
        Action.ACCOUNT_FACTOR,
        Action.ACCOUNT_SELF,
        Action.DESK_READ,
        Action.DIRECTORY_READ,
        Action.HELP_READ,
        Action.JOB_READ,
        Action.SEARCH,
        Action.WILAYAH_READ,
    }
    target = SimpleNamespace(
        kind=None,
        office_id=1,
        person_id=None,
        minute_taker_id=None,
        wilayah_code="",
        province_code="",
        regency_code="",
        district_code="",
        grants=[],
        appointments=[],
        accounts=[],
        parent_id=None,
        issuer_office_id=1,
        reviewer_office_id=1,
    )
    assert allowed(nobody, action, target) == (action in bare)
    assert not allowed(SYSTEM, action, target)


# --- the directory: offices, positions and people are changed by who administers their place -----------

# columns: province setda kepanjen neighbour puskesmas blitar
DIRECTORY = {
    "secretariat": "- r r r r -",
    "pokjanal": "- - - - - -",
    "health": "- r r r r -",
    "leader": "- r r r r -",
    "agency": "- - - - - -",
    "camat": "- - r - r -",
    "puskesmas": "- - - - r -",
    "partner": "- - - - - -",
    "auditor": "r r r r r r",
    "administrator": "- x x x x -",
    "camat's administrator": "- - x - x -",
}


def directory_cell(user: User, target: Office, action: Action = Action.DIRECTORY_EDIT) -> str:
    try:
        return "x" if allowed(user, action, access_office(user, target.id)) else "r"
    except NotFound:
        return "-"


def person_cell(user: User, target: Office, action: Action = Action.PERSON_EDIT) -> str:
    """About somebody who holds a position in the office."""
    position = Position(office_id=target.id, title="Jabatan uji")
    person = Person(name="Uji", sort_name="uji")
    with transaction():
        db.session.add_all([position, person])
        db.session.flush()
        db.session.add(Appointment(position_id=position.id, person_id=person.id, starts_on=date(2024, 1, 1)))
    try:
        return "x" if allowed(user, action, access_person(user, person.id)) else "r"
    except NotFound:
        return "-"
    finally:
        with transaction():
            db.session.execute(sa.delete(Appointment).where(Appointment.person_id == person.id))
            db.session.execute(sa.delete(Position).where(Position.id == position.id))


@pytest.mark.parametrize("cell_of", [directory_cell, person_cell])
@pytest.mark.parametrize("who", DIRECTORY)
def test_offices_and_people_are_changed_by_who_administers_their_place(app, who: str, cell_of) -> None:
    user = somebody(who)
    found = [cell_of(user, office(*PLACES[name])) for name in PLACES]
    assert found == DIRECTORY[who].split()


# A camat whose account holds a role in the office of each column, too: what could take that role over is not
# for who administers the camat's place alone.
CLIMBING = {
    "administrator": "r x x x x r",
    "camat's administrator": "r r x r x r",
}


def role_cell(user: User, target: Office, action: Action) -> str:
    """About somebody of Kepanjen whose account has a role in the office."""
    position = Position(office_id=office(*PLACES["kepanjen"]).id, title=f"Jabatan {action} {target.name}")
    person = Person(name="Uji", sort_name="uji")
    with transaction():
        db.session.add_all([position, person])
        db.session.flush()
        db.session.add(Appointment(position_id=position.id, person_id=person.id, starts_on=date(2024, 1, 1)))
        accounts.create_account(
            actor=SYSTEM,
            username=f"uji.{person.id}",
            role=Role.ADMINISTRATOR,
            office=target,
            person_id=person.id,
        )
    return "x" if allowed(user, action, access_person(user, person.id)) else "r"


@pytest.mark.parametrize("action", [Action.PERSON_ADDRESS, Action.PERSON_ANONYMISE, Action.PERSON_MERGE])
@pytest.mark.parametrize("who", CLIMBING)
def test_nobody_climbs_through_the_record_of_a_person(app, who: str, action: Action) -> None:
    user = somebody(who)
    found = [role_cell(user, office(*PLACES[name]), action) for name in PLACES]
    assert found == CLIMBING[who].split()
    assert role_cell(user, office(*PLACES["blitar"]), Action.PERSON_EDIT) == "x"


# Their history, and who looked at what is known of them, are also for who audits the place.
OVERSEEN = DIRECTORY | {"auditor": "x x x x x x"}


@pytest.mark.parametrize(
    ("cell_of", "action"),
    [(directory_cell, Action.AUDIT_OFFICE), (person_cell, Action.AUDIT_PERSON)],
)
@pytest.mark.parametrize("who", OVERSEEN)
def test_their_history_is_for_who_oversees_their_place(app, who: str, cell_of, action: Action) -> None:
    user = somebody(who)
    found = [cell_of(user, office(*PLACES[name]), action) for name in PLACES]
    assert found == OVERSEEN[who].split()


# columns: province setda kepanjen neighbour puskesmas blitar
GROUPS = {
    "secretariat": "- x r r r -",
    "pokjanal": "- - - - - -",
    "health": "- r r r r -",
    "leader": "- r r r r -",
    "agency": "- - - - - -",
    "camat": "- - x - r -",
    "puskesmas": "- - - - x -",
    "partner": "- - - - - -",
    "auditor": "r r r r r r",
    "administrator": "- - - - - -",
}


@pytest.mark.parametrize("who", GROUPS)
def test_a_group_is_changed_by_the_office_that_keeps_it(app, who: str) -> None:
    user = somebody(who)
    found = []
    for kind, code in PLACES.values():
        group = OfficeGroup(office_id=office(kind, code).id, name="Uji", created_at=now())
        with transaction():
            db.session.add(group)
        try:
            found.append("x" if allowed(user, Action.GROUP_EDIT, access_group(user, group.id)) else "r")
        except NotFound:
            found.append("-")
    assert found == GROUPS[who].split()


# columns: a Puskesmas of Kepanjen, one of a neighbouring kecamatan, one of Blitar
CATCHMENTS = {
    "secretariat": "r r -",
    "health": "x x -",
    "leader": "r r -",
    "camat": "r - -",
    "puskesmas": "r - -",
    "partner": "- - -",
    "auditor": "r r r",
    "administrator": "- - -",
}


@pytest.mark.parametrize("who", CATCHMENTS)
def test_what_a_facility_serves_is_said_by_the_health_office_of_the_place(app, who: str) -> None:
    user, found = somebody(who), []
    for name in ("Puskesmas Kepanjen", "Puskesmas Wagir", "Puskesmas Garum"):
        key = db.session.scalars(sa.select(Facility.id).where(Facility.name == name)).one()
        try:
            found.append("x" if allowed(user, Action.FACILITY_CATCHMENT, access_facility(user, key)) else "r")
        except NotFound:
            found.append("-")
    assert found == CATCHMENTS[who].split()


@pytest.mark.parametrize(
    ("grants", "mine", "secure"),
    [
        ([], "35.07", True),
        (["35.07"], "35.07", True),
        (["35.07.13", "35.07.13.2001"], "35.07", True),
        (["35.07", "35"], "35.07", False),
        (["35.07", ""], "35.07", False),
        (["35.071"], "35.07", False),
        (["35.05"], "35.07", False),
        (["35.05", "62.10"], "", True),
    ],
)
def test_an_account_is_secured_only_by_who_administers_all_of_it(
    grants: list[str], mine: str, secure: bool
) -> None:
    user = User(1, "a", "a", grants=(Grant(Role.ADMINISTRATOR, 1, K.OPERATOR, "", mine),))
    held = [SimpleNamespace(office=SimpleNamespace(wilayah_code=code)) for code in grants]
    assert allowed(user, Action.ACCOUNT_SECURE, SimpleNamespace(grants=held)) is secure
