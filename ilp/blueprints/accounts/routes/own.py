"""One's own account: who one is here, the devices that are logged in, the password."""

from __future__ import annotations

from flask import Response, url_for

from ilp.blueprints.accounts import bp
from ilp.blueprints.accounts.forms import ChangePasswordForm
from ilp.blueprints.accounts.sheets import DEVICES
from ilp.core.clock import now, today
from ilp.core.passwords import hash_password
from ilp.policy.actions import Action
from ilp.queries import accounts as queries
from ilp.queries.privacy import viewers
from ilp.services import accounts
from ilp.web.devices import describe
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import WHOLE, download_rows
from ilp.web.writing import writing


@bp.get("/saya")
@requires(Action.ACCOUNT_SELF)
def show_me() -> Response:
    """Who one is here, and who looked last at what is known of one."""
    person_id = me().person_id
    views = viewers(person_id, today(me().zone), size=5).rows if person_id else None
    return page("accounts/me.html", views=views)


@bp.get("/perangkat")
@requires(Action.ACCOUNT_SELF)
def devices() -> Response:
    return page(
        "accounts/devices.html",
        devices=queries.devices_of(me().account_id or 0, now()),
        most=queries.DEVICES_SHOWN,
        describe=describe,
    )


@bp.get("/perangkat.xlsx")
@requires(Action.ACCOUNT_SELF)
def devices_sheet() -> Response:
    return download_rows(DEVICES, queries.devices_of(me().account_id or 0, now(), most=WHOLE))


@bp.post("/perangkat/<id:session_id>/keluarkan")
@requires(Action.ACCOUNT_SELF)
def end_device(session_id: int) -> Response:
    with writing() as result:
        accounts.end_session(actor=me(), session_id=session_id)
        result.location = url_for("accounts.devices")
    return done(result.location, "dikeluarkan")


@bp.post("/perangkat/keluarkan-lain")
@requires(Action.ACCOUNT_SELF)
def end_other_devices() -> Response:
    with writing() as result:
        accounts.end_other_sessions(actor=me())
        result.location = url_for("accounts.devices")
    return done(result.location, "dikeluarkan")


@bp.get("/sandi")
@requires(Action.ACCOUNT_SELF)
def password() -> Response:
    return page("accounts/password.html", form=ChangePasswordForm(formdata=None))


@bp.post("/sandi")
@requires(Action.ACCOUNT_SELF)
def change_password() -> Response:
    form = ChangePasswordForm()
    if form.validate():
        with form.absorbing():
            chosen = str(form.new_password.data)
            accounts.judge_password(
                chosen,
                str(form.repeated_password.data),
                me().username,
                me().name,
                mixture=queries.password_mixture(me().account_id or 0),
            )
            accounts.reauthenticate(actor=me(), password=str(form.old_password.data), field="old_password")
            hashed = hash_password(chosen)
            with writing() as result:
                accounts.change_password(actor=me(), password_hash=hashed)
                result.location = url_for("accounts.show_me")
        if not form.refused:
            return done(result.location, "sandi")
    return page("accounts/password.html", status=form.status, form=form)
