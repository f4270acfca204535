"""Faults that cut across the areas: a clear sentence, a 4xx, nothing changed and nothing lost.

What belongs to one area is tested there: hostile photos and renamed programs beside their field
(tasks), two people at one row (minutes), an expired session (login), past dates and the number's
year (meetings).
"""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.models.documents import Document, Number
from ilp.models.meetings import Meeting, MeetingStatus, MinutesRow
from ilp.models.tasks import Evidence
from tests.factories.documents import make_issued
from tests.factories.meetings import issue, make_draft
from tests.factories.minutes import items, make_meeting
from tests.factories.tasks import make_task, photo, row_of
from tests.support.browser import Browser, visible_text
from tests.support.people import user_named

AsUser = Callable[[str], Browser]


def test_a_text_where_the_file_belongs_is_asked_for_again(as_user: AsUser) -> None:
    document = make_issued(user_named("setda.malang"))
    answer = as_user("setda.malang").post(f"/v/{document.code}", {"file": "bukan berkas"}, status=422)
    assert "Pilih berkas PDF-nya dahulu." in visible_text(answer)


def test_the_file_of_another_office_is_not_there(as_user: AsUser) -> None:
    setda, kepanjen = user_named("setda.malang"), "35.07.13"
    row = row_of(make_task(setda), setda, kepanjen)
    camat, page = as_user("camat.kepanjen"), f"/tugas/rincian/{row.id}"
    given = {"progress": "in_progress", "note": "Terpasang.", "photos": [photo()]}
    camat.post(f"{page}/lapor", given, page=page)
    evidence = db.session.scalars(sa.select(Evidence.id).where(Evidence.file_id.is_not(None))).one()
    assert camat.get(f"/tugas/bukti/{evidence}").mimetype == "image/jpeg"
    for stranger in ("camat.garum", "setda.blitar", "lurah.tampang"):
        for address in (f"/tugas/bukti/{evidence}", f"/tugas/bukti/{evidence}/pratinjau"):
            as_user(stranger).get(address, status=404)


def test_an_upload_over_the_limit_is_refused_as_a_whole(as_user: AsUser) -> None:
    document = make_issued(user_named("setda.malang"))
    large = {"file": (io.BytesIO(bytes(41 * 2**20)), "besar.pdf")}
    answer = as_user("setda.malang").post(f"/v/{document.code}", large, status=413)
    answer.request.environ["wsgi.input"].close()
    assert "terlalu besar" in visible_text(answer).lower()


@pytest.mark.parametrize("status", [MeetingStatus.APPROVED, MeetingStatus.CANCELLED])
def test_a_meeting_that_is_over_takes_nothing_more(as_user: AsUser, status: MeetingStatus) -> None:
    meeting = make_meeting(user_named("setda.malang"))
    item, here = items(meeting)[0].id, f"/rapat/{meeting.id}"
    with transaction():
        db.session.execute(sa.update(Meeting).where(Meeting.id == meeting.id).values(status=status))
    setda = as_user("setda.malang")
    for address, fields in (
        (f"{here}/butir/{item}/baris", {"kind": "note", "text": "Terlambat"}),
        (f"{here}/agenda", {"title": "Butir susulan"}),
        (f"{here}/agenda/{item}/hapus", {}),
        (f"{here}/undangan/kelompok/camat", {}),
        (f"{here}/batal", {"reason": "Tidak jadi"}),
        (f"{here}/buka", {}),
    ):
        setda.post(address, fields, status=422)
    assert len(items(meeting)) == 3
    assert db.session.query(MinutesRow).filter_by(meeting_id=meeting.id).count() == 0
    assert db.session.get_one(Meeting, meeting.id).status is status


def test_a_repeat_of_any_form_is_led_to_the_first_result(as_user: AsUser) -> None:
    setda, new = as_user("setda.malang"), "/rapat/baru"
    fields = setda.form(new, new) | {
        "title": "Rapat sekali saja",
        "place": "Pendopo",
        "day": today().isoformat(),
        "start": "09:00",
    }
    first, second = setda.post(new, fields), setda.post(new, fields)
    assert second.status_code == 303
    assert first.location.startswith(second.location)
    assert db.session.query(Meeting).filter_by(title="Rapat sekali saja").count() == 1


def test_the_number_belongs_to_the_year_of_its_letter(as_user: AsUser) -> None:
    setda = user_named("setda.malang")
    meeting = make_draft(setda, groups=["rsud"], days=-300)
    document = issue(setda, meeting, letter_date=date(2025, 12, 30))
    number = db.session.scalars(sa.select(Number).where(Number.id == document.number_id)).one()
    assert number.year == 2025
    assert "2025" in number.text
    page = as_user("setda.malang").get(f"/dokumen/{document.id}")
    assert number.text in page.text
    assert db.session.query(Document).filter_by(meeting_id=meeting.id).count() == 1
