"""The bars: what must hold and what is aimed at. Stated once, here."""

from __future__ import annotations

from dataclasses import dataclass

MISSED, MUST, AIM, UNKNOWN = "MISSED", "must", "aim", "not measured"


@dataclass(frozen=True)
class Bar:
    """A bound for a measured value; `at_least` turns it round."""

    what: str
    must: float
    aim: float
    unit: str = "×"
    at_least: bool = False

    def verdict(self, value: float | None) -> str:
        """The best of the two that the value keeps."""
        if value is None:
            return UNKNOWN
        sign = -1 if self.at_least else 1
        kept = [name for name, bound in ((AIM, self.aim), (MUST, self.must)) if sign * value <= sign * bound]
        return kept[0] if kept else MISSED

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        return f"{sign} {self.must:g} {self.unit} ({self.aim:g})".replace(" ×", "×")


BARS = {
    "page": Bar("a page, all rights checked, against the floor", 2.5, 1.6),
    "poll": Bar("a poll without news, against the floor's meeting page", 0.5, 0.3),
    "post": Bar("POST of one row with CSRF, audit entry and fragment, against the floor", 3, 2),
    "edits": Bar("POST of a row after many edits, against a fresh one", 1.1, 1.1),
    "statements": Bar("SQL statements of a page", 8, 5, ""),
    "tail": Bar("p99 / p50 at concurrency 1", 3, 1.6),
    "growth": Bar("a page against the same page of a kabupaten", 1.3, 1.1),
    "html": Bar("meeting page, compressed", 8, 6, "kB"),
    "assets": Bar("JS and CSS of a first load, compressed", 60, 35, "kB"),
    "requests": Bar("requests of a first load", 5, 3, ""),
    "memory": Bar("memory of a web worker, against the floor's", 2, 1.5),
    "start": Bar("cold start to the first page, against the floor", 3, 2),
    "writers": Bar("32 clients posting, 2 workers, requests/s against the floor", 0.33, 0.5, at_least=True),
    "errors": Bar("errors of 32 clients posting", 0, 0, ""),
    "pdf": Bar("a PDF from claimed job to stored file, against WeasyPrint alone", 1.2, 1.05),
}
