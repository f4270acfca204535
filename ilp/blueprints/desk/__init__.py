"""Meja kerja: what needs me today."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("desk", __name__)

from ilp.blueprints.desk import routes  # noqa: E402, F401
