"""`python -m tests.support.fresh_application USERNAME`: a web server's first pages.

Only where it has just started nothing has been loaded by another test before it is needed. Each page within
reach is asked for three times: the first time its statements go through SQLAlchemy, then past it. The clock
stands still meanwhile, for pages say how late it is. Prints what is not sound, nothing else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

from app import app
from ilp.core.clock import as_of, now
from tests.support.browser import Browser, walk

CHANGING = re.compile(r'name="(csrf_token|kunci)"[^>]*|hx-headers=\'[^\']*|"X-CSRFToken[^}]*')
PAGES = 60


def main() -> None:
    with app.app_context(), as_of(now()):
        sys.stdout.writelines(f"{fault}\n" for fault in faults(Browser(app, sys.argv[1])))


def faults(browser: Browser) -> Iterator[str]:
    reached = 0
    for path, first in walk(browser, ["/", "/cari/?cari=rapat"], most=PAGES):
        reached += 1
        answers = [first, *(browser.send("GET", path) for _ in range(2))]
        if {answer.status_code for answer in answers} - {200, 302}:
            yield f"{path}: {', '.join(answer.status for answer in answers)}"
        if first.mimetype == "text/html" and len({CHANGING.sub("", answer.text) for answer in answers}) > 1:
            yield f"{path} says something else the second time"
    if reached < 12:
        yield f"only {reached} pages were reached"


if __name__ == "__main__":
    main()
