"""State machines as one table an object: verb -> from which states, to which, and what to say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from ilp.core.enums import LabelledEnum
from ilp.core.errors import RuleViolation

State = TypeVar("State", bound=LabelledEnum)


@dataclass(frozen=True)
class Step(Generic[State]):
    """One allowed move. `refusal` is Indonesian; `{label}` in it is the present state's word."""

    sources: frozenset[State]
    target: State
    refusal: str


def step(sources: Iterable[State], target: State, refusal: str) -> Step[State]:
    """A move from any of these states; see `Step` for the refusal."""
    return Step(frozenset(sources), target, refusal)


@dataclass(frozen=True)
class Transitions(Generic[State]):
    """All moves of one kind of object, keyed by the verb that makes them."""

    steps: Mapping[str, Step[State]]

    def allows(self, verb: str, present: State) -> bool:
        return present in self.steps[verb].sources

    def move(self, verb: str, present: State) -> State:
        """The state after `verb`. Raises RuleViolation with the verb's refusal when it is not allowed."""
        move = self.steps[verb]
        if present not in move.sources:
            raise RuleViolation(move.refusal.format(label=present.label))
        return move.target
