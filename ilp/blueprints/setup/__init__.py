"""The first day of an empty installation."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("setup", __name__)

from ilp.blueprints.setup import routes  # noqa: E402, F401
