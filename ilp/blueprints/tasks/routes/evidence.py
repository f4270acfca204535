from __future__ import annotations

from urllib.parse import quote

from flask import Response, make_response

from ilp.adapters import storage
from ilp.blueprints.tasks import bp
from ilp.core.errors import NotFound
from ilp.models.documents import StoredFile
from ilp.models.tasks import Evidence
from ilp.policy.access import access_evidence
from ilp.policy.actions import Action
from ilp.services.files import JPEG
from ilp.web.requires import requires


@bp.get("/bukti/<id:evidence_id>")
@requires(Action.ASSIGNMENT_READ, access_evidence)
def show_evidence(evidence: Evidence) -> Response:
    if evidence.file is None:
        raise NotFound
    return inert(evidence.file, evidence.file.sha256)


@bp.get("/bukti/<id:evidence_id>/pratinjau")
@requires(Action.ASSIGNMENT_READ, access_evidence)
def show_preview(evidence: Evidence) -> Response:
    if evidence.file is None or evidence.file.preview_sha256 is None:
        raise NotFound
    return inert(evidence.file, evidence.file.preview_sha256)


def inert(file: StoredFile, sha256: str) -> Response:
    """Bytes that can do nothing in the browser: shown only if we encoded the picture, else downloaded."""
    response = make_response(storage.get(sha256))
    disposition = "inline" if file.media_type == JPEG else "attachment"
    response.headers["Content-Type"] = file.media_type
    response.headers["Content-Disposition"] = f"{disposition}; filename*=UTF-8''{quote(file.name)}"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
