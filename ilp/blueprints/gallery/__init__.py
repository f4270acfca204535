from __future__ import annotations

from flask import Blueprint

bp = Blueprint("gallery", __name__)

from ilp.blueprints.gallery import routes  # noqa: E402, F401
