from __future__ import annotations

from flask import Blueprint

bp = Blueprint("documents", __name__)

from ilp.blueprints.documents import routes  # noqa: E402, F401
