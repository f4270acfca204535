from __future__ import annotations

from flask import Blueprint

bp = Blueprint("meetings", __name__)

from ilp.blueprints.meetings import routes  # noqa: E402, F401
