"""`/direktori`: offices, their positions, and who holds them."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("directory", __name__)

from ilp.blueprints.directory.routes import (  # noqa: E402, F401
    duplicates,
    editing,
    groups,
    letterheads,
    persons,
    reading,
    transfers,
)
