"""What the commands have in common: options that refuse what is wrong at once, and a tidy end."""

from __future__ import annotations

import signal
from collections.abc import Collection
from typing import Any

import click

POSITIVE = click.IntRange(min=1)
SECONDS = click.FloatRange(min=0, min_open=True)


def end_tidily() -> None:
    """From here on SIGTERM ends the command as Ctrl-C does: no cluster of ours goes on running."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def ports(number: int = 1) -> click.IntRange:
    """The first of so many ports."""
    return click.IntRange(1, 2**16 - number)


class Names(click.ParamType[tuple[str, ...]]):
    """Some of these names, separated by commas, as a tuple; none for all of them."""

    name = "names"

    def __init__(self, known: Collection[str]) -> None:
        self._known = known

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        names = tuple(filter(None, value.split(",")))
        if unknown := [name for name in names if name not in self._known]:
            self.fail(f"{', '.join(unknown)} is none of {', '.join(self._known)}.", param, ctx)
        return names
