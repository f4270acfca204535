"""The WSGI application: `flask --app app ...`, `gunicorn app:app`."""

from __future__ import annotations

import gc

gc.disable()  # what is loaded here stays; looking for garbage among it takes a sixth of a start

from ilp import create_app  # noqa: E402

app = create_app()
gc.enable()
