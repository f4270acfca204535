"""Alembic's environment: our database and metadata, safe on SQLite and with two nodes at once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import context
from flask import current_app

from ilp.core.db import Base, Moment, db, transactional

LOCK = 735_012


def render_item(kind: str, item: Any, autogen: Any) -> str | bool:
    """Migrations name plain SQL types, never our own classes."""
    if kind == "type":
        if isinstance(item, Moment):
            return "sa.DateTime(timezone=True)"
        if isinstance(item, sa.Enum):
            return f"sa.String(length={item.length})"
    return False


def compare_type(ctx: Any, column: Any, found: Any, inspected: Any, declared: Any) -> bool | None:
    """An enumeration is a text column to the database."""
    return False if isinstance(declared, sa.Enum | Moment | sa.JSON) else None


def foreign_keys(connection: sa.Connection, *, on: bool) -> None:
    """Told to SQLite's own connection: inside a transaction, which ours would begin, it is not obeyed."""
    connection.commit()
    raw: Any = connection.connection.driver_connection
    raw.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def run(connection: sa.Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:  # a rebuilt table would take its children along (ON DELETE) while foreign keys are on
        foreign_keys(connection, on=False)
    else:
        connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            render_item=render_item,
            compare_type=compare_type,
            render_as_batch=context.config.attributes.get("batch", sqlite),
            include_object=context.config.attributes.get("include_object"),
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            connection.commit()
            if broken:
                raise RuntimeError(f"the migration leaves orphans: {broken[:5]}")
    finally:
        if sqlite:
            foreign_keys(connection, on=True)
        else:
            connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": LOCK})
        connection.commit()


with current_app.app_context(), transactional(db.engine) as connection:
    run(connection)
