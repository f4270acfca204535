"""Logging in by the government's own service, where one is configured: there and back."""

from __future__ import annotations

import logging
from dataclasses import astuple

from flask import Response, make_response, redirect, request, session

from ilp.adapters import oidc
from ilp.adapters.oidc import OidcRefused, Question, Service
from ilp.blueprints.login import bp
from ilp.blueprints.login.forms import LoginForm
from ilp.blueprints.login.routes import admit, login_page
from ilp.core.config import current
from ilp.core.errors import NotFound, RuleViolation
from ilp.services import accounts
from ilp.web.addresses import path_at_home, whole_url
from ilp.web.requires import PUBLIC, requires
from ilp.web.session import visitor

log = logging.getLogger(__name__)
ASKED = "sso"
REFUSED = "Layanan masuk tidak memberi jawaban yang dapat dipercaya. Coba sekali lagi, atau pakai kata sandi."


@bp.get("/masuk/sso")
@requires(PUBLIC)
def ask() -> Response:
    """To the service; what was asked stays in the signed cookie until the answer."""
    try:
        address, question = oidc.ask(_service())
    except OidcRefused as error:
        return _refused(error)
    session[ASKED] = [*astuple(question), path_at_home(request.args.get("next", ""))]
    return make_response(redirect(address, 303))


@bp.get("/masuk/sso/kembali")
@requires(PUBLIC)
def come_back() -> Response:
    """A question is answered once: whatever comes, it is forgotten."""
    service, asked = _service(), session.pop(ASKED, None)
    form = LoginForm(formdata=None)
    try:
        if asked is None:
            raise OidcRefused("nobody was asked from this browser")
        *question, target = asked
        identity = oidc.answer(
            service,
            Question(*question),
            state=request.args.get("state", ""),
            code=request.args.get("code", ""),
        )
    except OidcRefused as error:
        return _refused(error)
    try:
        return admit(accounts.recognise(actor=visitor(), identity=identity), target, None)
    except RuleViolation as violation:
        form.absorb(violation)
        return login_page(form)


def _service() -> Service:
    """Raises NotFound where no login service is configured."""
    config = current()
    if not config.oidc_issuer:
        raise NotFound
    return Service(config.oidc_issuer, config.oidc_client, config.oidc_secret, whole_url("login.come_back"))


def _refused(error: OidcRefused) -> Response:
    log.warning("login by the service refused: %s", error)
    form = LoginForm(formdata=None)
    form.summary.append(REFUSED)
    return login_page(form)
