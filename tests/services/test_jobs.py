from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ilp.adapters import queue
from ilp.core.clock import as_of, now
from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.jobs import Job, JobKind, JobState
from ilp.policy.user import SYSTEM
from ilp.services import jobs

KIND = JobKind.RENDER_DOCUMENT
TARGET = 2_000_000


@pytest.fixture
def job(app):
    with transaction():
        asked = jobs.enqueue(actor=SYSTEM, kind=KIND, target_id=TARGET, total=3)
    queue.forget(asked.id)  # the queue is not undone between tests: another may have told it of this number
    return asked


def perform(job, act):
    done = jobs.perform(job.id, {KIND: act})
    db.session.expire_all()
    return done


def hold(job, owner, until):
    with transaction():
        db.session.execute(
            sa.update(Job)
            .where(Job.id == job.id)
            .values(state=JobState.RUNNING, lease_owner=owner, lease_until=until, attempts=1)
        )


def test_work_shows_its_steps_and_ends_done(job):
    seen = []

    def act(target_id, progress):
        progress(1, "Menyusun")
        seen.append((target_id, job_row(job).done, job_row(job).step, job_row(job).state))

    assert perform(job, act)
    assert seen == [(TARGET, 1, "Menyusun", JobState.RUNNING)]
    assert (job.state, job.done, job.attempts, job.lease_owner) == (JobState.DONE, 3, 1, "")
    assert not perform(job, act)


def job_row(job):
    return db.session.get_one(Job, job.id, populate_existing=True)


def test_a_job_that_somebody_works_on_is_left_alone_until_its_lease_runs_out(job):
    hold(job, "elsewhere:1", now() + timedelta(minutes=1))
    assert job.id not in jobs.due()
    assert not perform(job, lambda target, progress: None)
    hold(job, "elsewhere:1", now() - timedelta(seconds=1))
    assert job.id in jobs.due()
    assert perform(job, lambda target, progress: None)
    assert (job.state, job.attempts) == (JobState.DONE, 2)


def test_what_one_long_transaction_does_is_not_claimed_again_while_it_tells_that_it_goes_on(job):
    key, found = job.id, []

    def act(target_id, progress):
        progress(0, "")
        with transaction():
            found.append(key in jobs.due(now() + jobs.LEASE))
            progress(1, "")
            found.append(key in jobs.due(now() + jobs.LEASE - timedelta(seconds=1)))
            found.append(key in jobs.due(now() + jobs.LEASE))

    assert perform(job, act)
    assert found == [True, False, True]


def test_what_was_told_keeps_others_away_until_the_row_speaks_again(job):
    key, found = job.id, []

    def act(target_id, progress):
        with transaction():
            progress(1, "Menyimpan")
            db.session.execute(sa.update(Job).where(Job.id == key).values(lease_until=now()))
        found.append(key in jobs.due())
        progress(2, "Menyusun")
        found.append(queue.told(key))

    assert perform(job, act)
    assert found == [False, None]


def test_a_job_whose_process_died_elsewhere_within_its_transaction_is_taken_over_after_one_lease(job):
    hold(job, "elsewhere:1", now() - timedelta(seconds=1))
    queue.tell(job.id, 2, "Menyimpan")
    assert job.id not in jobs.due()
    assert not perform(job, lambda target, progress: pytest.fail("it goes on elsewhere"))
    assert job.id in jobs.due(now() + jobs.LEASE)


def test_what_was_told_by_a_process_that_died_is_forgotten_with_the_next_claim(job):
    hold(job, "elsewhere:1", now() - timedelta(seconds=1))
    with as_of(now() - jobs.LEASE):
        queue.tell(job.id, 2, "Menyusun")
    assert jobs.progress_of(job_row(job)) == (2, "Menyusun")
    seen = []
    assert perform(job, lambda target, progress: seen.append(jobs.progress_of(job_row(job))))
    assert seen == [(0, "")]


def test_whoever_lost_the_lease_stops_at_the_next_step(job):
    def act(target_id, progress):
        hold(job, "elsewhere:1", now() + timedelta(minutes=1))
        progress(1, "Menyusun")
        pytest.fail("went on without the lease")

    assert perform(job, act)
    assert (job.state, job.lease_owner) == (JobState.RUNNING, "elsewhere:1")


def test_whoever_fails_after_it_was_taken_over_leaves_it_alone(job):
    def act(target_id, progress):
        hold(job, "elsewhere:1", now() + timedelta(minutes=1))
        raise RuleViolation("Terlambat.")

    assert perform(job, act)
    assert (job.state, job.lease_owner, job.error) == (JobState.RUNNING, "elsewhere:1", "")


def test_a_failure_is_tried_again_later_and_given_up_after_five_attempts(job):
    def act(target_id, progress):
        raise RuleViolation("Surat belum terkirim.")

    pauses = []
    for _ in range(jobs.MAX_ATTEMPTS):
        assert perform(job, act)
        pauses.append((job.run_after - now()).total_seconds())
        assert not perform(job, act)
        with transaction():
            job.run_after = now()
    assert (job.state, job.error) == (JobState.FAILED, "Surat belum terkirim.")
    assert pauses == sorted(pauses)
    assert job.id not in jobs.due()


def test_a_mistake_of_ours_leaves_a_sentence_for_people(job):
    perform(job, lambda target, progress: 1 / 0)
    assert job.state is JobState.QUEUED
    assert job.error == jobs.STOPPED


def test_a_job_that_kills_its_process_again_and_again_is_given_up(job):
    hold(job, "elsewhere:1", now() - timedelta(seconds=1))
    with transaction():
        job.attempts = jobs.MAX_ATTEMPTS
    assert not perform(job, lambda target, progress: pytest.fail("once too often"))
    assert job.state is JobState.FAILED


def test_a_job_given_up_gets_all_its_attempts_again(job):
    with transaction():
        job.state, job.attempts, job.error = JobState.FAILED, 5, "Terhenti."
    with transaction():
        jobs.retry(kind=KIND, target_id=TARGET)
    db.session.expire_all()
    assert (job.state, job.attempts, job.error) == (JobState.QUEUED, 0, "")


def test_jobs_of_dead_processes_of_this_machine_are_freed_at_once(job):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    hold(job, jobs.owner_of(os.getppid()), now() + timedelta(minutes=1))
    jobs.release_dead()
    assert job.id not in jobs.due()
    hold(job, jobs.owner_of(dead.pid), now() + timedelta(minutes=1))
    queue.tell(job.id, 2, "Menyimpan")
    jobs.release_dead()
    assert job.id in jobs.due()


def test_a_job_of_the_dead_that_was_taken_over_meanwhile_is_not_freed(job, monkeypatch):
    until, kill = now() + timedelta(minutes=1), os.kill

    def taken_over_while_it_looks(pid, number):
        hold(job, "elsewhere:1", until)
        kill(pid, number)

    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    hold(job, jobs.owner_of(dead.pid), until)
    monkeypatch.setattr(os, "kill", taken_over_while_it_looks)
    jobs.release_dead()
    assert job_row(job).lease_until == until


def test_a_rolled_back_transaction_leaves_no_job(app):
    def ask_and_fail():
        with transaction():
            jobs.enqueue(actor=SYSTEM, kind=KIND, target_id=TARGET + 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ask_and_fail()
    assert db.session.scalar(sa.select(Job.id).where(Job.target_id == TARGET + 1)) is None


def test_a_queue_that_is_away_does_not_fail_the_request(app, monkeypatch):
    def away(*args):
        raise OSError("no queue")

    monkeypatch.setattr("ilp.adapters.queue._sender", away)
    with transaction():
        job = jobs.enqueue(actor=SYSTEM, kind=KIND, target_id=TARGET + 2)
    assert job.id in jobs.due()
    hold(job, "elsewhere:1", now() + timedelta(minutes=1))
    assert jobs.progress_of(job_row(job)) == (0, "")


def test_papers_come_before_mail_that_has_waited_longer(app):
    with transaction():
        mail = jobs.enqueue(actor=SYSTEM, kind=JobKind.SEND_MAIL, target_id=TARGET + 3)
        paper = jobs.enqueue(actor=SYSTEM, kind=KIND, target_id=TARGET + 4)
    due = jobs.due()
    assert due.index(paper.id) < due.index(mail.id)
