"""The audit trail, for auditors."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("audit", __name__)

from ilp.blueprints.audit import routes  # noqa: E402, F401
