from __future__ import annotations

import pytest

from ilp.core.db import db, transaction
from ilp.models.documents import Document, DocumentKind
from ilp.models.meetings import Attendance, AttendanceStatus, MeetingStatus
from tests.factories.meetings import add_seats, make_called, make_draft, mark, seats_of
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def setda(app):
    return user_named("setda.malang")


def marks(meeting):
    return db.session.query(Attendance).filter_by(meeting_id=meeting.id).all()


def test_search_a_name_and_tap_present(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_called(setda, groups=("camat", "puskesmas"))
    here = f"/rapat/{meeting.id}/kehadiran"
    page = browser.get(f"{here}?cari=kepanjen camat").soup
    assert page.select_one("#desk-card h1 + .desk-position").text == "Camat Kepanjen"
    assert page.select_one(".desk-results mark")
    url = page.select_one("#desk-card form")["action"]
    browser.post(url, page=f"{here}?cari=kepanjen camat")
    (found,) = marks(meeting)
    assert found.status is AttendanceStatus.PRESENT
    after = browser.get(here).soup
    assert after.select_one(".desk-count b").text == "1"
    assert found.name in after.select_one(".desk-last").text


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (MeetingStatus.POSTPONED, "belum dapat dicatat"),
        (MeetingStatus.IN_REVIEW, "belum dapat dicatat"),
        (MeetingStatus.APPROVED, "tidak dapat dicatat lagi"),
        (MeetingStatus.CANCELLED, "tidak dapat dicatat lagi"),
    ],
)
def test_the_desk_says_whether_it_will_open(as_user, setda, status, said):
    meeting = make_called(setda, groups=("rsud",))
    with transaction():
        meeting.status = status
    note = as_user("setda.malang").get(f"/rapat/{meeting.id}/kehadiran").soup.select_one(".desk-search .note")
    assert f"Kehadiran {said}. Rapat ini {status.label}." in " ".join(note.text.split())


def test_a_mark_takes_at_most_fourteen_statements_whatever_the_size(as_user, setda):
    costs = []
    for kunci, rows in (("0" * 32, 1), ("1" * 32, 1000)):
        browser, meeting = as_user("setda.malang"), make_called(setda, groups=("rsud",))
        add_seats(meeting, rows)
        url = f"/rapat/{meeting.id}/kehadiran/{seats_of(meeting)[0].id}"
        sent = {"csrf_token": browser.csrf(), "kunci": kunci, "mark": "present"}
        with counted() as statements:
            browser.post(url, sent)
        costs.append(len(statements))
    assert costs[0] == costs[1] <= 14


@pytest.mark.parametrize("rows", [1, 30, 185, 1000])
def test_the_desk_and_the_list_cost_the_same_with_any_number_of_seats(as_user, setda, rows):
    browser, meeting = as_user("setda.malang"), make_called(setda, groups=("rsud",))
    add_seats(meeting, rows)
    mark(setda, meeting, seats_of(meeting)[-1])
    here = f"/rapat/{meeting.id}/kehadiran"
    with counted() as statements:
        browser.get(f"{here}?cari=warga")
    assert len(statements) == 6
    with counted() as statements:
        browser.get(f"{here}/daftar")
    assert len(statements) == 8


def test_a_repeat_answers_the_same_and_a_different_mark_is_refused(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_called(setda)
    url = f"/rapat/{meeting.id}/kehadiran/{seats_of(meeting)[0].id}"
    browser.post(url, {"mark": "present"})
    browser.post(url, {"mark": "present"})
    page = browser.post(url, {"mark": "excused", "reason": "Sakit"}, status=422)
    assert "sudah tercatat hadir" in page.text
    assert len(marks(meeting)) == 1


def test_a_delegate_and_leave_are_asked_for_on_the_card(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_called(setda)
    first, second = seats_of(meeting)[:2]
    here = f"/rapat/{meeting.id}/kehadiran"
    delegate = f"{here}?kursi={first.id}&isi=diwakili"
    browser.post(f"{here}/{first.id}", {"name": ""}, page=delegate, status=422)
    browser.post(
        f"{here}/{first.id}", {"name": "Ani Misal", "title": "Sekretaris", "sex": "P"}, page=delegate
    )
    leave = f"{here}?kursi={second.id}&isi=berhalangan"
    assert "Tulis alasan" in browser.post(f"{here}/{second.id}", page=leave, status=422).text
    browser.post(f"{here}/{second.id}", {"reason": "Sakit"}, page=leave)
    assert [found.status.value for found in marks(meeting)] == ["represented", "excused"]


def test_a_mistake_is_taken_back_with_a_reason(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_called(setda)
    found = mark(setda, meeting, seats_of(meeting)[0])
    here = f"/rapat/{meeting.id}/kehadiran"
    url = f"{here}/catatan/{found.id}/betulkan"
    page = f"{here}?isi=betulkan&catatan={found.id}"
    browser.post(url, {"reason": ""}, page=page, status=422)
    browser.post(url, {"reason": "Salah orang"}, page=page)
    assert marks(meeting) == []
    browser.post(url, {"reason": "Lagi"}, status=404)


def test_a_guest_comes_with_three_fields(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_called(setda)
    here = f"/rapat/{meeting.id}/kehadiran"
    guest = {"name": "Sari Umpama", "office_name": "Radio Kepanjen", "phone": "081200000002"}
    sent = {**browser.form(f"{here}?isi=tamu", f"{here}/tamu"), **guest}
    browser.post(f"{here}/tamu", sent)
    browser.post(f"{here}/tamu", sent)
    assert len(marks(meeting)) == 1
    for missing in guest:
        browser.post(f"{here}/tamu", {**guest, missing: ""}, status=422)
    browser.post(f"{here}/tamu", {**guest, "name": "x" * 301}, status=422)
    assert "sudah tercatat" in browser.post(f"{here}/tamu", guest, status=422).text
    assert len(marks(meeting)) == 1


@pytest.mark.parametrize("value", ["absent", "", "dance"])
def test_only_marks_that_exist_are_taken(as_user, setda, value):
    browser, meeting = as_user("setda.malang"), make_called(setda)
    browser.post(f"/rapat/{meeting.id}/kehadiran/{seats_of(meeting)[0].id}", {"mark": value}, status=422)
    assert marks(meeting) == []


def test_foreign_seats_and_closed_meetings(as_user, setda):
    browser, meeting, other = as_user("setda.malang"), make_called(setda), make_called(setda)
    foreign = seats_of(other)[0].id
    browser.post(f"/rapat/{meeting.id}/kehadiran/{foreign}", {"mark": "present"}, status=404)
    browser.post(f"/rapat/{meeting.id}/kehadiran/2147483647", {"mark": "present"}, status=404)
    with transaction():
        other.status = MeetingStatus.APPROVED
    browser.post(f"/rapat/{other.id}/kehadiran/{foreign}", {"mark": "present"}, status=422)
    draft = make_draft(setda, groups=("rsud",))
    browser.post(f"/rapat/{draft.id}/kehadiran/{seats_of(draft)[0].id}", {"mark": "present"}, status=422)
    assert [*marks(meeting), *marks(other), *marks(draft)] == []


def test_who_may_sit_at_the_desk(as_user, setda):
    meeting = make_called(setda, groups=("camat",))
    here = f"/rapat/{meeting.id}/kehadiran"
    for username, desk, people in (
        ("setda.malang", 200, 200),
        ("dinkes.malang", 403, 200),
        ("camat.kepanjen", 403, 403),
        ("setda.blitar", 404, 404),
    ):
        browser = as_user(username)
        browser.get(here, status=desk)
        browser.get(f"{here}/daftar", status=people)
        if desk != 200:
            browser.post(f"{here}/tamu", {"name": "x", "office_name": "y", "phone": "1"}, status=desk)
    assert marks(meeting) == []


def test_the_desk_answers_htmx_with_its_own_part(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_called(setda)
    part = browser.get(f"/rapat/{meeting.id}/kehadiran?cari=camat", htmx=True)
    assert "<html" not in part.text
    assert part.soup.select_one("#desk #desk-found")
    assert part.soup.select_one("#desk #desk-card")


def test_the_list_filters_by_status_and_constituency(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_called(setda, groups=("rsud", "camat"))
    seat = seats_of(meeting)[0]
    mark(setda, meeting, seat)
    here = f"/rapat/{meeting.id}/kehadiran/daftar"
    assert len(browser.get(f"{here}?status=hadir").soup.select(".people > li")) == 1
    assert len(browser.get(f"{here}?status=belum&unsur=hospital").soup.select(".people > li")) in (1, 2)
    assert browser.get(f"{here}?status=izin").soup.select_one(".empty")


def test_the_list_is_printed_before_and_after(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_called(setda)
    here = f"/rapat/{meeting.id}/kehadiran/daftar"
    browser.post(f"{here}/terbit", page=here)
    mark(setda, meeting, seats_of(meeting)[0])
    browser.post(f"{here}/terbit", page=here)
    papers = db.session.query(Document).filter_by(meeting_id=meeting.id, kind=DocumentKind.ATTENDANCE).all()
    assert [paper.version for paper in papers] == [1, 2]
    browser.post(f"{here}/terbit", {"signer_id": "1"}, page=here, status=422)
    as_user("dinkes.malang").post(f"{here}/terbit", {"signer_id": "1"}, status=403)


def test_a_long_list_is_read_page_by_page_with_its_filter(as_user, setda):
    browser, meeting = as_user("setda.malang"), make_called(setda, groups=("rsud",))
    add_seats(meeting, 390)
    first = browser.get(f"/rapat/{meeting.id}/kehadiran/daftar?status=belum&unsur=community")
    rest = browser.get(first.soup.find("a", rel="next")["href"])
    names = [one.text for page in (first, rest) for one in page.soup.select(".people a")]
    assert len(names) == len(set(names)) == 390
    assert rest.soup.find("a", rel="next") is None
