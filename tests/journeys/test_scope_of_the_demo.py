"""Who finds what of the demo: a partner its part, an auditor everything to read, a neighbour nothing."""

from __future__ import annotations

import re
from collections import Counter, deque
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.routing import Rule

from ilp.cli.demo import blitar
from ilp.cli.demo.facts import EVENTS
from ilp.core.db import db
from ilp.models.audit import AuditEntry
from ilp.models.commitments import Clause, Commitment, Slot, Target
from ilp.models.directory import Appointment, Office, OfficeKind, Position
from ilp.models.documents import Document, Number
from ilp.models.facilities import Facility
from ilp.models.jobs import Job
from ilp.models.meetings import AgendaItem, Attendance, Invitation, Meeting, MinutesRow
from ilp.models.pokjanal import CoordinationBody
from ilp.models.tasks import Assignment, Evidence, Task
from ilp.policy.scope import visible
from ilp.web.requires import PUBLIC
from tests.support.browser import Browser, visible_text
from tests.support.people import user_named

BLITAR, MALANG = "35.05", "35.07"
PLACED = (Meeting, Task, Assignment, Commitment, Document, CoordinationBody, Facility, Office)
PAGES = {
    Meeting: "/rapat/{}",
    Task: "/tugas/{}",
    Assignment: "/tugas/rincian/{}",
    Commitment: "/komitmen/{}",
    Document: "/dokumen/{}",
    CoordinationBody: "/pokjanal/{}",
    Facility: "/capaian/{}",
    Office: "/direktori/{}",
}
OWN_MATTERS = {
    "accounts.change_password",
    "accounts.enable_factor",
    "accounts.end_device",
    "accounts.end_other_devices",
    "accounts.prepare_factor",
    "accounts.renew_codes",
    "login.enter_code",
    "login.hold_link",
    "login.logout",
    "login.open_session",
    "login.set_password",
    "notifications.open_one",
    "notifications.read_all",
    "privacy.export_mine",
    "setup.begin",
    "setup.enter",
    "verification.check_file",
}
"""Forms about oneself, and the public ones; every other one must refuse an auditor."""

UNCHANGED = {table for table in db.metadata.tables if table not in ("login_session", "rate_limit")}


def keys(model: Any, *conditions: Any) -> list[int]:
    return list(db.session.scalars(sa.select(model.id).where(*conditions).order_by(model.id)))


def linked(browser: Browser, path: str, pattern: str) -> set[int]:
    """The ids in the links of a page."""
    return {
        int(found[1])
        for a in browser.get(path).soup.select("main a[href]")
        if (found := re.fullmatch(pattern, str(a["href"]).partition("?")[0]))
    }


def crawl(browser: Browser, *, most: int = 6) -> dict[str, str]:
    """Every page that links lead to, at most so many of each kind, with its text and its addresses."""
    waiting, seen, kinds = deque(["/"]), {"/"}, Counter[str]()
    pages: dict[str, str] = {}
    rules = browser.app.url_map.bind("localhost")
    while waiting:
        path = waiting.popleft()
        endpoint = rules.match(path.partition("?")[0], method="GET")[0]
        kinds[endpoint] += 1
        if kinds[endpoint] > most or endpoint in ("static", "documents.file", "tasks.show_evidence"):
            continue
        answer = browser.client.get(path)
        if answer.status_code in (302, 303):
            continue
        assert answer.status_code == 200, path
        if answer.mimetype != "text/html":
            continue
        pages[path] = answer.text
        for href in re.findall(r'href="(/[^"#]*)', answer.text):
            link = href.replace("&amp;", "&")
            if link not in seen and rules.test(link.partition("?")[0], method="GET"):
                seen.add(link)
                waiting.append(link)
    return pages


def words_of(code: str) -> set[str]:
    """What only the records of a regency say; names of places are public and not among them."""
    columns = (
        (Meeting.title, Meeting),
        (Meeting.place, Meeting),
        (Task.title, Task),
        (Document.title, Document),
        (Document.code, Document),
    )
    words = {
        word
        for column, model in columns
        for word in db.session.scalars(sa.select(column).where(model.regency_code == code))
    }
    numbers = sa.select(Number.text).join(Document, Document.number_id == Number.id)
    words |= set(db.session.scalars(numbers.where(Document.regency_code == code)))
    offices = sa.select(Office.name).where(Office.regency_code == code, Office.district_code == "")
    words |= set(db.session.scalars(offices))
    elsewhere = {
        word
        for column, model in columns
        for word in db.session.scalars(sa.select(column).where(model.regency_code != code))
    }
    return {word for word in words - elsewhere if word}


# --- a neighbour -------------------------------------------------------------------------------------
@pytest.mark.parametrize("username", ["setda.malang", "camat.kepanjen"])
def test_nobody_in_malang_finds_a_word_of_blitar(demo: Flask, username: str) -> None:
    browser = Browser(demo, username)
    pages = crawl(browser)
    assert len(pages) > 40
    secrets = words_of(BLITAR)
    assert {blitar.CLOSED_MEETING, EVENTS["blitar-2024-09-18"]["place"]} <= secrets
    found = {(path, word) for path, text in pages.items() for word in secrets if word in text}
    assert found == set()


@pytest.mark.parametrize("username", ["setda.malang", "camat.kepanjen"])
def test_no_address_of_blitar_answers_in_malang(demo: Flask, username: str) -> None:
    browser = Browser(demo, username)
    values = arguments(BLITAR)
    tried = 0
    for rule in rules_with_objects(demo, "GET"):
        for path in addresses(demo, rule, values):
            answer = browser.client.get(path)
            assert answer.status_code in (403, 404), f"{path}: {answer.status_code}"
            tried += 1
    assert tried > 30
    secrets = words_of(BLITAR)
    for path in ("/rapat/", "/tugas/", "/dokumen/", "/direktori/", "/capaian/", "/laporan/", "/komitmen/"):
        text = browser.client.get(f"{path}?wilayah={BLITAR}&q={blitar.CLOSED_MEETING}").text
        shown = {word for word in secrets - {blitar.CLOSED_MEETING} if word in text}
        assert shown == set(), path


def rules_with_objects(app: Flask, method: str) -> list[Rule]:
    """Addresses of a verb that name a record (not an account's own matters, nor what is public)."""
    return [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ())
        and any(name.endswith("_id") for name in rule.arguments)
        and rule.endpoint not in OWN_MATTERS
        and getattr(app.view_functions[rule.endpoint], "policy_action", PUBLIC) != PUBLIC
    ]


def arguments(code: str) -> dict[str, list[Any]]:
    """Ids of a place for every name that stands in an address; nested ones belong to the first meeting."""
    offices = keys(Office, Office.regency_code == code, Office.kind == OfficeKind.SETDA)
    meetings = keys(Meeting, Meeting.regency_code == code)
    commitments = keys(Commitment, Commitment.regency_code == code) or [0]
    positions = keys(Position, Position.office_id == offices[0])
    first = meetings[0]
    return {
        "meeting_id": meetings[:1],
        "item_id": keys(AgendaItem, AgendaItem.meeting_id == first)[:1],
        "row_id": keys(MinutesRow, MinutesRow.meeting_id == first)[:1],
        "invitation_id": keys(Invitation, Invitation.meeting_id == first)[:1],
        "attendance_id": keys(Attendance, Attendance.meeting_id == first)[:1],
        "task_id": keys(Task, Task.regency_code == code)[:1],
        "assignment_id": keys(Assignment, Assignment.regency_code == code)[:1],
        "evidence_id": keys(
            Evidence, Evidence.assignment_id.in_(keys(Assignment, Assignment.regency_code == code))
        )[:1],
        "document_id": keys(Document, Document.regency_code == code)[:1],
        "commitment_id": commitments[:1],
        "clause_id": keys(Clause, Clause.commitment_id == commitments[0])[:1] or [1],
        "target_id": keys(Target)[:1],
        "slot_id": keys(Slot)[:1],
        "body_id": keys(CoordinationBody, CoordinationBody.regency_code == code)[:1],
        "facility_id": keys(Facility, Facility.regency_code == code)[:1],
        "office_id": offices[:1],
        "position_id": positions[:1],
        "appointment_id": keys(Appointment, Appointment.position_id == positions[0])[:1],
        "job_id": keys(Job)[:1],
        "account_id": [1],
        "grant_id": [1],
        "key": ["camat"],
        "way": ["naik"],
    }


def addresses(app: Flask, rule: Rule, values: dict[str, list[Any]]) -> list[str]:
    """The address of a rule for the given objects; nothing where one is missing."""
    chosen = {name: values[name][0] for name in rule.arguments if values.get(name)}
    if set(chosen) != rule.arguments:
        return []
    with app.test_request_context():
        return [app.url_map.bind("localhost").build(rule.endpoint, chosen)]


# --- the partner -------------------------------------------------------------------------------------
def test_the_partner_sees_the_meetings_of_its_series_only(demo: Flask) -> None:
    mitra = Browser(demo, "mitra.blitar")
    partner = keys(Office, Office.name == blitar.PARTNER)
    own = set(keys(Meeting, Meeting.office_id.in_(partner)))
    assert len(own) == 2
    assert linked(mitra, "/rapat/?saring=semua", r"/rapat/(\d+)") == own
    for key in keys(Meeting):
        mitra.get(f"/rapat/{key}", status=200 if key in own else 404)


def test_the_partner_sees_the_rows_given_to_it_and_no_other(demo: Flask) -> None:
    mitra = Browser(demo, "mitra.blitar")
    (followed,) = keys(Task, Task.title == blitar.FOLLOWED_TASK)
    (closed,) = keys(Task, Task.title == f"{blitar.CLOSED_TASK}.")
    mitra.get(f"/tugas/{closed}", status=404)
    page = visible_text(mitra.get(f"/tugas/{followed}"))
    for name in blitar.FOCUS.values():
        assert f"Kecamatan {name}" in page
    for name in ("Kanigoro", "Wlingi", "Sutojayan"):
        assert f"Kecamatan {name}" not in page
    for row in db.session.scalars(sa.select(Assignment).where(Assignment.task_id.in_([followed, closed]))):
        given = row.task_id == followed and row.district_code in blitar.FOCUS
        mitra.get(f"/tugas/rincian/{row.id}", status=200 if given else 404)


def test_the_partner_reads_no_figure_of_other_rows(demo: Flask) -> None:
    """A list, a matrix and a meeting count what their links lead to, nothing beside it."""
    mitra = Browser(demo, "mitra.blitar")
    (followed,) = keys(Task, Task.title == blitar.FOLLOWED_TASK)
    (row,) = [
        row
        for row in mitra.get("/tugas/?tampil=semua").soup.select("tbody tr")
        if row.find(href=f"/tugas/{followed}")
    ]
    assert row.select_one(".score .of").text == f"/{len(blitar.FOCUS)}"
    assert "22 kecamatan" not in row.text
    matrix = visible_text(mitra.get("/tugas/matriks"))
    assert f"{len(blitar.FOCUS)} kecamatan," in matrix
    assert "22 kecamatan" not in matrix


def test_the_partner_reads_no_word_of_the_closed_meeting(demo: Flask) -> None:
    pages = crawl(Browser(demo, "mitra.blitar"), most=20)
    for word in (blitar.CLOSED_MEETING, blitar.CLOSED_TASK, "Ruang Rapat Sekretariat Daerah Kanigoro"):
        assert [path for path, text in pages.items() if word in text] == []


def test_what_was_left_undone_stands_first_in_the_next_meeting(demo: Flask) -> None:
    mitra = Browser(demo, "mitra.blitar")
    (follower,) = keys(Meeting, Meeting.previous_id.is_not(None))
    page = visible_text(mitra.get(f"/rapat/{follower}"))
    assert "Melaporkan dukungan desa/kelurahan bagi Posyandu di kecamatan fokus." in page
    assert "Memetakan pemangku kepentingan" not in page


# --- the auditor --------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", [MALANG, BLITAR, "35.08"])
def test_the_auditor_reads_every_record_of_east_java(demo: Flask, code: str) -> None:
    auditor = Browser(demo, "auditor.jatim")
    for model, page in PAGES.items():
        found = keys(model, model.regency_code == code)
        for key in found[:2] + found[-1:]:
            auditor.get(page.format(key))


def test_the_auditor_reads_nothing_of_other_provinces(demo: Flask) -> None:
    auditor = Browser(demo, "auditor.jatim")
    for model, page in PAGES.items():
        for key in keys(model, model.province_code.in_(["13", "62"]))[:5]:
            auditor.get(page.format(key), status=404)


def test_the_auditor_changes_nothing(demo: Flask) -> None:
    auditor = Browser(demo, "auditor.jatim")
    token = {"csrf_token": auditor.csrf()}
    before = extent()
    tried = 0
    for code in (MALANG, BLITAR):
        values = arguments(code)
        for rule in demo.url_map.iter_rules():
            if "POST" not in (rule.methods or ()) or rule.endpoint in OWN_MATTERS:
                continue
            for path in addresses(demo, rule, values):
                answer = auditor.client.post(path, data=token)
                assert answer.status_code in (403, 404), f"{path}: {answer.status_code}"
                tried += 1
    assert tried > 90
    refusals = sa.select(AuditEntry.actor_name, AuditEntry.action).where(AuditEntry.id > before["last"])
    told = [tuple(row) for row in db.session.execute(refusals)]
    assert set(told) == {(user_named("auditor.jatim").name, "account:refused")}
    after = extent()
    assert after == before | {"last": after["last"], "audit_entry": before["audit_entry"] + len(told)}


def extent() -> dict[str, Any]:
    """How much there is of everything, and where the chains of the trail end."""
    tables = db.metadata.tables
    counts = {
        name: db.session.scalar(sa.select(sa.func.count()).select_from(tables[name])) for name in UNCHANGED
    }
    return counts | {"last": db.session.scalar(sa.select(sa.func.max(AuditEntry.id)))}


# --- counts ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "username", ["setda.malang", "camat.kepanjen", "mitra.blitar", "pokjanal.gunungmas", "auditor.jatim"]
)
def test_lists_hold_exactly_what_is_visible(demo: Flask, username: str) -> None:
    user, browser = user_named(username), Browser(demo, username)
    assert listed(browser, "/rapat/?saring=semua", r"/rapat/(\d+)") == set(
        keys(Meeting, visible(Meeting, user))
    )
    assert listed(browser, "/dokumen/", r"/dokumen/(\d+)") == set(keys(Document, visible(Document, user)))
    assert listed(browser, "/komitmen/", r"/komitmen/(\d+)") == set(
        keys(Commitment, visible(Commitment, user))
    )


def listed(browser: Browser, path: str, pattern: str) -> set[int]:
    """The ids on all pages of a list, followed by "older"."""
    found: set[int] = set()
    address: str | None = path
    while address:
        found |= linked(browser, address, pattern)
        older = browser.get(address).soup.select_one('a[rel="next"]')
        address = str(older["href"]) if older else None
    return found


@pytest.mark.parametrize("username", ["setda.malang", "camat.kepanjen", "camat.kurun"])
def test_figures_of_the_desk_count_the_rows_of_their_lists(demo: Flask, username: str) -> None:
    browser = Browser(demo, username)
    figures = browser.get("/").soup.select('a[href*="tampil="]:has(b, strong, .n)')
    assert len(figures) == 5
    for figure in figures:
        number = int(re.findall(r"\d+", figure.get_text(" "))[0])
        assert len(listed(browser, str(figure["href"]), r"/tugas/rincian/(\d+)")) == number, figure
