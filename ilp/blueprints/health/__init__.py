from __future__ import annotations

from flask import Blueprint

bp = Blueprint("health", __name__)

from ilp.blueprints.health import routes  # noqa: E402, F401
