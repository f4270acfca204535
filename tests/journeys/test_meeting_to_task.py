"""Slices 3, 4 and 6: minutes, a decision for 33 kecamatan, the notula, and what the next meeting carries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from ilp.core.clock import today
from ilp.core.db import db
from ilp.models.documents import Document, DocumentKind, DocumentStatus
from ilp.models.meetings import AgendaItem, Meeting, MeetingStatus, MinutesRow, RowKind
from ilp.models.tasks import Assignment, AssignmentStatus, Task
from tests.factories.documents import finish
from tests.factories.minutes import items, make_meeting
from tests.support.browser import Browser
from tests.support.people import user_named

AsUser = Callable[[str], Browser]


@pytest.fixture
def meeting(app: object) -> Meeting:
    return make_meeting(user_named("setda.malang"), title="Kick off ILP Kabupaten Malang")


def write(browser: Browser, item: AgendaItem, kind: str, text: str, **more: str) -> None:
    """One row through the form of its item."""
    address = f"/rapat/{item.meeting_id}/butir/{item.id}/baris"
    browser.post(address, {"kind": kind, "text": text, **more}, page=address)


def decide_and_assign(notulis: Browser, item: AgendaItem) -> Task:
    """A decision, and from it a task for all kecamatan."""
    write(notulis, item, "decision", "Orientasi ILP dilaksanakan di tiap kecamatan.")
    decision = db.session.query(MinutesRow).filter_by(kind=RowKind.DECISION, agenda_item_id=item.id).one()
    form_at = f"/rapat/{item.meeting_id}/butir/{item.id}/baris?jenis=task&dasar={decision.id}"
    action = f"/rapat/{item.meeting_id}/butir/{item.id}/baris?dasar={decision.id}"
    due_on = (today() + timedelta(days=45)).isoformat()
    notulis.post(action, notulis.form(form_at, action) | {"groups": "kecamatan", "due_on": due_on})
    return db.session.query(Task).filter_by(meeting_id=item.meeting_id).one()


def test_from_minutes_to_the_notula_and_the_next_meeting(as_user: AsUser, meeting: Meeting) -> None:
    notulis, leader, setda = (as_user(f"{name}.malang") for name in ("notulis", "pimpinan", "setda"))
    address, first = f"/rapat/{meeting.id}", items(meeting)[0]

    # the minutes, row by row, while somebody else has the page open
    version = meeting.version
    write(notulis, first, "note", "Dinas Kesehatan memaparkan kesiapan 39 Puskesmas.")
    news = setda.get(f"{address}/_kabar?versi={version}", htmx=True)
    assert "kesiapan 39 Puskesmas" in news.text
    task = decide_and_assign(notulis, first)
    assert db.session.query(Assignment).filter_by(task_id=task.id).count() == 33
    assert setda.get(f"/tugas/{task.id}").status_code == 200
    assert "Orientasi ILP" in as_user("camat.kepanjen").get("/").text

    # closed, submitted, approved; nobody writes any more
    notulis.post(f"{address}/tutup", page=address)
    notulis.post(f"{address}/ajukan", page=address)
    leader.post(f"{address}/sahkan", page=f"{address}/sahkan")
    assert meeting.status is MeetingStatus.APPROVED
    refused = f"{address}/butir/{first.id}/baris"
    notulis.post(refused, {"kind": "note", "text": "Terlambat"}, status=422)

    # the notula, and its public page
    notula = db.session.query(Document).filter_by(meeting_id=meeting.id, kind=DocumentKind.MINUTES).one()
    finish(notula)
    assert notula.status is DocumentStatus.ISSUED
    assert leader.get(f"/dokumen/{notula.id}/berkas.pdf").data.startswith(b"%PDF")
    public = as_user("auditor.jatim").get(f"/v/{notula.code}").text
    assert "Terdaftar dan berlaku" in public
    assert "Dinas Kesehatan memaparkan" not in public

    # the next meeting opens with what is unfinished
    form_at = f"/rapat/baru?lanjutan={meeting.id}"
    form = setda.form(form_at, form_at) | {"title": "Rapat evaluasi ILP"}
    setda.post(form_at, form)
    following = db.session.query(Meeting).filter_by(previous_id=meeting.id).one()
    assert items(following)[0].carried_over
    page = setda.get(f"/rapat/{following.id}").soup
    carried = page.select_one(".carry")
    assert "1 dari 1 belum" in carried.h2.text
    assert "33 dari 33 kantor belum" in carried.text
    assert carried.select_one("li a")["href"] == f"/tugas/{task.id}"

    # it is taken up under an item, and gone once every kecamatan is done
    take_up = f"/rapat/{following.id}/bawaan/{task.id}"
    item = items(following)[0].id
    setda.post(take_up, {"item_id": str(item)}, page=f"/rapat/{following.id}")
    assert "Membahas tugas: Orientasi ILP" in setda.get(f"/rapat/{following.id}").text
    db.session.query(Assignment).filter_by(task_id=task.id).update({"status": AssignmentStatus.ACCEPTED})
    assert not setda.get(f"/rapat/{following.id}").soup.select(".carry")
