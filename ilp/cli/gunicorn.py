"""How gunicorn serves us: `gunicorn -c python:ilp.cli.gunicorn app:app`."""

from __future__ import annotations

import ctypes
import os
from datetime import timedelta
from typing import Any

from gunicorn import glogging

from ilp.core.config import MEBIBYTE, Config
from ilp.web.access_log import ROUTE

ARENA_MAX, MMAP_THRESHOLD, TRIM_THRESHOLD = -8, -3, -1
"""M_ARENA_MAX and so on of malloc.h."""
LARGE = 16 * MEBIBYTE
"""More than any page takes (the compressor's buffers are the largest: 8 MB), less than a password."""


class AccessLog(glogging.Logger):
    """`POST /rapat/<id:meeting_id>/agenda 303 0.043 s`: static files are left out."""

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        if ROUTE in environ:
            self.access_log.info(
                "%s %s %s %.3f s",
                environ["REQUEST_METHOD"],
                environ[ROUTE],
                resp.status_code,
                request_time.total_seconds(),
            )


def _spare_memory() -> None:
    """Tells the C library how a worker uses memory; only glibc needs to be told.

    One heap for all threads, not one each: behind Python's lock that is enough, and 13 MB less.
    What Argon2 takes to check a password (19 MB) goes back at once. Left alone, glibc would from the second
    password on cut it out of the heap and keep it. Smaller pieces, as a page takes them, stay in the heap.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for parameter, value in (ARENA_MAX, 1), (MMAP_THRESHOLD, LARGE), (TRIM_THRESHOLD, LARGE):
            mallopt(parameter, value)


_spare_memory()
_config = Config.from_environment()
bind = f"{_config.bind}:{_config.port}"
worker_class = "gthread"
workers = 2
threads = 4
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 (a sign of life to no disk)
preload_app = True
graceful_timeout = 30
keepalive = 15
limit_request_line = 8190
accesslog = "-"
errorlog = "-"
loglevel = "warning"
logger_class = AccessLog
control_socket_disable = True
