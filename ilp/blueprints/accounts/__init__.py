from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from ilp.blueprints.accounts import routes  # noqa: E402, F401
