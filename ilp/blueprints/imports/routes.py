from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from ilp.adapters.sheets import Cell, Heading, Leaf
from ilp.blueprints.imports import bp
from ilp.blueprints.imports.forms import UploadForm
from ilp.blueprints.imports.sheets import rows_sheet_of
from ilp.core.cells import heading_key, plain, returned
from ilp.core.errors import Forbidden, NotFound, RuleViolation
from ilp.core.paging import BATCH, Key
from ilp.models.imports import ImportKind, ImportRun, ImportState, Verdict
from ilp.models.privacy import SeenPage
from ilp.policy.access import access_import
from ilp.policy.actions import Action
from ilp.policy.rules import allowed
from ilp.queries import imports as found
from ilp.services import imports, jobs
from ilp.services.importers import IMPORTERS
from ilp.services.importers.base import FAULTS_HEADING, ROW_HEADING, ImportColumn, all_lines
from ilp.web.arguments import member_argument
from ilp.web.forms import SelectChoice
from ilp.web.htmx import done, page, page_or_block
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download, heading_lines, send_sheets
from ilp.web.views import shows_personal
from ilp.web.writing import writing

AREA = f"<any({', '.join(ImportKind)}):kind>"
ROOM = 500
"""Rows of the template that are prepared for filling in."""
TONES = {
    Verdict.SAME: "assigned",
    Verdict.CHANGED: "in_progress",
    Verdict.NEW: "accepted",
    Verdict.WARNING: "submitted",
    Verdict.FAULT: "returned",
}
"""How a verdict is drawn: the shapes and tones of states that people know already."""


@dataclass(frozen=True)
class Purpose:
    """What somebody wants to import, and where: the target of the rule before there is a file."""

    kind: ImportKind
    wilayah_code: str


def places_for(kind: ImportKind) -> list[Any]:
    """The regencies for which the user may import this."""
    return [one for one in found.places() if allowed(me(), Action.IMPORT_RUN, Purpose(kind, one.code))]


# --- areas and templates --------------------------------------------------------------------------
@bp.get("/")
@requires(Action.IMPORT_RUN)
def index() -> Response:
    places = found.places()
    kinds = [
        kind
        for kind in ImportKind
        if any(allowed(me(), Action.IMPORT_RUN, Purpose(kind, place.code)) for place in places)
    ]
    return page(
        "imports/list.html",
        kinds={kind: IMPORTERS[kind].about for kind in kinds},
        runs=found.latest(me()),
        states=ImportState,
    )


@bp.route(f"/{AREA}", methods=["GET", "POST"])
@requires(Action.IMPORT_RUN)
def upload(kind: str) -> Response:
    area, form = ImportKind(kind), UploadForm()
    places = places_for(area)
    if not places:
        raise Forbidden
    form.place.choices = [
        *([SelectChoice(value="", label="Pilih kabupaten/kota")] if len(places) > 1 else []),
        *(SelectChoice(value=place.code, label=f"{place.kind.label} {place.name}") for place in places),
    ]
    if form.validate_on_submit():
        with form.absorbing():
            sent = form.file.data
            with sent.stream as stream:
                data = stream.read()
            table = imports.read_table(area, sent.filename or "", data, words=me().words)
            with writing() as result:
                run = imports.receive(
                    actor=me(),
                    kind=area,
                    place=str(form.place.data),
                    name=sent.filename or "",
                    table=table,
                )
                result.location = url_for("imports.show", run_id=run.id)
        if not form.refused:
            return done(result.location, "berkas-diterima")
    return page(
        "imports/upload.html",
        status=form.status,
        form=form,
        area=area,
        about=IMPORTERS[area].about,
        columns=IMPORTERS[area].columns,
        places=places,
        runs=found.latest(me(), area),
    )


@bp.get(f"/{AREA}/templat.xlsx")
@requires(Action.IMPORT_RUN)
def template(kind: str) -> Response:
    """The empty file to fill in."""
    area = ImportKind(kind)
    return _template(area, _place(area, request.args.get("wilayah")), filled=False)


@bp.post(f"/{AREA}/isi.xlsx")
@requires(Action.IMPORT_RUN)
def take_out(kind: str) -> Response:
    """The file with what stands there now; the trail keeps who took it out."""
    area = ImportKind(kind)
    place = _place(area, request.form.get("wilayah"))
    with writing() as result:
        imports.take_out(actor=me(), kind=area, place=place.code)
        result.location = url_for("imports.upload", kind=kind)
    if area is ImportKind.OFFICIALS:
        shows_personal(SeenPage.TEMPLATE, place.id)
    return _template(area, place, filled=True)


def _place(area: ImportKind, code: str | None) -> Any:
    place = next((one for one in places_for(area) if one.code == code), None)
    if place is None:
        raise NotFound
    return place


def _template(area: ImportKind, place: Any, *, filled: bool) -> Response:
    importer = IMPORTERS[area](me(), place.code)
    sheet = Leaf(
        "Isian",
        _headings(importer.columns, importer.allowed),
        all_lines(importer) if filled else (),
        empty_rows=ROOM,
    )
    guide = Leaf(
        "Petunjuk",
        [Heading("Kolom", 20), Heading("Wajib", 8), Heading("Keterangan", 50), Heading("Contoh", 28)],
        _guide(importer.columns),
        above=heading_lines(f"Templat impor: {area.label}", f"{place.kind.label} {place.name}"),
    )
    name = f"{'Isi' if filled else 'Templat'} {area.label} {place.name}"
    return send_sheets([sheet, guide], name)


def _headings(columns: Sequence[ImportColumn], allowed_for: Any = None) -> list[Heading]:
    return [
        Heading(
            me().words.said(column.title),
            column.width,
            tuple(allowed_for(column.key)) if allowed_for else (),
            column.hint,
        )
        for column in columns
    ]


def _guide(columns: Sequence[ImportColumn]) -> Iterator[list[Cell]]:
    for column in columns:
        needed = "wajib" if column.required else ""
        yield [me().words.said(column.heading), needed, me().words.said(column.hint), column.example]


# --- one file -------------------------------------------------------------------------------------
@bp.get("/<id:run_id>")
@requires(Action.IMPORT_RUN, access_import)
def show(run: ImportRun) -> Response:
    """What would happen, cell by cell; while the job process is at it, how far it has come."""
    return _shown(run)


def _shown(run: ImportRun, refusal: str = "") -> Response:
    """The page of a file, with what was refused just now: another window may have been first."""
    if run.kind is ImportKind.OFFICIALS:
        shows_personal(SeenPage.IMPORT, run.id)
    verdict = member_argument("putusan", Verdict)
    working = run.state in (ImportState.JUDGING, ImportState.APPLYING)
    job = found.job_of(run)
    rows = found.rows_of(run, verdict, after=Key.parse(request.args.get("setelah"), kind=int))
    columns = _columns_of(run, missed={key for row in rows.rows for key in row.findings or ()})
    twice, ignored = _twice_and_unknown(run)
    return page_or_block(
        "imports/show.html",
        block="run",
        status=422 if refusal else 200,
        run=run,
        refusal=refusal,
        job=job,
        progress=jobs.progress_of(job) if working and job else (0, ""),
        columns=columns,
        twice=twice,
        ignored=ignored,
        headings=[me().words.said(column.heading) for column in columns],
        counts=found.counts(run),
        chosen=verdict,
        rows=rows,
        verdicts=Verdict,
        tones=TONES,
        plain=plain,
        working=working,
    )


def _columns_of(run: ImportRun, missed: Collection[str] = ()) -> list[ImportColumn]:
    """The columns that the file had, and those it was found to miss, in our order."""
    return [one for one in IMPORTERS[run.kind].columns if one.key in run.columns or one.key in missed]


def _twice_and_unknown(run: ImportRun) -> tuple[list[str], list[str]]:
    """Of the headings that are not read: those that stood there before, and those that nobody knows."""
    known = {name for column in IMPORTERS[run.kind].columns for name in column.names(me().words)}
    twice = [heading for heading in run.ignored if heading_key(heading) in known]
    return twice, [heading for heading in run.ignored if heading not in twice]


@bp.get("/<id:run_id>/baris.xlsx")
@requires(Action.IMPORT_RUN, access_import)
def rows_sheet(run: ImportRun) -> Response:
    """The rows with this filter and the verdict on each, to be read; `refused` is to be handed in again."""
    if run.kind is ImportKind.OFFICIALS:
        shows_personal(SeenPage.IMPORT, run.id)
    verdict = member_argument("putusan", Verdict)
    return download(
        rows_sheet_of(run.kind, _columns_of(run)),
        lambda after: found.rows_of(run, verdict, after=after, size=BATCH),
        run.file_name,
        verdict.label.capitalize() if verdict else "",
    )


@bp.post("/<id:run_id>/terapkan")
@requires(Action.IMPORT_RUN, access_import)
def apply(run: ImportRun) -> Response:
    return _acted(imports.apply, run)


@bp.post("/<id:run_id>/ulangi")
@requires(Action.IMPORT_RUN, access_import)
def retry(run: ImportRun) -> Response:
    return _acted(imports.retry, run)


@bp.post("/<id:run_id>/buang")
@requires(Action.IMPORT_RUN, access_import)
def discard(run: ImportRun) -> Response:
    return _acted(imports.discard, run, url_for("imports.upload", kind=run.kind.value), "impor-dibuang")


def _acted(act: Callable[..., None], run: ImportRun, location: str = "", news: str = "") -> Response:
    """Does it and leads on, or else to the page of the file; refused, that page says what became of it."""
    try:
        with writing() as result:
            result.location = location or url_for("imports.show", run_id=run.id)
            act(actor=me(), run=run)
    except RuleViolation as violation:
        return _shown(run, violation.message)
    return done(result.location, news)


@bp.get("/<id:run_id>/ditolak.xlsx")
@requires(Action.IMPORT_RUN, access_import)
def refused(run: ImportRun) -> Response:
    """The faulty rows as they were, each with what is wrong, to be put right and handed in again."""
    if run.kind is ImportKind.OFFICIALS:
        shows_personal(SeenPage.IMPORT, run.id)
    columns = _columns_of(run)
    headings = [*_headings(columns), Heading(ROW_HEADING, 8), Heading(FAULTS_HEADING, 70)]
    return send_sheets([Leaf("Ditolak", headings, _refused(run, columns))], f"Ditolak {run.kind.label}")


def _refused(run: ImportRun, columns: Sequence[ImportColumn]) -> Iterator[list[Cell]]:
    after: Key | None = None
    while True:
        rows = found.rows_of(run, Verdict.FAULT, after=after, size=BATCH)
        for number, cells, _, findings in rows.rows:
            faults = [
                f"{me().words.said(column.heading)}: {findings[column.key][1]}"
                for column in IMPORTERS[run.kind].columns
                if findings.get(column.key, [""])[0] == Verdict.FAULT
            ]
            yield [*(returned(cells.get(column.key, "")) for column in columns), number, " ".join(faults)]
        after = rows.after
        if after is None:
            return
