"""Whoever holds a position is found by its title and its office, too: an entry a term, that triggers keep."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

MARKS = ".,()/-:;\"\\\n\r\t'“”"
"""What stands between words, as for all other entries."""
WORDS = "p.prefix || ' ' || p.name || ' ' || p.suffix || ' ' || s.title || ' ' || o.name"
FROM = (
    "FROM appointment r JOIN person p ON p.id = r.person_id JOIN position s ON s.id = r.position_id"
    " JOIN office o ON o.id = s.office_id"
)
TOUCHED = (
    ("appointment", "position_id, person_id", "SELECT {}.id"),
    ("person", "prefix, name, suffix", "SELECT a.id FROM appointment a WHERE a.person_id = {}.id"),
    ("position", "title, office_id", "SELECT a.id FROM appointment a WHERE a.position_id = {}.id"),
    (
        "office",
        "name, province_code, regency_code, district_code",
        "SELECT a.id FROM appointment a JOIN position s ON s.id = a.position_id WHERE s.office_id = {}.id",
    ),
)
"""Tables that an entry is made of: (table, columns, the terms that a row of it touches)."""


def keys() -> str:
    """The kind, and the places that the office lies in, as `ilp.models.search` spells them."""
    below = "".join(
        f" || CASE WHEN o.{code} = '' THEN '' ELSE ' q' || replace(o.{code}, '.', '') END"
        for code in ("regency_code", "district_code")
    )
    return (
        "'kpost qall' || CASE WHEN o.province_code = '' THEN ' qtop' WHEN o.regency_code = ''"
        " THEN ' q' || o.province_code || ' q' || o.province_code || 'only'"
        f" ELSE ' q' || o.province_code END{below}"
    )


def plain(text: str, *, sqlite: bool) -> str:
    """An SQL text as words: small letters and digits with single spaces, more or less."""
    if not sqlite:
        return f"btrim(regexp_replace(lower({text}), '[^[:alnum:]]+', ' ', 'g'))"
    for mark in MARKS:
        text = f"replace({text}, char({ord(mark)}), ' ')"
    return f"lower({text})"


def added(*, sqlite: bool, where: str = "") -> str:
    """The INSERT of entries of terms."""
    return (
        "INSERT INTO search_entry (kind, record_id, keys, words)"
        f" SELECT 'post', r.id, {keys()}, {plain(WORDS, sqlite=sqlite)} {FROM}{where}"
    )


def removed(which: str) -> str:
    return f"DELETE FROM search_entry WHERE kind = 'post' AND record_id IN ({which});"


def anew(which: str, *, sqlite: bool) -> str:
    """The entries of these terms, from what they are made of."""
    return removed(which) + added(sqlite=sqlite, where=f" WHERE r.id IN ({which})") + ";"


def execute(statement: str) -> None:
    op.execute(sa.text(statement.replace(":", r"\:")))


def upgrade_sqlite() -> None:
    for table, columns, which in TOUCHED:
        for act, when in (("added", "INSERT"), ("changed", f"UPDATE OF {columns}")):
            if act == "changed" or table == "appointment":
                execute(
                    f"CREATE TRIGGER search_post_{table}_{act} AFTER {when} ON {table}"
                    f" BEGIN {anew(which.format('NEW'), sqlite=True)} END"
                )
    execute(
        "CREATE TRIGGER search_post_appointment_removed AFTER DELETE ON appointment"
        f" BEGIN {removed('SELECT OLD.id')} END"
    )


def upgrade_postgresql() -> None:
    for table, columns, which in TOUCHED:
        acts, when = anew(which.format("NEW"), sqlite=False), f"UPDATE OF {columns}"
        if table == "appointment":
            acts = f"IF TG_OP = 'DELETE' THEN {removed('SELECT OLD.id')} ELSE {acts} END IF;"
            when = f"INSERT OR {when} OR DELETE"
        execute(
            f"CREATE FUNCTION search_post_{table}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN {acts} RETURN NULL; END $$"
        )
        execute(
            f"CREATE TRIGGER search_post_{table} AFTER {when} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION search_post_{table}()"
        )


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        upgrade_sqlite()
    else:
        upgrade_postgresql()
    execute(added(sqlite=sqlite, where=" ORDER BY r.id"))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table, *_ in TOUCHED:
            op.execute(f"DROP TRIGGER search_post_{table} ON {table}")
            op.execute(f"DROP FUNCTION search_post_{table}()")
    else:
        for table, *_ in TOUCHED:
            op.execute(f"DROP TRIGGER search_post_{table}_changed")
        op.execute("DROP TRIGGER search_post_appointment_added")
        op.execute("DROP TRIGGER search_post_appointment_removed")
    op.execute("DELETE FROM search_entry WHERE kind = 'post'")
