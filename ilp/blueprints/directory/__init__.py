from __future__ import annotations

from flask import Blueprint

bp = Blueprint("directory", __name__)

from ilp.blueprints.directory import routes  # noqa: E402, F401
