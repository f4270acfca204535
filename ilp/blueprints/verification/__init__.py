from __future__ import annotations

from flask import Blueprint

bp = Blueprint("verification", __name__)

from ilp.blueprints.verification import routes  # noqa: E402, F401
