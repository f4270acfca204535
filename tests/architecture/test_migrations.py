"""The migrations are the schema: they equal the models, and go down and up again with data in the tables."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy.exc import DBAPIError

from ilp.cli.database import alembic_config
from ilp.core.config import ROOT
from ilp.core.db import Base, Moment, db, transaction
from tests.support.databases import Database


def same_type(ctx: Any, column: Any, found: Any, inspected: Any, declared: Any) -> bool | None:
    return False if isinstance(declared, sa.Enum | Moment | sa.JSON) else None


def ours(item: Any, name: str, kind: str, *rest: Any) -> bool:
    """The queue on PostgreSQL makes its own tables, and each database has its own indexes of words."""
    return not name.startswith(("huey", "search_text", "search_trigram", "search_word_begun"))


def test_the_migrations_lead_to_the_models(app: Flask) -> None:
    options = {"compare_type": same_type, "include_object": ours}
    context = MigrationContext.configure(db.session.connection(), opts=options)
    assert compare_metadata(context, Base.metadata) == []


def test_each_migration_is_one_step_from_the_last() -> None:
    names = sorted(path.name for path in (ROOT / "migrations" / "versions").glob("*.py"))
    assert [name[:4] for name in names] == [f"{number:04d}" for number in range(1, len(names) + 1)]


def tables(connection: sa.Connection) -> dict[str, list[str]]:
    inspector = sa.inspect(connection)
    return {
        name: sorted(f"{c['name']} {c['type']} {c['nullable']}" for c in inspector.get_columns(name))
        for name in sorted(inspector.get_table_names())
    }


def counts(connection: sa.Connection) -> dict[str, int]:
    return {
        name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0
        for name in sorted(Base.metadata.tables)
    }


def test_one_step_down_and_up_keeps_all_other_rows(committed: Database) -> None:
    app = committed.app()
    with app.app_context():
        with db.engine.connect() as connection:
            schema, before = tables(connection), counts(connection)
        assert before["wilayah"] > 1000
        command.downgrade(alembic_config(), "-1")
        with db.engine.connect() as connection:
            dropped = schema.keys() - tables(connection).keys()
        command.upgrade(alembic_config(), "head")
        with db.engine.connect() as connection:
            assert tables(connection) == schema
            after = counts(connection)
        gone = {name for name in before if after[name] != before[name]}
        assert gone <= dropped
        db.engine.dispose()


def test_a_table_is_rebuilt_around_the_rows_that_refer_to_it(committed_demo: Database) -> None:
    """On SQLite a changed constraint makes a table anew; the signatures that refer to it stay."""
    app = committed_demo.app()
    with app.app_context():
        with db.engine.connect() as connection:
            schema, before = tables(connection), counts(connection)
        assert before["signature_event"] > 10
        command.downgrade(alembic_config(), "0014")
        command.upgrade(alembic_config(), "head")
        with db.engine.connect() as connection:
            assert tables(connection) == schema
            after = counts(connection)
            if connection.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
        for name in ("slot", "signature_event", "signing_round", "commitment", "person"):
            assert after[name] == before[name], name
        db.engine.dispose()


def test_entries_whose_place_had_changed_before_follow_with_the_migration(committed_demo: Database) -> None:
    kinds = "('task', 'commitment', 'document', 'meeting', 'decision', 'person')"
    held = "(kind <> 'person' OR record_id IN (SELECT person_id FROM appointment))"
    chosen = f"kind IN {kinds} AND {held}"
    found = sa.text(f"SELECT kind, record_id, keys FROM search_entry WHERE {chosen}")
    app = committed_demo.app()
    with app.app_context():
        with db.engine.connect() as connection:
            before = {(row.kind, row.record_id): set(row.keys.split()) for row in connection.execute(found)}
        command.downgrade(alembic_config(), "0026")
        with db.engine.begin() as connection:
            connection.execute(sa.text(f"UPDATE search_entry SET keys = 'k' || kind WHERE {chosen}"))
        command.upgrade(alembic_config(), "head")
        with db.engine.connect() as connection:
            after = {(row.kind, row.record_id): set(row.keys.split()) for row in connection.execute(found)}
        db.engine.dispose()
    assert len({kind for kind, _ in before}) == 6
    assert after == before


def test_words_of_earlier_entries_are_learnt_with_the_migration(committed: Database) -> None:
    app = committed.app()
    if committed.engine != "postgresql":
        pytest.skip("SQLite has an index of beginnings")
    entry = "INSERT INTO search_entry (kind, record_id, keys, words) VALUES ('meeting', 1, 'qall', :words)"
    with app.app_context():
        command.downgrade(alembic_config(), "0035")
        with db.engine.begin() as connection:
            connection.execute(sa.text(entry), {"words": f"keterampilan {'x' * 48} 12e12kseenona"})
        command.upgrade(alembic_config(), "head")
        with db.engine.connect() as connection:
            words = set(connection.execute(sa.text("SELECT word FROM search_word")).scalars())
        db.engine.dispose()
    assert {"keterampilan", "terampil", "x" * 40, "kseenona"} <= words


def test_all_the_way_down_and_up_again_the_trail_still_refuses(committed: Database) -> None:
    app = committed.app()
    with app.app_context():
        with db.engine.connect() as connection:
            schema = tables(connection)
        command.downgrade(alembic_config(), "base")
        with db.engine.connect() as connection:
            assert set(sa.inspect(connection).get_table_names()) == {"alembic_version"}
        command.upgrade(alembic_config(), "head")
        with db.engine.connect() as connection:
            assert tables(connection) == schema
        with transaction():
            db.session.execute(
                sa.text(
                    "INSERT INTO audit_entry (id, chain, seq, at, action, actor_name, subject, subject_id,"
                    " changes, personal_sha256, address, previous_hash, hash, province_code, regency_code,"
                    " district_code) VALUES (1, '', 1, '2024-10-15 00:00:00+00:00', 'a', '', 's', 1, '{}',"
                    " '', '', '', '', '', '', '')"
                )
            )
        for statement in ("UPDATE audit_entry SET action = 'b'", "DELETE FROM audit_entry"):
            with pytest.raises(DBAPIError), transaction():
                db.session.execute(sa.text(statement))
        db.engine.dispose()
