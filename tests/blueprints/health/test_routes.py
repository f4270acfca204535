from __future__ import annotations

from collections import namedtuple
from datetime import timedelta

import pytest

from ilp.core.clock import now
from ilp.core.db import transaction
from ilp.services import health
from tests.factories.documents import job_of, make_document
from tests.support.people import user_named


@pytest.fixture(autouse=True)
def _alive(monkeypatch):
    monkeypatch.setattr("ilp.adapters.queue.last_beat", now)


def test_all_is_well(visitor):
    answer = visitor.get("/sehat")
    assert answer.mimetype == "text/plain"
    assert answer.text == "basis data: baik\npekerjaan: baik\npenyimpanan: baik\n"


@pytest.mark.parametrize("beat", [lambda: None, lambda: now() - timedelta(minutes=4)])
def test_a_silent_job_process_is_reported(visitor, monkeypatch, beat):
    monkeypatch.setattr("ilp.adapters.queue.last_beat", beat)
    assert "pekerjaan: terganggu" in visitor.get("/sehat", status=503).text


def test_work_that_waits_too_long_is_reported(visitor):
    document = make_document(user_named("setda.malang"))
    visitor.get("/sehat")
    with transaction():
        job_of(document).run_after = now() - timedelta(minutes=6)
    assert "pekerjaan: terganggu" in visitor.get("/sehat", status=503).text


def test_a_full_disk_is_reported(visitor, monkeypatch):
    usage = namedtuple("usage", "total used free")(10**9, 10**9, 1)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: usage)
    assert "penyimpanan: terganggu" in visitor.get("/sehat", status=503).text


def test_whatever_fails_nothing_internal_is_said(visitor, monkeypatch):
    def fail():
        raise RuntimeError("secret path /srv/x")

    monkeypatch.setitem(health.PARTS, "basis data", fail)
    answer = visitor.get("/sehat/", status=503)
    assert "basis data: terganggu" in answer.text
    assert "secret" not in answer.text
