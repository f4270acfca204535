from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Response, request, url_for
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]

from ilp.blueprints.commitments import bp
from ilp.blueprints.commitments.forms import (
    ClauseForm,
    CommitmentForm,
    EditClauseForm,
    EditCommitmentForm,
    SignatoriesForm,
    TargetForm,
)
from ilp.blueprints.commitments.sheets import COMMITMENTS
from ilp.core.clock import today
from ilp.core.errors import Forbidden
from ilp.core.indonesian import full_name
from ilp.core.paging import BATCH, Key
from ilp.models.commitments import Commitment, CommitmentStatus, SlotStatus
from ilp.models.directory import Office
from ilp.policy.access import access_commitment, access_office
from ilp.policy.actions import Action
from ilp.policy.rules import WRITERS
from ilp.queries import commitments as found
from ilp.queries import directory, documents
from ilp.queries.commitments import clause_of, slot_of, target_of
from ilp.queries.wilayah import breadcrumb
from ilp.services import commitments
from ilp.web.arguments import member_argument
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import download
from ilp.web.writing import writing


@bp.get("/")
@requires(Action.COMMITMENT_READ)
def index() -> Response:
    chosen = member_argument("keadaan", CommitmentStatus)
    after = Key.parse(request.args.get("setelah"), kind=date)
    rows = found.commitments(me(), status=chosen, after=after)
    return page(
        "commitments/list.html",
        page=rows,
        headings=COMMITMENTS.headings,
        chosen=chosen,
        statuses=CommitmentStatus,
    )


@bp.get("/daftar.xlsx")
@requires(Action.COMMITMENT_READ)
def sheet() -> Response:
    chosen = member_argument("keadaan", CommitmentStatus)
    return download(
        COMMITMENTS,
        lambda after: found.commitments(me(), status=chosen, after=after, size=BATCH),
        chosen.label.capitalize() if chosen else "",
    )


@bp.route("/baru", methods=["GET", "POST"])
@requires(Action.COMMITMENT_CREATE)
def new() -> Response:
    form = CommitmentForm()
    if form.validate_on_submit():
        office = _own_office()
        with form.absorbing(), writing() as result:
            made = commitments.draft_commitment(actor=me(), office=office, **form.payload())
            result.location = url_for("commitments.show", commitment_id=made.id)
        if not form.refused:
            return done(result.location)
    return page("commitments/form.html", status=form.status, form=form, commitment=None)


def _own_office() -> Office:
    """The first office in which the user drafts commitments."""
    offices = [grant.office_id for grant in me().grants if grant.role in WRITERS]
    if not offices:
        raise Forbidden
    return access_office(me(), offices[0])


@bp.get("/<id:commitment_id>")
@requires(Action.COMMITMENT_READ, access_commitment)
def show(commitment: Commitment) -> Response:
    slots = found.signatories_of(commitment)
    return page(
        "commitments/show.html",
        commitment=commitment,
        clauses=found.clauses_of(commitment),
        slots=slots,
        tally=found.tally(slots),
        version=found.current_version(commitment),
        documents=documents.of_commitment(me(), commitment.id),
        places=breadcrumb(commitment.regency_code or commitment.province_code),
        mine=[
            slot
            for slot in slots
            if slot.person_id and slot.person_id == me().person_id and slot.status is not SlotStatus.REPLACED
        ],
        today=today(me().zone),
    )


@bp.route("/<id:commitment_id>/ubah", methods=["GET", "POST"])
@requires(Action.COMMITMENT_EDIT, access_commitment)
def edit(commitment: Commitment) -> Response:
    form = EditCommitmentForm(obj=commitment)
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            commitments.edit_commitment(actor=me(), commitment=commitment, **form.payload())
            result.location = url_for("commitments.show", commitment_id=commitment.id)
        if not form.refused:
            return done(result.location)
    return page("commitments/form.html", status=form.status, form=form, commitment=commitment)


@bp.route("/<id:commitment_id>/butir/baru", methods=["GET", "POST"])
@requires(Action.COMMITMENT_EDIT, access_commitment)
def new_clause(commitment: Commitment) -> Response:
    form = ClauseForm()
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            commitments.add_clause(actor=me(), commitment=commitment, **form.payload())
            result.location = url_for("commitments.show", commitment_id=commitment.id)
        if not form.refused:
            return done(result.location)
    return page("commitments/clause.html", status=form.status, form=form, commitment=commitment)


@bp.route("/<id:commitment_id>/butir/<id:clause_id>/ubah", methods=["GET", "POST"])
@requires(Action.COMMITMENT_EDIT, access_commitment)
def edit_clause(commitment: Commitment, clause_id: int) -> Response:
    clause = clause_of(commitment, clause_id)
    form = EditClauseForm(obj=clause)
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            commitments.edit_clause(actor=me(), commitment=commitment, clause=clause, **form.payload())
            result.location = url_for("commitments.show", commitment_id=commitment.id)
        if not form.refused:
            return done(result.location)
    return page("commitments/clause.html", status=form.status, form=form, commitment=commitment)


@bp.post("/<id:commitment_id>/butir/<id:clause_id>/<any(naik, turun):way>")
@requires(Action.COMMITMENT_EDIT, access_commitment)
def move_clause(commitment: Commitment, clause_id: int, way: str) -> Response:
    clause = clause_of(commitment, clause_id)
    with writing() as result:
        commitments.move_clause(actor=me(), commitment=commitment, clause=clause, up=way == "naik")
        result.location = url_for("commitments.show", commitment_id=commitment.id)
    return done(result.location)


@bp.post("/<id:commitment_id>/butir/<id:clause_id>/hapus")
@requires(Action.COMMITMENT_EDIT, access_commitment)
def remove_clause(commitment: Commitment, clause_id: int) -> Response:
    clause = clause_of(commitment, clause_id)
    with writing() as result:
        commitments.remove_clause(actor=me(), commitment=commitment, clause=clause)
        result.location = url_for("commitments.show", commitment_id=commitment.id)
    return done(result.location)


@bp.route("/<id:commitment_id>/butir/<id:clause_id>/target", methods=["GET", "POST"])
@requires(Action.COMMITMENT_EDIT, access_commitment)
def new_target(commitment: Commitment, clause_id: int) -> Response:
    clause = clause_of(commitment, clause_id)
    form = TargetForm()
    leads = [(commitment.office_id, commitment.office.name)] + [
        (row.id, row.name) for row in directory.offices_of("opd", commitment.regency_code)
    ]
    form.lead_office_id.choices = _options(leads)
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            commitments.add_target(actor=me(), commitment=commitment, clause=clause, **form.payload())
            result.location = url_for("commitments.show", commitment_id=commitment.id)
        if not form.refused:
            return done(result.location)
    return page(
        "commitments/target.html", status=form.status, form=form, commitment=commitment, clause=clause
    )


@bp.post("/<id:commitment_id>/target/<id:target_id>/hapus")
@requires(Action.COMMITMENT_EDIT, access_commitment)
def remove_target(commitment: Commitment, target_id: int) -> Response:
    target = target_of(commitment, target_id)
    with writing() as result:
        commitments.remove_target(actor=me(), commitment=commitment, target=target)
        result.location = url_for("commitments.show", commitment_id=commitment.id)
    return done(result.location)


@bp.route("/<id:commitment_id>/penandatangan", methods=["GET", "POST"])
@requires(Action.COMMITMENT_EDIT, access_commitment)
def signatories(commitment: Commitment) -> Response:
    """Choose a group, tick positions, say in which capacity; names are frozen when signing opens."""
    groups = directory.groups(commitment.regency_code)
    key = request.args.get("kelompok") or groups[0].key
    seats = directory.seats_of(key, commitment.regency_code, today(me().zone))
    form = SignatoriesForm()
    form.position_id.choices = _options(
        (
            seat.position_id,
            f"{seat.title} ({full_name(seat.prefix, seat.name, seat.suffix) or 'belum terisi'})",
        )
        for seat in seats
    )
    if form.validate_on_submit():
        typed = form.payload()
        chosen = set(typed.pop("position_id"))
        with form.absorbing(), writing() as result:
            commitments.add_signatories(
                actor=me(),
                commitment=commitment,
                seats=[seat for seat in seats if seat.position_id in chosen],
                **typed,
            )
            result.location = url_for("commitments.show", commitment_id=commitment.id)
        if not form.refused:
            return done(result.location)
    return page(
        "commitments/signatories.html",
        status=form.status,
        form=form,
        commitment=commitment,
        groups=groups,
        chosen=key,
    )


@bp.post("/<id:commitment_id>/penandatangan/<id:slot_id>/hapus")
@requires(Action.COMMITMENT_EDIT, access_commitment)
def remove_signatory(commitment: Commitment, slot_id: int) -> Response:
    slot = slot_of(commitment, slot_id)
    with writing() as result:
        commitments.remove_signatory(actor=me(), commitment=commitment, slot=slot)
        result.location = url_for("commitments.show", commitment_id=commitment.id)
    return done(result.location)


def _options(rows: Iterable[tuple[int, str]]) -> list[Any]:
    return [SelectChoice(value=value, label=label) for value, label in rows]
