from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from ilp.blueprints.facilities import bp
from ilp.blueprints.facilities.board import Tally, lines, plot
from ilp.blueprints.facilities.forms import CatchmentForm, MarkForm, StatusForm, UnmarkForm
from ilp.blueprints.facilities.sheets import DISTRICTS, FACILITIES
from ilp.core.clock import today
from ilp.core.errors import NotFound
from ilp.core.paging import BATCH, Key
from ilp.models.facilities import Facility, FacilityKind, FacilityStatus
from ilp.policy.access import access_facility
from ilp.policy.actions import Action
from ilp.queries import facilities as found
from ilp.queries.facilities import Filter
from ilp.queries.wilayah import breadcrumb, children
from ilp.services import facilities
from ilp.web.arguments import member_argument
from ilp.web.htmx import done, page
from ilp.web.places import chosen_regency, reads_wholly, within_reach
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download, download_rows
from ilp.web.writing import writing

FOCUS = {"1": True, "0": False, "": None}


# --- counts -------------------------------------------------------------------------------------
@bp.get("/")
@requires(Action.FACILITY_READ)
def index() -> Response:
    regency, regencies = chosen_regency()
    if regency is None:
        return page("facilities/none.html")
    day, puskesmas = today(me().zone), Filter(regency.code, kind=FacilityKind.PUSKESMAS)
    cells = found.cells(me(), Filter(regency.code))
    rows = lines(cells, children(regency.code), me().places)
    goal = found.goal(regency.code, FacilityKind.PUSKESMAS)
    return page(
        "facilities/index.html",
        regency=regency,
        regencies=regencies,
        tally=Tally(cells),
        lines=rows,
        widest=max((group.total for line in rows for group in line.groups), default=0),
        goal=goal,
        plot=plot(found.steps_to_running(me(), puskesmas), Tally(cells).n(puskesmas.kind), goal, day),
        places=breadcrumb(regency.code),
        kinds=FacilityKind,
        statuses=FacilityStatus,
        today=day,
        whole=reads_wholly(regency.code),
    )


@bp.get("/rekap.xlsx")
@requires(Action.FACILITY_READ)
def districts_sheet() -> Response:
    regency, _ = chosen_regency()
    if regency is None:
        raise NotFound
    rows = lines(found.cells(me(), Filter(regency.code)), children(regency.code), me().places)
    return download_rows(DISTRICTS, rows, f"{regency.kind.label} {regency.name}")


@bp.get("/daftar")
@requires(Action.FACILITY_READ)
def list_rows() -> Response:
    """The rows behind a figure: the same filter, so the same number."""
    chosen = _filter()
    return page(
        "facilities/list.html",
        chosen=chosen,
        headings=FACILITIES.headings,
        arguments={
            name: request.args[name] for name in ("jenis", "keadaan", "fokus") if name in request.args
        },
        total=sum(cell.count for cell in found.cells(me(), chosen)),
        page=found.facilities(me(), chosen, Key.parse(request.args.get("setelah"), kind=int)),
        places=breadcrumb(chosen.code),
        kinds=FacilityKind,
        statuses=FacilityStatus,
    )


@bp.get("/daftar.xlsx")
@requires(Action.FACILITY_READ)
def sheet() -> Response:
    chosen = _filter()
    about = [breadcrumb(chosen.code)[-1].full_name]
    about += [one.label.capitalize() for one in (chosen.kind, chosen.status) if one]
    if chosen.focus is not None:
        about.append("Fokus penerapan" if chosen.focus else "Tanpa tanda fokus")
    return download(FACILITIES, lambda after: found.facilities(me(), chosen, after, size=BATCH), *about)


def _filter() -> Filter:
    """From the address: a regency or kecamatan is needed. Raises NotFound for anything else."""
    code, focus = request.args.get("wilayah", ""), request.args.get("fokus", "")
    if code.count(".") not in (1, 2) or not within_reach(code) or focus not in FOCUS:
        raise NotFound
    return Filter(
        code,
        kind=member_argument("jenis", FacilityKind),
        status=member_argument("keadaan", FacilityStatus),
        focus=FOCUS[focus],
    )


# --- one facility -------------------------------------------------------------------------------
@bp.get("/<id:facility_id>")
@requires(Action.FACILITY_READ, access_facility)
def show(facility: Facility) -> Response:
    return _show(facility, StatusForm(standing=facility.status, on=today(me().zone)))


def _show(facility: Facility, form: StatusForm) -> Response:
    return page(
        "facilities/show.html",
        status=form.status,
        facility=facility,
        form=form,
        story=found.story(facility),
        network=found.network(me(), facility),
        catchment=found.catchment_of(facility),
        places=breadcrumb(facility.wilayah_code),
    )


@bp.post("/<id:facility_id>/keadaan")
@requires(Action.FACILITY_UPDATE, access_facility)
def record_status(facility: Facility) -> Response:
    form = StatusForm()
    if form.validate():
        with form.absorbing(), writing() as result:
            result.location = url_for("facilities.show", facility_id=facility.id)
            typed = form.payload()
            facilities.record_status(actor=me(), facility=facility, status=typed.pop("standing"), **typed)
        if not form.refused:
            return done(result.location)
    return _show(facility, form)


@bp.route("/<id:facility_id>/fokus", methods=["GET", "POST"])
@requires(Action.FACILITY_UPDATE, access_facility)
def mark(facility: Facility) -> Response:
    return _mark(facility, MarkForm(on=today(me().zone)), facilities.mark_focus, "fokus-ditandai")


@bp.route("/<id:facility_id>/fokus/cabut", methods=["GET", "POST"])
@requires(Action.FACILITY_UPDATE, access_facility)
def unmark(facility: Facility) -> Response:
    return _mark(facility, UnmarkForm(on=today(me().zone)), facilities.unmark_focus, "fokus-dicabut")


def _mark(facility: Facility, form: MarkForm | UnmarkForm, verb: Any, message: str) -> Response:
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            result.location = url_for("facilities.show", facility_id=facility.id)
            verb(actor=me(), facility=facility, **form.payload())
        if not form.refused:
            return done(result.location, message)
    return page(
        "facilities/focus.html",
        status=form.status,
        facility=facility,
        form=form,
        places=breadcrumb(facility.wilayah_code),
    )


# --- what it serves -----------------------------------------------------------------------------
@bp.get("/<id:facility_id>/wilayah-kerja")
@requires(Action.FACILITY_CATCHMENT, access_facility)
def catchment(facility: Facility) -> Response:
    """The villages of the kecamatan it serves already, of its own, and of one more that is asked for."""
    return _catchment(facility, CatchmentForm(formdata=None))


@bp.post("/<id:facility_id>/wilayah-kerja")
@requires(Action.FACILITY_CATCHMENT, access_facility)
def save_catchment(facility: Facility) -> Response:
    form, location = CatchmentForm(), url_for("facilities.show", facility_id=facility.id)
    if form.validate():
        with form.absorbing(), writing() as result:
            result.location = location
            facilities.set_catchment(actor=me(), facility=facility, villages=form.village.data or [])
        if not form.refused:
            return done(location)
    return _catchment(facility, form)


def _catchment(facility: Facility, form: CatchmentForm) -> Response:
    chosen = form.village.data if form.is_submitted() else [row[0] for row in found.catchment_of(facility)]
    asked = request.args.get("kecamatan", "")
    districts = children(facility.regency_code)
    if asked and asked not in {district.code for district in districts}:
        raise NotFound
    shown = {code.rpartition(".")[0] for code in chosen or []} | {facility.district_code, asked}
    return page(
        "facilities/catchment.html",
        status=form.status,
        facility=facility,
        form=form,
        chosen=set(chosen or []),
        districts=[(district.code, district.name) for district in districts],
        district=asked or facility.district_code,
        groups=found.villages_to_serve(facility, shown),
        places=breadcrumb(facility.wilayah_code),
    )
