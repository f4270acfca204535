"""People who write through the real forms and, when the line breaks, send the same form again."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import TypeVar

from bench.client import Line, Visitor
from bench.landmarks import Landmarks

PAUSE = 0.15
"""Seconds before a form is sent again."""
THINKING = (0.0, 0.1)
"""Seconds between two forms of one person."""


Found = TypeVar("Found")


class Act(StrEnum):
    """What is written; the values head the lines of the report."""

    ROW = "minutes row"
    CHECK_IN = "check-in"
    REPORT = "task report"
    PAPER = "attendance paper"


@dataclass(frozen=True)
class Order:
    """A form to be filled in: the page it is on, its address, and what is typed."""

    act: Act
    mark: str
    """By which it is found again: the text typed, or the seat."""
    page: str
    action: str
    typed: dict[str, str]


@dataclass
class Sent:
    """A form that was sent, how often, and whether anybody said that it was carried out."""

    order: Order
    key: str
    times: int = 0
    acknowledged: bool = False


@dataclass
class Person:
    """One client. `work` runs in a thread of its own until `stop` is set and the form at hand is through."""

    port: int
    username: str
    password: str
    orders: Iterator[Order]
    rest: float = 0
    sent: list[Sent] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    broken: int = 0
    refused: list[str] = field(default_factory=list)

    def work(self, stop: threading.Event) -> None:
        visitor = self._insist(lambda: Visitor.logged_in(Line(self.port), self.username, self.password), stop)
        if visitor is None:
            return
        for order in self.orders:
            if stop.wait(random.uniform(*THINKING) + self.rest):
                break
            fields = self._insist(partial(visitor.form, order.page, order.action), stop)
            if fields is None:
                break
            self._send(visitor, order, fields | order.typed)

    def _insist(self, ask: Callable[[], Found], stop: threading.Event) -> Found | None:
        """Asks for a page until it comes; None if there is no more time."""
        while not stop.is_set():
            try:
                return ask()
            except (OSError, EOFError):
                self.broken += 1
            except RuntimeError as error:
                self.refused.append(str(error))
            time.sleep(PAUSE)
        return None

    def _send(self, visitor: Visitor, order: Order, fields: dict[str, str]) -> None:
        """Sends one form until it is answered; the key in it stays the same."""
        sent = Sent(order, fields["kunci"])
        self.sent.append(sent)
        until = time.monotonic() + 90
        while time.monotonic() < until:
            sent.times += 1
            try:
                answer = visitor.post(order.action, fields)
            except (OSError, EOFError):
                self.broken += 1
                visitor.line.close()
            else:
                self.answers[answer.status] += 1
                if answer.status < 500:
                    sent.acknowledged = answer.status == 303
                    return
            time.sleep(PAUSE)


def crew(found: Landmarks, port: int, size: int) -> list[Person]:
    """So many people: every second at the minutes, others at the desk, in kecamatan, and one with papers."""
    numbers = range(size)
    desk = [n for n in numbers if n % 4 == 1]
    people = []
    for number in numbers:
        username, rest = found.secretariat, 0.0
        if number == size - 1:
            orders, rest = _papers(found), 1.0
        elif number % 2 == 0:
            orders = _rows(found, number)
        elif number % 4 == 1:
            orders = _check_ins(found, found.seats[desk.index(number) :: len(desk)])
        else:
            mine = found.reports[number // 4 % len(found.reports)]
            username, orders = mine.username, _reports(mine.assignment, number)
        people.append(Person(port, username, found.password, orders, rest))
    return people


def _rows(found: Landmarks, number: int) -> Iterator[Order]:
    address = f"/rapat/{found.live_meeting}/butir/{found.live_item}/baris"
    count = 0
    while True:
        count += 1
        text = f"Catatan ke-{count} dari meja {number}."
        yield Order(Act.ROW, text, address, address, {"kind": "note", "text": text})


def _check_ins(found: Landmarks, seats: tuple[int, ...]) -> Iterator[Order]:
    address = f"/rapat/{found.desk_meeting}/kehadiran"
    for seat in seats:
        yield Order(
            Act.CHECK_IN, str(seat), f"{address}?kursi={seat}", f"{address}/{seat}", {"mark": "present"}
        )


def _reports(assignment: int, number: int) -> Iterator[Order]:
    address = f"/tugas/rincian/{assignment}"
    count = 0
    while True:
        count += 1
        text = f"Laporan ke-{count} dari meja {number}."
        typed = {"progress": "in_progress", "note": text}
        yield Order(Act.REPORT, text, address, f"{address}/lapor", typed)


def _papers(found: Landmarks) -> Iterator[Order]:
    address = f"/rapat/{found.live_meeting}/kehadiran/daftar"
    while True:
        yield Order(Act.PAPER, "", address, f"{address}/terbit", {})
