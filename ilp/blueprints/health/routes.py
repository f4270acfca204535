from __future__ import annotations

from flask import Response

from ilp.blueprints.health import bp
from ilp.services import health
from ilp.web.requires import PUBLIC, requires


@bp.get("/")
@bp.get("", strict_slashes=False)
@requires(PUBLIC)
def index() -> Response:
    """200 when database, jobs and disk are well, else 503; says which, and nothing more."""
    parts = health.examine()
    lines = [f"{name}: {'baik' if well else 'terganggu'}\n" for name, well in parts.items()]
    return Response("".join(lines), 200 if all(parts.values()) else 503, mimetype="text/plain")
