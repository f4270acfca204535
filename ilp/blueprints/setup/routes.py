"""`/mulai`: code, regency, then one form; closed (404) once anybody has an account."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, make_response, redirect, request, session, url_for
from flask_login import current_user

from ilp.blueprints.setup import bp
from ilp.blueprints.setup.forms import BeginForm
from ilp.core.db import transaction
from ilp.core.errors import NotFound
from ilp.core.passwords import hash_password
from ilp.models.directory import OfficeKind
from ilp.models.wilayah import Level, Words
from ilp.queries import wilayah as places
from ilp.services import accounts, setup
from ilp.services.wilayah import Customs, customs_of
from ilp.web.arguments import text_argument
from ilp.web.htmx import done, page
from ilp.web.passwords import CodeForm
from ilp.web.places import is_code
from ilp.web.requires import PUBLIC, requires
from ilp.web.session import start, visitor

HELD = "mulai"
"""Where the cookie keeps the code until the last step."""


@bp.get("")
@requires(PUBLIC)
def code() -> Response:
    _refuse_late()
    return page("setup/code.html", form=CodeForm(formdata=None))


@bp.post("")
@requires(PUBLIC)
def enter() -> Response:
    _refuse_late()
    form = CodeForm()
    if form.validate():
        with form.absorbing():
            setup.check_code(actor=visitor(), code=str(form.code.data))
        if not form.refused:
            session[HELD] = form.code.data
            return _to(url_for("setup.choose"))
    return page("setup/code.html", status=form.status, form=form)


@bp.get("/wilayah")
@requires(PUBLIC)
def choose() -> Response:
    """The regencies of a province, or those whose name holds some words; first all provinces."""
    if not _holds_code():
        return _to(url_for("setup.code"))
    search, province = text_argument("cari"), text_argument("provinsi", 2)
    if province and not is_code(province):
        raise NotFound
    regencies = places.regencies_named(search) if search else places.regencies_of(province)
    return page(
        "setup/choose.html",
        search=search,
        provinces=places.children(),
        province=province,
        regencies=regencies,
        like=places.regencies_like(search) if search and not regencies else [],
    )


@bp.get("/<wilayah:code>")
@requires(PUBLIC)
def describe(code: str) -> Response:
    if not _holds_code():
        return _to(url_for("setup.code"))
    regency = _regency(code)
    return _form_page(BeginForm(formdata=None, data=_proposed(regency)), regency)


@bp.post("/<wilayah:code>")
@requires(PUBLIC)
def begin(code: str) -> Response:
    """The password is hashed before the lock; who began is logged in on this device at once."""
    if not _holds_code():
        return _to(url_for("setup.code"))
    regency, form = _regency(code), BeginForm()
    if form.validate():
        with form.absorbing():
            chosen = str(form.new_password.data)
            accounts.judge_password(
                chosen, str(form.repeated_password.data), str(form.username.data), str(form.name.data)
            )
            hashed = hash_password(chosen)
            with transaction():
                account = setup.begin(
                    actor=visitor(), regency_code=code, password_hash=hashed, **_begun(form)
                )
                token = accounts.open_session(
                    actor=visitor(), proof=accounts.Proof(account.id, accounts.fingerprint_of(hashed))
                )
        if not form.refused:
            start(token)
            return done(url_for("desk.index"), "mulai")
    return _form_page(form, regency)


def _refuse_late() -> None:
    """Once anybody has an account: to the desk with whoever began in another window, else 404."""
    if not setup.is_open():
        if current_user.is_authenticated:
            abort(_to(url_for("desk.index")))
        raise NotFound


def _holds_code() -> bool:
    """Whether this browser has sent in the code. Raises NotFound once anybody has an account."""
    _refuse_late()
    return setup.is_right(str(session.get(HELD, "")))


def _to(address: str) -> Response:
    return make_response(redirect(address, 303))


def _regency(code: str) -> places.Place:
    crumbs = places.breadcrumb(code)
    if len(crumbs) != 2 or crumbs[-1].level is not Level.REGENCY or crumbs[-1].valid_until:
        raise NotFound
    return crumbs[-1]


def _proposed(regency: places.Place) -> dict[str, Any]:
    """What is usual there, for the form to begin with."""
    usual = customs_of(regency.code)
    return {
        "zone": usual.zone,
        "district_label": usual.district_label,
        "village_label": usual.village_label,
        "office_kind": OfficeKind.SETDA,
        "office_name": f"Sekretariat Daerah {regency.full_name}",
        "tier": f"PEMERINTAH {regency.full_name.upper()}",
        "unit": "SEKRETARIAT DAERAH",
        "town": regency.name,
    }


def _begun(form: BeginForm) -> dict[str, Any]:
    """What the form says, as the verb takes it."""
    typed = form.payload()
    customs = Customs(typed.pop("zone"), typed.pop("district_label"), typed.pop("village_label"))
    for password in ("new_password", "repeated_password"):
        del typed[password]
    lines = [line.strip() for line in typed.pop("address").split("\n") if line.strip()]
    username = typed.pop("username").casefold()
    return typed | {
        "customs": customs,
        "tiers": [typed.pop("tier")],
        "address": lines,
        "username": username,
    }


def _form_page(form: BeginForm, regency: places.Place) -> Response:
    usual = customs_of(regency.code)
    return page(
        "setup/form.html",
        status=form.status,
        form=form,
        regency=regency,
        called=Words.of(usual.district_label, usual.village_label).said,
        below=places.count_below(regency.code) if request.method == "GET" else None,
    )
