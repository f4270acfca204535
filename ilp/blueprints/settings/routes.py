from __future__ import annotations

from flask import Response, make_response, redirect, url_for

from ilp.blueprints.settings import bp
from ilp.blueprints.settings.forms import BackupForm, CustomsForm, PasswordRuleForm
from ilp.models.wilayah import RegencySetting
from ilp.policy.access import access_setting
from ilp.policy.actions import Action
from ilp.queries import wilayah as places
from ilp.services import wilayah
from ilp.services.wilayah import Customs
from ilp.web.forms import BaseForm
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.writing import writing


@bp.get("/")
@requires(Action.SETTING_EDIT)
def index() -> Response:
    """The regencies one administers; the only one is opened at once."""
    regencies = places.administered_regencies(me())
    if len(regencies) == 1:
        return make_response(redirect(url_for("settings.show", setting=regencies[0].code), 303))
    return page("settings/list.html", regencies=regencies)


@bp.get("/<wilayah:setting>")
@requires(Action.SETTING_EDIT, access_setting)
def show(setting: RegencySetting) -> Response:
    return _settings_page(setting)


@bp.post("/<wilayah:setting>/sebutan")
@requires(Action.SETTING_EDIT, access_setting)
def change_customs(setting: RegencySetting) -> Response:
    form = CustomsForm()
    if form.validate():
        with form.absorbing(), writing() as result:
            typed = form.payload()
            version = typed.pop("version")
            wilayah.change_customs(actor=me(), setting=setting, customs=Customs(**typed), version=version)
            result.location = _address(setting)
        if not form.refused:
            return done(result.location)
    return _settings_page(setting, customs=form)


@bp.post("/<wilayah:setting>/kata-sandi")
@requires(Action.SETTING_EDIT, access_setting)
def change_password_rule(setting: RegencySetting) -> Response:
    form = PasswordRuleForm()
    return _changed(setting, form) or _settings_page(setting, rule=form)


@bp.post("/<wilayah:setting>/cadangan")
@requires(Action.SETTING_EDIT, access_setting)
def note_backup(setting: RegencySetting) -> Response:
    form = BackupForm()
    return _changed(setting, form) or _settings_page(setting, backup=form)


def _changed(setting: RegencySetting, form: BaseForm) -> Response | None:
    """Carries out one of the forms of the page; None if it is refused."""
    if form.validate():
        with form.absorbing(), writing() as result:
            wilayah.change_settings(actor=me(), setting=setting, **form.payload())
            result.location = _address(setting)
    return None if form.refused else done(result.location)


def _address(setting: RegencySetting) -> str:
    return url_for("settings.show", setting=setting.regency_code)


def _settings_page(setting: RegencySetting, **sent: BaseForm) -> Response:
    """The page with its forms as they stand, but for the one that was sent and refused."""
    forms = {
        "customs": CustomsForm(formdata=None, obj=setting),
        "rule": PasswordRuleForm(formdata=None, obj=setting),
        "backup": BackupForm(formdata=None, obj=setting),
        **sent,
    }
    return page(
        "settings/show.html",
        status=max(form.status for form in forms.values()),
        setting=setting,
        crumbs=places.breadcrumb(setting.regency_code),
        **forms,
    )
