"""Commands for operators: thin, Indonesian names, calling services inside `transaction()`."""

from __future__ import annotations

from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

COMMANDS = {
    "akses": "access:cli",
    "akun": "accounts:cli",
    "audit": "audit:cli",
    "basisdata": "database:cli",
    "demo": "demo:cli",
    "dokumen": "documents:cli",
    "jalankan": "serve:serve",
    "wilayah": "wilayah:cli",
}
"""Each group of commands and where it stands; loaded when it is asked for, never by a web server."""


class Commands(AppGroup):
    """The group behind `flask --app app`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), name)
        return command


def init_app(app: Flask) -> None:
    app.cli = Commands(name=app.name)
