"""`/wilayah`: the official places, and the picker that other forms use."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("wilayah", __name__)

from ilp.blueprints.wilayah import routes  # noqa: E402, F401
