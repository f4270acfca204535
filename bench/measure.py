"""The measurements: product and floor alternated, so that what else the machine does meets both alike."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import brotli
import sqlalchemy as sa

from bench import instructions, servers
from bench.acts import Act, Maker, acts, edit_of, write_row
from bench.client import ENCODINGS, Line, Visitor
from bench.landmarks import Landmarks, landmarks
from bench.load import Round, paired, run
from bench.machine import memory_mb
from bench.servers import Server
from bench.sites import Site
from ilp.core.config import ROOT
from ilp.models.meetings import Attendance

SIDES = ("floor", "product")
WRITERS, WRITING_WORKERS = 32, 2
TAIL = 100
"""Requests of a round, for a hundredth of them to be one."""
ASSET = re.compile(rb'(?:<script[^>]+src|<link rel="stylesheet" href)="([^"]+)"')
PICTURE = re.compile(rb'(?:<use href|<img[^>]+src|<link rel="icon"[^>]+href)="([^"#]+)')
FETCHED = re.compile(rb"url\((/[^)\"']+|\.\./[^)\"']+)\)")
"""What a style sheet asks for: its fonts; small drawings stand in it."""


@dataclass(frozen=True)
class Plan:
    """How long and how often."""

    rounds: int = 9
    seconds: float = 1.0
    requests: int = 10_000
    """Before memory is looked at."""
    edits: int = 5_000
    papers: int = 5
    port: int = 8200
    only: Sequence[str] = ()

    def wants(self, name: str) -> bool:
        return not self.only or name in self.only


@dataclass
class Bench:
    """One run over one site; `say` is told what is being done.

    `base` is the same over a kabupaten, for a larger site to be compared with.
    """

    site: Site
    plan: Plan
    say: Callable[[str], Any] = print
    base: Bench | None = None
    marks: Landmarks = field(init=False)

    def __post_init__(self) -> None:
        with self._engine() as engine, engine.connect() as connection:
            self.marks = landmarks(connection)

    @contextmanager
    def _engine(self) -> Iterator[sa.Engine]:
        engine = sa.create_engine(self.site.url)
        try:
            yield engine
        finally:
            engine.dispose()

    def measure(self, found: dict[str, Any]) -> None:
        """Adds everything the plan wants to `found`, row by row, as plain data."""
        with self.both(workers=1) as (floor, product):
            chosen = [act for act in acts(self.marks) if self.plan.wants(act.name)]
            visitors = self.visitors(product)
            rows = found.setdefault("acts", {})
            for act in chosen:
                self.say(act.label)
                rows[act.name] = self._compared(act, floor, product, visitors[act.who])
            if chosen:
                self._count(chosen, rows, visitors)
            secretary = visitors[self.marks.secretariat]
            self._add(
                found,
                weight=lambda: self._weight(secretary),
                edits=lambda: self._edits(product, secretary),
                memory=lambda: self._memory(floor, product, secretary),
            )
        self._add(found, start=self._start, writers=self._writers, growth=self._growth, pdf=self._papers)

    def _add(self, found: dict[str, Any], **rows: Callable[[], Any]) -> None:
        for name, row in rows.items():
            if self.plan.wants(name) and (measured := row()):
                found[name] = measured

    @contextmanager
    def both(self, *, workers: int) -> Iterator[tuple[Server, Server]]:
        port = self.plan.port
        with (
            servers.serving(servers.FLOOR, self.site, port, workers=workers) as floor,
            servers.serving(servers.PRODUCT, self.site, port + 1, workers=workers) as product,
        ):
            yield floor, product

    def visitors(self, product: Server) -> dict[str, Visitor]:
        names = (self.marks.secretariat, self.marks.district)
        return {"": Visitor(Line(product.port))} | {
            name: Visitor.logged_in(Line(product.port), name, self.marks.password) for name in names
        }

    # --- pages and forms --------------------------------------------------------------------------
    def _compared(self, act: Act, floor: Server, product: Server, visitor: Visitor) -> dict[str, Any]:
        rounds: dict[str, list[Round]] = {side: [] for side in SIDES}
        there = act if not act.against else self.act(act.against)
        sides = {"floor": (floor, there), "product": (product, act)}
        for side in self._turns(*sides):
            server, what = sides[side]
            make = self._maker(what, visitor, server)
            if not rounds[side]:
                self.load(server, what, make, seconds=self.plan.seconds / 2)
                make = self._maker(what, visitor, server)
            rounds[side].append(self.load(server, what, make))
        answers = {"floor": self._bytes(there, floor, visitor), "product": self._bytes(act, product, visitor)}
        return {
            "label": act.label,
            "kind": act.kind,
            **_ratio(rounds["product"], rounds["floor"]),
            **{side: _summed(rounds[side]) | answers[side] for side in SIDES},
        }

    def _turns(self, first: str, second: str) -> Iterator[str]:
        """The sides in pairs, so many as there are rounds; who begins changes from one to the next."""
        for number in range(self.plan.rounds):
            yield from (first, second) if number % 2 == 0 else (second, first)

    def act(self, name: str) -> Act:
        return next(act for act in acts(self.marks) if act.name == name)

    def _maker(self, act: Act, visitor: Visitor, server: Server) -> Maker:
        """Looks at the product's page, then makes requests for this server."""
        if act.name == "check-in":
            self._free_the_seats()
        make = act.prepare(visitor)
        here, there = (f"127.0.0.1:{port}".encode() for port in (visitor.line.port, server.port))
        return make if here == there else lambda number: make(number).replace(here, there, 1)

    def load(self, server: Server, act: Act, make: Maker, *, seconds: float = 0) -> Round:
        return run(
            server,
            make,
            status=act.status,
            seconds=seconds or self.plan.seconds,
            least=0 if seconds else TAIL,
            requests=act.limit,
            database=self.site.database,
        )

    def _free_the_seats(self) -> None:
        """Forgets all check-ins at the desk: a second mark of a seat would change nothing."""
        with self._engine() as engine, engine.begin() as connection:
            connection.execute(sa.delete(Attendance).where(Attendance.invitation_id.in_(self.marks.seats)))

    def _bytes(self, act: Act, server: Server, visitor: Visitor) -> dict[str, int]:
        """What one answer weighs, as it is and as it travels."""
        make = self._maker(act, visitor, server)
        answer = visitor.at(server.port).line.ask(make(0))
        coding = re.search(rb"content-encoding: *(\w+)", answer.head, re.IGNORECASE)
        decoded = {b"br": brotli.decompress, b"gzip": gzip.decompress}
        raw = decoded[coding[1]](answer.body) if coding else answer.body
        return {"raw": len(raw), "compressed": len(answer.body)}

    def _count(self, chosen: Sequence[Act], found: dict[str, Any], visitors: dict[str, Visitor]) -> None:
        """What does not depend on who else uses the machine, each side in a process of its own."""
        for side, app in (("product", "app"), ("floor", "bench.floor")):
            asked = self._asked(side, chosen, visitors, times=2)
            for name, (statements, rows) in self._child("bench.counting", app, asked=asked).items():
                found[name][side] |= {"statements": statements, "rows": rows}
            if instructions.available():
                times = instructions.WARMING + instructions.MEASURED
                asked = self._asked(side, chosen, visitors, times=times)
                for name, millions in self._child("bench.instructions", app, asked=asked).items():
                    found[name][side] |= {"instructions": millions}
        for act in chosen:
            if "instructions" in (there := found.get(act.against, {}).get("floor", {})):
                found[act.name]["floor"] |= {"instructions": there["instructions"]}

    def _asked(
        self, side: str, chosen: Sequence[Act], visitors: dict[str, Visitor], *, times: int
    ) -> dict[str, list[str]]:
        """Requests by act, as JSON can hold them; forms come last, for they are new to the poll."""
        self._free_the_seats()
        asked = {}
        # Preparing a form may write; what the poll knows of must come after that.
        for act in sorted(chosen, key=lambda act: act.kind != "post"):
            if side == "product" or not act.against:
                make = act.prepare(visitors[act.who])
                asked[act.name] = [make(number).decode("latin-1") for number in range(times)]
        return dict(reversed(asked.items()))

    def _child(self, module: str, *arguments: str, asked: Any = None) -> Any:
        self.say(f"{module} {arguments[0]}")
        done = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self.site.environment(self.plan.port + 1),
            input=json.dumps(asked),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    # --- the other rows ---------------------------------------------------------------------------
    def _weight(self, visitor: Visitor) -> dict[str, Any]:
        """The meeting page as a browser with an empty cache loads it."""
        path = f"/rapat/{self.marks.meeting}"
        page = visitor.get(path).body
        compressed = len(visitor.get(path, encodings=ENCODINGS).body)
        assets = [asset.decode() for asset in dict.fromkeys(ASSET.findall(page))]
        weights = {asset: len(visitor.get(asset, encodings="gzip").body) for asset in assets}
        sheets = b"".join(visitor.get(asset).body for asset in assets if asset.endswith(".css"))
        more = sorted(found.decode() for found in {*PICTURE.findall(page), *FETCHED.findall(sheets)})
        requests = [path, *assets, *more]
        return {"html": len(page), "compressed": compressed, "assets": weights, "requests": requests}

    def _edits(self, product: Server, visitor: Visitor) -> dict[str, Any]:
        """The same edit of a fresh row, and of one that was edited so many times, alternated."""
        self.say(f"{self.plan.edits} edits of one row")
        old = edit_of(write_row(visitor, self.marks), self.marks)
        fresh = edit_of(write_row(visitor, self.marks), self.marks)
        history = run(product, old.prepare(visitor), status=old.status, requests=self.plan.edits)
        edits = {"fresh": fresh, "old": old}
        rounds: dict[str, list[Round]] = {name: [] for name in edits}
        for name in self._turns(*edits):
            rounds[name].append(self.load(product, edits[name], edits[name].prepare(visitor)))
        return {
            "edits": history.requests,
            "failed": history.failed,
            **_ratio(rounds["old"], rounds["fresh"]),
            **{name: _summed(found) for name, found in rounds.items()},
        }

    def _memory(self, floor: Server, product: Server, visitor: Visitor) -> dict[str, float]:
        """MB of the web worker after so many requests of all pages in turn."""
        self.say(f"{self.plan.requests} requests, then memory")
        pages = [act for act in acts(self.marks) if act.kind == "page" and act.who == self.marks.secretariat]
        found: dict[str, float] = {"requests": self.plan.requests}
        for side, server in zip(SIDES, (floor, product), strict=True):
            makers = [self._maker(act, visitor, server) for act in pages]
            run(server, _in_turn(makers), status=(200,), requests=self.plan.requests, clients=2)
            found[side] = max(memory_mb(server.pid)[1:])
        return found

    def _start(self) -> dict[str, float]:
        """Seconds from the command to the first page, the median of three; `entry` is `flask jalankan`."""
        self.say("cold starts")
        port = self.plan.port + 2
        commands = {"floor": servers.FLOOR, "product": servers.PRODUCT, "entry": servers.ENTRY}
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(3):
            for name, command in commands.items():
                with servers.serving(command, self.site, port, workers=1) as server:
                    seconds[name].append(server.started)
        return {name: median(values) for name, values in seconds.items()}

    def _writers(self) -> dict[str, Any]:
        """Many clients, each sending new rows of the minutes, at two workers of each side in turn."""
        self.say(f"{WRITERS} clients posting")
        act = self.act("row")
        rounds: dict[str, list[Round]] = {side: [] for side in SIDES}
        with self.both(workers=WRITING_WORKERS) as (floor, product):
            visitor = self.visitors(product)[act.who]
            sides = {"floor": floor, "product": product}
            for side in self._turns(*sides):
                rounds[side].append(
                    run(
                        sides[side],
                        self._maker(act, visitor, sides[side]),
                        status=act.status,
                        seconds=self.plan.seconds * 2,
                        clients=WRITERS,
                        database=self.site.database,
                    )
                )
        ratio = _ratio(rounds["product"], rounds["floor"], lambda one: one.per_second)
        return ratio | {side: _summed(found) for side, found in rounds.items()}

    def _papers(self) -> Any:
        return self._child("bench.papers", str(self.marks.meeting), str(self.plan.papers))

    def _growth(self) -> dict[str, Any]:
        """Each page here against the same over a kabupaten, alternated; `alone` without the database.

        `together` is missing where a database has no process of its own, or has it on another machine.
        Raises RuntimeError if a page is refused.
        """
        found: dict[str, Any] = {}
        port, base = self.plan.port, self.base
        if base is None:
            return found
        with (
            servers.serving(servers.PRODUCT, self.site, port, workers=1) as large,
            servers.serving(servers.PRODUCT, base.site, port + 1, workers=1) as small,
        ):
            sides = {"here": (self, large), "kabupaten": (base, small)}
            visitors = {name: bench.visitors(server) for name, (bench, server) in sides.items()}
            for page in (act.name for act in acts(self.marks) if act.kind == "page"):
                self.say(f"{page} here and over a kabupaten")
                rounds: dict[str, list[Round]] = {name: [] for name in sides}
                for name in self._turns(*sides):
                    bench, server = sides[name]
                    act = bench.act(page)
                    visitor = visitors[name][act.who]
                    make = act.prepare(visitor)
                    act.ask(visitor.line, make(0))
                    rounds[name].append(bench.load(server, act, make))
                pair = rounds["here"], rounds["kabupaten"]
                found[page] = {name: _summed(one) for name, one in rounds.items()} | {"alone": _ratio(*pair)}
                if self.site.database is not None and base.site.database is not None:
                    found[page]["together"] = _ratio(*pair, lambda one: one.cpu_ms + one.database_ms)
        return found


def _in_turn(makers: Sequence[Maker]) -> Maker:
    return lambda number: makers[number % len(makers)](number)


def _ratio(
    ours: Sequence[Round], theirs: Sequence[Round], of: Callable[[Round], float] = lambda one: one.cpu_ms
) -> dict[str, Any]:
    """How our rounds compare with those beside them: the median, and each."""
    each = paired(ours, theirs, of)
    return {"ratio": median(each), "ratios": [round(ratio, 3) for ratio in each]}


def _summed(rounds: Sequence[Round]) -> dict[str, Any]:
    """Medians of the rounds; a tail only of those in which nobody else worked."""
    quiet = [one for one in rounds if one.is_quiet]
    return {
        "cpu_ms": median([one.cpu_ms for one in rounds]),
        "database_ms": median([one.database_ms for one in rounds]),
        "per_second": median([one.per_second for one in rounds]),
        **{f"p{share}": median([one.percentile(share / 100) for one in rounds]) for share in (50, 95, 99)},
        "tail": median([one.percentile(0.99) / one.percentile(0.5) for one in quiet]) if quiet else None,
        "requests": sum(one.requests for one in rounds),
        "failed": sum(one.failed for one in rounds),
        "others": [round(one.others, 2) for one in rounds],
    }
