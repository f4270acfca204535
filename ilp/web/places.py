"""The wilayah picker's side of an address: which place its selects have led to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from wtforms import SelectField

from ilp.core.errors import NotFound
from ilp.models.wilayah import Level
from ilp.policy.user import covers
from ilp.queries.wilayah import FIELDS, set_up_regencies
from ilp.web.converters import WilayahConverter
from ilp.web.forms import SelectChoice
from ilp.web.session import me


def is_code(text: str) -> bool:
    """Whether a text has the shape of an official code."""
    return re.fullmatch(WilayahConverter.regex, text) is not None


def chosen_place(values: Mapping[str, str], root: str = "") -> str:
    """The deepest place chosen below `root`: each select counts only if it continues the one before."""
    code = root
    for level in Level:
        value = values.get(FIELDS[level], "")
        if is_code(value) and value.rpartition(".")[0] == code:
            code = value
    return code


def within_reach(code: str) -> bool:
    """Whether a place lies in that of a role of the user, or around it."""
    return is_code(code) and any(
        covers(grant.wilayah_code, code) or covers(code, grant.wilayah_code) for grant in me().grants
    )


def reads_wholly(code: str) -> bool:
    """Whether the user reads everything in a place, or only a part of it."""
    return any(covers(place, code) for place in me().places)


def chosen_regency() -> tuple[Any, Sequence[Any]]:
    """The regency a page is about (`?wilayah=35.08`, else the first, else None), and all to choose from.

    Raises NotFound for a place that is not within the user's reach.
    """
    regencies = set_up_regencies(me())
    code = request.args.get("wilayah", "")
    if not code:
        return next(iter(regencies), None), regencies
    for regency in regencies:
        if regency.code == code:
            return regency, regencies
    raise NotFound


def word_choice(label: str, words: dict[str, str]) -> SelectField:
    """One word of a list, with what the head of such a place is called."""
    return SelectField(
        label, choices=[SelectChoice(value=word, label=f"{word} ({head})") for word, head in words.items()]
    )
