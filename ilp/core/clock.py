"""The one place that asks what time it is. Stored in UTC, shown in the zone of a regency."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from ilp.core.enums import LabelledEnum


class Zone(LabelledEnum):
    """The three zones of Indonesia (Keppres 41/1987); the label is what papers print."""

    WIB = "Asia/Jakarta", "WIB"
    WITA = "Asia/Makassar", "WITA"
    WIT = "Asia/Jayapura", "WIT"

    @property
    def info(self) -> ZoneInfo:
        return ZoneInfo(self.value)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def today(zone: Zone = Zone.WIB) -> date:
    """The calendar day in a zone: midnight in Jayapura comes two hours before Jakarta's."""
    return now().astimezone(zone.info).date()


def local(moment: datetime, zone: Zone = Zone.WIB) -> datetime:
    """A stored moment as the clock on the wall of that zone shows it."""
    return moment.astimezone(zone.info)


def to_utc(day: date, clock: time, zone: Zone = Zone.WIB) -> datetime:
    """What somebody in that zone means by a date and a time of day."""
    return datetime.combine(day, clock, zone.info).astimezone(UTC)
