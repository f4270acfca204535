from __future__ import annotations

from flask import Blueprint

bp = Blueprint("reports", __name__)

from ilp.blueprints.reports import routes  # noqa: E402, F401
