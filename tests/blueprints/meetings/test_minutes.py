"""The page of the minutes: saving with and without htmx, clashes, news, refusals, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from werkzeug.test import TestResponse

from ilp.core.clock import now, today
from ilp.core.db import db, transaction
from ilp.models.meetings import AgendaStatus, Meeting, MeetingStatus, MinutesRow, RowKind
from ilp.models.tasks import Assignment, Task
from ilp.policy.user import User
from ilp.services import minutes
from tests.factories.minutes import items, make_meeting, make_row
from tests.support.browser import Browser, visible_text
from tests.support.people import user_named
from tests.support.queries import counted

AsUser = Callable[[str], Browser]


@pytest.fixture
def setda(app: object) -> User:
    return user_named("setda.malang")


@pytest.fixture
def meeting(setda: User) -> Meeting:
    return make_meeting(setda)


def base(meeting: Meeting) -> str:
    return f"/rapat/{meeting.id}"


def new_row(meeting: Meeting, item: int = 0) -> str:
    return f"{base(meeting)}/butir/{items(meeting)[item].id}/baris"


def edit_row(meeting: Meeting, row: MinutesRow) -> str:
    return f"{base(meeting)}/baris/{row.id}/ubah"


def rows(meeting: Meeting) -> list[str]:
    found = db.session.scalars(
        sa.select(MinutesRow.text).where(MinutesRow.meeting_id == meeting.id).order_by(MinutesRow.id)
    )
    return list(found)


def write(browser: Browser, meeting: Meeting, status: Any = 303, **fields: Any) -> TestResponse:
    address = new_row(meeting)
    data = {"kind": "note", "text": "Catatan", **fields}
    return browser.post(address, data, page=address, status=status)


# --- writing ------------------------------------------------------------------------------------
def test_a_row_is_saved_without_javascript(as_user: AsUser, meeting: Meeting) -> None:
    answer = write(as_user("notulis.malang"), meeting, text="Dinas Kesehatan memaparkan.")
    assert "#baris-" in answer.headers["Location"]
    page = as_user("notulis.malang").get(answer.headers["Location"]).soup
    row = page.select_one(".minute.fresh")
    assert row.select_one(".no").text == "1.1"
    assert "Dinas Kesehatan memaparkan." in row.text


def test_with_htmx_the_row_stands_in_place_of_its_form_and_the_next_is_open(
    as_user: AsUser, meeting: Meeting
) -> None:
    notulis = as_user("notulis.malang")
    form = notulis.form(new_row(meeting), new_row(meeting)) | {"text": "Catatan langsung"}
    soup = notulis.post(new_row(meeting), form, htmx=True, status=200).soup
    first, second = soup.find_all("li", recursive=False)
    assert "Catatan langsung" in first.text
    assert second["id"] == f"butir-{items(meeting)[0].id}-baru"
    assert second.select_one("textarea").text.strip() == ""


def test_a_double_submit_leaves_one_row(as_user: AsUser, meeting: Meeting) -> None:
    notulis = as_user("notulis.malang")
    form = notulis.form(new_row(meeting), new_row(meeting)) | {"text": "Sekali saja"}
    first, second = notulis.post(new_row(meeting), form), notulis.post(new_row(meeting), form)
    assert first.headers["Location"] == second.headers["Location"]
    assert rows(meeting) == ["Sekali saja"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": "  "}, "perlu diisi"),
        ({"text": "x" * 5001}, "paling banyak 5000"),
        ({"text": "Bel\x07 berbunyi"}, "tidak dapat dibaca"),
        ({"kind": "entah"}, "Pilih salah satu"),
        ({"kind": "task", "groups": "kecamatan"}, "Isi tenggat"),
        ({"kind": "task", "groups": "kecamatan", "due_on": "2026-02-30"}, "berakhir tanggal 28"),
        ({"kind": "task", "due_on": "2026-12-30"}, "tidak dapat ditagih"),
        ({"kind": "task", "due_on": "2026-12-30", "groups": "opd"}, "tidak dapat ditagih"),
        ({"kind": "task", "due_on": "2026-12-30", "offices": "2147483647"}, "Pilih ulang"),
        ({"kind": "task", "due_on": "2026-12-30", "offices": "99999999999"}, "Pilih hanya dari daftar"),
        ({"kind": "task", "due_on": "2026-12-30", "groups": "kecamatan", "text": "x" * 301}, "300 huruf"),
    ],
)
def test_what_cannot_be_saved_is_said_and_nothing_is_lost(
    as_user: AsUser, meeting: Meeting, fields: dict[str, str], sentence: str
) -> None:
    answer = write(as_user("notulis.malang"), meeting, status=422, **fields)
    assert sentence in answer.text
    if fields.get("text", "").strip():
        assert answer.soup.select_one("textarea[name=text]").text.strip() == fields["text"]
    assert rows(meeting) == []
    assert db.session.query(Task).filter_by(meeting_id=meeting.id).count() == 0


def test_offices_are_searched_without_javascript_by_a_button_of_the_form(
    as_user: AsUser, meeting: Meeting
) -> None:
    answer = write(
        as_user("notulis.malang"), meeting, status=200, kind="task", text="Data", cari="kepanjen", temukan="1"
    )
    names = [pick.get_text(strip=True) for pick in answer.soup.select("[name=offices] + span")]
    assert any("Kepanjen" in name for name in names)
    assert answer.soup.select_one("textarea[name=text]").text.strip() == "Data"
    assert rows(meeting) == []


def test_offices_are_found_while_typing(as_user: AsUser, meeting: Meeting) -> None:
    notulis = as_user("notulis.malang")
    found = notulis.get(f"{base(meeting)}/_kantor?cari=kepanjen", htmx=True)
    assert "Kepanjen" in found.text
    assert "Tidak ada kantor" in notulis.get(f"{base(meeting)}/_kantor?cari=zzz", htmx=True).text


@pytest.mark.parametrize("status", ["in_review", "approved", "cancelled", "postponed"])
def test_closed_minutes_answer_422_and_change_nothing(
    as_user: AsUser, setda: User, meeting: Meeting, status: str
) -> None:
    row, point = make_row(setda, meeting, "Tetap"), items(meeting)[0].id
    with transaction():
        meeting.status = MeetingStatus(status)
    notulis = as_user("notulis.malang")
    for address in (
        new_row(meeting),
        edit_row(meeting, row),
        f"{base(meeting)}/baris/{row.id}/hapus",
        f"{base(meeting)}/baris/{row.id}/dua-baris",
    ):
        answer = notulis.post(address, {"kind": "note", "text": "Berubah", "version": "1"}, status=422)
        assert minutes.FROZEN[MeetingStatus(status)] in BeautifulSoup(answer.text, "html.parser").text
    notulis.post(f"{base(meeting)}/butir/{point}/keadaan", {"state": "decided"}, status=422)
    assert rows(meeting) == ["Tetap"]
    assert items(meeting)[0].status is AgendaStatus.DISCUSSED


# --- two people, one row ------------------------------------------------------------------------
@pytest.mark.parametrize("htmx", [False, True])
def test_two_people_editing_one_row_lose_nothing(
    as_user: AsUser, setda: User, meeting: Meeting, *, htmx: bool
) -> None:
    row = make_row(setda, meeting, "Lewat APBD")
    address = edit_row(meeting, row)
    first, second = as_user("notulis.malang"), as_user("setda.malang")
    forms = [browser.form(address, address) for browser in (first, second)]
    first.post(address, forms[0] | {"text": "Lewat Dana Desa"})
    answer = second.post(address, forms[1] | {"text": "Lewat APBDes"}, htmx=htmx, status=409)
    clash = answer.soup.select_one(f"#baris-{row.id}.clash")
    assert [p.text for p in clash.select(".duo p")] == ["Lewat Dana Desa", "Lewat APBDes"]
    assert [mark.text for mark in clash.select("mark")] == ["Dana Desa", "APBDes"]
    assert row.text == "Lewat Dana Desa"
    buttons = [button.text.strip() for button in clash.select(".btn")]
    assert buttons == ["Pakai naskah ini", "Pakai naskah ini", "Gabungkan", "Simpan sebagai dua baris"]


def clash(setda: User, meeting: Meeting) -> MinutesRow:
    row = make_row(setda, meeting, "Awal")
    notulis = user_named("notulis.malang")
    for actor, text in ((notulis, "Naskah notulis"), (setda, "Naskah setda")):
        with transaction():
            minutes.edit_row(
                actor=actor, meeting=meeting, row_id=row.id, version=1, kind=RowKind.NOTE, text=text
            )
    return row


def test_the_texts_are_merged(as_user: AsUser, setda: User, meeting: Meeting) -> None:
    row, notulis = clash(setda, meeting), as_user("notulis.malang")
    address = f"{base(meeting)}/baris/{row.id}/bentrok"
    form = notulis.form(address, address)
    assert form["text"] == "Naskah notulis\n\nNaskah setda"
    notulis.post(address, form | {"text": "Naskah bersama"})
    page = notulis.get(base(meeting)).soup
    assert not page.select(".clash")
    assert "Naskah bersama" in page.select_one(f"#baris-{row.id}").text


def test_the_texts_become_two_rows_and_htmx_is_only_told_of_news(
    as_user: AsUser, setda: User, meeting: Meeting
) -> None:
    row = clash(setda, meeting)
    answer = as_user("notulis.malang").post(
        f"{base(meeting)}/baris/{row.id}/dua-baris", htmx=True, status=204
    )
    assert "kabar" in answer.headers["HX-Trigger"]
    page = as_user("notulis.malang").get(base(meeting)).soup
    assert [no.text for no in page.select(".minute .no")] == ["1.1", "1.2"]


# --- news -----------------------------------------------------------------------------------------
def test_news_cost_two_statements_while_there_are_none(as_user: AsUser, meeting: Meeting) -> None:
    notulis, version = as_user("notulis.malang"), meeting.version
    with counted() as statements:
        notulis.get(f"{base(meeting)}/_kabar?versi={version}", htmx=True, status=204)
    assert len(statements) == 2


def test_news_bring_the_living_parts_and_the_new_version(
    as_user: AsUser, setda: User, meeting: Meeting
) -> None:
    notulis, version = as_user("notulis.malang"), meeting.version
    make_row(setda, meeting, "Baris orang lain")
    text = notulis.get(f"{base(meeting)}/_kabar?versi={version}", htmx=True).text
    assert f"_kabar?versi={version + 1}" in text
    assert "Baris orang lain" in text
    assert text.count("<hx-partial") == 4


def test_a_finished_meeting_is_no_longer_asked_about(as_user: AsUser, setda: User, meeting: Meeting) -> None:
    make_row(setda, meeting)
    with transaction():
        meeting.status, meeting.approved_at = MeetingStatus.APPROVED, now()
    poll = as_user("notulis.malang").get(base(meeting)).soup.select_one("#kabar")
    assert not poll.has_attr("hx-trigger")


def test_an_open_editor_is_out_of_reach_of_news(as_user: AsUser, setda: User, meeting: Meeting) -> None:
    row, notulis = make_row(setda, meeting), as_user("notulis.malang")
    for address in (new_row(meeting), edit_row(meeting, row)):
        editor = notulis.get(address, htmx=True).soup.select_one("li")
        assert editor.has_attr("hx-morph-skip")
        assert notulis.get(base(meeting)).soup.find(id=editor["id"]) is not None


# --- agenda and tasks ----------------------------------------------------------------------------
def test_the_next_item_is_at_hand_when_one_is_dealt_with(as_user: AsUser, meeting: Meeting) -> None:
    notulis, first = as_user("notulis.malang"), items(meeting)[0].id
    assert notulis.get(base(meeting)).soup.select_one(".agenda-item.now .number").text == "1"
    notulis.post(f"{base(meeting)}/butir/{first}/keadaan", {"state": "decided"}, page=base(meeting))
    assert notulis.get(base(meeting)).soup.select_one(".agenda-item.now .number").text == "2"
    assert "daftar" in notulis.post(f"{base(meeting)}/butir/{first}/keadaan", {"state": "x"}, status=422).text


def test_a_decision_is_given_to_all_kecamatan(as_user: AsUser, setda: User, meeting: Meeting) -> None:
    notulis = as_user("notulis.malang")
    decision = make_row(setda, meeting, "Orientasi di tiap kecamatan", RowKind.DECISION)
    address = f"{new_row(meeting)}?jenis=task&dasar={decision.id}"
    action = f"{new_row(meeting)}?dasar={decision.id}"
    form = notulis.form(address, action)
    assert form["text"] == "Orientasi di tiap kecamatan"
    notulis.post(action, form | {"groups": "kecamatan", "due_on": "2027-01-29"})
    task = db.session.query(Task).filter_by(meeting_id=meeting.id).one()
    assert db.session.query(Assignment).filter_by(task_id=task.id).count() == 33
    row = notulis.get(base(meeting)).soup.select_one(".task-row")
    assert "33 kecamatan" in row.text
    assert "29 Januari 2027" in row.text
    link = row.find("a", string="0/33 diterima")
    assert link["href"] == f"/tugas/{task.id}"
    assert "Dari baris 1.1" in row.text
    assert "1 tugas turunan" in notulis.get(base(meeting)).soup.select_one(".decision-row").text


# --- who may ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("username", "status"), [("setda.blitar", 404), ("dinkes.malang", 403), ("pimpinan.malang", 403)]
)
def test_others_do_not_write(as_user: AsUser, meeting: Meeting, username: str, status: int) -> None:
    as_user(username).post(new_row(meeting), {"kind": "note", "text": "Catatan"}, status=status)
    assert rows(meeting) == []


def test_ids_of_another_meeting_are_404(as_user: AsUser, setda: User, meeting: Meeting) -> None:
    row = make_row(setda, make_meeting(setda))
    notulis = as_user("notulis.malang")
    typed = {"kind": "note", "text": "Berubah", "version": "1"}
    notulis.post(edit_row(meeting, row), typed, status=404)
    notulis.post(f"{base(meeting)}/butir/{row.agenda_item_id}/baris", typed, status=404)
    notulis.post(f"{base(meeting)}/baris/{row.id}/bentrok", typed, status=404)
    assert row.text != "Berubah"


def test_whoever_only_reads_sees_no_editor(as_user: AsUser, setda: User, meeting: Meeting) -> None:
    make_row(setda, meeting)
    page = as_user("pimpinan.malang").get(base(meeting)).soup
    assert page.select(".minute")
    assert not page.select(".add, .minute a[href$=ubah]")


# --- approval -------------------------------------------------------------------------------------------
def submitted(setda: User, meeting: Meeting) -> None:
    with transaction():
        minutes.close_meeting(actor=setda, meeting=meeting)
        minutes.submit_minutes(actor=setda, meeting=meeting)


def test_the_leader_reads_warnings_and_approves(as_user: AsUser, setda: User, meeting: Meeting) -> None:
    make_row(setda, meeting, "Tanpa penanggung jawab", RowKind.DECISION)
    submitted(setda, meeting)
    leader, address = as_user("pimpinan.malang"), f"{base(meeting)}/sahkan"
    assert "1 keputusan belum berpenanggung jawab" in leader.get(address).text
    leader.post(address, page=address)
    page = leader.get(base(meeting))
    assert meeting.status is MeetingStatus.APPROVED
    assert "Disahkan" in page.text
    assert "Notula" in page.soup.select_one("#samping").text
    again = leader.post(address, {"letter_date": today().isoformat(), "number_source": "later"}, status=422)
    assert "disahkan" in again.text


@pytest.mark.parametrize(("days", "early"), [(3, True), (0, False)])
def test_minutes_dated_before_their_meeting_say_so(
    as_user: AsUser, setda: User, days: int, early: bool
) -> None:
    meeting = make_meeting(setda, days=days)
    make_row(setda, meeting)
    submitted(setda, meeting)
    leader, address = as_user("pimpinan.malang"), f"{base(meeting)}/sahkan"
    assert ("mendahului hari rapat" in visible_text(leader.get(address))) is early
    answer = leader.post(address, page=address)
    assert ("sebelum hari rapat" in visible_text(leader.get(answer.location))) is early


def test_a_typed_number_is_needed_when_it_is_chosen(as_user: AsUser, setda: User, meeting: Meeting) -> None:
    make_row(setda, meeting)
    submitted(setda, meeting)
    leader, address = as_user("pimpinan.malang"), f"{base(meeting)}/sahkan"
    answer = leader.post(address, {"number_source": "typed", "number_text": ""}, page=address, status=422)
    assert "Ketik nomornya" in answer.text
    assert meeting.status is MeetingStatus.IN_REVIEW


def test_minutes_are_returned_with_a_reason(as_user: AsUser, setda: User, meeting: Meeting) -> None:
    make_row(setda, meeting)
    submitted(setda, meeting)
    leader, address = as_user("pimpinan.malang"), f"{base(meeting)}/kembalikan"
    leader.post(address, {"reason": ""}, page=address, status=422)
    leader.post(address, {"reason": "Lengkapi butir 2."}, page=address)
    assert "Lengkapi butir 2." in as_user("notulis.malang").get(base(meeting)).text


def test_only_the_leader_approves(as_user: AsUser, setda: User, meeting: Meeting) -> None:
    make_row(setda, meeting)
    submitted(setda, meeting)
    as_user("notulis.malang").post(f"{base(meeting)}/sahkan", status=403)
    as_user("setda.blitar").post(f"{base(meeting)}/sahkan", status=404)


# --- what it costs ----------------------------------------------------------------------------------
def fill(actor: User, meeting: Meeting, number: int) -> None:
    point = items(meeting)[0].id
    many = [
        {
            "meeting_id": meeting.id,
            "agenda_item_id": point,
            "place": at + 1,
            "kind": RowKind.NOTE,
            "text": f"Catatan {at}",
            "created_at": now(),
            "updated_at": now(),
            "author_id": actor.account_id,
            "author_name": actor.name,
        }
        for at in range(number)
    ]
    with transaction():
        db.session.execute(sa.insert(MinutesRow), many)


@pytest.mark.parametrize(("number", "expected"), [(1, 1), (30, 30), (185, 185), (1000, 200)])
def test_the_page_costs_the_same_however_long(
    as_user: AsUser, setda: User, meeting: Meeting, number: int, expected: int
) -> None:
    fill(setda, meeting, number)
    notulis = as_user("notulis.malang")
    with counted() as statements:
        page = notulis.get(base(meeting)).soup
    assert len(page.select(".minute")) == expected
    assert len(statements) == 6
    if number > expected:
        rest = page.select_one(".pager a[rel=next]")
        assert "Catatan 200" in notulis.get(rest["href"]).text


def test_saving_a_row_costs_at_most_fourteen(as_user: AsUser, setda: User, meeting: Meeting) -> None:
    fill(setda, meeting, 185)
    row, notulis = make_row(setda, meeting), as_user("notulis.malang")
    costs = []
    for address, kind in (
        (new_row(meeting), "note"),
        (new_row(meeting), "decision"),
        (edit_row(meeting, row), "note"),
    ):
        form = notulis.form(address, address) | {"kind": kind, "text": f"Baris {kind}"}
        with counted() as statements:
            notulis.post(address, form, htmx=True, status=200)
        costs.append(len(statements))
    assert max(costs) <= 14, costs


def test_a_row_is_removed_where_it_stands(as_user: AsUser, setda: User, meeting: Meeting) -> None:
    row, notulis = make_row(setda, meeting, "Keliru"), as_user("notulis.malang")
    form, late_form = (notulis.form(edit_row(meeting, row), edit_row(meeting, row)) for _ in range(2))
    soup = notulis.post(f"{base(meeting)}/baris/{row.id}/hapus", form, htmx=True, status=200).soup
    assert "Baris ini dihapus." in soup.select_one(f"#baris-{row.id}").text
    late = notulis.post(edit_row(meeting, row), late_form | {"text": "Diubah"}, htmx=True, status=422)
    assert "Naskah Bapak/Ibu masih di sini" in late.text
    assert late.soup.select_one("textarea").text.strip() == "Diubah"
    opened = notulis.get(edit_row(meeting, row), htmx=True)
    assert "Baris ini dihapus." in opened.text
    assert not opened.soup.select("textarea")
