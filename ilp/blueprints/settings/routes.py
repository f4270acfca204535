from __future__ import annotations

from flask import Response, make_response, redirect, url_for

from ilp.blueprints.settings import bp
from ilp.blueprints.settings.forms import BackupForm, PasswordRuleForm
from ilp.models.wilayah import RegencySetting
from ilp.policy.access import access_setting
from ilp.policy.actions import Action
from ilp.queries import wilayah as places
from ilp.services import wilayah
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
    return _settings_page(setting, _rule_form(setting), _backup_form(setting))


@bp.post("/<wilayah:setting>/kata-sandi")
@requires(Action.SETTING_EDIT, access_setting)
def change_password_rule(setting: RegencySetting) -> Response:
    form = PasswordRuleForm()
    return _changed(setting, form) or _settings_page(setting, form, _backup_form(setting))


@bp.post("/<wilayah:setting>/cadangan")
@requires(Action.SETTING_EDIT, access_setting)
def note_backup(setting: RegencySetting) -> Response:
    form = BackupForm()
    return _changed(setting, form) or _settings_page(setting, _rule_form(setting), form)


def _changed(setting: RegencySetting, form: BaseForm) -> Response | None:
    """Carries out one of the forms of the page; None if it is refused."""
    if form.validate():
        with form.absorbing(), writing() as result:
            wilayah.change_settings(actor=me(), setting=setting, **form.payload())
            result.location = url_for("settings.show", setting=setting.regency_code)
    return None if form.refused else done(result.location)


def _rule_form(setting: RegencySetting) -> PasswordRuleForm:
    return PasswordRuleForm(formdata=None, obj=setting)


def _backup_form(setting: RegencySetting) -> BackupForm:
    return BackupForm(formdata=None, obj=setting)


def _settings_page(setting: RegencySetting, rule: PasswordRuleForm, backup: BackupForm) -> Response:
    return page(
        "settings/show.html",
        status=max(rule.status, backup.status),
        setting=setting,
        crumbs=places.breadcrumb(setting.regency_code),
        rule=rule,
        backup=backup,
    )
