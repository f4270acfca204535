"""Limits on guessing a secret, shared by all web processes through one table.

Only misses count, so a hall of people behind one address can scan and log in all day. A miss is
written in a short transaction of its own: the rollback of a refused act must not forget it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.db import db, insert, transaction
from ilp.core.errors import TooMany
from ilp.models.accounts import RateLimit


@dataclass(frozen=True)
class Limit:
    """So many misses within a window; the window begins with the first."""

    name: str
    misses: int
    window: timedelta

    def of(self, who: object) -> Counter:
        """The counter of one account, network or thing under this limit."""
        return Counter(self, f"{self.name}:{who}")


@dataclass(frozen=True)
class Counter:
    limit: Limit
    key: str


LOGIN_ACCOUNT = Limit("login-account", 10, timedelta(minutes=15))
LOGIN_NETWORK = Limit("login-network", 20, timedelta(minutes=15))
REENTRY = Limit("reentry", 5, timedelta(minutes=15))
CODE = Limit("code", 5, timedelta(minutes=15))
LINK = Limit("link", 10, timedelta(minutes=10))
SETUP = Limit("setup", 10, timedelta(minutes=15))
ATTEMPT = Limit("attempt", 30, timedelta(hours=1))
"""Refusals of one account or network that the trail tells of; after that it has been told."""
VERIFICATION = Limit("verification", 30, timedelta(minutes=1))
VERIFICATION_FILE = Limit("verification-file", 20, timedelta(minutes=1))


def network(address: str) -> str:
    """Whom an address stands for: itself, or its /64 (of IPv6, a household changes the rest at will)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "?"
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def check(*counters: Counter) -> None:
    """Raises TooMany, with the seconds to wait, when the misses of one of these counters are used up."""
    moment = now()
    used = {
        key: (hits, until)
        for key, hits, until in db.session.execute(
            sa.select(RateLimit.key, RateLimit.hits, RateLimit.expires_at).where(
                RateLimit.key.in_([c.key for c in counters]), RateLimit.expires_at > moment
            )
        )
    }
    _refuse_exhausted(counters, used, moment)


def miss(*counters: Counter) -> int:
    """Counts one miss for each of these, and says how many guesses are left.

    Works in a transaction of its own, so it cannot be called inside another.
    """
    moment = now()
    with transaction():
        db.session.execute(sa.delete(RateLimit).where(RateLimit.expires_at <= moment))
        used = dict(_count(counters, moment))
    return min(max(0, c.limit.misses - used[c.key]) for c in counters)


def take(*counters: Counter) -> int:
    """Counts a guess before it is judged, and says how many are left should it be wrong.

    For secrets that take long to compare: of however many guesses that arrive at once, no more are judged
    than there are misses. Raises TooMany, with nothing counted, when one of the counters is used up. Who
    guessed right gets it back by `give_back`. Works in a transaction of its own.
    """
    moment = now()
    with transaction():
        db.session.execute(sa.delete(RateLimit).where(RateLimit.expires_at <= moment))
        taken = dict(_count(counters, moment))
        spent = [c.key for c in counters if taken[c.key] > c.limit.misses]
        if spent:
            until = db.session.scalars(sa.select(RateLimit.expires_at).where(RateLimit.key.in_(spent)))
            raise TooMany(max(1, *(round((end - moment).total_seconds()) for end in until)))
    return min(c.limit.misses - taken[c.key] for c in counters)


def give_back(*counters: Counter) -> None:
    """Takes the guess of `take` off again: it was right."""
    with transaction():
        db.session.execute(
            sa.update(RateLimit)
            .where(RateLimit.key.in_([c.key for c in counters]), RateLimit.hits > 0)
            .values(hits=RateLimit.hits - 1)
        )


def _count(counters: Iterable[Counter], moment: datetime) -> Iterable[tuple[str, int]]:
    """One upsert for all counters, in the order of their keys, so that two writers never wait crosswise."""
    rows = [
        {"key": c.key, "hits": 1, "expires_at": moment + c.limit.window}
        for c in sorted(counters, key=lambda c: c.key)
    ]
    return (
        (key, hits)
        for key, hits in db.session.execute(
            insert(RateLimit)
            .values(rows)
            .on_conflict_do_update(index_elements=[RateLimit.key], set_={"hits": RateLimit.hits + 1})
            .returning(RateLimit.key, RateLimit.hits)
        )
    )


def _refuse_exhausted(
    counters: Iterable[Counter], used: dict[str, tuple[int, datetime]], moment: datetime
) -> None:
    waits = [
        (used[c.key][1] - moment).total_seconds()
        for c in counters
        if c.key in used and used[c.key][0] >= c.limit.misses
    ]
    if waits:
        raise TooMany(max(1, round(max(waits))))
