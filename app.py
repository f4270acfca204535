"""The WSGI application: `flask --app app ...`, `gunicorn app:app`."""

from __future__ import annotations

from ilp import create_app

app = create_app()
