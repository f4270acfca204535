from __future__ import annotations

from flask import Blueprint

bp = Blueprint("facilities", __name__)

from ilp.blueprints.facilities import routes  # noqa: E402, F401
