from __future__ import annotations

from flask import Response, url_for

from ilp.blueprints.commitments import bp
from ilp.blueprints.commitments.forms import ReasonForm, SignForm
from ilp.core.clock import today
from ilp.core.strokes import read_strokes
from ilp.models.commitments import Commitment, Slot
from ilp.policy.access import access_commitment, access_slot
from ilp.policy.actions import Action
from ilp.queries import commitments as found
from ilp.queries.commitments import slot_of
from ilp.services import accounts, numbering, second_factor, signing
from ilp.web.forms import LetterForm
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.writing import writing


def _address(commitment_id: int) -> str:
    return url_for("commitments.show", commitment_id=commitment_id)


@bp.post("/<id:commitment_id>/buka")
@requires(Action.COMMITMENT_EDIT, access_commitment)
def open_for_signing(commitment: Commitment) -> Response:
    with writing() as result:
        signing.open_for_signing(actor=me(), commitment=commitment)
        result.location = _address(commitment.id)
    return done(result.location, "dibuka")


@bp.post("/<id:commitment_id>/kembalikan")
@requires(Action.COMMITMENT_EDIT, access_commitment)
def return_to_draft(commitment: Commitment) -> Response:
    with writing() as result:
        signing.return_to_draft(actor=me(), commitment=commitment)
        result.location = _address(commitment.id)
    return done(result.location)


@bp.route("/<id:commitment_id>/tutup", methods=["GET", "POST"])
@requires(Action.COMMITMENT_EDIT, access_commitment)
def close(commitment: Commitment) -> Response:
    form = LetterForm(letter_date=commitment.signed_on or today(me().zone))
    office = commitment.office
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            typed = form.payload()
            number = numbering.assign(actor=me(), office=office, **typed)
            signing.close_signing(
                actor=me(), commitment=commitment, letter_date=typed["letter_date"], number=number
            )
            result.location = _address(commitment.id)
        if not form.refused:
            return done(result.location, "ditutup")
    slots = found.signatories_of(commitment)
    return page("commitments/close.html", status=form.status, form=form, commitment=commitment, slots=slots)


@bp.get("/tandatangan/<id:slot_id>")
@requires(Action.COMMITMENT_SIGN, access_slot)
def show_slot(slot: Slot) -> Response:
    return _signing_page(slot, SignForm(), ReasonForm())


def _signing_page(slot: Slot, form: SignForm, refusal: ReasonForm) -> Response:
    commitment = access_commitment(me(), slot.commitment_id)
    version = found.current_version(commitment)
    if version is not None and not form.content_sha256.data:
        form.content_sha256.data = version.content_sha256
    return page(
        "commitments/sign.html",
        status=max(form.status, refusal.status),
        slot=slot,
        commitment=commitment,
        version=version,
        form=form,
        refusal=refusal,
    )


@bp.post("/tandatangan/<id:slot_id>/buka")
@requires(Action.COMMITMENT_SIGN, access_slot)
def open_slot(slot: Slot) -> Response:
    with writing() as result:
        signing.open_slot(actor=me(), commitment=access_commitment(me(), slot.commitment_id), slot=slot)
        result.location = url_for("commitments.show_slot", slot_id=slot.id)
    return done(result.location, "terbuka")


@bp.post("/tandatangan/<id:slot_id>")
@requires(Action.COMMITMENT_SIGN, access_slot)
def sign(slot: Slot) -> Response:
    """Password and code again, then strokes or a typed name; both are checked before the lock is taken."""
    form = SignForm()
    if form.validate_on_submit():
        typed = form.payload()
        with form.absorbing():
            drawn = typed["strokes"] not in ("", "[]") or not typed["typed_name"]
            strokes = read_strokes(typed["strokes"]) if drawn else None
            accounts.reauthenticate(actor=me(), password=typed["password"])
            code = second_factor.again(actor=me(), code=typed["code"])
            with writing() as result:
                if code is not None:
                    second_factor.spend(code)
                signing.sign(
                    actor=me(),
                    commitment=access_commitment(me(), slot.commitment_id),
                    slot=slot,
                    content_sha256=typed["content_sha256"],
                    strokes=strokes,
                    typed_name=typed["typed_name"],
                )
                result.location = _address(slot.commitment_id)
        if not form.refused:
            return done(result.location, "ditandatangani")
    return _signing_page(slot, form, ReasonForm(formdata=None))


@bp.post("/tandatangan/<id:slot_id>/tolak")
@requires(Action.COMMITMENT_SIGN, access_slot)
def decline(slot: Slot) -> Response:
    form = ReasonForm()
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            commitment = access_commitment(me(), slot.commitment_id)
            signing.decline(actor=me(), commitment=commitment, slot=slot, **form.payload())
            result.location = _address(slot.commitment_id)
        if not form.refused:
            return done(result.location)
    return _signing_page(slot, SignForm(formdata=None), form)


@bp.route("/<id:commitment_id>/penandatangan/<id:slot_id>/berhalangan", methods=["GET", "POST"])
@requires(Action.COMMITMENT_EDIT, access_commitment)
def excuse(commitment: Commitment, slot_id: int) -> Response:
    slot = slot_of(commitment, slot_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with form.absorbing(), writing() as result:
            signing.excuse(actor=me(), commitment=commitment, slot=slot, **form.payload())
            result.location = _address(commitment.id)
        if not form.refused:
            return done(result.location)
    return page("commitments/excuse.html", status=form.status, form=form, commitment=commitment, slot=slot)
