"""What the query string of an address says, under the same input rule as the forms."""

from __future__ import annotations

from flask import request

from ilp.web.forms import CONTROL, clean


def text_argument(name: str, longest: int = 80) -> str:
    """A line of text, cleaned and cut; nothing when it is not there."""
    return CONTROL.sub(" ", clean(request.args.get(name, "")))[:longest].strip()
