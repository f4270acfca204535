from __future__ import annotations

from flask import Blueprint

bp = Blueprint("notifications", __name__)

from ilp.blueprints.notifications import routes  # noqa: E402, F401
