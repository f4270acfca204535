"""`/jejak`: the trail of a place for who oversees it, and the history of single records."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("audit", __name__)

from ilp.blueprints.audit.routes import places, records  # noqa: E402, F401
