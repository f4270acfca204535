"""`flask wilayah ...`: the register of places and the regencies that work here."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from ilp.core.db import transaction
from ilp.core.errors import RuleViolation
from ilp.core.indonesian import number
from ilp.policy.user import SYSTEM
from ilp.services.wilayah import import_codes, read_package, set_up_regency

cli = AppGroup("wilayah", help="Daftar wilayah Kemendagri.")


@cli.command("impor")
def import_() -> None:
    """Mengimpor seluruh kode wilayah; boleh diulang."""
    try:
        places = read_package()
    except (OSError, RuleViolation) as error:
        raise click.ClickException(str(error)) from error
    with click.progressbar(length=len(places), label="Wilayah") as bar:
        result = import_codes(places, lambda done, total: bar.update(done - bar.pos))
    click.echo(
        f"{number(result.added)} baru, {number(result.changed)} berubah, {number(result.ended)} berakhir."
    )


@cli.command("siapkan")
@click.argument("code", metavar="KODE")
def set_up(code: str) -> None:
    """Membuat kantor kecamatan dan desa/kelurahan sebuah kabupaten/kota."""
    try:
        with transaction():
            added = set_up_regency(actor=SYSTEM, code=code)
    except RuleViolation as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{number(added)} kantor ditambahkan.")
