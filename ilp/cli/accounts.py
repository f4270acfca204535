"""`flask akun ...`: accounts from the machine itself, such as the first administrator of all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from ilp.core.db import db, transaction
from ilp.core.errors import RuleViolation
from ilp.models.accounts import Account, Role
from ilp.models.directory import Constituency, Office, OfficeKind
from ilp.policy.user import SYSTEM
from ilp.queries.accounts import account_named
from ilp.services import accounts, directory
from ilp.web.addresses import whole_url

cli = AppGroup("akun", help="Akun dan peran.")


@cli.command("buat")
@click.argument("username")
@click.option("--peran", "role", type=click.Choice([r.value for r in Role]), required=True)
@click.option(
    "--kantor", "office_id", type=int, help="Nomor kantor; boleh kosong untuk administrator nasional."
)
@click.option("--orang", "person_id", type=int, help="Nomor orang; tanpa ini akun milik kantor bersama.")
def create(username: str, role: str, office_id: int | None, person_id: int | None) -> None:
    """Membuat akun tanpa kata sandi, dan mencetak tautan untuk membuatnya."""
    with _refusals(), transaction():
        office = _office(office_id, Role(role))
        account = accounts.create_account(
            actor=SYSTEM, username=username.casefold(), role=Role(role), office=office, person_id=person_id
        )
        token = accounts.issue_password_link(actor=SYSTEM, account=account)
    _print_link(token)


@cli.command("bekukan")
@click.argument("username")
def suspend(username: str) -> None:
    """Membekukan akun dan mengeluarkan semua perangkatnya."""
    with _refusals(), transaction():
        accounts.suspend(actor=SYSTEM, account=_account(username))
    click.echo("Dibekukan.")


@cli.command("pulihkan")
@click.argument("username")
def restore(username: str) -> None:
    """Memulihkan akun yang dibekukan."""
    with _refusals(), transaction():
        accounts.restore(actor=SYSTEM, account=_account(username))
    click.echo("Dipulihkan.")


@cli.command("atur-ulang-kode")
@click.argument("username")
def reset_factor(username: str) -> None:
    """Menghapus kode masuk (ponsel) sebuah akun dan mengeluarkan semua perangkatnya."""
    with _refusals(), transaction():
        accounts.reset_factor(actor=SYSTEM, account=_account(username))
    click.echo("Kode masuk dihapus. Pemiliknya mengaktifkannya lagi sesudah masuk.")


@cli.command("lepas-layanan")
@click.argument("username")
def unbind(username: str) -> None:
    """Melepaskan akun dari layanan masuk (OIDC) dan mengeluarkan semua perangkatnya."""
    with _refusals(), transaction():
        accounts.unbind(actor=SYSTEM, account=_account(username))
    click.echo("Dilepaskan.")


@cli.command("tautan-sandi")
@click.argument("username")
def link(username: str) -> None:
    """Mencetak tautan sekali pakai (24 jam) untuk membuat kata sandi baru."""
    with _refusals(), transaction():
        token = accounts.issue_password_link(actor=SYSTEM, account=_account(username))
    _print_link(token)


@contextmanager
def _refusals() -> Iterator[None]:
    """A rule that refuses ends the command with its sentence."""
    try:
        yield
    except RuleViolation as violation:
        raise click.ClickException(violation.message) from violation


def _account(username: str) -> Account:
    account = account_named(username.casefold())
    if account is None:
        raise click.ClickException(f"Tidak ada akun bernama {username}.")
    return account


def _office(office_id: int | None, role: Role) -> Office:
    """The office named, or the operator of the whole system for its first administrator."""
    if office_id is not None:
        office = db.session.get(Office, office_id)
        if office is None:
            raise click.ClickException(f"Tidak ada kantor bernomor {office_id}.")
        return office
    if role is not Role.ADMINISTRATOR:
        raise click.ClickException("Sebutkan kantornya dengan --kantor; daftarnya ada di halaman Direktori.")
    operator = sa.select(Office).where(Office.kind == OfficeKind.OPERATOR, Office.wilayah_code == "")
    return db.session.scalar(operator.limit(1)) or directory.add_office(
        actor=SYSTEM,
        kind=OfficeKind.OPERATOR,
        constituency=Constituency.OTHER,
        name="Pengelola Simpul",
        wilayah_code="",
    )


def _print_link(token: str) -> None:
    click.echo(f"Tautan sekali pakai, berlaku 24 jam:\n{whole_url('login.show_link', token=token)}")
