"""The kop of an office with a look at how it will print, and the numbers that were given."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, request, url_for

from ilp.adapters import head, storage
from ilp.blueprints.directory import bp
from ilp.blueprints.directory.forms import LetterheadForm
from ilp.blueprints.directory.sheets import NUMBERS
from ilp.core.clock import today
from ilp.core.errors import NotFound, RuleViolation
from ilp.core.number_patterns import fault, written
from ilp.core.paging import BATCH, Key
from ilp.core.papers import parts
from ilp.models.directory import Letterhead, Office
from ilp.policy.access import access_office
from ilp.policy.actions import Action
from ilp.queries import documents, offices
from ilp.services import files, letterheads
from ilp.web.arguments import number_argument
from ilp.web.htmx import done, page, page_or_block
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download
from ilp.web.writing import writing

log = logging.getLogger(__name__)
SVG = "image/svg+xml"
UNDRAWN = "Kepala surat ini tidak dapat digambar. Periksa lambangnya, atau pakai lambang umum."


@bp.get("/<id:office_id>/kop")
@requires(Action.DIRECTORY_EDIT, access_office)
def letterhead(office: Office) -> Response:
    """The form; with fields in the address it shows what was typed, and how that will print."""
    known = offices.letterhead_of(office.id)
    typed = request.args if "unit" in request.args else None
    form = LetterheadForm(formdata=typed, data=LetterheadForm.values_of(office, known))
    if typed is not None:
        form.validate()
    return _page(office, known, form)


@bp.post("/<id:office_id>/kop")
@requires(Action.DIRECTORY_EDIT, access_office)
def save_letterhead(office: Office) -> Response:
    form, known = LetterheadForm(), offices.letterhead_of(office.id)
    if form.validate():
        with form.absorbing():
            emblem = _emblem(form, known)
            with writing() as result:
                letterheads.edit_letterhead(actor=me(), office=office, emblem_sha256=emblem, **form.head())
                result.location = url_for("directory.letterhead", office_id=office.id)
        if not form.refused:
            return done(result.location)
    return _page(office, offices.letterhead_of(office.id), form)


@bp.get("/<id:office_id>/kop/kepala.png")
@requires(Action.DIRECTORY_EDIT, access_office)
def head_picture(office: Office) -> Response:
    """The head of a letter as it will print, from what stands in the address."""
    form = LetterheadForm(formdata=request.args)
    if not form.validate():
        raise NotFound
    known, values = offices.letterhead_of(office.id), form.head()
    emblem = known.emblem_sha256 if known and not form.drop_emblem.data else ""
    kop: parts.Letterhead = {
        "tiers": values["tiers"],
        "unit": values["unit"],
        "address": values["address"],
        "emblem": emblem,
        "margins": values["margins"],
    }
    files_by_name = {emblem: storage.get(emblem)} if emblem else {}
    try:
        picture = head.picture(kop, number=_number(form), paper=values["paper"], files=files_by_name)
    except head.NoPicture as error:
        log.warning("no picture of the head of office %s: %s", office.id, error)
        raise RuleViolation(UNDRAWN) from error
    return Response(picture, mimetype="image/png")


@bp.get("/<id:office_id>/kop/lambang")
@requires(Action.DIRECTORY_READ, access_office)
def emblem(office: Office) -> Response:
    known = offices.letterhead_of(office.id)
    if known is None or not known.emblem_sha256:
        raise NotFound
    data = storage.get(known.emblem_sha256)
    response = Response(data, mimetype="image/png" if data.startswith(b"\x89PNG") else SVG)
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


@bp.get("/<id:office_id>/nomor")
@requires(Action.DIRECTORY_READ, access_office)
def numbers(office: Office) -> Response:
    """The register of numbers of an office, of a year; titles only of papers that the reader may see."""
    year = number_argument("tahun")
    return page(
        "directory/numbers.html",
        office=office,
        year=year,
        years=documents.years_of_numbers(office.id),
        page=documents.numbers_of(me(), office.id, year, after=Key.parse(request.args.get("setelah"), int)),
    )


@bp.get("/<id:office_id>/nomor.xlsx")
@requires(Action.DIRECTORY_READ, access_office)
def numbers_sheet(office: Office) -> Response:
    year = number_argument("tahun")
    return download(
        NUMBERS,
        lambda after: documents.numbers_of(me(), office.id, year, after=after, size=BATCH),
        office.name,
        f"tahun {year}" if year is not None else "",
    )


def _emblem(form: LetterheadForm, known: Letterhead | None) -> str:
    """The fingerprint of the emblem: the one handed in, none, or the one there was."""
    if form.emblem.data:
        upload = form.emblem.data
        return files.keep_emblem(upload.filename or "", upload.read(), field="emblem").sha256
    return known.emblem_sha256 if known is not None and not form.drop_emblem.data else ""


def _number(form: LetterheadForm) -> str:
    pattern = form.pattern.data or ""
    if fault(pattern):
        return ""
    return written(
        pattern,
        123,
        classification=form.classification.data or "",
        unit=form.unit_code.data or "",
        day=today(me().zone),
    )


def _page(office: Office, known: Letterhead | None, form: LetterheadForm) -> Response:
    shown = {name: value for name, value in form.payload().items() if name not in ("emblem", "kunci")}
    return page_or_block(
        "directory/letterhead.html",
        block="head_preview",
        status=form.status,
        office=office,
        known=known,
        form=form,
        number=_number(form),
        fault=fault(form.pattern.data or ""),
        wrong=[(field.label.text, field.errors[0]) for field in form if field.errors],
        picture=url_for("directory.head_picture", office_id=office.id, **_typed(shown)),
    )


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    """Values as a form would send them: enums by value, ticks only if set."""
    plain = {name: getattr(value, "value", value) for name, value in values.items()}
    return {name: value for name, value in plain.items() if value not in (None, False)}
