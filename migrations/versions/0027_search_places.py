"""What can be found follows a changed place code: of the record itself, or of an office that it goes by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"

CODES = "province_code, regency_code, district_code"


def place_keys(row: str) -> str:
    """The keys of a placed row, as `ilp.models.search` spells them."""
    below = "".join(
        f" || CASE WHEN {row}.{code} = '' THEN '' ELSE ' q' || replace({row}.{code}, '.', '') END"
        for code in ("regency_code", "district_code")
    )
    return (
        f"'qall' || CASE WHEN {row}.province_code = '' THEN ' qtop' WHEN {row}.regency_code = ''"
        f" THEN ' q' || {row}.province_code || ' q' || {row}.province_code || 'only'"
        f" ELSE ' q' || {row}.province_code END{below}"
    )


def moved(kind: str, keys: str, records: str) -> str:
    """The UPDATE of the keys of these records' entries."""
    return (
        f"UPDATE search_entry SET keys = 'k{kind} ' || {keys}"
        f" WHERE kind = '{kind}' AND record_id IN ({records});"
    )


def of_persons(holders: str, *, sqlite: bool) -> str:
    """The UPDATE of persons: of all offices they hold or held something in, and where they were entered."""
    together = "group_concat({}, ' ')" if sqlite else "string_agg({}, ' ')"
    held = (
        f"coalesce((SELECT {together.format(place_keys('o'))} FROM appointment a JOIN position p"
        " ON p.id = a.position_id JOIN office o ON o.id = p.office_id"
        " WHERE a.person_id = search_entry.record_id), '')"
    )
    entered = (
        "(SELECT CASE WHEN n.wilayah_code = '' THEN '' ELSE ' q' || substr(n.wilayah_code, 1, 2)"
        " || ' q' || replace(substr(n.wilayah_code, 1, 5), '.', '') END"
        " FROM person n WHERE n.id = search_entry.record_id)"
    )
    return moved("person", f"'qall ' || {held} || {entered}", holders)


def triggers(*, sqlite: bool) -> list[tuple[str, str, str]]:
    """Tables, the columns that tell a place, and what follows from a change of them."""
    new = "NEW" if sqlite else "(NEW)"
    placed = [
        (kind, CODES, moved(kind, place_keys(new), "SELECT NEW.id"))
        for kind in ("task", "commitment", "document")
    ]
    decided = moved("decision", place_keys(new), "SELECT r.id FROM minutes_row r WHERE r.meeting_id = NEW.id")
    holders = (
        "SELECT a.person_id FROM appointment a JOIN position p ON p.id = a.position_id WHERE p.{} = NEW.id"
    )
    return [
        *placed,
        ("meeting", CODES, moved("meeting", place_keys(new), "SELECT NEW.id") + decided),
        ("office", CODES, of_persons(holders.format("office_id"), sqlite=sqlite)),
        ("position", "office_id", of_persons(holders.format("id"), sqlite=sqlite)),
    ]


def execute(statement: str) -> None:
    op.execute(sa.text(statement.replace(":", r"\:")))


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, columns, acts in triggers(sqlite=sqlite):
        name, when = f"search_{table}_moved", f"AFTER UPDATE OF {columns} ON {table}"
        if sqlite:
            execute(f"CREATE TRIGGER {name} {when} BEGIN {acts} END")
            continue
        execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN {acts} RETURN NULL; END $$"
        )
        execute(f"CREATE TRIGGER {name} {when} FOR EACH ROW EXECUTE FUNCTION {name}()")
    for table, columns, _ in triggers(sqlite=sqlite):  # what had moved before follows now
        column = columns.split(", ")[0]
        execute(f"UPDATE {table} SET {column} = {column}")


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, *_ in triggers(sqlite=sqlite):
        execute(f"DROP TRIGGER search_{table}_moved" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            execute(f"DROP FUNCTION search_{table}_moved()")
