"""How gunicorn serves the floor: what ilp/cli/gunicorn.py said when the floor was made. FROZEN.

What the product has been given since is named in README.md.
"""

from __future__ import annotations

import gc
import os
from typing import Any


def when_ready(server: Any) -> None:
    gc.collect()
    gc.freeze()


bind = f"127.0.0.1:{os.environ['PORT']}"
worker_class = "gthread"
threads = 4
preload_app = True
graceful_timeout = 30
keepalive = 15
loglevel = "warning"
control_socket_disable = True
