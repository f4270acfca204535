"""`flask demo isi`: the five real events of 2024 as complete records, with evidently made-up persons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from ilp.cli.demo import accounts, blitar, bukittinggi, directory, facilities, gunung_mas, malang
from ilp.core.db import db
from ilp.models.accounts import Account

cli = AppGroup("demo", help="Data contoh dari lima kegiatan ILP tahun 2024.")

Part = Callable[[], None]

BASE: tuple[Part, ...] = (directory.fill, accounts.fill, facilities.fill)
"""Five regencies with their offices, people, logins and facilities."""

EVENTS: tuple[Part, ...] = (
    bukittinggi.fill,
    blitar.fill,
    malang.fill,
    gunung_mas.fill,
)
"""What happened there, told by the product's own verbs. Each part opens its own transactions."""

PARTS = BASE + EVENTS


def seed(progress: Callable[[int, int], Any] | None = None) -> bool:
    """Fills an empty database with the demo; False, and nothing is changed, where there are accounts.

    The provinces of the five regencies must have been imported. Calls `progress(done, total)`.
    """
    if db.session.scalar(sa.select(sa.exists().where(Account.id.is_not(None)))):
        return False
    for done, part in enumerate(PARTS, 1):
        part()
        if progress:
            progress(done, len(PARTS))
    return True


@cli.command("isi")
def fill() -> None:
    """Mengisi basis data kosong dengan data contoh."""
    with click.progressbar(length=len(PARTS), label="Data contoh") as bar:
        filled = seed(lambda done, total: bar.update(done - bar.pos))
    if not filled:
        click.echo("Basis data sudah berisi akun; tidak ada yang diubah.")
