"""`flask audit ...`: proving the trail whole."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from ilp.services import audit

cli = AppGroup("audit", help="Jejak audit.")


@cli.command("periksa")
def verify() -> None:
    """Memeriksa setiap rantai; menyebut catatan pertama yang rusak, dan berakhir dengan kode 1."""
    chains = audit.chains()
    broken = [fault for chain in chains if (fault := audit.verify_chain(chain))]
    for fault in broken:
        click.echo(f"RUSAK rantai {fault.chain or 'nasional'}, urutan {fault.seq}: {fault.what}", err=True)
    if broken:
        sys.exit(1)
    click.echo(f"Utuh: {len(chains)} rantai.")
