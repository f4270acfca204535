from __future__ import annotations

import io
import json
import zipfile
from datetime import date
from types import SimpleNamespace

from flask import Response, render_template, request, send_file, url_for

from ilp.blueprints.privacy import bp
from ilp.blueprints.privacy.forms import ErasureForm
from ilp.blueprints.privacy.sheets import VIEWERS
from ilp.core.clock import now, today
from ilp.core.indonesian import full_name
from ilp.core.paging import BATCH, Key
from ilp.models.directory import Person
from ilp.policy.access import access_person, own_person
from ilp.policy.actions import Action
from ilp.queries import privacy as queries
from ilp.queries.audit import names_in
from ilp.services import privacy
from ilp.web.deeds import FIELDS
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download, sheet_address
from ilp.web.writing import writing


# --- who looked -----------------------------------------------------------------------------------
@bp.get("/saya")
@requires(Action.ACCOUNT_SELF)
def show_mine() -> Response:
    """Who looked at one's own data. NotFound for the account of an office, which is nobody's."""
    sheet = sheet_address("privacy.sheet_of_mine")
    return _viewers(own_person(me()).id, "Siapa melihat data saya", url_for("accounts.show_me"), sheet)


@bp.get("/saya.xlsx")
@requires(Action.ACCOUNT_SELF)
def sheet_of_mine() -> Response:
    return _viewers_sheet(own_person(me()))


@bp.get("/orang/<id:person_id>")
@requires(Action.AUDIT_PERSON, access_person)
def show(person: Person) -> Response:
    name = full_name(person.prefix, person.name, person.suffix)
    back = url_for("directory.show_person", person_id=person.id)
    sheet = sheet_address("privacy.sheet", person_id=person.id)
    return _viewers(person.id, f"Siapa melihat data {name}", back, sheet)


@bp.get("/orang/<id:person_id>.xlsx")
@requires(Action.AUDIT_PERSON, access_person)
def sheet(person: Person) -> Response:
    return _viewers_sheet(person)


def _viewers_sheet(person: Person) -> Response:
    return download(
        VIEWERS,
        lambda after: queries.viewers(person.id, today(me().zone), after=after, size=BATCH),
        full_name(person.prefix, person.name, person.suffix),
    )


def _viewers(person_id: int, title: str, back: str, sheet: str) -> Response:
    after = Key.parse(request.args.get("setelah"), date)
    found = queries.viewers(person_id, today(me().zone), after=after)
    here = request.path
    return page(
        "privacy/viewers.html",
        title=title,
        back=back,
        views=found.rows,
        older=f"{here}?setelah={found.after}" if found.after else None,
        newest=None if found.first else here,
        sheet=sheet,
    )


# --- all that is held -----------------------------------------------------------------------------
@bp.post("/saya/unduh")
@requires(Action.ACCOUNT_SELF)
def export_mine() -> Response:
    return _export(own_person(me()))


@bp.post("/orang/<id:person_id>/unduh")
@requires(Action.PERSON_EXPORT, access_person)
def export(person: Person) -> Response:
    return _export(person)


def _export(person: Person) -> Response:
    """A ZIP of all that is held about somebody: to read (`data.html`) and for machines (`data.json`).

    It is made for this one answer and kept nowhere.
    """
    with writing() as result:
        privacy.note_export(actor=me(), person=person)
        result.location = url_for("directory.show_person", person_id=person.id)
    sections = queries.held_about(person, today(me().zone))
    rows = [
        SimpleNamespace(subject=one.table, subject_id=row.get("id", 0), changes=row)
        for one in sections
        for row in one.rows
    ]
    name = full_name(person.prefix, person.name, person.suffix)
    readable = render_template(
        "privacy/export.html", name=name, sections=sections, names=names_in(rows), words=FIELDS, made_at=now()
    )
    machine = {one.table: one.rows for one in sections}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("data.html", readable)
        files.writestr("data.json", json.dumps(machine, ensure_ascii=False, indent=1, sort_keys=True))
    out.seek(0)
    return send_file(
        out,
        mimetype="application/zip",
        as_attachment=True,
        download_name=f"data-pribadi-{person.id}.zip",
    )


# --- erasing --------------------------------------------------------------------------------------
@bp.route("/orang/<id:person_id>/hapus", methods=["GET", "POST"])
@requires(Action.PERSON_ANONYMISE, access_person)
def anonymise(person: Person) -> Response:
    """What would go and what stays, and then the deed."""
    form = ErasureForm()
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            privacy.anonymise(actor=me(), person=person, basis=form.basis.data)
            result.location = url_for("directory.show_person", person_id=person.id)
        if not form.refused:
            return done(result.location, "data-dihapus")
    return page(
        "privacy/erase.html", status=form.status, person=person, form=form, traces=queries.traces(person)
    )
