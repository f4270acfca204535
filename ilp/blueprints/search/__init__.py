"""One box that finds everything within reach."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("search", __name__)

from ilp.blueprints.search import routes  # noqa: E402, F401
