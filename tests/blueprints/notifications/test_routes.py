from __future__ import annotations

import pytest
import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.db import db, transaction
from ilp.models.accounts import Account
from ilp.models.notifications import Notification
from tests.support.queries import counted

PATH = "/notifikasi/"


@pytest.fixture
def setda(as_user):
    return as_user("setda.malang")


def tell(username, count=1, **over):
    account = db.session.scalar(sa.select(Account.id).where(Account.username == username))
    with transaction():
        row = {
            "account_id": account,
            "text": "Undangan terbit",
            "endpoint": "documents.index",
            "arguments": {"jenis": "minutes"},
            "created_at": now(),
            **over,
        }
        db.session.execute(sa.insert(Notification), [row] * count)
    return db.session.scalar(
        sa.select(sa.func.max(Notification.id)).where(Notification.account_id == account)
    )


@pytest.mark.parametrize("count", [1, 30, 185, 1000])
def test_the_list_costs_the_same_however_long_it_is(setda, count):
    tell("setda.malang", count)
    with counted() as statements:
        page = setda.get(PATH)
    assert len(statements) == 2
    assert len(page.soup.select("main .rows li")) >= min(count, 50)


def test_the_list_pages_by_key(setda):
    tell("setda.malang", 120)
    seen, address = 0, PATH
    while address:
        page = setda.get(address)
        seen += len(page.soup.select("main .rows li"))
        older = page.soup.select_one("a[rel=next]")
        address = older and older["href"]
    assert seen >= 120


def test_opening_one_leads_to_its_subject_and_marks_it_read(setda):
    notice = tell("setda.malang")
    page = setda.get(PATH)
    assert page.soup.find("a", href="/dokumen/?jenis=minutes")
    answer = setda.post(f"{PATH}{notice}/buka", page=PATH)
    assert answer.location == "/dokumen/?jenis=minutes"
    assert db.session.get_one(Notification, notice).read_at is not None


def test_looking_at_the_list_marks_nothing_read(setda):
    notice = tell("setda.malang")
    setda.get(PATH)
    assert db.session.get_one(Notification, notice).read_at is None


def test_all_are_marked_read_at_once(setda):
    tell("setda.malang", 3)
    other = tell("setda.blitar")
    setda.post(f"{PATH}baca-semua", page=PATH)
    assert "Semua sudah dibaca" in setda.get(PATH).text
    assert db.session.get_one(Notification, other).read_at is None


def test_somebody_elses_notice_cannot_be_opened(setda):
    setda.post(f"{PATH}{tell('setda.blitar')}/buka", status=404)


def test_a_notice_about_a_page_that_is_no_more_is_only_text(setda):
    notice = tell("setda.malang", endpoint="gone.show", arguments={}, text="Halaman lama")
    assert "Halaman lama" in setda.get(PATH).text
    assert setda.post(f"{PATH}{notice}/buka", page=PATH).location == PATH
