"""A position that nobody holds is found by its title, and leads to its office: an entry a position."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

MARKS = ".,()/-:;\"\\\n\r\t'“”"
"""What stands between words, as for all other entries."""
CODES = "province_code, regency_code, district_code"
TOUCHED = (
    ("position", "title, office_id", "SELECT {}.id"),
    ("office", f"name, {CODES}", "SELECT s.id FROM position s WHERE s.office_id = {}.id"),
)
"""Tables that an entry is made of: (table, columns, the positions that a row of it touches)."""


def keys() -> str:
    """The kind, and the places that the office lies in, as `ilp.models.search` spells them."""
    below = "".join(
        f" || CASE WHEN o.{code} = '' THEN '' ELSE ' q' || replace(o.{code}, '.', '') END"
        for code in ("regency_code", "district_code")
    )
    return (
        "'kposition qall' || CASE WHEN o.province_code = '' THEN ' qtop' WHEN o.regency_code = ''"
        " THEN ' q' || o.province_code || ' q' || o.province_code || 'only'"
        f" ELSE ' q' || o.province_code END{below}"
    )


def words(*, sqlite: bool) -> str:
    """Title and office: small letters and digits with single spaces, more or less."""
    text = "r.title || ' ' || o.name"
    if not sqlite:
        return f"btrim(regexp_replace(lower({text}), '[^[:alnum:]]+', ' ', 'g'))"
    for mark in MARKS:
        text = f"replace({text}, char({ord(mark)}), ' ')"
    return f"lower({text})"


def added(*, sqlite: bool, where: str = "") -> str:
    """The INSERT of entries of positions."""
    return (
        "INSERT INTO search_entry (kind, record_id, keys, words)"
        f" SELECT 'position', r.id, {keys()}, {words(sqlite=sqlite)}"
        f" FROM position r JOIN office o ON o.id = r.office_id{where}"
    )


def removed(which: str) -> str:
    return f"DELETE FROM search_entry WHERE kind = 'position' AND record_id IN ({which});"


def anew(which: str, *, sqlite: bool) -> str:
    """The entries of these positions, from what they are made of."""
    return removed(which) + added(sqlite=sqlite, where=f" WHERE r.id IN ({which})") + ";"


def execute(statement: str) -> None:
    op.execute(sa.text(statement.replace(":", r"\:")))


def upgrade_sqlite() -> None:
    for table, columns, which in TOUCHED:
        for act, when in (("added", "INSERT"), ("changed", f"UPDATE OF {columns}")):
            if act == "changed" or table == "position":
                execute(
                    f"CREATE TRIGGER search_position_{table}_{act} AFTER {when} ON {table}"
                    f" BEGIN {anew(which.format('NEW'), sqlite=True)} END"
                )
    execute(
        "CREATE TRIGGER search_position_position_removed AFTER DELETE ON position"
        f" BEGIN {removed('SELECT OLD.id')} END"
    )


def upgrade_postgresql() -> None:
    for table, columns, which in TOUCHED:
        acts, when = anew(which.format("NEW"), sqlite=False), f"UPDATE OF {columns}"
        if table == "position":
            acts = f"IF TG_OP = 'DELETE' THEN {removed('SELECT OLD.id')} ELSE {acts} END IF;"
            when = f"INSERT OR {when} OR DELETE"
        execute(
            f"CREATE FUNCTION search_position_{table}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN {acts} RETURN NULL; END $$"
        )
        execute(
            f"CREATE TRIGGER search_position_{table} AFTER {when} ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION search_position_{table}()"
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
            execute(f"DROP TRIGGER search_position_{table} ON {table}")
            execute(f"DROP FUNCTION search_position_{table}()")
    else:
        for act in ("position_added", "position_changed", "position_removed", "office_changed"):
            execute(f"DROP TRIGGER search_position_{act}")
    execute("DELETE FROM search_entry WHERE kind = 'position'")
