"""Mutasi of a camat while things are open: the right person is addressed, frozen papers keep the old name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from ilp.core.clock import Zone, to_utc, today
from ilp.core.db import db, transaction
from ilp.core.indonesian import full_name
from ilp.models.accounts import Account, RoleGrant
from ilp.models.commitments import Commitment, CommitmentVersion, SignatureEvent, Slot, SlotStatus
from ilp.models.directory import Appointment, AppointmentKind, Person, Transfer
from ilp.models.documents import Document, DocumentKind
from ilp.models.meetings import Attendance, Invitation, InvitationStatus, Meeting
from ilp.policy.user import User
from ilp.queries.commitments import current_version, signatories_of
from ilp.services import attendance, invitations, signing, transfers
from tests.factories.commitments import open_commitment
from tests.factories.directory import (
    head_of,
    holder_of,
    make_account,
    make_person,
    make_transfer,
    office_named,
)
from tests.factories.meetings import issue, make_called, seats_of, signer_of
from tests.factories.tasks import due, make_task
from tests.support.browser import Browser, visible_text
from tests.support.jobs import run_jobs
from tests.support.people import user_named

OFFICE = "Kecamatan Kepanjen"
PASSWORD = "contoh-ilp-2024"
STROKES = "[[[10,80],[40,20],[80,90],[140,30],[200,70]]]"
AsUser = Callable[[str], Browser]


@pytest.fixture
def admin(app: Flask) -> User:
    return user_named("admin")


@pytest.fixture
def former(app: Flask) -> Person:
    return holder_of(head_of(OFFICE), today())


@pytest.fixture
def successor(app: Flask, admin: User) -> Person:
    """Somebody with an account, so far without a position."""
    person = make_person(admin, office_named(OFFICE), prefix="Dra.", suffix="M.Si.", phone="+6281299990000")
    make_account(admin, person, office_named("Kecamatan Wagir"))
    return person


def name_of(person: Person) -> str:
    return full_name(person.prefix, person.name, person.suffix)


def change_by_pages(browser: Browser, person: Person, **change: str) -> None:
    """The whole act as an administrator does it: choose, look at what passes, confirm."""
    position = head_of(OFFICE)
    where = f"jabatan={position.id}&orang={person.id}"
    terms = {"kind": "definitive", "starts_on": today().isoformat(), **change}
    shown = browser.post(
        f"/direktori/mutasi/pratinjau?{where}",
        browser.form(f"/direktori/mutasi?{where}", f"/direktori/mutasi/pratinjau?{where}") | terms,
        status=200,
    )
    form = shown.soup.select_one(f'form[action="/direktori/mutasi?{where}"]')
    fields = {field["name"]: field["value"] for field in form.select("input")}
    assert not db.session.scalar(sa.select(sa.exists().where(Transfer.id.is_not(None)))), "only looked at"
    browser.post(f"/direktori/mutasi?{where}", fields)


# --- between the invitation and the meeting ------------------------------------------------------
def test_the_successor_is_expected_at_the_meeting(as_user: AsUser, former: Person, successor: Person) -> None:
    setda = user_named("setda.malang")
    meeting = make_called(setda, groups=("camat",))
    with transaction():
        issued = attendance.issue_attendance(actor=setda, meeting=meeting, signer_id=signer_of(meeting)).id
    run_jobs()
    old, new = name_of(former), name_of(successor)
    assert old in visible_text(as_user("setda.malang").get(f"/rapat/{meeting.id}/undangan"))

    starts_on = (today() + timedelta(days=3)).isoformat()
    change_by_pages(as_user("admin"), successor, starts_on=starts_on)

    invited = as_user("setda.malang").get(f"/rapat/{meeting.id}/undangan")
    assert new in visible_text(invited)
    assert old not in visible_text(invited)
    seat = db.session.scalars(
        sa.select(Invitation).where(
            Invitation.meeting_id == meeting.id, Invitation.position_id == head_of(OFFICE).id
        )
    ).one()
    assert (seat.name, seat.phone) == (new, successor.phone)
    as_user("setda.malang").post(f"/rapat/{meeting.id}/kehadiran/{seat.id}", {"mark": "present"})
    came = db.session.scalars(sa.select(Attendance).where(Attendance.invitation_id == seat.id)).one()
    assert came.name == new
    paper = db.session.get_one(Document, issued)
    assert old in str(paper.content)
    assert new not in str(paper.content)
    with transaction():
        later = attendance.issue_attendance(actor=setda, meeting=meeting, signer_id=signer_of(meeting))
    assert new in str(later.content)


def test_the_answer_of_the_former_is_not_the_successors(
    as_user: AsUser, admin: User, former: Person, successor: Person
) -> None:
    setda, position = user_named("setda.malang"), head_of(OFFICE)
    meetings = [make_called(setda, groups=("camat",), days=days) for days in (5, 14, 21)]

    def answers(status: InvitationStatus, note: str = "") -> None:
        for meeting in meetings[:2]:
            with transaction():
                invitations.answer(actor=setda, invitation=seat_of(meeting), status=status, note=note)

    def state() -> list[tuple[str, InvitationStatus, str]]:
        seats = map(seat_of, meetings)
        return [(seat.name, seat.status, seat.answer_note) for seat in seats]

    def seat_of(meeting: Meeting) -> Invitation:
        at = sa.and_(Invitation.meeting_id == meeting.id, Invitation.position_id == position.id)
        return db.session.scalars(
            sa.select(Invitation).where(at).execution_options(populate_existing=True)
        ).one()

    answers(InvitationStatus.DECLINED, "Sedang cuti")
    before = state()
    starts_on = today() + timedelta(days=6)
    where = f"jabatan={position.id}&orang={successor.id}"
    browser = as_user("admin")
    preview = f"/direktori/mutasi/pratinjau?{where}"
    form = browser.form(f"/direktori/mutasi?{where}", preview)
    shown = browser.post(
        preview, form | {"kind": "definitive", "starts_on": starts_on.isoformat()}, status=200
    )
    assert "2 undangan rapat yang akan datang" in visible_text(shown)
    assert "(1 sudah dijawab; penggantinya diminta menjawab lagi)" in visible_text(shown)

    made = make_transfer(admin, position, successor, starts_on)
    assert made.outcome["answers"] == [[seat_of(meetings[1]).id, "declined", "Sedang cuti"]]
    new = name_of(successor)
    assert state() == [
        before[0],
        (new, InvitationStatus.SENT, ""),
        (new, InvitationStatus.SENT, ""),
    ]
    answers(InvitationStatus.ATTENDING)
    with transaction():
        transfers.undo(actor=admin, made=made)
    assert state() == [(before[0][0], InvitationStatus.ATTENDING, ""), *before[1:]]


def test_a_letter_issued_again_asks_whoever_holds_the_seat_by_then(
    admin: User, former: Person, successor: Person
) -> None:
    setda, position = user_named("setda.malang"), head_of(OFFICE)
    make_transfer(
        admin, position, successor, today(), kind=AppointmentKind.PLH, ends_on=today() + timedelta(days=20)
    )
    meeting = make_called(setda, groups=("camat",))
    rows = {seat.title: seat for seat in seats_of(meeting)}
    for title in ("Camat Kepanjen", "Camat Wagir"):
        with transaction():
            invitations.answer(actor=setda, invitation=rows[title], status=InvitationStatus.ATTENDING)
    with transaction():
        meeting.starts_at += timedelta(days=10)
    issue(setda, meeting)
    seats = {seat.title: seat for seat in seats_of(meeting)}
    assert (seats["Camat Kepanjen"].name, seats["Camat Kepanjen"].status) == (
        name_of(former),
        InvitationStatus.SENT,
    )
    assert seats["Camat Wagir"].status is InvitationStatus.ATTENDING


def test_a_meeting_before_the_change_still_expects_the_former(
    admin: User, former: Person, successor: Person
) -> None:
    meeting = make_called(user_named("setda.malang"), groups=("camat",), days=5)
    make_transfer(admin, head_of(OFFICE), successor, today() + timedelta(days=6))
    names = set(db.session.scalars(sa.select(Invitation.name).where(Invitation.meeting_id == meeting.id)))
    assert name_of(former) in names
    assert name_of(successor) not in names


def test_somebody_acting_stands_in_for_as_long_as_was_said(as_user: AsUser, successor: Person) -> None:
    until = today() + timedelta(days=13)
    where = f"/direktori/mutasi?jabatan={head_of(OFFICE).id}&orang={successor.id}"
    terms = {"kind": "plh", "starts_on": today().isoformat(), "ends_on": "2020-01-01"}
    refused = as_user("admin").post(where, terms, status=422)
    assert "Tanggal berakhir mendahului tanggal mulai" in visible_text(refused)
    change_by_pages(as_user("admin"), successor, kind="plh", ends_on=until.isoformat())
    term = db.session.scalars(sa.select(Appointment).where(Appointment.person_id == successor.id)).one()
    assert (term.kind, term.ends_on) == (AppointmentKind.PLH, until)


def test_the_list_of_the_invited_says_who_acts_and_shows_numbers_as_people_write_them(
    as_user: AsUser, admin: User, former: Person, successor: Person
) -> None:
    setda, position = user_named("setda.malang"), head_of(OFFICE)
    meeting = make_called(setda, groups=("camat",))

    def line() -> str:
        shown = as_user("setda.malang").get(f"/rapat/{meeting.id}/undangan").soup
        named = shown.find("b", string=lambda text: text and text.startswith(position.title))
        return named.find_next_sibling("small").text

    assert line().startswith(name_of(former))
    until = today() + timedelta(days=20)
    make_transfer(admin, position, successor, today(), kind=AppointmentKind.PLH, ends_on=until)
    assert line() == f"Plh. {name_of(successor)}, 0812-9999-0000"
    own = visible_text(as_user("camat.kepanjen").get(f"/rapat/{meeting.id}/undangan"))
    assert f"Plh. {name_of(successor)}" in own


# --- between the task and its report ---------------------------------------------------------------
def test_the_successor_finds_the_open_task_and_reports_it(
    as_user: AsUser, former: Person, successor: Person
) -> None:
    task = make_task(user_named("setda.malang"), title="Tetapkan jadwal Posyandu", due_on=due(9))
    page = f"/direktori/mutasi?jabatan={head_of(OFFICE).id}&orang={successor.id}"
    preview = page.replace("mutasi?", "mutasi/pratinjau?")
    admin = as_user("admin")
    form = admin.form(page, preview) | {"kind": "definitive", "starts_on": today().isoformat()}
    assert "1 tugas terbuka" in visible_text(admin.post(preview, form, status=200))

    change_by_pages(admin, successor, hand_over_roles="y")

    assert "Tetapkan jadwal Posyandu" not in visible_text(as_user("camat.kepanjen").get("/"))
    camat = as_user("camat.baru")
    desk = camat.get("/")
    link = next(a for a in desk.soup.select("#perlu-tindakan h3 a") if a.text == task.title)
    camat.post(f"{link['href']}/lapor", {"progress": "submitted", "note": "Ditetapkan."}, page=link["href"])
    story = visible_text(as_user("setda.malang").get(link["href"]))
    assert successor.name in story

    made = db.session.scalars(sa.select(Transfer)).one()
    refused = admin.post(f"/direktori/mutasi/{made.id}/batalkan", status=422)
    assert "Sudah ada laporan tugas" in visible_text(refused)


# --- between opening and signing ------------------------------------------------------------------
def slots(commitment: Commitment) -> dict[str, Slot]:
    found = sa.select(Slot).where(Slot.commitment_id == commitment.id, Slot.position_id == head_of(OFFICE).id)
    return {slot.name: slot for slot in db.session.scalars(found)}


def test_the_successor_signs_and_the_opened_text_keeps_the_old_name(
    as_user: AsUser, former: Person, successor: Person
) -> None:
    commitment = open_commitment(user_named("setda.malang"))
    here, old = f"/komitmen/{commitment.id}", slots(commitment)[former.name]
    change_by_pages(as_user("admin"), successor, hand_over_roles="y")

    found = slots(commitment)
    assert (old.status, found[successor.name].status) == (SlotStatus.REPLACED, SlotStatus.REQUESTED)
    version = db.session.scalars(
        sa.select(CommitmentVersion).where(CommitmentVersion.commitment_id == commitment.id)
    ).one()
    assert name_of(former) in str(version.content["roster"])
    assert name_of(successor) not in str(version.content["roster"])

    former_pad, pad = (f"/komitmen/tandatangan/{found[who.name].id}" for who in (former, successor))
    as_user("camat.kepanjen").post(pad, {"strokes": STROKES, "password": PASSWORD}, status=(403, 404))
    passed_on = "Tempat tanda tangan ini sudah beralih kepada pejabat penggantinya."
    for answer in (
        as_user("camat.kepanjen").post(former_pad, {"strokes": STROKES, "password": PASSWORD}, status=404),
        as_user("camat.kepanjen").get(former_pad, status=404),
    ):
        assert passed_on in visible_text(answer)
        assert commitment.title not in answer.text
    assert passed_on not in visible_text(as_user("camat.kepanjen").get(pad, status=404))
    assert passed_on not in visible_text(as_user("camat.garum").get(former_pad, status=404))
    as_user("camat.baru").post(former_pad, {"strokes": STROKES, "password": PASSWORD}, status=403)
    camat = as_user("camat.baru")
    assert pad in camat.get(here).text
    with transaction():  # the successor has set the password meanwhile
        hashed = db.session.scalar(sa.select(Account.password_hash).where(Account.username == "setda.malang"))
        db.session.execute(
            sa.update(Account).where(Account.username == "camat.baru").values(password_hash=hashed)
        )
    camat.post(f"{pad}/buka", page=here)
    camat.post(pad, {"typed_name": name_of(successor), "password": PASSWORD}, page=pad)
    close = f"{here}/tutup"
    as_user("setda.malang").post(close, {"letter_date": today().isoformat()}, page=close)
    run_jobs()
    paper = db.session.scalars(
        sa.select(Document).where(
            Document.commitment_id == commitment.id, Document.kind == DocumentKind.COMMITMENT
        )
    ).one()
    signed = [who["name"] for group in paper.content["groups"] for who in group["people"]]
    assert signed == [successor.name]
    unsigned = {row["name"]: row["outcome"] for row in paper.content["record"]["unsigned"]}
    assert unsigned[former.name] == "digantikan"

    made = db.session.scalars(sa.select(Transfer)).one()
    refused = as_user("admin").post(f"/direktori/mutasi/{made.id}/batalkan", status=422)
    assert "sudah menandatangani" in visible_text(refused)


def test_until_the_day_the_former_signs_and_from_the_day_on_the_successor(
    admin: User, former: Person, successor: Person
) -> None:
    commitment = open_commitment(user_named("setda.malang"))
    starts_on = today() + timedelta(days=4)
    make_transfer(admin, head_of(OFFICE), successor, starts_on, hand_over_roles=True)
    run_jobs()
    assert set(slots(commitment)) == {former.name}
    midnight = to_utc(starts_on, time(0, 1), Zone.WIB)
    with time_machine.travel(datetime.fromtimestamp(midnight.timestamp(), tz=midnight.tzinfo), tick=False):
        run_jobs()
    assert slots(commitment)[successor.name].status is SlotStatus.REQUESTED
    assert slots(commitment)[former.name].status is SlotStatus.REPLACED


# --- taken back ------------------------------------------------------------------------------------
def test_a_change_is_taken_back_as_if_it_had_not_been(
    as_user: AsUser, former: Person, successor: Person
) -> None:
    setda = user_named("setda.malang")
    meeting, commitment = make_called(setda, groups=("camat",)), open_commitment(setda)
    position = head_of(OFFICE)
    terms = sa.select(Appointment.person_id, Appointment.starts_on, Appointment.ends_on).where(
        Appointment.position_id == position.id
    )
    roles = sa.select(RoleGrant.account_id, RoleGrant.role).where(
        RoleGrant.office_id == position.office_id, RoleGrant.revoked_at.is_(None)
    )
    seat = sa.select(Invitation.name, Invitation.phone).where(
        Invitation.meeting_id == meeting.id, Invitation.position_id == position.id
    )

    def state() -> list[object]:
        return [sorted(map(tuple, db.session.execute(each))) for each in (terms, roles, seat)]

    before = state()
    admin = as_user("admin")
    change_by_pages(admin, successor, hand_over_roles="y")
    assert state() != before
    page = f"/direktori/{position.office_id}/jabatan/{position.id}"
    made = db.session.scalars(sa.select(Transfer)).one()
    undo = f"/direktori/mutasi/{made.id}/batalkan"
    admin.post(undo, page=page)
    assert state() == before
    assert slots(commitment)[former.name].status is SlotStatus.REQUESTED
    assert slots(commitment)[successor.name].status is SlotStatus.REPLACED
    assert "sudah dibatalkan" in visible_text(admin.post(undo, status=422))
    as_user("setda.malang").post(undo, status=403)
    as_user("setda.blitar").post(undo, status=404)


def test_a_change_that_was_taken_back_leaves_no_trace_on_board_and_paper(
    admin: User, former: Person, successor: Person
) -> None:
    setda, position = user_named("setda.malang"), head_of(OFFICE)
    commitment = open_commitment(setda)

    def board() -> list[tuple[str, SlotStatus]]:
        return [(slot.name, slot.status) for slot in of_camat(signatories_of(commitment))]

    def of_camat(places: Sequence[Any]) -> list[Any]:
        return [slot for slot in places if slot.position_id == position.id]

    before = board()
    first = make_transfer(admin, position, successor, today())
    opened = of_camat(signatories_of(commitment))[-1].id
    with transaction():
        signing.open_slot(actor=admin, commitment=commitment, slot=db.session.get_one(Slot, opened))
    with transaction():
        transfers.undo(actor=admin, made=first)
    assert board() == before == [(former.name, SlotStatus.REQUESTED)]

    make_transfer(admin, position, successor, today())
    assert board() == [(former.name, SlotStatus.REPLACED), (successor.name, SlotStatus.REQUESTED)]
    *_, asked = of_camat(signatories_of(commitment))
    version = current_version(commitment)
    with transaction():
        signing.sign(
            actor=admin,
            commitment=commitment,
            slot=db.session.get_one(Slot, asked.id),
            content_sha256=version.content_sha256 if version else "",
            strokes=None,
            typed_name=successor.name,
        )
    with transaction():
        signing.close_signing(actor=setda, commitment=commitment, letter_date=today(), number=None)
    record = db.session.scalars(sa.select(Document)).one().content["record"]
    asked_of = {row["name"]: row["outcome"] for row in record["unsigned"]}
    assert successor.name not in asked_of
    assert asked_of[former.name] == "digantikan"
    events = sa.select(SignatureEvent.status).where(SignatureEvent.slot_id == opened)
    assert list(db.session.scalars(events.order_by(SignatureEvent.seq))) == [
        SlotStatus.OPENED,
        SlotStatus.REPLACED,
    ]


def test_only_the_latest_change_is_taken_back(as_user: AsUser, admin: User, successor: Person) -> None:
    first = make_transfer(admin, head_of(OFFICE), successor, today() - timedelta(days=2))
    other = make_person(admin, office_named(OFFICE), "Wulan Misal")
    make_transfer(admin, head_of(OFFICE), other, today())
    refused = as_user("admin").post(f"/direktori/mutasi/{first.id}/batalkan", status=422)
    assert "mutasi lain sesudahnya" in visible_text(refused)
