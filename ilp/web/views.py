"""Noting who looked at personal data, once the answer is out of the house."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any

from flask import Flask, Response, current_app, g
from sqlalchemy.exc import SQLAlchemyError

from ilp.core.clock import today
from ilp.models.privacy import SeenPage
from ilp.services import privacy
from ilp.web.session import me

log = logging.getLogger(__name__)


def shows_personal(page: SeenPage, record_id: int) -> None:
    """Says that this page shows phone numbers or drawn signatures; only for views behind `requires`."""
    user = me()
    seen = {"account_id": user.account_id, "page": page, "record_id": record_id, "day": today(user.zone)}
    g.setdefault("seen", []).append(seen)


def note_later(response: Response) -> Response:
    """Leaves the note for after the answer; nothing is noted of what was refused."""
    seen = g.get("seen")
    if seen is not None and response.status_code == 200:
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
        response.direct_passthrough = False  # a file handed through would never tell that it is out
        response.call_on_close(partial(_note, app, seen))
    return response


def _note(app: Flask, seen: list[dict[str, Any]]) -> None:
    with app.app_context():
        for look in seen:
            try:
                privacy.note_view(**look)
            except SQLAlchemyError:
                log.warning("a look at %s %s was not noted", look["page"], look["record_id"], exc_info=True)


def init_app(app: Flask) -> None:
    app.after_request(note_later)
