from __future__ import annotations

import io
import re
from datetime import date

from flask import Response, request, send_file, url_for
from markupsafe import Markup

from ilp.adapters import storage
from ilp.adapters.qr import qr_svg
from ilp.blueprints.documents import bp
from ilp.blueprints.documents.forms import NumberForm, RevokeForm
from ilp.blueprints.documents.sheets import DOCUMENTS
from ilp.core.clock import today
from ilp.core.errors import NotFound
from ilp.core.paging import BATCH, Key
from ilp.models.documents import Document, DocumentKind, DocumentStatus, FileRole
from ilp.models.privacy import SeenPage
from ilp.policy.access import access_document
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.queries import documents as found
from ilp.services import documents
from ilp.web.addresses import whole_url
from ilp.web.arguments import member_argument, number_argument
from ilp.web.forms import BaseForm
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download
from ilp.web.views import shows_personal
from ilp.web.writing import writing

YEARS = range(2000, 2101)
SANDBOX = "sandbox; default-src 'none'"


@bp.get("/")
@requires(Action.DOCUMENT_READ)
def index() -> Response:
    kind, status, year = _chosen()
    rows = found.register(
        me(), kind=kind, status=status, year=year, after=Key.parse(request.args.get("setelah"), kind=date)
    )
    filters = {
        "jenis": kind.value if kind else None,
        "keadaan": status.value if status else None,
        "tahun": year,
    }
    return page(
        "documents/list.html",
        page=rows,
        headings=DOCUMENTS.headings,
        filters=filters,
        kinds=DocumentKind,
        statuses=DocumentStatus,
        this_year=today(me().zone).year,
    )


@bp.get("/daftar.xlsx")
@requires(Action.DOCUMENT_READ)
def sheet() -> Response:
    kind, status, year = _chosen()
    return download(
        DOCUMENTS,
        lambda after: found.register(me(), kind=kind, status=status, year=year, after=after, size=BATCH),
        kind.label if kind else "",
        status.label.capitalize() if status else "",
        f"Tahun {year}" if year else "",
    )


def _chosen() -> tuple[DocumentKind | None, DocumentStatus | None, int | None]:
    """The filter in the address. Raises NotFound for a year out of bounds."""
    year = number_argument("tahun")
    if year and year not in YEARS:
        raise NotFound
    return member_argument("jenis", DocumentKind), member_argument("keadaan", DocumentStatus), year


@bp.get("/<id:document_id>")
@requires(Action.DOCUMENT_READ, access_document)
def show(document: Document) -> Response:
    return _page(document)


def _page(document: Document, *, form: BaseForm | None = None) -> Response:
    """The document with its versions, files and code; `form` is the one that was sent and refused."""
    address = whole_url("verification.show", code=document.code)
    open_to_change = document.status is DocumentStatus.ISSUED and allowed(
        me(), Action.DOCUMENT_EDIT, document
    )
    return page(
        "documents/show.html",
        status=form.status if form else 200,
        record=document,
        document=found.link(me(), document.id),
        versions=found.versions(document),
        address=address,
        qr=Markup(qr_svg(address.upper(), 28)),  # noqa: S704 - drawn by us, from a code and our own address
        number_form=_form(NumberForm, form) if open_to_change and document.lacks_number else None,
        revoke_form=_form(RevokeForm, form) if open_to_change else None,
    )


def _form(kind: type[BaseForm], sent: BaseForm | None) -> BaseForm:
    return sent if isinstance(sent, kind) else kind()


@bp.get("/<id:document_id>/berkas.pdf")
@requires(Action.DOCUMENT_READ, access_document)
def file(document: Document) -> Response:
    """The bytes as they were issued, to be kept; nothing in them runs in our origin."""
    issued = next((f for f in document.files if f.role is FileRole.ORIGINAL), None)
    if issued is None:
        raise NotFound
    if document.kind is DocumentKind.COMMITMENT:
        shows_personal(SeenPage.PAPER, document.id)
    response = send_file(
        io.BytesIO(storage.get(issued.sha256)),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=_file_name(document),
    )
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _file_name(document: Document) -> str:
    """`Undangan 400.7-12-35.07.013-2026.pdf`, in characters that every disk takes."""
    words = f"{document.kind.label} {document.number.text if document.number else document.code}"
    return f"{re.sub(r'[^A-Za-z0-9. ]+', '-', words)}.pdf"


@bp.post("/<id:document_id>/nomor")
@requires(Action.DOCUMENT_EDIT, access_document)
def number(document: Document) -> Response:
    """Gives a paper that was issued with "nomor menyusul" its number."""
    form = NumberForm()
    if form.validate():
        with form.absorbing(), writing() as result:
            following = documents.set_number(actor=me(), document=document, **form.payload())
            result.location = url_for("documents.show", document_id=following.id)
        if not form.refused:
            return done(result.location, "bernomor")
    return _page(document, form=form)


@bp.post("/<id:document_id>/cabut")
@requires(Action.DOCUMENT_EDIT, access_document)
def revoke(document: Document) -> Response:
    form = RevokeForm()
    if form.validate():
        with form.absorbing(), writing() as result:
            documents.revoke(actor=me(), document=document, **form.payload())
            result.location = url_for("documents.show", document_id=document.id)
        if not form.refused:
            return done(result.location, "dicabut")
    return _page(document, form=form)


@bp.post("/<id:document_id>/ulangi")
@requires(Action.DOCUMENT_EDIT, access_document)
def repeat(document: Document) -> Response:
    """Lets the job process try again what it has given up."""
    with writing() as result:
        documents.retry(actor=me(), document=document)
        result.location = url_for("documents.show", document_id=document.id)
    return done(result.location, "diulang")
