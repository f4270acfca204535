"""Pokjanal Posyandu and Tim Pembina Posyandu: who sits in them, and the tasks they give."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("pokjanal", __name__)

from ilp.blueprints.pokjanal import routes  # noqa: E402, F401
