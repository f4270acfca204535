"""The WSGI application: `flask --app app ...`, `gunicorn app:app`."""

from __future__ import annotations

import gc

gc.disable()  # what is loaded here stays; looking for garbage among it takes a fifth of a start

from ilp.application import create_app  # noqa: E402

app = create_app()
gc.freeze()  # nor is it looked at later: processes forked from here go on sharing this memory
gc.enable()
