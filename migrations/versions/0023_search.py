"""What can be found by words: entries that triggers keep, and the indexes of both databases over them."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

MARKS = ".,()/-:;\"\\\n\r\t'“”"
"""What stands between words. Of others, the index of words knows; its vocabulary leaves such words out."""
ROW = "(NEW)"
"""Stands for the row in the expressions below."""


def place_keys(row: str) -> str:
    """The keys of a placed row: everywhere, and each place it lies in."""
    below = "".join(
        f" || CASE WHEN {row}.{code} = '' THEN '' ELSE ' q' || replace({row}.{code}, '.', '') END"
        for code in ("regency_code", "district_code")
    )
    above = (
        f"CASE WHEN {row}.province_code = '' THEN ' qtop' WHEN {row}.regency_code = ''"
        f" THEN ' q' || {row}.province_code || ' q' || {row}.province_code || 'only'"
        f" ELSE ' q' || {row}.province_code END"
    )
    return f"'qall' || {above}{below}"


class Source(NamedTuple):
    """A table whose rows can be found: their words and keys as SQL over (NEW), and what they change with."""

    kind: str
    table: str
    words: str
    keys: str
    columns: str
    where: str = ""


def sources(*, sqlite: bool) -> list[Source]:
    joined = "group_concat({}, ' ')" if sqlite else "string_agg({}, ' ')"
    number = "coalesce((SELECT n.text FROM number n WHERE n.id = (NEW).number_id), '')"
    decided = "coalesce('keputusan ' || (NEW).decision_number || ' ' || (NEW).decision_year, '')"
    held = (
        f"coalesce((SELECT {joined.format(place_keys('o'))} FROM appointment a JOIN position p"
        " ON p.id = a.position_id JOIN office o ON o.id = p.office_id WHERE a.person_id = (NEW).id), '')"
    )
    entered = (
        "CASE WHEN (NEW).wilayah_code = '' THEN '' ELSE ' q' || substr((NEW).wilayah_code, 1, 2)"
        " || ' q' || replace(substr((NEW).wilayah_code, 1, 5), '.', '') END"
    )
    called = (
        f"coalesce((SELECT {joined.format('l.name')} FROM wilayah_alias l WHERE l.wilayah_id = (NEW).id), '')"
    )
    in_code = " || ".join(
        f"CASE WHEN length((NEW).code) < {length} THEN ''"
        f" ELSE ' q' || replace(substr((NEW).code, 1, {length}), '.', '') END"
        for length in (2, 5, 8)
    )
    placed = place_keys(ROW)
    return [
        Source("meeting", "meeting", "(NEW).title || ' ' || (NEW).place", placed, "title, place"),
        Source(
            "decision",
            "minutes_row",
            f"(NEW).text || ' ' || {decided}",
            f"(SELECT {place_keys('m')} FROM meeting m WHERE m.id = (NEW).meeting_id)",
            "text, kind, decision_number, decision_year, removed_at",
            "(NEW).kind = 'decision' AND (NEW).removed_at IS NULL",
        ),
        Source("task", "task", "(NEW).title", placed, "title"),
        Source("commitment", "commitment", "(NEW).title", placed, "title"),
        Source("document", "document", f"(NEW).title || ' ' || {number}", placed, "title, number_id"),
        Source(
            "person",
            "person",
            "(NEW).prefix || ' ' || (NEW).name || ' ' || (NEW).suffix",
            f"'qall ' || {held} || {entered}",
            "prefix, name, suffix, wilayah_code",
        ),
        Source("office", "office", "(NEW).name", placed, "name, province_code, regency_code, district_code"),
        Source("wilayah", "wilayah", f"(NEW).name || ' ' || {called}", f"'qall' || {in_code}", "name, code"),
    ]


REFRESHED = (
    ("appointment", "person", "person_id", "position_id, person_id"),
    ("wilayah_alias", "wilayah", "wilayah_id", "name, wilayah_id"),
)
"""Tables whose rows belong to the entry of another: (table, of, by, columns)."""


def plain(text: str, *, sqlite: bool) -> str:
    """An SQL text as words: small letters and digits with single spaces, more or less."""
    if not sqlite:
        return f"btrim(regexp_replace(lower({text}), '[^[:alnum:]]+', ' ', 'g'))"
    for mark in MARKS:
        text = f"replace({text}, char({ord(mark)}), ' ')"
    return f"lower({text})"


# --- SQLite ---------------------------------------------------------------------------------------
def upgrade_sqlite() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE search_text USING fts5(keys, words, content='search_entry', content_rowid='id',"
        " tokenize='unicode61 remove_diacritics 2', prefix='3')"
    )
    op.execute(
        "CREATE VIRTUAL TABLE search_trigram USING fts5(padded, content='search_word', content_rowid='id',"
        " tokenize='trigram')"
    )
    taken = (
        "INSERT INTO search_text (search_text, rowid, keys, words)"
        " VALUES ('delete', OLD.id, OLD.keys, OLD.words);"
    )
    given = "INSERT INTO search_text (rowid, keys, words) VALUES (NEW.id, NEW.keys, NEW.words);"
    listed = """'["' || replace(NEW.words, ' ', '","') || '"]'"""
    known = (
        "INSERT INTO search_word (word, padded) SELECT DISTINCT value, '  ' || value || '  '"
        f" FROM json_each(CASE WHEN json_valid({listed}) THEN {listed} ELSE '[]' END)"
        " WHERE length(value) BETWEEN 5 AND 40 AND value NOT GLOB '*[^a-z0-9]*'"
        " AND NOT EXISTS (SELECT 1 FROM search_word w WHERE w.word = value);"
    )
    trigger("search_entry_added", "AFTER INSERT ON search_entry", given + known)
    trigger("search_entry_changed", "AFTER UPDATE ON search_entry", taken + given + known)
    trigger("search_entry_removed", "AFTER DELETE ON search_entry", taken)
    trigger(
        "search_word_added",
        "AFTER INSERT ON search_word",
        "INSERT INTO search_trigram (rowid, padded) VALUES (NEW.id, NEW.padded);",
    )
    for source in sources(sqlite=True):
        removed = f"DELETE FROM search_entry WHERE kind = '{source.kind}' AND record_id = OLD.id;"
        added = entry(source, "NEW", sqlite=True)
        unchanged = f" WHEN OLD.kind = '{source.kind}' OR NEW.kind = '{source.kind}'" if source.where else ""
        only = f" WHEN NEW.kind = '{source.kind}'" if source.where else ""
        name = f"search_{source.table}"
        trigger(f"{name}_added", f"AFTER INSERT ON {source.table}{only}", added)
        on = f"AFTER UPDATE OF {source.columns} ON {source.table}{unchanged}"
        trigger(f"{name}_changed", on, removed + added)
        trigger(f"{name}_removed", f"AFTER DELETE ON {source.table}", removed)
    for table, of, by, columns in REFRESHED:
        source = next(one for one in sources(sqlite=True) if one.table == of)
        for act, row in (("INSERT", "NEW"), (f"UPDATE OF {columns}", "NEW"), ("DELETE", "OLD")):
            trigger(
                f"search_{table}_{act.split()[0].lower()}",
                f"AFTER {act} ON {table}",
                refresh(source, f"{row}.{by}", sqlite=True),
            )


def trigger(name: str, when: str, acts: str) -> None:
    op.execute(sa.text(f"CREATE TRIGGER {name} {when} BEGIN {acts} END".replace(":", r"\:")))


def entry(source: Source, row: str, *, sqlite: bool) -> str:
    """The INSERT of the entry of a row."""
    words, keys, where = (text.replace(ROW, row) for text in (source.words, source.keys, source.where))
    return (
        "INSERT INTO search_entry (kind, record_id, keys, words)"
        f" SELECT '{source.kind}', {row}.id, 'k{source.kind} ' || {keys}, {plain(words, sqlite=sqlite)}"
        f"{f' WHERE {where}' if where else ''};"
    )


def refresh(source: Source, key: str, *, sqlite: bool) -> str:
    """The entry of a record anew, from its row."""
    words, keys = (text.replace(ROW, "r") for text in (source.words, source.keys))
    return (
        f"UPDATE search_entry SET keys = (SELECT 'k{source.kind} ' || {keys} FROM {source.table} r"
        f" WHERE r.id = {key}), words = (SELECT {plain(words, sqlite=sqlite)} FROM {source.table} r"
        f" WHERE r.id = {key}) WHERE kind = '{source.kind}' AND record_id = {key};"
    )


# --- PostgreSQL -----------------------------------------------------------------------------------
VECTOR = "(to_tsvector('simple', keys) || to_tsvector('simple', words) || to_tsvector('indonesian', words))"


def upgrade_postgresql() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute(f"CREATE INDEX search_text ON search_entry USING gin ({VECTOR})")
    op.execute("CREATE INDEX search_trigram ON search_word USING gin (padded gin_trgm_ops)")
    function(
        "search_entry_words",
        "INSERT INTO search_word (word, padded) SELECT DISTINCT w, '  ' || w || '  '"
        " FROM unnest(string_to_array(NEW.words, ' ')) AS w WHERE length(w) BETWEEN 5 AND 40"
        " ON CONFLICT (word) DO NOTHING;",
    )
    on("search_entry", "search_entry_words", "INSERT OR UPDATE")
    for source in sources(sqlite=False):
        removed = f"DELETE FROM search_entry WHERE kind = '{source.kind}' AND record_id = OLD.id;"
        name = f"search_{source.table}"
        function(
            name,
            f"IF TG_OP <> 'INSERT' THEN {removed} END IF;"
            f" IF TG_OP <> 'DELETE' THEN {entry(source, 'NEW', sqlite=False)} END IF;",
        )
        on(source.table, name, f"INSERT OR UPDATE OF {source.columns} OR DELETE")
    for table, of, by, columns in REFRESHED:
        source = next(one for one in sources(sqlite=False) if one.table == of)
        new, old = (refresh(source, f"{row}.{by}", sqlite=False) for row in ("NEW", "OLD"))
        function(f"search_{table}", f"IF TG_OP = 'DELETE' THEN {old} ELSE {new} END IF;")
        on(table, f"search_{table}", f"INSERT OR UPDATE OF {columns} OR DELETE")


def function(name: str, acts: str) -> None:
    body = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {acts} RETURN NULL; END $$"
    op.execute(sa.text(body.replace(":", r"\:")))


def on(table: str, name: str, acts: str) -> None:
    op.execute(f"CREATE TRIGGER {name} AFTER {acts} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


# --- both -----------------------------------------------------------------------------------------
def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_entry")),
        sa.UniqueConstraint("kind", "record_id", name=op.f("uq_search_entry_kind_record_id")),
    )
    op.create_table(
        "search_word",
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("padded", sa.String(length=44), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
        sa.UniqueConstraint("word", name=op.f("uq_search_word_word")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        upgrade_sqlite()
    else:
        upgrade_postgresql()
    for source in sources(sqlite=sqlite):
        words, keys, where = (text.replace(ROW, "r") for text in (source.words, source.keys, source.where))
        op.execute(
            sa.text(
                "INSERT INTO search_entry (kind, record_id, keys, words)"
                f" SELECT '{source.kind}', r.id, 'k{source.kind} ' || {keys}, {plain(words, sqlite=sqlite)}"
                f" FROM {source.table} r{f' WHERE {where}' if where else ''} ORDER BY r.id".replace(
                    ":", r"\:"
                )
            )
        )


def downgrade() -> None:
    tables = [source.table for source in sources(sqlite=True)] + [table for table, *_ in REFRESHED]
    if op.get_bind().dialect.name == "postgresql":
        for table in tables:
            op.execute(f"DROP TRIGGER search_{table} ON {table}")
            op.execute(f"DROP FUNCTION search_{table}()")
        op.execute("DROP TRIGGER search_entry_words ON search_entry")
        op.execute("DROP FUNCTION search_entry_words()")
    else:
        for source in sources(sqlite=True):
            for act in ("added", "changed", "removed"):
                op.execute(f"DROP TRIGGER search_{source.table}_{act}")
        for table, *_ in REFRESHED:
            for act in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER search_{table}_{act}")
        op.execute("DROP TABLE search_text")
        op.execute("DROP TABLE search_trigram")
    op.drop_table("search_word")
    op.drop_table("search_entry")
