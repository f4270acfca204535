"""The wilayah picker's side of an address: which place its selects have led to."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ilp.models.wilayah import Level
from ilp.queries.wilayah import FIELDS
from ilp.web.converters import WilayahConverter


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
