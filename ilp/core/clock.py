"""The one place that asks what time it is. Stored in UTC, shown in the zone of a regency."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from functools import cached_property
from zoneinfo import ZoneInfo

from ilp.core.enums import LabelledEnum


class Zone(LabelledEnum):
    """The three zones of Indonesia (Keppres 41/1987); the label is what papers print."""

    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"

    @cached_property
    def info(self) -> ZoneInfo:
        return ZoneInfo(self.value)


_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC; inside `as_of` the moment that is told of."""
    return _told.get() or datetime.now(UTC)


@contextmanager
def as_of(moment: datetime) -> Iterator[None]:
    """Lets `now` answer a past moment, so that the demo's events of 2024 are entered as of their days.

    For the demo's command and for tests. What is yet to come cannot be told: then it is the present moment.
    """
    token = _told.set(min(moment, datetime.now(UTC)))
    try:
        yield
    finally:
        _told.reset(token)


def today(zone: Zone = Zone.WIB) -> date:
    """The calendar day in a zone: midnight in Jayapura comes two hours before Jakarta's."""
    return now().astimezone(zone.info).date()


def local(moment: datetime, zone: Zone = Zone.WIB) -> datetime:
    """A stored moment as the clock on the wall of that zone shows it."""
    return moment.astimezone(zone.info)


def to_utc(day: date, clock: time, zone: Zone = Zone.WIB) -> datetime:
    """What somebody in that zone means by a date and a time of day."""
    return datetime.combine(day, clock, zone.info).astimezone(UTC)
