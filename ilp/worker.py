"""The job process (`python -m ilp.worker`): sets papers in type, sends mail, and sweeps up what was left.

Huey runs it and wakes it; what there is to do stands in the `job` table (services/jobs.py).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from smtplib import SMTPException
from typing import Any

import sqlalchemy as sa
from flask import Flask
from huey import crontab
from sqlalchemy.exc import OperationalError

from ilp.adapters import queue
from ilp.adapters.mail import MailRefused
from ilp.application import create_app
from ilp.core.config import Config, current
from ilp.core.db import db
from ilp.core.errors import RuleViolation
from ilp.models.jobs import JobKind
from ilp.models.notifications import Notification
from ilp.services import accounts, imports, issuing, jobs, notifications, transfers
from ilp.services.jobs import Handler, Progress
from ilp.web.addresses import whole_url

log = logging.getLogger(__name__)
PATIENCE = 1
"""Seconds between two looks for a database that is away."""
POLL = 0.5
"""Seconds between two looks into SQLite's queue; PostgreSQL wakes by itself."""


def send_mail(notification_id: int, progress: Progress) -> None:
    """Mails a notification with a link under the configured address."""
    row = db.session.get_one(Notification, notification_id)
    with _refusals_of_mail():
        notifications.mail_out(notification_id, address=whole_url(row.endpoint, **row.arguments))


def send_link(link_id: int, progress: Progress) -> None:
    """Mails a one-time link, unless it was used or replaced meanwhile."""
    link = accounts.living_link(link_id)
    if link is not None and current().smtp_url:
        address = whole_url("login.show_link", token=link.token)
        text = notifications.link_text(link.username, address, is_new=link.is_new)
        with _refusals_of_mail():
            notifications.mail_link(link_id, mail_to=link.mail_to, text=text)


@contextmanager
def _refusals_of_mail() -> Iterator[None]:
    """Says in a sentence why a mail did not go out."""
    try:
        yield
    except MailRefused as refused:
        raise RuleViolation(f"Surat elektronik tidak dapat dikirim: {refused} bukan alamat.") from refused
    except (OSError, SMTPException) as error:
        raise RuleViolation("Surat elektronik belum terkirim: server surat tidak menerimanya.") from error


HANDLERS: dict[JobKind, Handler] = {
    JobKind.RENDER_DOCUMENT: issuing.finish,
    JobKind.HAND_OVER: transfers.hand_over,
    JobKind.JUDGE_IMPORT: imports.judge,
    JobKind.APPLY_IMPORT: imports.carry_out,
    JobKind.SEND_MAIL: send_mail,
    JobKind.SEND_LINK: send_link,
}


def work(app: Flask, job_id: int | None = None) -> None:
    """Does one job, or all that are due, and gives a sign of life before each.

    Among those that are due is what this very process had to leave when its database went away.
    """
    with app.app_context():
        queue.beat()
        if job_id:
            jobs.perform(job_id, HANDLERS)
            return
        jobs.release_dead()
        while waiting := jobs.due(most=1):
            jobs.perform(waiting[0], HANDLERS)
            queue.beat()


def connect(app: Flask) -> Any:
    """The queue, with a look at all that is due when the process starts and once a minute."""
    config: Config = app.config["ILP"]
    huey = queue.connect(config, partial(work, app))

    @huey.on_startup()
    def begin() -> None:
        huey.run()

    @huey.periodic_task(crontab())
    def sweep() -> None:
        work(app)

    return huey


def is_there() -> bool:
    """Whether the database answers; it may start later than we do."""
    try:
        db.session.execute(sa.select(1))
    except OperationalError:
        log.warning("the database is away", exc_info=True)
        return False
    finally:
        db.session.remove()
    return True


def main() -> None:
    """Runs until SIGTERM, which waits for the job at hand."""
    app = create_app()
    with app.app_context():
        while not is_there():
            time.sleep(PATIENCE)
    connect(app).create_consumer(workers=1, max_delay=POLL, graceful_signal="TERM").run()


if __name__ == "__main__":
    main()
