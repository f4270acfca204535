"""Closed-loop load: each line sends its next request when the last one was answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from threading import Thread

from bench.acts import Maker
from bench.client import Line
from bench.machine import busy_seconds, own_seconds, processor_seconds
from bench.servers import Server

QUIET = 0.2
"""Cores that others may use while a tail of latencies still says something about us."""


@dataclass(frozen=True)
class Round:
    """One run at one server. Latencies in ms, sorted; processor times in ms per request."""

    requests: int
    failed: int
    seconds: float
    latencies: Sequence[float]
    cpu_ms: float
    database_ms: float
    others: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds

    @property
    def is_quiet(self) -> bool:
        return self.others < QUIET

    def percentile(self, share: float) -> float:
        return percentile(self.latencies, share)


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the sorted values does not exceed."""
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)]


def paired(ours: Sequence[Round], theirs: Sequence[Round], of: Callable[[Round], float]) -> list[float]:
    """How each of our rounds compares with the one beside it.

    A neighbour on the machine slows whole seconds down, most often both rounds of a pair; medians of either
    side can come from different ones.
    """
    return [of(one) / of(other) for one, other in zip(ours, theirs, strict=True)]


def run(
    server: Server,
    make: Maker,
    *,
    status: tuple[int, ...],
    seconds: float = 0,
    least: int = 0,
    requests: int = 0,
    clients: int = 1,
    database: int | None = None,
) -> Round:
    """Loads a server for some seconds, longer until `least` requests were sent, with at most `requests`.

    0 is no bound. A request that is not answered with one of `status` counts as failed.
    """
    numbers = count()
    latencies: list[float] = []
    failures: list[int] = []
    until = time.perf_counter() + (seconds or 3600)
    busy, own = busy_seconds(), own_seconds()
    web = processor_seconds([server.pid])
    behind = processor_seconds([database] if database else [])
    begun = time.perf_counter()

    def work() -> None:
        line = Line(server.port)
        while True:
            number = next(numbers)
            if (requests and number >= requests) or (number >= least and time.perf_counter() >= until):
                break
            request = make(number)
            sent = time.perf_counter()
            try:
                answered = line.ask(request).status
            except OSError:
                answered = 0
            latencies.append((time.perf_counter() - sent) * 1000)
            if answered not in status:
                failures.append(answered)
        line.close()

    threads = [Thread(target=work) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    elapsed = time.perf_counter() - begun
    web = processor_seconds([server.pid]) - web
    behind = processor_seconds([database] if database else []) - behind
    others = busy_seconds() - busy - (own_seconds() - own) - web - behind
    number = len(latencies)
    return Round(
        requests=number,
        failed=len(failures),
        seconds=elapsed,
        latencies=sorted(latencies),
        cpu_ms=web * 1000 / number,
        database_ms=behind * 1000 / number,
        others=max(0.0, others / elapsed),
    )
