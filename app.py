"""The WSGI application: `flask --app app ...`, `gunicorn app:app`."""

from __future__ import annotations

import gc

gc.disable()  # what is loaded here stays; looking for garbage among it takes a fifth of a start

from ilp.application import create_app  # noqa: E402

app = create_app()
gc.freeze()  # nor later: it is out of sight for good, and whoever is forked from here shares its memory
gc.enable()
