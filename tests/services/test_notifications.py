from __future__ import annotations

import email.policy
from email import message_from_bytes

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from ilp.adapters.mail import Mail, MailRefused, compose
from ilp.core.config import Config
from ilp.core.db import db, transaction
from ilp.models.accounts import Account, RoleGrant
from ilp.models.directory import Person
from ilp.models.jobs import Job, JobKind, JobState
from ilp.models.notifications import Notification
from ilp.policy.user import SYSTEM
from ilp.services import jobs, notifications
from ilp.worker import HANDLERS
from tests.factories.documents import office_at
from tests.support.mailbox import mailbox
from tests.support.people import user_named
from tests.support.queries import counted

SENDER = "simpul@contoh.example"


@pytest.fixture
def sink():
    with mailbox() as kept:
        yield kept


@pytest.fixture
def mailing(app, sink, monkeypatch):
    """The demo with a mail server, and an address for setda.malang."""
    config = Config.from_environment(
        {
            "ILP_INSTANCE": str(app.config["ILP"].instance),
            "DATABASE_URL": app.config["ILP"].database_url,
            "ILP_SMTP": sink.url,
            "ILP_SMTP_DARI": SENDER,
        }
    )
    monkeypatch.setitem(app.config, "ILP", config)
    with transaction():
        person = sa.select(Account.person_id).where(Account.username == "setda.malang").scalar_subquery()
        db.session.execute(sa.update(Person).where(Person.id == person).values(email="setda@contoh.example"))
    return sink


def tell(**over):
    fields = {
        "offices": [office_at("setda.malang").id],
        "text": "Undangan terbit: Rapat koordinasi",
        "endpoint": "documents.index",
        "arguments": {"jenis": "invitation"},
        "actor": SYSTEM,
        **over,
    }
    with transaction(), counted() as statements:
        notifications.notify(**fields)
    return statements


def told():
    return set(
        db.session.scalars(
            sa.select(Account.username).join(Notification, Notification.account_id == Account.id)
        )
    )


def mail_jobs():
    return db.session.scalars(sa.select(Job).where(Job.kind == JobKind.SEND_MAIL).order_by(Job.id)).all()


def test_everybody_of_an_office_is_told_in_one_statement_but_not_the_actor(app):
    actor = user_named("setda.malang")
    before = told()
    offices = [office_at("setda.malang").id]
    assert len(tell(offices=offices)) == 1
    assert told() - before >= {"setda.malang"} - before
    count = sa.select(sa.func.count()).where(Notification.account_id == actor.account_id)
    own = db.session.scalar(count)
    tell(offices=offices, actor=actor)
    assert db.session.scalar(count) == own


def test_suspended_accounts_and_revoked_roles_are_not_told(app):
    office, actor = office_at("setda.malang").id, user_named("setda.malang")
    mine = sa.select(sa.func.count()).where(Notification.account_id == actor.account_id)
    before = db.session.scalar(mine)
    with transaction():
        db.session.execute(
            sa.update(RoleGrant)
            .where(RoleGrant.account_id == actor.account_id)
            .values(revoked_at=db.session.scalar(sa.select(Account.created_at).limit(1)))
        )
    tell(offices=[office])
    assert db.session.scalar(mine) == before


def test_without_a_mail_server_nothing_is_to_be_mailed(app):
    tell()
    assert mail_jobs() == []


def test_a_notice_is_mailed_once_with_its_link(mailing):
    tell()
    (job,) = mail_jobs()
    assert jobs.perform(job.id, HANDLERS)
    db.session.expire_all()
    assert job.state is JobState.DONE
    (envelope,) = mailing.mails
    message = message_from_bytes(envelope.content, policy=email.policy.default)
    assert envelope.rcpt_tos == ["setda@contoh.example"]
    assert message["Subject"] == "Undangan terbit: Rapat koordinasi"
    assert "http://127.0.0.1:8000/dokumen/?jenis=invitation" in message.get_content()
    notification = db.session.get_one(Notification, job.target_id)
    assert notification.mailed_at is not None
    HANDLERS[JobKind.SEND_MAIL](notification.id, lambda done, step: None)
    assert len(mailing.mails) == 1


def test_a_mail_server_that_is_away_is_tried_again_later(mailing, app, monkeypatch):
    tell()
    (job,) = mail_jobs()
    with monkeypatch.context() as away:
        away.setattr("smtplib.SMTP.connect", lambda *args, **kwargs: (_ for _ in ()).throw(OSError("away")))
        jobs.perform(job.id, HANDLERS)
    db.session.expire_all()
    assert (job.state, mailing.mails) == (JobState.QUEUED, [])
    assert "belum terkirim" in job.error


@pytest.mark.parametrize("address", ["", "tanpa-alamat", "a@b\r\nBcc: c@d", "a@b, c@d", "<a@b>"])
def test_what_is_no_address_gets_no_mail(address):
    with pytest.raises(MailRefused):
        compose(Mail("1", address, "Perihal", "Isi"), SENDER)


def test_a_sender_that_is_no_address_is_the_one_to_blame():
    with pytest.raises(MailRefused, match="pengirim-tanpa-alamat"):
        compose(Mail("1", "b@contoh.example", "Perihal", "Isi"), "pengirim-tanpa-alamat")


@given(subject=st.text(max_size=200), text=st.text(max_size=200))
def test_nothing_typed_becomes_a_header(subject, text):
    raw = compose(Mail("1", "b@contoh.example", subject, text), SENDER).as_bytes()
    message = message_from_bytes(raw, policy=email.policy.default)
    names = [name.lower() for name in message]
    assert sorted(names) == sorted(
        [
            "from",
            "to",
            "subject",
            "date",
            "message-id",
            "auto-submitted",
            "content-type",
            "content-transfer-encoding",
            "mime-version",
        ]
    )
    assert message["To"] == "b@contoh.example"
