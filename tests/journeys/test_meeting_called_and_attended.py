"""Slices 1 and 2: a kick-off is called after a pattern, invited by group, and people come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db
from ilp.models.meetings import Attendance, Invitation, Meeting, MeetingStatus
from tests.support.browser import Browser

As = Callable[[str], Browser]


def call_meeting(setda: Browser, **more: str) -> int:
    """A kick-off in a fortnight, as the form sends it."""
    fields = {
        "title": "Kick Off Kedua Integrasi Pelayanan Kesehatan Primer",
        "kind": "kickoff",
        "day": (today() + timedelta(days=14)).isoformat(),
        "start": "09:00",
        "place": "Pendopo Agung Kabupaten Malang",
        **more,
    }
    setda.post("/rapat/baru", fields, page="/rapat/baru")
    return db.session.scalars(sa.select(Meeting.id).order_by(Meeting.id.desc())).first() or 0


def test_a_meeting_is_called_invited_and_attended(as_user: As) -> None:
    setda = as_user("setda.malang")
    meeting_id = call_meeting(setda)
    here = f"/rapat/{meeting_id}"

    for title in ("Pembukaan", "Kebijakan ILP", "Rencana tindak lanjut"):
        setda.post(f"{here}/agenda", {"title": title, "minutes_planned": "15"}, page=f"{here}/agenda")
    for group in ("puskesmas", "camat", "opd", "rsud", "profesi", "pkk-kecamatan"):
        setda.post(f"{here}/undangan/kelompok/{group}", page=f"{here}/undangan")
    setda.post(
        f"{here}/undangan/kontak",
        {"name": "Bagus Misal", "title": "Ketua Karang Taruna", "office_name": "Karang Taruna Kepanjen"},
        page=f"{here}/undangan",
    )
    invited = db.session.scalar(sa.select(sa.func.count()).where(Invitation.meeting_id == meeting_id))
    assert invited > 39 + 33 + 1

    setda.post(f"{here}/undangan/surat", page=f"{here}/undangan/surat")
    assert db.session.get(Meeting, meeting_id).status is MeetingStatus.INVITED

    found = setda.get(f"{here}/kehadiran?cari=kepanjen").soup
    url = found.select_one("#desk-card form")["action"]
    setda.post(url, {"mark": "present"}, page=f"{here}/kehadiran?cari=kepanjen")
    setda.post(url, {"mark": "present"})
    assert db.session.scalar(sa.select(sa.func.count()).where(Attendance.meeting_id == meeting_id)) == 1
