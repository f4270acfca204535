from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp.core.db import db, transaction
from ilp.models.jobs import Job, JobKind, JobState
from ilp.policy.user import SYSTEM
from ilp.services import jobs
from tests.factories.documents import finish, job_of, make_document
from tests.support.people import user_named
from tests.support.queries import counted


@pytest.fixture
def document(app):
    return make_document(user_named("setda.malang"))


def path(document):
    return f"/pekerjaan/{job_of(document).id}"


def test_a_waiting_job_asks_again_with_and_without_javascript(as_user, document):
    browser, address = as_user("setda.malang"), path(document)
    with counted() as statements:
        page = browser.get(address)
    assert len(statements) <= 3
    assert page.soup.find(attrs={"hx-get": address})["hx-trigger"].startswith("every")
    assert page.soup.noscript.meta["http-equiv"] == "refresh"


def test_the_finished_answer_ends_the_asking_and_leads_to_the_document(as_user, document):
    finish(document)
    with transaction():
        job = job_of(document)
        job.state = JobState.DONE
    part = as_user("setda.malang").get(path(document), htmx=True)
    assert "<html" not in part.text
    assert part.soup.find(attrs={"hx-get": True}) is None
    assert part.soup.find("a", href=f"/dokumen/{document.id}")
    assert "<noscript>" not in as_user("setda.malang").get(path(document)).text


def test_work_that_was_given_up_says_why(as_user, document):
    with transaction():
        job = job_of(document)
        job.state, job.error = JobState.FAILED, "Surat belum terkirim."
    assert "Surat belum terkirim." in as_user("setda.malang").get(path(document)).text


def test_colleagues_of_the_office_see_it_and_others_do_not(as_user, document):
    as_user("notulis.malang").get(path(document))
    as_user("setda.blitar").get(path(document), status=404)
    as_user("admin").get(path(document), status=404)


def test_work_of_the_system_is_nobodys(as_user, app):
    with transaction():
        jobs.enqueue(actor=SYSTEM, kind=JobKind.SEND_MAIL, target_id=9_999_999)
    job_id = db.session.scalar(sa.select(Job.id).where(Job.target_id == 9_999_999))
    as_user("setda.malang").get(f"/pekerjaan/{job_id}", status=404)
