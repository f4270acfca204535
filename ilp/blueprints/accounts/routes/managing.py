"""What an administrator does for others: accounts, their roles, suspension, a link to set a password."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, request, url_for

from ilp.blueprints.accounts import bp
from ilp.blueprints.accounts.forms import GrantForm, LinkForm, NewAccountForm
from ilp.blueprints.accounts.sheets import ACCOUNTS, SIGNED_IN
from ilp.core.clock import now, today
from ilp.core.config import current
from ilp.core.indonesian import full_name
from ilp.core.paging import BATCH
from ilp.models.accounts import Account, RoleGrant
from ilp.models.directory import Office
from ilp.models.privacy import SeenPage
from ilp.policy.access import access_account, access_grant
from ilp.policy.actions import Action
from ilp.queries import accounts as queries
from ilp.queries.audit import entries_of, names_in
from ilp.services import accounts, second_factor
from ilp.services.notifications import link_text
from ilp.web.addresses import whatsapp_url, whole_url
from ilp.web.arguments import text_argument
from ilp.web.devices import describe
from ilp.web.forms import SelectChoice
from ilp.web.htmx import done, page
from ilp.web.requires import requires
from ilp.web.session import me
from ilp.web.sheets import WHOLE, download_rows
from ilp.web.views import shows_personal
from ilp.web.writing import writing

NO_OFFICE = "Kantor itu tidak ada di wilayah yang Bapak/Ibu kelola. Cari kantornya, lalu pilih dari daftar."


@bp.get("/")
@requires(Action.ACCOUNT_MANAGE)
def index() -> Response:
    search, after = text_argument("cari"), text_argument("setelah")
    rows = queries.administered_page(me(), search=search, after=after)
    shown = rows[: queries.PAGE_SIZE]
    return page(
        "accounts/list.html",
        accounts=shown,
        grants=queries.grants_of([row.id for row in shown]),
        search=search,
        next_after=shown[-1].username if len(rows) > len(shown) else None,
        further=bool(after),
    )


@bp.get("/daftar.xlsx")
@requires(Action.ACCOUNT_MANAGE)
def sheet() -> Response:
    search = text_argument("cari")
    return download_rows(ACCOUNTS, _accounts(search), f"memuat “{search}”" if search else "")


def _accounts(search: str) -> Iterator[tuple[Any, list[Any]]]:
    """Every account of the list with its grants, read in batches."""
    after = ""
    while True:
        rows = queries.administered_page(me(), search=search, after=after, size=BATCH)
        shown = rows[:BATCH]
        grants = queries.grants_of([row.id for row in shown])
        yield from ((row, grants.get(row.id, [])) for row in shown)
        if len(rows) == len(shown):
            return
        after = shown[-1].username


@bp.get("/baru")
@requires(Action.ACCOUNT_MANAGE)
def new() -> Response:
    """First the office is searched for, then the form asks for the rest."""
    form, search = NewAccountForm(formdata=None), text_argument("kantor")
    _offer_offices(form, search)
    return page("accounts/form.html", form=form, search=search, found=bool(form.office_id.choices))


@bp.post("/baru")
@requires(Action.ACCOUNT_MANAGE)
def create() -> Response:
    form = NewAccountForm()
    office = _chosen_office(form)
    if _accepted(form, office) and office is not None:
        with form.absorbing(), writing() as result:
            account = accounts.create_account(
                actor=me(),
                username=str(form.username.data),
                role=form.role.data,
                office=office,
                person_id=form.person_id.data,
            )
            result.location = url_for("accounts.show", account_id=account.id)
        if not form.refused:
            return done(result.location, "akun-dibuat")
    return page("accounts/form.html", status=form.status, form=form, search="", found=office is not None)


@bp.get("/<id:account_id>")
@requires(Action.ACCOUNT_MANAGE, access_account)
def show(account: Account) -> Response:
    search = text_argument("kantor")
    form = GrantForm(formdata=None)
    _offer_offices(form, search)
    return _account_page(account, form, search=search)


@bp.post("/<id:account_id>/peran")
@requires(Action.ACCOUNT_MANAGE, access_account)
def grant(account: Account) -> Response:
    form = GrantForm()
    office = _chosen_office(form)
    if _accepted(form, office) and office is not None:
        with form.absorbing(), writing() as result:
            accounts.grant_role(actor=me(), account=account, role=form.role.data, office=office)
            result.location = url_for("accounts.show", account_id=account.id)
        if not form.refused:
            return done(result.location, "peran")
    return _account_page(access_account(me(), account.id), form)


@bp.post("/<id:account_id>/peran/<id:grant_id>/cabut")
@requires(Action.ACCOUNT_MANAGE, access_grant)
def revoke(grant: RoleGrant) -> Response:
    with writing() as result:
        own = grant.account_id == me().account_id  # whoever gives up his own may not see the page after
        back = url_for("desk.index") if own else url_for("accounts.show", account_id=grant.account_id)
        accounts.revoke_role(actor=me(), grant=grant)
        result.location = back
    return done(result.location, "peran-dicabut")


@bp.post("/<id:account_id>/bekukan")
@requires(Action.ACCOUNT_SECURE, access_account)
def suspend(account: Account) -> Response:
    with writing() as result:
        accounts.suspend(actor=me(), account=account)
        result.location = url_for("accounts.show", account_id=account.id)
    return done(result.location, "dibekukan")


@bp.post("/<id:account_id>/pulihkan")
@requires(Action.ACCOUNT_SECURE, access_account)
def restore(account: Account) -> Response:
    with writing() as result:
        accounts.restore(actor=me(), account=account)
        result.location = url_for("accounts.show", account_id=account.id)
    return done(result.location, "dipulihkan")


@bp.get("/<id:account_id>/perangkat.xlsx")
@requires(Action.ACCOUNT_SECURE, access_account)
def account_devices_sheet(account: Account) -> Response:
    return download_rows(SIGNED_IN, queries.devices_of(account.id, now(), most=WHOLE), account.username)


@bp.post("/<id:account_id>/keluarkan")
@requires(Action.ACCOUNT_SECURE, access_account)
def end_sessions(account: Account) -> Response:
    with writing() as result:
        accounts.end_sessions_of(actor=me(), account=account)
        result.location = url_for("accounts.show", account_id=account.id)
    return done(result.location, "keluar-semua")


@bp.post("/<id:account_id>/kode-masuk/atur-ulang")
@requires(Action.ACCOUNT_SECURE, access_account)
def reset_factor(account: Account) -> Response:
    with writing() as result:
        accounts.reset_factor(actor=me(), account=account)
        result.location = url_for("accounts.show", account_id=account.id)
    return done(result.location, "kode-diatur-ulang")


@bp.post("/<id:account_id>/tautan-sandi")
@requires(Action.ACCOUNT_SECURE, access_account)
def issue_link(account: Account) -> Response:
    """Mailed, or shown in this one answer only: the link is kept nowhere and no address shows it again."""
    form, is_new = LinkForm(), not account.password_hash
    if not form.validate():
        return _account_page(account, GrantForm(formdata=None), link=form)
    mail_to = str(form.mail_to.data) if current().smtp_url else ""
    with writing() as result:
        token = accounts.issue_password_link(actor=me(), account=account, mail_to=mail_to)
        result.location = url_for("accounts.show", account_id=account.id)
    if mail_to:
        return done(result.location, "undangan-dikirim")
    account = access_account(me(), account.id)
    text = link_text(account.username, whole_url("login.show_link", token=token), is_new=is_new)
    phone = account.person.phone if account.person else ""
    if account.person and phone:
        shows_personal(SeenPage.INVITING, account.person.id)
    return page("accounts/link.html", account=account, text=text, whatsapp=whatsapp_url(text, phone))


def _offer_offices(form: GrantForm, search: str) -> None:
    found = queries.grantable_offices(me(), search) if search else []
    form.office_id.choices = [
        SelectChoice(value=office.id, label=f"{office.name}, {office.place or 'nasional'}")
        for office in found
    ]
    _offer_owners(form, {office.id: office.name for office in found})


def _offer_owners(form: GrantForm, offices: dict[int, str]) -> None:
    """Whose a new account can be: shared by an office, or of somebody who holds a position in one."""
    if isinstance(form, NewAccountForm):
        holders = queries.holders_of(offices, today(me().zone)) if offices else []
        form.person_id.choices = [
            SelectChoice(value="", label="Bersama: seluruh kantor"),
            *(
                SelectChoice(
                    value=row.id, label=f"{full_name(*row[1:4])}, {row.title}, {offices[row.office_id]}"
                )
                for row in holders
            ),
        ]


def _chosen_office(form: GrantForm) -> Office | None:
    """The office the form names, if this administrator may choose it; it is then the only choice."""
    raw = request.form.get("office_id", "")
    office = (
        queries.grantable_office(me(), int(raw))
        if raw.isascii() and raw.isdigit() and len(raw) < 10
        else None
    )
    form.office_id.choices = [SelectChoice(value=office.id, label=office.name)] if office else []
    _offer_owners(form, {office.id: office.name} if office else {})
    return office


def _accepted(form: GrantForm, office: Office | None) -> bool:
    """Whether the form may be carried out; of an office that may not be chosen it says so."""
    valid = form.validate()
    if office is None:
        form.office_id.errors = (NO_OFFICE,)
    return valid


def _account_page(
    account: Account, form: GrantForm, *, search: str = "", link: LinkForm | None = None
) -> Response:
    owner, entries = account.person, entries_of("account", account.id, limit=20)
    link = link or LinkForm(formdata=None, mail_to=owner.email if owner else "")
    return page(
        "accounts/show.html",
        status=max(form.status, link.status),
        link=link,
        mails=bool(current().smtp_url),
        mailed=queries.mailed_link(account.id, at=now()),
        has_factor=second_factor.stands(account.id),
        devices=queries.devices_of(account.id, now()),
        most=queries.DEVICES_SHOWN,
        describe=describe,
        account=account,
        form=form,
        search=search,
        entries=entries,
        names=names_in(entries),
    )
