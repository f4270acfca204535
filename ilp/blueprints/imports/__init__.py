"""Taking Excel files over in two steps, for every area that declares its columns."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("imports", __name__)

from ilp.blueprints.imports import routes  # noqa: E402, F401
