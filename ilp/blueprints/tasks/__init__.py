from __future__ import annotations

from flask import Blueprint

bp = Blueprint("tasks", __name__)

from ilp.blueprints.tasks import routes  # noqa: E402, F401
