"""The code from one's own phone: preparing it, proving the phone, and codes for a lost phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, url_for
from markupsafe import Markup

from ilp.adapters.qr import qr_svg
from ilp.blueprints.accounts import bp
from ilp.blueprints.accounts.forms import EnableForm
from ilp.core.second_factor import address
from ilp.policy.actions import Action
from ilp.queries.accounts import has_password
from ilp.services import accounts, second_factor
from ilp.web.forms import BaseForm
from ilp.web.htmx import done, page
from ilp.web.passwords import CodeForm
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.writing import Repeated, writing

QR_MM = 45


@bp.get("/kode-masuk")
@requires(Action.ACCOUNT_FACTOR)
def factor() -> Response:
    return _factor_page(CodeForm(formdata=None) if me().has_factor else _enabling(formdata=None))


@bp.post("/kode-masuk/siapkan")
@requires(Action.ACCOUNT_FACTOR)
def prepare_factor() -> Response:
    with writing() as result:
        accounts.prepare_factor(actor=me())
        result.location = url_for("accounts.factor")
    return done(result.location, "kode-disiapkan")


@bp.post("/kode-masuk")
@requires(Action.ACCOUNT_FACTOR)
def enable_factor() -> Response:
    """The recovery codes are in this one answer only, and in that to a second click."""
    form = _enabling()
    if form.validate():
        with form.absorbing():
            if "password" in form:
                accounts.reauthenticate(actor=me(), password=str(form["password"].data))
            return _with_codes(form, accounts.enable_factor)
    return _factor_page(form)


@bp.post("/kode-masuk/cadangan")
@requires(Action.ACCOUNT_FACTOR)
def renew_codes() -> Response:
    form = CodeForm()
    if form.validate():
        with form.absorbing():
            return _with_codes(form, accounts.renew_recovery_codes)
    return _factor_page(form)


def _enabling(**options: Any) -> EnableForm:
    """Asks for the password, too, of whoever has one: who comes by the login service may have none."""
    form = EnableForm(**options)
    if not has_password(_own()):
        del form.password
    return form


def _with_codes(form: CodeForm, verb: Callable[..., list[str]]) -> Response:
    """What the verb answers to the code of a form; the answer to a repeat of it is the same."""
    code = second_factor.verify(actor=me(), account_id=_own(), code=str(form.code.data))
    seed = str(form.kunci.data)
    try:
        with writing() as result:
            codes = verb(actor=me(), code=code, seed=seed)
            result.location = url_for("accounts.factor")
    except Repeated:
        codes = second_factor.codes_of(code, seed)
    return page("accounts/codes.html", codes=codes, form=BaseForm(formdata=None))


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
