"""Every page that a person of the demo can click to is sound, cheap, and changes nothing."""

from __future__ import annotations

import pytest
from flask import Flask

from ilp.core.db import db
from tests.support.browser import Browser, inspect_page, walk
from tests.support.plans import reads, scans
from tests.support.queries import counted

PAGES = 40
"""How many pages one login looks at: at most one of each rule."""

STATEMENTS = 8

ONE_OF_EACH_ROLE = (
    "setda.malang",
    "pimpinan.malang",
    "dinkes.malang",
    "camat.kepanjen",
    "pokjanal.gunungmas",
    "mitra.blitar",
    "auditor.jatim",
    "admin",
)


@pytest.mark.parametrize("username", ONE_OF_EACH_ROLE)
def test_every_page_within_reach_is_sound(demo: Flask, username: str) -> None:
    browser = Browser(demo, username)
    before = everything()
    reached = 0
    with counted() as statements, reads() as read:
        for reached, (address, answer) in enumerate(walk(browser, ["/"], most=PAGES), start=1):
            assert answer.status_code in (200, 302), f"{address}: {answer.status}"
            assert len(statements) <= STATEMENTS, f"{address}:\n" + "\n".join(statements)
            assert not scans(read), f"{address}:\n" + "\n".join(scans(read))
            if answer.mimetype == "text/html" and not answer.location:
                inspect_page(answer, fragment=False, path=address)
            if reached <= 10:
                assert browser.send("HEAD", address).status_code in (200, 302), address
            statements.clear()
            read.clear()
    assert reached >= 8
    assert everything() == before, "somebody only looked, and something changed"


def everything() -> dict[str, int]:
    """Each table with a fingerprint of its rows; that somebody looked is the one thing that is noted."""
    db.session.commit()
    tables = [table for table in db.metadata.sorted_tables if table.name != "view_log"]
    return {
        t.name: hash(tuple(map(repr, db.session.execute(t.select().order_by(*t.primary_key)))))
        for t in tables
    }
