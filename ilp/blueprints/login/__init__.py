from __future__ import annotations

from flask import Blueprint

bp = Blueprint("login", __name__)

from ilp.blueprints.login import external, routes  # noqa: E402, F401
