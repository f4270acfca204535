"""What a regency or city decides for itself."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("settings", __name__)

from ilp.blueprints.settings import routes  # noqa: E402, F401
