from __future__ import annotations

from flask import Blueprint

bp = Blueprint("jobs", __name__)

from ilp.blueprints.jobs import routes  # noqa: E402, F401
