"""Inviting people: whose an account is, the text for WhatsApp, the link by e-mail; and what roles may do."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from ilp.core.clock import today
from ilp.core.db import db, transaction
from ilp.models.accounts import Account, PasswordLink, Role
from ilp.models.audit import AuditEntry
from ilp.models.directory import Appointment, Office, Person, Position
from ilp.models.jobs import Job, JobKind, JobState
from ilp.models.privacy import SeenPage, ViewLog
from ilp.policy.user import SYSTEM
from ilp.queries.directory import holds_on
from ilp.services import accounts, jobs
from ilp.worker import HANDLERS
from tests.support.browser import Browser
from tests.support.mailbox import Mailbox, mailbox

AsUser = Callable[[str], Browser]
NEW = "kuda meja biru lari"


@pytest.fixture
def admin(as_user: AsUser) -> Browser:
    return as_user("admin")


def account(username: str) -> Account:
    return db.session.scalars(sa.select(Account).where(Account.username == username)).one()


def office_with_holder() -> tuple[Office, Person]:
    """An office of Malang whose head has a name and no account."""
    office, person = db.session.execute(
        sa.select(Office, Person)
        .join(Position, Position.office_id == Office.id)
        .join(Appointment, Appointment.position_id == Position.id)
        .join(Person, Person.id == Appointment.person_id)
        .where(
            Office.regency_code == "35.07",
            Office.kind == "puskesmas",
            holds_on(today()),
            ~sa.exists().where(Account.person_id == Person.id),
        )
        .limit(1)
    ).one()
    return office, person


def test_an_account_is_of_an_office_or_of_who_holds_a_position_there(admin: Browser) -> None:
    office, person = office_with_holder()
    page = f"/akun/baru?kantor={office.name}"
    owners = admin.get(page).soup.select("select[name=person_id] option")
    assert "Bersama" in owners[0].text
    assert any(person.name in option.text for option in owners[1:])
    for username, owner, expected in (
        ("bersama.satu", "", (None, office.id)),
        ("orang.satu", str(person.id), (person.id, None)),
    ):
        typed = {"office_id": str(office.id), "person_id": owner, "role": "implementer", "username": username}
        admin.post("/akun/baru", typed, page=page)
        assert (account(username).person_id, account(username).office_id) == expected


def test_an_office_that_may_not_be_chosen_is_told_beside_the_search(admin: Browser, as_user: AsUser) -> None:
    office, _ = office_with_holder()
    foreign = db.session.scalars(sa.select(Office).where(Office.regency_code == "35.05").limit(1)).one()
    with transaction():
        accounts.create_account(actor=SYSTEM, username="admin.lokal", role=Role.ADMINISTRATOR, office=office)
        accounts.create_account(actor=SYSTEM, username="satu.lokal", role=Role.AUDITOR, office=office)
    local = as_user("admin.lokal")
    typed = {"role": "implementer", "username": "x.y", "person_id": ""}
    for path in ("/akun/baru", f"/akun/{account('satu.lokal').id}/peran"):
        for chosen in (str(foreign.id), "99999999999", "x", ""):
            page = local.post(path, typed | {"office_id": chosen}, status=422)
            assert "tidak ada di wilayah yang Bapak/Ibu kelola" in page.soup.find(id="office_id-error").text
            assert page.soup.find(id=page.soup.select_one("[role=alert] a")["href"].removeprefix("#"))["name"]
    assert not db.session.scalar(sa.select(sa.exists().where(Account.username == "x.y")))


def test_somebody_of_another_office_cannot_be_the_owner(admin: Browser) -> None:
    office, _ = office_with_holder()
    foreign = account("setda.blitar").person_id
    typed = {"office_id": str(office.id), "person_id": str(foreign), "role": "implementer", "username": "x.y"}
    page = admin.post("/akun/baru", typed, page=f"/akun/baru?kantor={office.name}", status=422)
    assert "Pilih" in page.text
    assert not db.session.scalar(sa.select(sa.exists().where(Account.username == "x.y")))


def test_the_invitation_is_ready_for_whatsapp_and_used_once(admin: Browser, app) -> None:
    office, person = office_with_holder()
    with transaction():
        person.phone = "+6281200000001"
        accounts.create_account(
            actor=SYSTEM,
            username="orang.dua",
            role=Role.IMPLEMENTER,
            office=office,
            person_id=person.id,
        )
    number = account("orang.dua").id
    page = admin.post(f"/akun/{number}/tautan-sandi", page=f"/akun/{number}", status=200)
    text = page.soup.find("textarea").text
    assert "diundang memakai Simpul ILP dengan nama pengguna orang.dua" in text
    address = urlsplit(page.soup.select_one("a[href^='https://wa.me']")["href"])
    assert (address.netloc, address.path) == ("wa.me", "/6281200000001")
    auditor = Browser(app, "auditor.jatim")
    page.close()
    looked = sa.select(ViewLog.page, ViewLog.record_id)
    assert db.session.execute(looked).all() == [(SeenPage.INVITING, person.id)]
    assert "Undangan akun lewat WhatsApp" in auditor.get(f"/data-pribadi/orang/{person.id}").text
    assert parse_qs(address.query)["text"] == [text]
    link = re.search(r"http://127\.0\.0\.1:8000(/sandi/\S+)", text)[1]
    guest = Browser(app)
    guest.post(link, page=link)
    guest.post("/sandi", {"new_password": NEW, "repeated_password": NEW}, page="/sandi")
    guest.post("/masuk", {"username": "orang.dua", "password": NEW}, page="/masuk")
    guest.get("/")
    Browser(app).post(link, page=link, status=410)
    again = admin.post(f"/akun/{number}/tautan-sandi", page=f"/akun/{number}", status=200)
    assert "kata sandi baru untuk akun orang.dua" in again.text


@pytest.fixture
def mails(app, monkeypatch) -> Iterator[Mailbox]:
    """The demo with a mail server."""
    with mailbox() as kept:
        config = replace(app.config["ILP"], smtp_url=kept.url, mail_from="simpul@contoh.example")
        monkeypatch.setitem(app.config, "ILP", config)
        yield kept


def invite_by_mail(admin: Browser, username: str = "camat.kepanjen") -> int:
    number = account(username).id
    path = f"/akun/{number}"
    assert (
        "kabar=undangan-dikirim"
        in admin.post(f"{path}/tautan-sandi", {"mail_to": "camat@contoh.example"}, page=path).location
    )
    return db.session.scalars(sa.select(PasswordLink.id).where(PasswordLink.account_id == number)).one()


def test_the_link_goes_by_mail_and_lies_nowhere(admin: Browser, app, mails: Mailbox) -> None:
    link_id = invite_by_mail(admin)
    job = db.session.scalars(sa.select(Job).where(Job.kind == JobKind.SEND_LINK)).one()
    assert job.target_id == link_id
    HANDLERS[JobKind.SEND_LINK](link_id, lambda done, step: None)
    assert mails.mails[0].rcpt_tos == ["camat@contoh.example"]
    token = re.search(r"/sandi/(\S+)", mails.text())[1]
    for table in db.metadata.sorted_tables:
        assert token not in str(db.session.execute(table.select()).all()), table.name
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "account:issue_link")).one()
    assert entry.changes["mailed"] is True
    assert "camat@" not in str(entry.changes)
    guest = Browser(app)
    guest.post(f"/sandi/{token}", page=f"/sandi/{token}")
    guest.get("/sandi")


def test_the_page_says_how_the_mail_fares(admin: Browser, mails: Mailbox, monkeypatch) -> None:
    invite_by_mail(admin)
    path = f"/akun/{account('camat.kepanjen').id}"
    assert "Tautan ke camat@contoh.example sedang dikirim" in admin.get(path).text
    job_id = db.session.scalars(sa.select(Job.id).where(Job.kind == JobKind.SEND_LINK)).one()
    with monkeypatch.context() as away:
        away.setattr("smtplib.SMTP.connect", lambda *args, **kwargs: (_ for _ in ()).throw(OSError("away")))
        jobs.perform(job_id, HANDLERS)
    page = admin.get(path).text
    assert "Tautan ke camat@contoh.example belum sampai" in page
    assert "server surat tidak menerimanya. Akan dicoba lagi." in page
    with transaction():
        db.session.get_one(Job, job_id).state = JobState.FAILED
    assert "Tidak dicoba lagi: buat tautan baru." in admin.get(path).text
    with transaction():
        jobs.retry(kind=JobKind.SEND_LINK, target_id=db.session.get_one(Job, job_id).target_id)
    jobs.perform(job_id, HANDLERS)
    assert "Tautan sudah dikirim ke camat@contoh.example" in admin.get(path).text


def test_a_link_that_was_replaced_is_not_mailed(admin: Browser, mails: Mailbox) -> None:
    first = invite_by_mail(admin)
    with transaction():
        accounts.issue_password_link(actor=SYSTEM, account=account("camat.kepanjen"))
    HANDLERS[JobKind.SEND_LINK](first, lambda done, step: None)
    assert mails.mails == []


@pytest.mark.parametrize(
    "typed", ["bukan alamat", "a@b", "camat@contoh.example\nBcc: x@y.example", "<a@b.example>"]
)
def test_what_is_no_address_is_refused(admin: Browser, mails: Mailbox, typed: str) -> None:
    path = f"/akun/{account('camat.kepanjen').id}"
    page = admin.post(f"{path}/tautan-sandi", {"mail_to": typed}, page=path, status=422)
    assert "tidak lengkap" in page.text or "satu baris" in page.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PasswordLink)) == 0


def test_everybody_may_read_what_the_roles_may_do(as_user: AsUser) -> None:
    for username in ("admin", "camat.kepanjen", "mitra.blitar"):
        page = as_user(username).get("/akun/peran")
        chips = [chip["href"] for chip in page.soup.select(".chips a")]
        assert chips == [f"#{panel['id']}" for panel in page.soup.select("main section.panel")] != []
        assert "Sekretariat, Sekretariat Daerah" in page.text
        assert "Dinas Kesehatan, Dinas Kesehatan" not in page.text
        assert "mengelola akun dan peran" in page.text


def test_an_administrator_ends_all_sessions_of_an_account(admin: Browser, as_user: AsUser) -> None:
    here, there = as_user("camat.kepanjen"), as_user("camat.kepanjen")
    number = account("camat.kepanjen").id
    assert admin.get(f"/akun/{number}").text.count("Peramban lain") == 2
    admin.post(f"/akun/{number}/keluarkan", page=f"/akun/{number}")
    for browser in (here, there):
        assert browser.get("/", status=303).location.startswith("/masuk")
    as_user("camat.kepanjen").get("/")
