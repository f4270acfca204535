"""`/bantuan`: the guides, and the rights of every role as the rules have them."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("help", __name__)

from ilp.blueprints.help import routes  # noqa: E402, F401
