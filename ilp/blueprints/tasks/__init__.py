"""One register of tasks: given, passed down, answered, judged."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("tasks", __name__)

from ilp.blueprints.tasks.routes import assignments, evidence, matrix, register  # noqa: E402, F401
