"""`python -m tests.support.afresh USERNAME`: a web server that has just started, asked for its pages.

Only there nothing has been loaded by another test before it is needed. Each page that is within reach (one of
each rule) is asked for three times: the first time its statements go through SQLAlchemy, then past it. Prints
what is not sound, nothing else.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Iterator
from urllib.parse import urlsplit

from app import app
from tests.support.browser import Browser, links

CHANGING = re.compile(r'name="(csrf_token|kunci)"[^>]*|hx-headers=\'[^\']*|"X-CSRFToken[^}]*')
PAGES = 60


def main() -> None:
    with app.app_context():
        sys.stdout.writelines(f"{fault}\n" for fault in faults(Browser(app, sys.argv[1])))


def faults(browser: Browser) -> Iterator[str]:
    addresses = app.url_map.bind("localhost")
    waiting, seen = deque(["/", "/cari/?cari=rapat"]), set[str]()
    while waiting and len(seen) < PAGES:
        path = waiting.popleft()
        answers = [browser.send("GET", path) for _ in range(3)]
        if {answer.status_code for answer in answers} - {200, 302}:
            yield f"{path}: {answers[0].status}, {answers[1].status}, {answers[2].status}"
        if answers[0].mimetype != "text/html":
            continue
        if len({CHANGING.sub("", answer.text) for answer in answers}) > 1:
            yield f"{path} says something else the second time"
        for found in links(answers[0].text):
            rule, _ = addresses.match(urlsplit(found).path, return_rule=True)
            if rule.rule not in seen:
                seen.add(rule.rule)
                waiting.append(found)
    if len(seen) < 12:
        yield f"hardly a page was reached: {seen}"


if __name__ == "__main__":
    main()
