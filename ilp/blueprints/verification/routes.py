from __future__ import annotations

from contextlib import closing

from flask import Response, make_response, redirect, request, url_for

from ilp.blueprints.verification import bp
from ilp.blueprints.verification.forms import FileForm
from ilp.core.clock import now
from ilp.queries.documents import Registered
from ilp.services import throttle, verification
from ilp.web.htmx import page
from ilp.web.requires import PUBLIC, requires
from ilp.web.session import client_address


@bp.get("/v/")
@requires(PUBLIC)
def index() -> Response:
    """Where a code is typed."""
    code = request.args.get("kode", "").strip()
    if code:
        return _to(code)
    return page("verification/index.html")


@bp.get("/V/")
@bp.get("/V/<code>")
@bp.get("/V/<code>/<page_number>")
@requires(PUBLIC)
def from_paper(code: str = "", page_number: str = "") -> Response:
    """The address in the QR of a page: in capitals, because that makes the smallest symbol."""
    return _to(code)


@bp.get("/v/<code>")
@requires(PUBLIC)
def show(code: str) -> Response:
    document = _find(code)
    return _answer(document, FileForm(), request.args.get("sidik", "")) if document else _unknown()


@bp.post("/v/<code>")
@requires(PUBLIC)
def check_file(code: str) -> Response:
    """The way without JavaScript: the file is read once for its fingerprint, and not kept."""
    document = _find(code)
    if document is None:
        return _unknown()
    form = FileForm()
    if not form.validate():
        return _answer(document, form, "")
    sender = throttle.VERIFICATION_FILE.of(throttle.network(client_address()))
    throttle.check(sender)
    throttle.miss(sender)
    with closing(form.file.data) as file:
        sha256 = verification.fingerprint(file.stream)
    return make_response(redirect(url_for(".show", code=document.code, sidik=sha256), 303))


def _find(code: str) -> Registered | None:
    """The document of a code. Only guesses count, so a hall of people may scan all day."""
    document = verification.find(code)
    if document is None:
        guesser = throttle.VERIFICATION.of(throttle.network(client_address()))
        throttle.check(guesser)
        throttle.miss(guesser)
    return document


def _answer(document: Registered, form: FileForm, sha256: str) -> Response:
    return page(
        "verification/show.html",
        status=form.status,
        document=document,
        verdicts=verification.judge(document, sha256),
        form=form,
        checked_at=now(),
    )


def _unknown() -> Response:
    return page("verification/unknown.html", status=404)


def _to(code: str) -> Response:
    target = url_for(".show", code=code) if code else url_for(".index")
    return make_response(redirect(target, 303))
