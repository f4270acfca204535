"""`python -m bench.seed --size kabupaten`: an empty database is migrated, given the regions, and filled."""

from __future__ import annotations

import os
import time
from datetime import datetime
from typing import Any

import click
import sqlalchemy as sa
from alembic import command

from bench.seed import SIZES, seed
from ilp.adapters import queue
from ilp.application import create_app
from ilp.cli.database import alembic_config
from ilp.core.clock import today
from ilp.core.config import Config
from ilp.core.db import db
from ilp.core.indonesian import number
from ilp.models.wilayah import Wilayah
from ilp.services.wilayah import import_codes, read_package

FASTER = ("synchronous=OFF", "cache_size=-400000")
"""For SQLite while it is filled: whatever is cut short is begun anew."""


@click.command()
@click.option("--size", type=click.Choice(list(SIZES)), required=True)
@click.option("--url", help="The database; without it DATABASE_URL, or SQLite in ILP_INSTANCE.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day up to which work is told; the first of this month unless given.",
)
def main(size: str, url: str | None, on: datetime | None) -> None:
    """Fills an empty database with a deterministic data set."""
    began = time.monotonic()
    environment = os.environ | ({"DATABASE_URL": url} if url else {})
    config = Config.from_environment(environment)
    with create_app(config).app_context():
        try:
            command.upgrade(alembic_config(), "head")
        except sa.exc.OperationalError as error:
            raise click.ClickException(f"No database: {str(error.orig).splitlines()[0]}") from error
        queue.prepare(config)
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()
            sa.event.listen(db.engine, "connect", _hurry)
        _import_regions()
        day = on.date() if on else today().replace(day=1)
        with click.progressbar(length=1, label="Kabupaten/kota") as bar:
            try:
                seed(SIZES[size], on=day, progress=_shown(bar))
            except ValueError as error:
                raise click.ClickException(str(error)) from error
        db.session.remove()
        db.engine.dispose()
    click.echo(f"{size} sampai {day}: {number(time.monotonic() - began)} detik.")


def _hurry(connection: Any, record: Any) -> None:
    for pragma in FASTER:
        connection.execute(f"PRAGMA {pragma}")


def _import_regions() -> None:
    if db.session.scalar(sa.select(sa.exists().where(Wilayah.id.is_not(None)))):
        return
    places = read_package()
    with click.progressbar(length=len(places), label="Wilayah") as bar:
        import_codes(places, lambda done, total: bar.update(done - bar.pos))


def _shown(bar: Any) -> Any:
    def progress(done: int, total: int) -> None:
        bar.length = total
        bar.update(done - bar.pos)

    return progress


if __name__ == "__main__":
    main()
