"""The first page of each role: what it can do something about, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from ilp.core.clock import now, to_utc, today
from ilp.core.db import db, transaction
from ilp.models.accounts import Account, RoleGrant
from ilp.models.meetings import Meeting, MeetingKind, MeetingStatus
from ilp.services import tasks
from tests.factories.tasks import due, make_task, row_of, submit
from tests.support.browser import Browser, visible_text
from tests.support.people import user_named
from tests.support.queries import counted

Login = Callable[[str], Browser]
EVERYBODY = [
    "setda.malang",
    "notulis.malang",
    "pimpinan.malang",
    "dinkes.malang",
    "camat.kepanjen",
    "puskesmas.kepanjen",
    "setda.bukittinggi",
    "camat.guguak-panjang",
    "pokjanal.gunungmas",
    "camat.kurun",
    "lurah.tampang",
    "setda.blitar",
    "camat.garum",
    "mitra.blitar",
    "dinkes.lumajang",
    "auditor.jatim",
    "admin",
]


def titles(browser: Browser) -> list[str]:
    return [a.text for a in browser.get("/").soup.select("#perlu-tindakan h3 a")]


def meeting(status: MeetingStatus, days: int, title: str, *, at: datetime | None = None) -> None:
    setda = user_named("setda.malang")
    with transaction():
        db.session.add(
            Meeting(
                office_id=setda.grants[0].office_id,
                province_code="35",
                regency_code="35.07",
                kind=MeetingKind.COORDINATION,
                title=title,
                status=status,
                starts_at=at or now() + timedelta(days=days, hours=1),
                place="Pendopo",
                created_at=now(),
                created_by_id=setda.account_id,
            )
        )


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_has_a_desk_within_eight_statements(as_user: Login, who: str) -> None:
    browser = as_user(who)
    browser.get("/")
    with counted() as statements:
        browser.get("/")
    assert len(statements) <= 8, "\n".join(statements)


def test_nothing_is_looked_for_that_only_an_own_office_has(as_user: Login) -> None:
    auditor = as_user("auditor.jatim")
    auditor.get("/")
    with counted() as statements:
        auditor.get("/")
    assert len(statements) == 4, "session, meetings, what is under way, what is late"


def test_assignments_stand_by_urgency(app: Flask, as_user: Login) -> None:
    setda = user_named("setda.malang")
    for days, title in ((30, "Nanti saja"), (-3, "Sudah lewat"), (0, "Hari ini juga"), (5, "Pekan ini juga")):
        make_task(setda, title=title, due_on=due(days))
    page = as_user("camat.kepanjen").get("/")
    shown = [a.text for a in page.soup.select("#perlu-tindakan h3 a")]
    wanted = ["Sudah lewat", "Hari ini juga", "Pekan ini juga", "Nanti saja"]
    assert [title for title in shown if title in wanted] == wanted
    assert "Lewat 3 hari" in visible_text(page)


def test_the_figures_lead_to_their_rows(app: Flask, as_user: Login) -> None:
    make_task(user_named("setda.malang"), title="Sudah lewat", due_on=due(-3))
    browser = as_user("camat.kepanjen")
    late = browser.get("/").soup.select_one(".figures a")
    rows = browser.get(late["href"]).soup.select("tbody tr")
    assert str(len(rows)) == late.b.text.strip()
    assert any("Sudah lewat" in row.text for row in rows)


def test_reports_wait_for_their_reviewer_only(app: Flask, as_user: Login) -> None:
    task = make_task(user_named("setda.malang"), title="Kirim daftar Posyandu")
    submit(task, user_named("camat.kepanjen"), "35.07.13")
    waiting = "1 laporan menunggu pemeriksaan: Kirim daftar Posyandu"
    assert waiting in titles(as_user("setda.malang"))
    for other in ("camat.kepanjen", "pimpinan.malang", "dinkes.malang", "auditor.jatim"):
        assert waiting not in titles(as_user(other))


def test_minutes_are_finished_by_the_writer_and_approved_by_the_leader(app: Flask, as_user: Login) -> None:
    meeting(MeetingStatus.MINUTING, -1, "Rapat yang belum dinotulakan")
    meeting(MeetingStatus.IN_REVIEW, -2, "Rapat yang sudah dinotulakan")
    assert "Selesaikan notula: Rapat yang belum dinotulakan" in titles(as_user("setda.malang"))
    assert "Sahkan notula: Rapat yang sudah dinotulakan" in titles(as_user("pimpinan.malang"))
    assert "Sahkan notula: Rapat yang sudah dinotulakan" not in titles(as_user("setda.malang"))
    assert not any("dinotulakan" in title for title in titles(as_user("dinkes.malang")))


def test_the_next_meeting_stands_at_the_side(app: Flask, as_user: Login) -> None:
    meeting(MeetingStatus.INVITED, 0, "Rapat sebentar lagi")
    page = as_user("setda.malang").get("/")
    side = page.soup.select_one("aside .meet h3 a")
    assert side.text == "Rapat sebentar lagi"
    assert "Rapat sebentar lagi" not in as_user("setda.blitar").get("/").text


def test_a_meeting_that_should_have_begun_waits_to_be_opened(app: Flask, as_user: Login) -> None:
    meeting(MeetingStatus.INVITED, 0, "Rapat yang terlambat dibuka", at=to_utc(today(), time(0, 1)))
    assert "Rapat yang terlambat dibuka" in titles(as_user("setda.malang"))


def test_what_was_judged_is_told_at_the_side(app: Flask, as_user: Login) -> None:
    task = make_task(user_named("setda.malang"), title="Kirim daftar Posyandu")
    submit(task, user_named("camat.kepanjen"), "35.07.13")
    setda = user_named("setda.malang")
    with transaction():
        tasks.accept(actor=setda, assignment=row_of(task, setda, "35.07.13"), version=2)
    for who in ("setda.malang", "camat.kepanjen"):
        assert as_user(who).get("/").soup.select_one("aside .timeline li")["data-s"] == "accepted"


def test_an_administrator_sees_the_set_up_and_no_contents(app: Flask, as_user: Login) -> None:
    make_task(user_named("setda.malang"), title="Rahasia dapur")
    page = as_user("admin").get("/")
    assert "Kabupaten/kota disiapkan" in visible_text(page)
    assert "Rahasia dapur" not in page.text


def test_an_account_without_a_role_is_told_so_and_whom_to_ask(app: Flask, as_user: Login) -> None:
    browser = as_user("camat.kepanjen")
    with transaction():
        account = sa.select(Account.id).where(Account.username == "camat.kepanjen").scalar_subquery()
        db.session.execute(
            sa.update(RoleGrant).where(RoleGrant.account_id == account).values(revoked_at=now())
        )
    page = browser.get("/")
    told = visible_text(page)
    assert "tidak memegang peran di kantor mana pun" in told
    admin = user_named("admin")
    assert admin.office_name in told
    assert "Persiapan" not in told
    assert "pengelola" not in told.replace(admin.office_name, "")
    assert page.soup.select_one("#isi [class~=figures]") is None
    for path in ("/akun/saya", "/notifikasi/", "/direktori/"):
        browser.get(path)
    browser.get("/persiapan", status=403)


def test_an_empty_desk_says_so(as_user: Login) -> None:
    page = visible_text(as_user("puskesmas.kepanjen").get("/"))
    assert "Meja Bapak/Ibu bersih" in page or "menunggu" in page


def test_a_visitor_is_led_to_the_login(visitor: Browser) -> None:
    assert "/masuk" in visitor.get("/", status=303).location
