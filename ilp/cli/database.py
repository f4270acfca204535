"""`flask basisdata ...`: the schema through Alembic.

Alembic is imported only where it works: it is 14 MB and a fifth of the start of web processes, which never
need it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from ilp.core.config import ROOT
from ilp.core.db import db

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

cli = AppGroup("basisdata", help="Skema basis data.")


def alembic_config(folder: Path = ROOT / "migrations") -> AlembicConfig:
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(folder))
    return config


def to_version(revision: str) -> None:
    """Takes the schema up to a version; "head" is the latest."""
    from alembic import command  # noqa: PLC0415

    command.upgrade(alembic_config(), revision)


def is_latest() -> bool:
    """Whether the schema stands at the last of our migrations, which are numbered; told without Alembic."""
    latest = max(file.name[:4] for file in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    with db.engine.connect() as connection:  # the session would go on seeing the old schema
        if not sa.inspect(connection).has_table("alembic_version"):
            return False
        return connection.scalars(sa.text("SELECT version_num FROM alembic_version")).all() == [latest]


@cli.command("naik")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Menaikkan skema ke versi terbaru."""
    to_version(revision)


@cli.command("turun")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Menurunkan skema ke versi yang disebut."""
    from alembic import command  # noqa: PLC0415

    command.downgrade(alembic_config(), revision)
