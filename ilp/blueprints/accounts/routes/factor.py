"""The code from one's own phone: preparing it, proving the phone, and codes for a lost phone."""

from __future__ import annotations

from flask import Response, url_for
from markupsafe import Markup

from ilp.adapters.qr import qr_svg
from ilp.blueprints.accounts import bp
from ilp.blueprints.accounts.forms import CodeForm
from ilp.core.second_factor import address
from ilp.policy.actions import Action
from ilp.services import accounts, second_factor
from ilp.web.forms import BaseForm
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.writing import writing

QR_MM = 45


@bp.get("/kode-masuk")
@requires(Action.ACCOUNT_SELF)
def factor() -> Response:
    return _factor_page(CodeForm(formdata=None))


@bp.post("/kode-masuk/siapkan")
@requires(Action.ACCOUNT_SELF)
def prepare_factor() -> Response:
    with writing() as result:
        accounts.prepare_factor(actor=me())
        result.location = url_for("accounts.factor")
    return done(result.location)


@bp.post("/kode-masuk")
@requires(Action.ACCOUNT_SELF)
def enable_factor() -> Response:
    """The recovery codes are in this one answer only."""
    form = CodeForm()
    if form.validate():
        with form.absorbing():
            code = second_factor.verify(actor=me(), account_id=_own(), code=str(form.code.data))
            with writing() as result:
                codes = accounts.enable_factor(actor=me(), code=code)
                result.location = url_for("accounts.factor")
        if not form.refused:
            return page("accounts/codes.html", codes=codes, form=BaseForm(formdata=None))
    return _factor_page(form)


@bp.post("/kode-masuk/cadangan")
@requires(Action.ACCOUNT_SELF)
def renew_codes() -> Response:
    form = CodeForm()
    if form.validate():
        with form.absorbing():
            code = second_factor.verify(actor=me(), account_id=_own(), code=str(form.code.data))
            with writing() as result:
                codes = accounts.renew_recovery_codes(actor=me(), code=code)
                result.location = url_for("accounts.factor")
        if not form.refused:
            return page("accounts/codes.html", codes=codes, form=BaseForm(formdata=None))
    return _factor_page(form)


def _own() -> int:
    return me().account_id or 0


def _factor_page(form: CodeForm) -> Response:
    key = None if me().has_factor else second_factor.waiting_key(_own())
    drawn = qr_svg(address(key, me().username), QR_MM) if key else ""
    return page(
        "accounts/factor.html",
        status=form.status,
        form=form,
        key=key,
        qr=Markup(drawn),  # noqa: S704 - drawn by us, from a key of ours
        left=second_factor.codes_left(_own()) if me().has_factor else 0,
    )
