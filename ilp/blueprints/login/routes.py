from __future__ import annotations

from flask import Response, make_response, redirect, render_template, request, session, url_for
from flask_login import current_user

from ilp.blueprints.login import bp
from ilp.blueprints.login.forms import HoldLinkForm, LoginCodeForm, LoginForm
from ilp.core import demo
from ilp.core.clock import now
from ilp.core.config import current
from ilp.core.db import transaction
from ilp.core.errors import RuleViolation
from ilp.core.passwords import hash_password
from ilp.models.accounts import Account
from ilp.policy.actions import Action
from ilp.queries.accounts import demo_logins, offices_with_help, password_mixture
from ilp.services import accounts, second_factor, setup
from ilp.web.addresses import path_at_home
from ilp.web.carried import Carried, carried_in, carry, resend_page
from ilp.web.extensions import login as login_manager
from ilp.web.htmx import done, is_htmx, page
from ilp.web.passwords import NewPasswordForm
from ilp.web.requires import PUBLIC, requires
from ilp.web.session import forget, me, start, visitor

HELD = "tautan"
WAITING = "langkah"
WAITS = 300
"""Seconds for the code after the password."""


@bp.get("/masuk")
@requires(PUBLIC)
def login() -> Response:
    target = path_at_home(request.args.get("next", ""))
    if current_user.is_authenticated:
        return _home(target)
    if setup.is_open():
        return make_response(redirect(url_for("setup.code"), 303))
    form = LoginForm(next=target)
    if current().demo and request.args.get("sebagai"):
        form.fill_in(request.args["sebagai"][:80], demo.PASSWORD)
    return login_page(form, ended=bool(target))


@bp.post("/masuk")
@requires(PUBLIC)
def open_session() -> Response:
    """Hashing comes before the transaction; what an ended session was typing is offered again after it."""
    form, carried = LoginForm(), carried_in(request.form)
    if form.validate():
        with form.absorbing():
            proof = accounts.authenticate(
                actor=visitor(),
                username=str(form.username.data).casefold(),
                password=str(form.password.data),
            )
            return admit(proof, str(form.next.data or ""), carried)
    return login_page(form, carried=carried)


@bp.get("/masuk/kode")
@requires(PUBLIC)
def code() -> Response:
    if _waiting_proof() is None:
        return make_response(redirect(url_for("login.login"), 303))
    return page("login/code.html", form=LoginCodeForm(formdata=None), carried=None)


@bp.post("/masuk/kode")
@requires(PUBLIC)
def enter_code() -> Response:
    """The second half of logging in: the password was right a while ago, now comes the code."""
    form, carried, waiting = LoginCodeForm(), carried_in(request.form), _waiting_proof()
    if waiting is None:
        return login_page(LoginForm(formdata=None), carried=carried, ended=True)
    if form.validate():
        with form.absorbing():
            proof = accounts.resume(actor=visitor(), account_id=waiting[0], fingerprint=waiting[1])
            right = second_factor.verify(
                actor=visitor(), account_id=proof.account_id, code=str(form.code.data)
            )
            with transaction():
                token = accounts.open_session(actor=visitor(), proof=proof, code=right)
        if not form.refused:
            return _enter(token, str(form.next.data or ""), carried)
    return page("login/code.html", status=form.status, form=form, carried=carried)


def admit(proof: accounts.Proof, target: str, carried: Carried | None) -> Response:
    """Opens a session, or asks for the code first: the proof then waits in the signed cookie.

    What waits is for whom, which password stood, and since when. Raises RuleViolation.
    """
    if not proof.asks_code:
        with transaction():
            token = accounts.open_session(actor=visitor(), proof=proof)
        return _enter(token, target, carried)
    session[WAITING] = [proof.account_id, proof.fingerprint, int(now().timestamp())]
    return page("login/code.html", form=LoginCodeForm(formdata=None, next=target), carried=carried)


def _waiting_proof() -> tuple[int, str] | None:
    """For whom the password was right within the last five minutes, on this device."""
    account_id, fingerprint, since = session.get(WAITING, (0, "", 0))
    return (account_id, fingerprint) if now().timestamp() - since < WAITS else None


def _enter(token: str, target: str, carried: Carried | None) -> Response:
    start(token)
    if carried and carried.owner in ("", me().username):
        return resend_page(carried, status=200)
    return _home(path_at_home(target))


@login_manager.unauthorized_handler
def ask_to_log_in() -> Response:
    """To the login page and back. What was typed goes with it; an htmx page keeps that itself."""
    if is_htmx():
        return make_response(render_template("errors/fragment.html", status=401, sentence=""), 401)
    if request.method in ("GET", "HEAD"):
        target = request.full_path.rstrip("?")
        return make_response(redirect(url_for("login.login", next=None if target == "/" else target), 303))
    carried = carry()
    form = LoginForm(formdata=None, username=carried.owner if carried else "")
    return login_page(form, carried=carried, ended=True, status=401)


@bp.post("/keluar")
@requires(Action.ACCOUNT_SELF)
def logout() -> Response:
    with transaction():
        accounts.log_out(actor=me())
    forget()
    return done(url_for("login.login"), "keluar")


@bp.get("/lupa-sandi")
@requires(PUBLIC)
def forgotten() -> Response:
    return page("login/forgotten.html", offices=offices_with_help())


@bp.get("/sandi/<token>")
@requires(PUBLIC)
def show_link(token: str) -> Response:
    """What a preview robot sees, too: one button. Nothing is looked up, counted or bound."""
    return page("login/link.html", form=HoldLinkForm(formdata=None), token=token)


@bp.post("/sandi/<token>")
@requires(PUBLIC)
def hold_link(token: str) -> Response:
    """The token leaves the address for the cookie at once."""
    try:
        accounts.account_of_link(actor=visitor(), token=token)
    except RuleViolation as violation:
        return _dead_link(violation)
    forget()
    session[HELD] = token
    return make_response(redirect(url_for("login.new_password"), 303))


@bp.get("/sandi")
@requires(PUBLIC)
def new_password() -> Response:
    try:
        account = _held_account()
    except RuleViolation as violation:
        return _dead_link(violation)
    return page("login/new_password.html", form=NewPasswordForm(formdata=None), account=account)


@bp.post("/sandi")
@requires(PUBLIC)
def set_password() -> Response:
    form = NewPasswordForm()
    try:
        account = _held_account()
    except RuleViolation as violation:
        return _dead_link(violation)
    if form.validate():
        with form.absorbing():
            chosen = str(form.new_password.data)
            mixture = password_mixture(account.id)
            accounts.judge_password(
                chosen, str(form.repeated_password.data), account.username, mixture=mixture
            )
            hashed = hash_password(chosen)
            with transaction():
                accounts.set_password_by_link(actor=visitor(), token=session[HELD], password_hash=hashed)
        if not form.refused:
            forget()
            return done(url_for("login.login"), "sandi-baru")
    return page("login/new_password.html", status=form.status, form=form, account=account)


def _held_account() -> Account:
    """The account whose living link this browser holds: it was sent in once, so nothing is guessed here."""
    if HELD not in session:
        raise RuleViolation(accounts.DEAD_LINK)
    return accounts.account_of_link(actor=visitor(), token=session[HELD])


def _dead_link(violation: RuleViolation) -> Response:
    session.pop(HELD, None)
    return page("login/dead_link.html", status=410, sentence=violation.message)


def _home(target: str) -> Response:
    return make_response(redirect(target or url_for("desk.index"), 303))


def login_page(
    form: LoginForm, *, carried: Carried | None = None, ended: bool = False, status: int = 0
) -> Response:
    shown = current().demo
    return page(
        "login/login.html",
        status=status or form.status,
        form=form,
        carried=carried,
        ended=ended or carried is not None,
        logins=demo_logins(demo.LOGINS) if shown else {},
        demo_password=demo.PASSWORD if shown else "",
        service=current().oidc_name if current().oidc_issuer else "",
    )
