"""Slices 1 and 2: a second kick-off is called after the reported one, people are invited and come."""

from __future__ import annotations

import io
from datetime import timedelta

import pypdfium2
import sqlalchemy as sa
from flask import Flask

from ilp.adapters import storage
from ilp.core.clock import today
from ilp.core.db import db
from ilp.models.documents import Document, DocumentKind, DocumentStatus
from ilp.models.meetings import Attendance, Invitation, Meeting, MeetingKind, MeetingStatus
from tests.factories.documents import finish, number_of, sha256_of
from tests.support.browser import Browser


def reported_kickoff() -> Meeting:
    """The kick-off of 15 October 2024 in Kabupaten Malang, as the demo carries it."""
    return db.session.scalars(
        sa.select(Meeting).where(
            Meeting.regency_code == "35.07",
            Meeting.kind == MeetingKind.KICKOFF,
            Meeting.status == MeetingStatus.APPROVED,
        )
    ).one()


def count(model, meeting_id: int) -> int:
    return db.session.scalar(sa.select(sa.func.count()).where(model.meeting_id == meeting_id)) or 0


def paper(meeting_id: int, kind: DocumentKind) -> tuple[Document, str]:
    """The newest paper of a kind, made by the job process, with the text of its pages."""
    document = db.session.scalars(
        sa.select(Document)
        .where(Document.meeting_id == meeting_id, Document.kind == kind)
        .order_by(Document.id.desc())
        .limit(1)
    ).one()
    finish(document)
    pages = pypdfium2.PdfDocument(io.BytesIO(storage.get(sha256_of(document))))
    text = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)
    return document, text


def test_a_second_kickoff_is_called_after_the_reported_one(demo: Flask) -> None:
    setda = Browser(demo, "setda.malang")
    address = f"/rapat/baru?pola={reported_kickoff().id}"
    form = setda.get(address).soup.select_one("main form")["action"]
    assert setda.form(address, form)["day"] == (today() + timedelta(days=14)).isoformat()
    setda.post(form, {"title": "Kick Off Kedua ILP Kabupaten Malang"}, page=address)
    meeting_id = db.session.scalar(sa.select(sa.func.max(Meeting.id)))
    here = f"/rapat/{meeting_id}"
    copied = count(Invitation, meeting_id)
    assert copied > 100

    setda.post(f"{here}/agenda", {"title": "Evaluasi tiga bulan pertama"}, page=f"{here}/agenda")
    for group in ("puskesmas", "camat", "opd", "rsud", "profesi", "pkk-kecamatan"):
        setda.post(f"{here}/undangan/kelompok/{group}")
    assert count(Invitation, meeting_id) == copied, "groups of the pattern are not doubled"
    contact = {"name": "Bagus Misal, S.Sos.", "title": "Ketua", "office_name": "Karang Taruna Kepanjen"}
    setda.post(f"{here}/undangan/kontak", contact, page=f"{here}/undangan")
    assert count(Invitation, meeting_id) == copied + 1

    setda.post(f"{here}/undangan/surat", page=f"{here}/undangan/surat")
    letter, text = paper(meeting_id, DocumentKind.INVITATION)
    assert letter.status is DocumentStatus.ISSUED
    assert db.session.get_one(Meeting, meeting_id).status is MeetingStatus.INVITED
    for words in (
        number_of(letter),
        "DAFTAR UNDANGAN",
        "Kepala Puskesmas se-Kabupaten Malang",
        "39 orang",
        "Camat se-Kabupaten Malang",
        "Bagus Misal, S.Sos., Ketua, Karang Taruna Kepanjen",
        f"{copied + 1} orang",
    ):
        assert words in text
    assert "Unduh PDF" in setda.get(f"{here}/undangan").text

    camat = Browser(demo, "camat.kepanjen")
    assert "Kick Off Kedua ILP" in camat.get("/rapat/").text
    answer = camat.get(f"{here}/undangan").soup.select_one("main form")["action"]
    camat.post(answer, {"answer": "attending"}, page=f"{here}/undangan")


def test_people_come_and_the_list_is_printed(demo: Flask) -> None:
    setda = Browser(demo, "setda.malang")
    meeting_id = db.session.scalars(
        sa.select(Meeting.id)
        .join(Invitation, Invitation.meeting_id == Meeting.id)
        .where(Meeting.regency_code == "35.07", Meeting.status == MeetingStatus.INVITED)
        .where(Invitation.title == "Camat Kepanjen")
        .order_by(Meeting.id.desc())
    ).first()
    here = f"/rapat/{meeting_id}/kehadiran"
    seats = count(Invitation, meeting_id)

    setda.post(f"{here}/daftar/terbit", page=f"{here}/daftar")
    _, blank = paper(meeting_id, DocumentKind.ATTENDANCE)
    assert "DAFTAR HADIR" in blank
    assert "Jumlah hadir : ......" in blank

    desk = f"{here}?cari=camat kepanjen"
    url = setda.get(desk).soup.select_one("#desk-card form")["action"]
    setda.post(url, page=desk)
    setda.post(url, {"mark": "present"})
    found = setda.get(f"{here}?cari=camat dampit").soup.select_one("#desk-card a.btn")["href"]
    delegate = setda.get(found).soup.select_one("#desk-card form")["action"]
    setda.post(
        delegate, {"name": "Ani Misal, S.Sos.", "title": "Sekretaris Kecamatan", "sex": "P"}, page=found
    )
    guest = {"name": "Sari Umpama", "office_name": "Radio Kepanjen", "phone": "081200000002"}
    setda.post(f"{here}/tamu", guest, page=f"{here}?isi=tamu")
    assert count(Attendance, meeting_id) == 3
    assert setda.get(here).soup.select_one(".desk-count").text.split() == [f"2/{seats}", "hadir"]

    setda.post(f"{here}/daftar/terbit", page=f"{here}/daftar")
    document, filled = paper(meeting_id, DocumentKind.ATTENDANCE)
    assert document.version == 2
    for words in ("Ani Misal", "mewakili Camat Dampit", "Sari Umpama", "3 (tiga) orang", "tidak hadir"):
        assert words in filled
