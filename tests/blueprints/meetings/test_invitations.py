from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.directory import Office, Position
from ilp.models.documents import Document
from ilp.models.meetings import InvitationStatus, MeetingStatus
from tests.factories.meetings import add_seats, make_called, make_draft, seats_of
from tests.support.browser import visible_text
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def setda(app):
    return user_named("setda.malang")


def test_a_group_is_invited_within_twenty_statements(as_user, setda):
    costs = []
    for key in ("rsud", "camat", "desa"):
        browser, meeting = as_user("setda.malang"), make_draft(setda)
        here = f"/rapat/{meeting.id}/undangan"
        sent = browser.form(here, f"{here}/kelompok/{key}")
        with counted() as statements:
            browser.post(f"{here}/kelompok/{key}", sent)
        costs.append(len(statements))
    assert len(set(costs)) == 1
    assert costs[0] <= 20


def test_what_was_known_is_said(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_draft(setda, groups=("camat",))
    answer = browser.post(f"/rapat/{meeting.id}/undangan/kelompok/camat")
    page = browser.get(answer.location)
    assert "0 undangan ditambahkan" in page.text
    assert "33 sudah diundang sebelumnya" in page.text


def test_a_double_submit_invites_once(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_draft(setda)
    here = f"/rapat/{meeting.id}/undangan"
    contact = {**browser.form(here, f"{here}/kontak"), "name": "Bagus Misal", "title": "Ketua"}
    browser.post(f"{here}/kontak", contact)
    browser.post(f"{here}/kontak", contact)
    assert len(seats_of(meeting)) == 1


@pytest.mark.parametrize("rows", [1, 30, 185, 1000])
def test_the_page_costs_the_same_with_any_number_of_seats(as_user, setda, rows):
    browser, meeting = as_user("setda.malang"), make_draft(setda)
    add_seats(meeting, rows)
    here = f"/rapat/{meeting.id}/undangan"
    with counted() as statements:
        browser.get(f"{here}?cari=camat")
    assert len(statements) == 8


def test_a_search_finds_positions_and_invites_what_is_ticked(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_draft(setda)
    here = f"/rapat/{meeting.id}/undangan"
    found = browser.get(f"{here}?cari=camat kepanj").soup.select("[name=position_id]")
    assert len(found) < 8
    browser.post(f"{here}/jabatan", {"position_id": found[0]["value"]}, page=f"{here}?cari=camat kepanj")
    assert [seat.title for seat in seats_of(meeting)] == ["Camat Kepanjen"]
    part = browser.get(f"{here}?cari=camat kepanj", htmx=True).soup
    assert part.select_one("#found [name=position_id][disabled]")["value"] == found[0]["value"]


@pytest.mark.parametrize("text", ["%", "_", "\\", "'; drop table", "\x00", "x" * 5000, "\u202e", "zzzz"])
def test_any_search_is_answered(as_user, setda, text):
    browser, meeting = as_user("setda.malang"), make_called(setda, groups=("rsud",))
    for page, filter_ in (("undangan", "unsur"), ("kehadiran", "isi")):
        browser.get(f"/rapat/{meeting.id}/{page}", query_string={"cari": text})
        browser.get(f"/rapat/{meeting.id}/{page}", query_string={filter_: text}, status=404)


def test_foreign_and_impossible_ids_are_refused(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_draft(setda, groups=("rsud",))
    foreign = db.session.scalars(
        sa.select(Position.id).join(Office).where(Office.regency_code == "35.05").limit(1)
    ).one()
    here = f"/rapat/{meeting.id}/undangan"
    for value in (str(foreign), "0", "-1", "abc", "99999999999999", [str(n) for n in range(1, 400)]):
        browser.post(f"{here}/jabatan", {"position_id": value}, status=422)
        browser.post(f"{here}/cabut", {"seat": value}, status=422)
    browser.post(f"{here}/kelompok/entah", status=404)
    assert len(seats_of(meeting)) == 2


@pytest.mark.parametrize(
    "over",
    [
        {"name": ""},
        {"title": ""},
        {"name": "x" * 301},
        {"constituency": "x"},
        {"phone": "0" * 21},
        {"sex": "X"},
    ],
)
def test_a_bad_contact_is_refused_and_kept(as_user, setda, over):
    browser, meeting = as_user("setda.malang"), make_draft(setda)
    here = f"/rapat/{meeting.id}/undangan"
    sent = {"name": "Bagus Misal", "title": "Ketua Karang Taruna", "constituency": "community", **over}
    page = browser.post(f"{here}/kontak", sent, page=here, status=422)
    if "title" not in over:
        assert page.soup.select_one("[name=title]")["value"] == "Ketua Karang Taruna"
    assert seats_of(meeting) == []


def test_seats_are_withdrawn_by_ticking_them(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_draft(setda, groups=("rsud", "camat"))
    here = f"/rapat/{meeting.id}/undangan"
    ids = [str(seat.id) for seat in seats_of(meeting)[:3]]
    browser.post(f"{here}/cabut", {"seat": ids}, page=here)
    assert len(seats_of(meeting)) == 32


def test_all_desa_are_seen_and_withdrawn_page_by_page(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_draft(setda, groups=("desa", "camat"))
    first = browser.get(f"/rapat/{meeting.id}/undangan?unsur=village")
    assert "300 dari 390" in visible_text(first)
    older = first.soup.find("a", rel="next")["href"].partition("#")[0]
    rest = browser.get(older)
    seats = [box["value"] for page in (first, rest) for box in page.soup.select("input[name=seat]")]
    assert len(set(seats)) == len(seats) == 390
    form = rest.soup.find("form", id="withdraw")
    answer = browser.post(form["action"], {**browser.form(older, form["action"]), "seat": [seats[-1]]})
    shown = browser.get(answer.location)
    assert "89 dari 389" in visible_text(shown)
    assert len(seats_of(meeting)) == 33 + 389


@pytest.mark.parametrize("after", ["x", "1", "1~x", "99999999999~1", "2024-01-01~1"])
def test_a_page_that_is_nowhere_is_not_found(as_user, setda, after):
    browser, meeting = as_user("setda.malang"), make_draft(setda)
    browser.get(f"/rapat/{meeting.id}/undangan?setelah={after}", status=404)
    browser.get(f"/rapat/{meeting.id}/kehadiran/daftar?setelah={after}", status=404)


@pytest.mark.parametrize("status", ["approved", "cancelled"])
def test_a_closed_meeting_is_left_as_it_is(as_user, setda, status):
    browser, meeting = as_user("setda.malang"), make_draft(setda, groups=("rsud",))
    with transaction():
        meeting.status = MeetingStatus(status)
    here = f"/rapat/{meeting.id}/undangan"
    assert not browser.get(here).soup.select("[name=seat]")
    browser.post(f"{here}/kelompok/camat", status=422)
    browser.post(f"{here}/surat", page=f"{here}/surat", status=422)
    assert len(seats_of(meeting)) == 2


# --- the letter ---------------------------------------------------------------------------------
def test_the_letter_is_issued_once_and_its_progress_is_shown(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_draft(setda, groups=("rsud", "camat"))
    here = f"/rapat/{meeting.id}/undangan/surat"
    sent = browser.form(here, here)
    browser.post(here, sent)
    browser.post(here, sent)
    assert db.session.query(Document).filter_by(meeting_id=meeting.id).count() == 1
    assert meeting.status is MeetingStatus.INVITED
    page = browser.get(f"/rapat/{meeting.id}/undangan").soup
    assert page.select_one("[id^=document-]")


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"letter_date": "kemarin"}, "Tulis tanggal seperti 30/11/2026."),
        ({"signer_id": "1"}, "Pilih salah satu"),
        ({"number_source": "typed", "number_text": ""}, "Ketik nomornya"),
        ({"subject": ""}, "Bagian ini perlu diisi"),
        ({"opening": "x" * 2001}, "Terlalu panjang"),
        ({"urgency": "kilat"}, "Pilih salah satu"),
    ],
)
def test_a_bad_letter_is_refused(as_user, setda, over, sentence):
    browser, meeting = as_user("setda.malang"), make_draft(setda, groups=("rsud",))
    here = f"/rapat/{meeting.id}/undangan/surat"
    assert sentence in browser.post(here, over, page=here, status=422).text
    assert meeting.status is MeetingStatus.DRAFT


def test_a_second_letter_is_proposed_as_the_first_was(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_draft(setda, groups=("rsud",))
    here = f"/rapat/{meeting.id}/undangan/surat"
    browser.post(here, {"note": "membawa data", "copies": "Bupati Malang\nSekda"}, page=here)
    form = browser.form(here, here)
    assert (form["note"], form["keep_number"]) == ("membawa data", "y")
    assert form["copies"].strip().split("\n") == ["Bupati Malang", "Sekda"]


# --- the invited --------------------------------------------------------------------------------
def test_an_invited_office_sees_its_own_seat_and_answers(as_user, setda):
    meeting = make_called(setda, groups=("camat", "rsud"))
    camat = as_user("camat.kepanjen")
    here = f"/rapat/{meeting.id}/undangan"
    page = camat.get(here)
    assert "Camat Kepanjen" in page.text
    assert "Camat Dampit" not in page.text
    seat = next(seat for seat in seats_of(meeting) if seat.title == "Camat Kepanjen")
    url = f"/rapat/{meeting.id}/jawaban/{seat.id}"
    camat.post(url, {"answer": "declined", "note": ""}, page=here, status=422)
    camat.post(url, {"answer": "absent"}, page=here, status=422)
    camat.post(url, {"answer": "declined", "note": "Bertugas di Jakarta"}, page=here)
    assert (seat.status, seat.answer_note) == (InvitationStatus.DECLINED, "Bertugas di Jakarta")
    assert "Bertugas di Jakarta" in as_user("setda.malang").get(here).text


def test_who_reads_everything_answers_beside_the_list(as_user, setda):
    meeting = make_called(setda, groups=("opd",))
    dinkes = as_user("dinkes.malang")
    here = f"/rapat/{meeting.id}/undangan"
    assert "Jawab undangan" in dinkes.get(here).text
    seat = next(seat for seat in seats_of(meeting) if seat.title == "Kepala Dinas Kesehatan")
    url = f"/rapat/{meeting.id}/jawaban/{seat.id}"
    refused = dinkes.post(url, {"answer": "represented", "note": ""}, page=here, status=422)
    assert "Tulis nama dan jabatan" in refused.text
    dinkes.post(url, {"answer": "represented", "note": "Sekretaris Dinas"}, page=here)
    assert seat.status is InvitationStatus.REPRESENTED
    assert "Jawab undangan" not in dinkes.get(here).text


def test_nobody_answers_for_a_neighbour(as_user, setda):
    meeting = make_called(setda, groups=("camat",))
    seat = next(seat for seat in seats_of(meeting) if seat.title == "Camat Dampit")
    url = f"/rapat/{meeting.id}/jawaban/{seat.id}"
    as_user("camat.kepanjen").post(url, {"answer": "attending"}, status=403)
    as_user("setda.malang").post(url, {"answer": "attending"}, status=403)
    as_user("camat.garum").post(url, {"answer": "attending"}, status=404)
    other = make_called(setda, groups=("camat",))
    as_user("camat.kepanjen").post(
        f"/rapat/{other.id}/jawaban/{seat.id}", {"answer": "attending"}, status=404
    )


def test_a_draft_is_hidden_from_whoever_it_invites(as_user, setda):
    meeting = make_draft(setda, groups=("camat",))
    as_user("camat.kepanjen").get(f"/rapat/{meeting.id}/undangan", status=404)


def test_phones_are_shown_to_those_who_register_only(as_user, setda):
    meeting = make_called(setda, groups=("camat",))
    with transaction():
        seats_of(meeting)[0].phone = "+6281299990000"
    for path in ("undangan", "kehadiran/daftar"):
        assert "0812-9999-0000" in as_user("setda.malang").get(f"/rapat/{meeting.id}/{path}").text
        assert "0812-9999-0000" not in as_user("dinkes.malang").get(f"/rapat/{meeting.id}/{path}").text
