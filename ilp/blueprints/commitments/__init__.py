"""Cross-sector commitments: drafting them, and signing them."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("commitments", __name__)

from ilp.blueprints.commitments.routes import drafting, signing  # noqa: E402, F401
