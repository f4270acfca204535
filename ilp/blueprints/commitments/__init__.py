from __future__ import annotations

from flask import Blueprint

bp = Blueprint("commitments", __name__)

from ilp.blueprints.commitments import routes  # noqa: E402, F401
