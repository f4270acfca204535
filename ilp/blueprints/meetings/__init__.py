"""Meetings: the list, calling one, whom it invites, who came, and its minutes."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("meetings", __name__)

from ilp.blueprints.meetings.routes import attendance, invitations, meetings, minutes  # noqa: E402, F401
