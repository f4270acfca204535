"""Commands for operators: thin, Indonesian names, calling services inside `transaction()`."""

from __future__ import annotations

from flask import Flask

from ilp.cli import access, accounts, audit, database, demo, documents, serve, wilayah

GROUPS = (
    database.cli,
    wilayah.cli,
    accounts.cli,
    access.cli,
    audit.cli,
    documents.cli,
    demo.cli,
    serve.serve,
)


def init_app(app: Flask) -> None:
    """Registers every command group."""
    for group in GROUPS:
        app.cli.add_command(group)
