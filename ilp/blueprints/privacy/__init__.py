"""`/data-pribadi`: the duties of UU 27/2022 towards those whose data is kept."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("privacy", __name__)

from ilp.blueprints.privacy import routes  # noqa: E402, F401
