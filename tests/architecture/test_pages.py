"""Every page that a person of the demo can click to is sound, cheap, and changes nothing."""

from __future__ import annotations

from collections import deque
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from ilp.core.db import db
from tests.support.browser import Browser, inspect_page, links
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


def rule_of(app: Flask, path: str) -> str | None:
    """The rule that answers this path, if it is one of ours."""
    try:
        rule, _ = app.url_map.bind("localhost").match(path, return_rule=True)
    except HTTPException:
        return None
    return rule.rule


@pytest.mark.parametrize("username", ONE_OF_EACH_ROLE)
def test_every_page_within_reach_is_sound(demo: Flask, username: str) -> None:
    browser = Browser(demo, username)
    before = everything()
    waiting, seen = deque(["/"]), {"/"}
    while waiting and len(seen) <= PAGES:
        address = waiting.popleft()
        if len(seen) <= 10:
            assert browser.send("HEAD", address).status_code in (200, 302), address
        for found in visit(browser, address):
            rule = rule_of(demo, urlsplit(found).path)
            assert rule is not None, f"{address} leads to {found}, which is nowhere"
            if rule not in seen:
                seen.add(rule)
                waiting.append(found)
    assert len(seen) >= 8
    assert everything() == before, "somebody only looked, and something changed"


def visit(browser: Browser, address: str) -> list[str]:
    """Looks at a page and gives where it leads."""
    with counted() as statements, reads() as read:
        answer = browser.send("GET", address)
    try:
        assert answer.status_code in (200, 302), f"{address}: {answer.status}"
        assert len(statements) <= STATEMENTS, f"{address}:\n" + "\n".join(statements)
        assert not scans(read), f"{address}:\n" + "\n".join(scans(read))
        if answer.location:
            return [answer.location]
        if answer.mimetype != "text/html":
            return []
        inspect_page(answer, fragment=False, path=address)
        return list(links(answer.text))
    finally:
        answer.close()


def everything() -> dict[str, int]:
    """Each table with a fingerprint of its rows; that somebody looked is the one thing that is noted."""
    db.session.commit()
    tables = [table for table in db.metadata.sorted_tables if table.name != "view_log"]
    return {
        t.name: hash(tuple(map(repr, db.session.execute(t.select().order_by(*t.primary_key)))))
        for t in tables
    }
