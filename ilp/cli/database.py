"""`flask basisdata ...`: the schema through Alembic."""

from __future__ import annotations

from pathlib import Path

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from flask.cli import AppGroup

from ilp.core.config import ROOT

cli = AppGroup("basisdata", help="Skema basis data.")


def alembic_config(folder: Path = ROOT / "migrations") -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(folder))
    return config


@cli.command("naik")
@click.argument("revision", default="head")
def upgrade(revision: str) -> None:
    """Menaikkan skema ke versi terbaru."""
    command.upgrade(alembic_config(), revision)


@cli.command("turun")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Menurunkan skema ke versi yang disebut."""
    command.downgrade(alembic_config(), revision)
