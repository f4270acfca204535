"""The trail cannot be changed unseen: not by the product, and not behind its back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from ilp.core.db import db, transaction
from ilp.models.audit import NATION, AuditEntry, AuditHead, AuditPersonal
from ilp.models.directory import Office
from ilp.policy.user import SYSTEM
from ilp.services import audit
from tests.support.databases import Database

CHAIN = "35.05"


@pytest.fixture
def tampered(committed: Database) -> Iterator[Callable[..., audit.Broken | None]]:
    """A database whose triggers somebody dropped; call it with SQL and see what the check finds."""
    app = committed.app()
    with app.app_context():
        for number in range(6):
            write(number)
        drop_triggers()

        def tamper(*statements: str) -> audit.Broken | None:
            for statement in statements:
                raw(statement)
            db.session.rollback()
            return audit.verify_chain(CHAIN)

        assert audit.verify_chain(CHAIN) is None
        yield tamper


def blitar() -> Office:
    return db.session.scalars(sa.select(Office).where(Office.wilayah_code == CHAIN).limit(1)).one()


def write(number: int) -> int:
    with transaction():
        return audit.record(
            SYSTEM, "office:add", blitar(), changes={"n": number}, personal={"name": f"Contoh {number}"}
        )


def raw(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql(statement)


def drop_triggers() -> None:
    if db.engine.dialect.name == "sqlite":
        raw("DROP TRIGGER audit_entry_no_update")
        raw("DROP TRIGGER audit_entry_no_delete")
    else:
        raw("DROP TRIGGER audit_entry_append_only ON audit_entry")


def end() -> int:
    return db.session.scalars(sa.select(AuditHead.seq).where(AuditHead.chain == CHAIN)).one()


HERE = f"chain = '{CHAIN}' AND seq ="


def test_an_edited_entry_is_named(tampered) -> None:
    at = end() - 2
    found = tampered(f"UPDATE audit_entry SET actor_name = 'Orang lain' WHERE {HERE} {at}")
    assert (found.chain, found.seq) == (CHAIN, at)
    assert "sidik" in found.what


@pytest.mark.parametrize("column", ["action", "address", "subject", "regency_code"])
def test_every_column_counts(tampered, column: str) -> None:
    assert tampered(f"UPDATE audit_entry SET {column} = 'x' WHERE {HERE} {end() - 2}").seq == end() - 2


def test_edited_changes_are_named(tampered) -> None:
    at = end() - 1
    assert tampered(f"UPDATE audit_entry SET changes = '{json.dumps({'n': 99})}' WHERE {HERE} {at}").seq == at


def test_a_deleted_entry_is_a_gap(tampered) -> None:
    at = end() - 2
    personal = f"DELETE FROM audit_personal WHERE entry_id IN (SELECT id FROM audit_entry WHERE {HERE} {at})"
    found = tampered(personal, f"DELETE FROM audit_entry WHERE {HERE} {at}")
    assert found.seq == at + 1
    assert f"urutan {at} hilang" in found.what


def test_a_cut_tail_shows_at_the_head(tampered) -> None:
    at = end()
    personal = f"DELETE FROM audit_personal WHERE entry_id IN (SELECT id FROM audit_entry WHERE {HERE} {at})"
    found = tampered(personal, f"DELETE FROM audit_entry WHERE {HERE} {at}")
    assert found.seq == at - 1
    assert "ujung" in found.what


def test_two_swapped_entries_are_named(tampered) -> None:
    at = end() - 2
    found = tampered(
        f"UPDATE audit_entry SET seq = -1 WHERE {HERE} {at}",
        f"UPDATE audit_entry SET seq = {at} WHERE {HERE} {at + 1}",
        f"UPDATE audit_entry SET seq = {at + 1} WHERE {HERE} -1",
    )
    assert found.seq == at


def test_an_entry_hashed_anew_breaks_the_next(tampered) -> None:
    at = end() - 2
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.chain == CHAIN, AuditEntry.seq == at)
    ).one()
    entry.actor_name = "Orang lain"
    forged = audit.entry_hash(vars(entry))
    db.session.rollback()
    found = tampered(f"UPDATE audit_entry SET actor_name = 'Orang lain', hash = '{forged}' WHERE {HERE} {at}")
    assert found.seq == at + 1
    assert "menyambung" in found.what


def test_an_inserted_entry_is_named(tampered) -> None:
    at = end()
    columns = ", ".join(c.name for c in AuditEntry.__table__.columns if c.name not in ("id", "seq"))
    found = tampered(
        f"INSERT INTO audit_entry (id, seq, {columns}) SELECT 999999, {at + 1}, {columns} "
        f"FROM audit_entry WHERE {HERE} {at}"
    )
    assert found.seq == at + 1


def test_a_lost_head_shows(tampered) -> None:
    assert "ujung" in tampered(f"DELETE FROM audit_head WHERE chain = '{CHAIN}'").what


def test_rewritten_personal_values_show_and_blanked_ones_do_not(tampered) -> None:
    at = end() - 1
    mine = f"entry_id IN (SELECT id FROM audit_entry WHERE {HERE} {at})"
    assert tampered(f"UPDATE audit_personal SET \"values\" = 'null' WHERE {mine}") is None
    found = tampered(f"UPDATE audit_personal SET \"values\" = '{json.dumps({'name': 'Lain'})}' WHERE {mine}")
    assert found.seq == at
    assert "pribadi" in found.what


def test_lost_personal_values_show(tampered) -> None:
    at = end() - 1
    found = tampered(
        f"DELETE FROM audit_personal WHERE entry_id IN (SELECT id FROM audit_entry WHERE {HERE} {at})"
    )
    assert found.seq == at


def test_the_command_names_the_broken_row(tampered, committed: Database) -> None:
    app = committed.app()
    sound = app.test_cli_runner().invoke(args=["audit", "periksa"])
    assert sound.exit_code == 0, sound.output
    assert "Utuh" in sound.output
    tampered(f"UPDATE audit_entry SET actor_name = 'x' WHERE {HERE} {end() - 2}")
    broken = app.test_cli_runner().invoke(args=["audit", "periksa"])
    assert broken.exit_code == 1
    assert f"rantai {CHAIN}, urutan {end() - 2}" in broken.output


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET actor_name = 'x'", "DELETE FROM audit_entry WHERE seq = 1"]
)
def test_the_database_itself_refuses(app, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        db.session.execute(sa.text(statement))


def test_postgresql_refuses_truncate_too(app) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        db.session.execute(sa.text("TRUNCATE audit_entry CASCADE"))


def test_the_demo_stands_on_sound_chains(app) -> None:
    names = audit.chains()
    assert NATION in names
    assert [audit.verify_chain(name) for name in names] == [None] * len(names)


def test_personal_values_are_only_hashed_into_the_chain(app) -> None:
    write(1)
    entry = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    beside = db.session.get_one(AuditPersonal, entry.id)
    assert "Contoh" not in json.dumps(entry.changes)
    assert entry.personal_sha256 == audit.digest(beside.salt + audit.canonical(beside.values))
    assert len(beside.salt) == 32


def test_a_refused_act_leaves_no_entry(app) -> None:
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    with pytest.raises(ZeroDivisionError), transaction():
        assert audit.record(SYSTEM, "office:add", blitar()) / 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == before
    assert audit.verify_chain(CHAIN) is None


def test_writers_at_once_do_not_fork_the_chain(committed: Database) -> None:
    app = committed.app()

    def several(start: int) -> list[int]:
        with app.app_context():
            taken = [write(start + n) for n in range(8)]
            db.session.remove()
            return taken

    with ThreadPoolExecutor(6) as pool:
        taken = [seq for seqs in pool.map(several, range(6)) for seq in seqs]
    assert len(set(taken)) == 48
    check(app)


def check(app: Flask) -> None:
    with app.app_context():
        assert audit.verify_chain(CHAIN) is None
