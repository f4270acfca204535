"""Accounts: one's own, and those an administrator looks after."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)

from ilp.blueprints.accounts.routes import factor, managing, own, roles  # noqa: E402, F401
