"""Closed lists: the English member goes to the database, the Indonesian label to people."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """A string enumeration whose members carry the word that people read.

    >>> class Light(LabelledEnum):
    ...     ON = "on", "menyala"
    >>> Light("on").label
    'menyala'
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
