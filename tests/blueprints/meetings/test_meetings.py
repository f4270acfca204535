"""The list, the forms and the agenda, by the people who use them."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.core.paging import PAGE_SIZE, Key
from ilp.models.meetings import AgendaItem, Meeting, MeetingStatus
from ilp.services import meetings
from tests.factories.meetings import make_called, make_draft, make_many, office_of
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def setda(app):
    return user_named("setda.malang")


def fields(**over):
    return {
        "title": "Rapat koordinasi ILP",
        "kind": "coordination",
        "day": (today() + timedelta(days=14)).isoformat(),
        "start": "09:00",
        "place": "Aula Setda",
        **over,
    }


def count():
    return db.session.scalar(sa.select(sa.func.count(Meeting.id)))


def newest():
    return db.session.scalars(sa.select(Meeting).order_by(Meeting.id.desc())).first()


def point(actor, meeting, title="Pembukaan"):
    with transaction():
        return meetings.add_agenda_item(actor=actor, meeting=meeting, title=title).id


# --- the list -----------------------------------------------------------------------------------
def test_the_list_and_the_register_cost_the_same_with_any_number_of_rows(as_user, setda):
    browser = as_user("setda.malang")
    costs, there = set(), 0
    for number in (1, 30, 185, 1000):
        make_many(setda, number - there)
        there = number
        for address in ("/rapat/", *(f"{REGISTER}{after}" for after in cursors(setda))):
            with counted() as statements:
                browser.get(address)
            costs.add(len(statements))
    assert costs == {2}


REGISTER = "/rapat/?saring=semua"


def cursors(actor):
    """Where the first, the middle and the last page of the register begin."""
    newest_first = sa.select(Meeting.starts_at, Meeting.id).where(
        Meeting.regency_code == office_of(actor).regency_code
    )
    order = Meeting.starts_at.desc(), Meeting.id.desc()
    rows = db.session.execute(newest_first.order_by(*order)).all()
    starts = len(rows) // 2, len(rows) - PAGE_SIZE
    turned = (quote(str(Key(*rows[start - 1]))) for start in starts if start > 0)
    return ["", *(f"&setelah={key}" for key in turned)]


def test_the_list_is_paged_by_key_and_filtered_in_the_address(as_user, setda):
    browser = as_user("setda.malang")
    for day in range(60):
        make_draft(setda, days=day + 1)
    first = browser.get("/rapat/?saring=akan-datang&jenis=kickoff").soup
    older = first.select_one("a[rel=next]")["href"]
    assert "jenis=kickoff" in older
    second = browser.get(older).soup
    titles = {row["href"] for row in first.select(".meet h3 a")} & {
        row["href"] for row in second.select(".meet h3 a")
    }
    assert titles == set()
    assert browser.get("/rapat/?saring=draf", htmx=True).soup.select_one("#meetings")


@pytest.mark.parametrize("key", ["x", "2026-01-01~1", "2026-01-01T00:00:00+00:00~99999999999", "~"])
def test_a_page_key_that_was_not_ours_leads_nowhere(as_user, key):
    as_user("setda.malang").get("/rapat/", query_string={"setelah": key}, status=404)


def test_an_empty_shelf_says_where_to_look(as_user):
    page = as_user("setda.blitar").get("/rapat/?saring=draf").soup
    assert page.select_one(".empty a")


# --- creating -----------------------------------------------------------------------------------
def test_a_meeting_is_created_once(as_user):
    browser = as_user("setda.malang")
    before = count()
    sent = {**browser.form("/rapat/baru", "/rapat/baru"), **fields()}
    first = browser.post("/rapat/baru", sent)
    again = browser.post("/rapat/baru", sent)
    assert count() == before + 1
    assert first.location.split("?")[0] == again.location.split("?")[0]
    assert first.location.startswith(f"/rapat/{newest().id}/agenda")


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"title": ""}, "Bagian ini perlu diisi"),
        ({"title": "   "}, "Bagian ini perlu diisi"),
        ({"title": "x" * 201}, "Terlalu panjang"),
        ({"title": "Rapat\x00ILP"}, "tidak dapat dibaca"),
        ({"day": "2024-11-31"}, "Tanggal 31/11/2024 tidak ada. Bulan November berakhir tanggal 30."),
        ({"day": "1024-11-30"}, "di luar 2000 sampai 2100"),
        ({"start": "25:00"}, "Jam ini tidak ada"),
        ({"start": ""}, "Bagian ini perlu diisi"),
        ({"end": "08:00"}, "sesudah jam mulai"),
        ({"kind": "pesta"}, "Pilih salah satu"),
        ({"place": ""}, "Bagian ini perlu diisi"),
        ({"office_id": "999999"}, "Pilih salah satu"),
        ({"minute_taker_id": "999999"}, "Pilih salah satu"),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(as_user, over, sentence):
    browser = as_user("setda.malang")
    before = count()
    page = browser.post("/rapat/baru", fields(**over), page="/rapat/baru", status=422)
    assert sentence in page.text
    if "title" not in over:
        assert "Rapat koordinasi ILP" in page.text
    assert count() == before


def test_times_may_be_written_with_a_full_stop(as_user):
    as_user("setda.malang").post("/rapat/baru", fields(start="08.30"), page="/rapat/baru")
    assert newest().starts_at.minute == 30


def test_a_past_date_is_taken_and_said(as_user):
    past = (today() - timedelta(days=40)).isoformat()
    answer = as_user("setda.malang").post("/rapat/baru", fields(day=past), page="/rapat/baru")
    assert "kabar=tersimpan-lampau" in answer.location


def test_a_pattern_proposes_a_fortnight_ahead_and_its_year(as_user, setda):
    ahead = today() + timedelta(days=14)
    former = make_called(setda, title="Kick Off ILP 2024", days=-700, groups=("rsud",))
    with transaction():
        former.starts_at = former.starts_at.replace(year=2024)
    browser = as_user("setda.malang")
    page = browser.get(f"/rapat/baru?pola={former.id}").soup
    assert page.select_one("[name=title]")["value"] == f"Kick Off ILP {ahead.year}"
    assert page.select_one("[name=day]")["value"] == ahead.isoformat()
    action = page.select_one("main form")["action"]
    browser.post(action, page=f"/rapat/baru?pola={former.id}")
    assert newest().title == f"Kick Off ILP {ahead.year}"


def test_a_foreign_pattern_is_not_there(as_user, setda):
    former = make_called(setda)
    for name in ("pola", "lanjutan"):
        as_user("setda.blitar").get(f"/rapat/baru?{name}={former.id}", status=404)
        as_user("setda.malang").get(f"/rapat/baru?{name}=2147483648", status=404)
        as_user("camat.kepanjen").get(f"/rapat/baru?{name}={former.id}", status=403)


def test_who_may_call_meetings(as_user):
    for username in ("setda.malang", "camat.kepanjen", "dinkes.malang"):
        as_user(username).get("/rapat/baru")
    for username in ("pimpinan.malang", "auditor.jatim", "mitra.blitar"):
        as_user(username).get("/rapat/baru", status=403)


def test_the_next_meeting_is_made_from_the_page_of_the_former(as_user, setda):
    former = make_called(setda)
    with transaction():
        former.status = MeetingStatus.APPROVED
    browser = as_user("setda.malang")
    address = f"/rapat/baru?lanjutan={former.id}"
    browser.post(browser.get(address).soup.select_one("main form")["action"], page=address)
    assert newest().previous_id == former.id
    with counted() as statements:
        browser.get(f"/rapat/{newest().id}/agenda")
    assert len(statements) <= 8


def test_opening_the_next_meeting_stays_within_twenty_statements(as_user, setda):
    costs = []
    for groups in (("rsud",), ("camat", "puskesmas", "opd")):
        former = make_called(setda, groups=groups)
        with transaction():
            former.status = MeetingStatus.APPROVED
        address = f"/rapat/baru?lanjutan={former.id}"
        browser = as_user("setda.malang")
        sent = browser.form(address, address)
        with counted() as statements:
            browser.post(address, sent)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 20


# --- changing -----------------------------------------------------------------------------------
def test_a_meeting_is_changed_postponed_opened_and_called_off(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_called(setda)
    here = f"/rapat/{meeting.id}"
    browser.post(f"{here}/ubah", {"place": "Aula Baru"}, page=f"{here}/ubah")
    assert meeting.place == "Aula Baru"
    new_day = (today() + timedelta(days=30)).isoformat()
    browser.post(
        f"{here}/tunda", {"reason": "Menunggu Bupati", "day": new_day, "start": "10:00"}, page=f"{here}/tunda"
    )
    assert meeting.status is MeetingStatus.POSTPONED
    assert "Menunggu Bupati" in browser.get(f"{here}/undangan").text
    browser.post(f"{here}/batal", {"reason": ""}, page=f"{here}/batal", status=422)
    page = browser.get(f"{here}/batal").soup
    assert meeting.title in page.select_one(".question h2").text
    browser.post(f"{here}/batal", {"reason": "Digabung"}, page=f"{here}/batal")
    assert meeting.status is MeetingStatus.CANCELLED
    browser.post(f"{here}/buka", status=422)


def test_a_meeting_is_opened_once(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_called(setda)
    browser.post(f"/rapat/{meeting.id}/buka")
    assert meeting.status is MeetingStatus.IN_SESSION
    answer = browser.post(f"/rapat/{meeting.id}/buka", status=422)
    assert "tidak dapat dibuka" in answer.text


def test_others_read_but_do_not_write(as_user, setda):
    meeting = make_called(setda)
    here = f"/rapat/{meeting.id}"
    for username, status in (("dinkes.malang", 403), ("camat.kepanjen", 403), ("setda.blitar", 404)):
        browser = as_user(username)
        for path in ("ubah", "tunda", "batal", "agenda", "undangan/surat"):
            browser.get(f"{here}/{path}", status=status)
        for path in (
            "buka",
            "undangan/kelompok/opd",
            "undangan/kontak",
            "undangan/cabut",
            "undangan/jabatan",
        ):
            browser.post(f"{here}/{path}", status=status)
    assert meeting.status is MeetingStatus.INVITED


@pytest.mark.parametrize("path", ["tugas", "berkas", "jejak"])
def test_pages_around_a_meeting(as_user, setda, path):
    meeting = make_called(setda)
    browser = as_user("setda.malang")
    with counted() as statements:
        browser.get(f"/rapat/{meeting.id}/{path}")
    assert len(statements) <= 8
    as_user("setda.blitar").get(f"/rapat/{meeting.id}/{path}", status=404)
    as_user("camat.kepanjen").get(f"/rapat/{meeting.id}/{path}", status=403 if path == "jejak" else 200)


# --- the agenda ---------------------------------------------------------------------------------
def test_the_agenda_is_written_by_buttons_alone(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_draft(setda)
    here = f"/rapat/{meeting.id}/agenda"
    for title in ("satu", "dua"):
        browser.post(here, {"title": title, "minutes_planned": "15"}, page=here)
    first, second = (item.id for item in db.session.query(AgendaItem).filter_by(meeting_id=meeting.id))
    browser.post(f"{here}/{second}/naik", page=here)
    browser.post(f"{here}/{first}", {"title": "Satu, dibetulkan"}, page=f"{here}/{first}")
    titles = [h3.text for h3 in browser.get(here).soup.select(".agenda-item h3")]
    assert titles == ["dua", "Satu, dibetulkan"]
    browser.post(f"{here}/{first}/hapus", page=here)
    assert db.session.query(AgendaItem).filter_by(meeting_id=meeting.id).count() == 1


@pytest.mark.parametrize(
    "over", [{"title": ""}, {"title": "x" * 301}, {"minutes_planned": "0"}, {"minutes_planned": "banyak"}]
)
def test_a_bad_point_is_refused(as_user, setda, over):
    browser, meeting = as_user("setda.malang"), make_draft(setda)
    here = f"/rapat/{meeting.id}/agenda"
    browser.post(here, {"title": "Pembukaan", "minutes_planned": "15", **over}, page=here, status=422)
    assert db.session.query(AgendaItem).filter_by(meeting_id=meeting.id).count() == 0


def test_a_point_of_another_meeting_is_not_there(as_user, setda):
    browser, meeting, other = as_user("setda.malang"), make_draft(setda), make_draft(setda)
    item = point(setda, other)
    browser.get(f"/rapat/{meeting.id}/agenda/{item}", status=404)
    for act in ("naik", "hapus"):
        browser.post(f"/rapat/{meeting.id}/agenda/{item}/{act}", status=404)


def test_single_row_posts_stay_within_fourteen_statements(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_draft(setda)
    here = f"/rapat/{meeting.id}/agenda"
    sent = {**browser.form(here, here), "title": "Pembukaan"}
    with counted() as statements:
        browser.post(here, sent)
    assert len(statements) <= 14
