"""Where else an office takes part: bounds of its searches beside its own place, kept by triggers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

CODES = "province_code, regency_code, district_code"
PARTS = (
    ("invitation", "meeting", "invitation i JOIN meeting r ON r.id = i.meeting_id"),
    ("assignment", "task", "assignment i JOIN task r ON r.id = i.task_id"),
    (
        "assignment_follower",
        "task",
        "assignment_follower i JOIN assignment a ON a.id = i.assignment_id JOIN task r ON r.id = a.task_id",
    ),
    ("slot", "commitment", "slot i JOIN commitment r ON r.id = i.commitment_id"),
)
"""Tables whose rows give an office a part, in which records, and how they are joined to them."""
KEYS = {"assignment_follower": "i.assignment_id = NEW.assignment_id AND i.office_id = NEW.office_id"}
"""Of those that are not told by an id."""


def added(parts: str, where: str) -> str:
    """The INSERT of places that these parts lie in, but for those that the office's own place holds."""
    return (
        "INSERT INTO part_elsewhere (office_id, code) SELECT DISTINCT i.office_id,"
        " CASE WHEN r.regency_code = '' THEN r.province_code ELSE r.regency_code END"
        f" FROM {parts} JOIN office o ON o.id = i.office_id"
        " WHERE o.province_code <> '' AND r.province_code <> '' AND (r.province_code <> o.province_code"
        " OR o.regency_code <> '' AND r.regency_code NOT IN ('', o.regency_code))"
        f" AND {where} ON CONFLICT DO NOTHING;"
    )


def triggers() -> list[tuple[str, str, str]]:
    """Names, when they act, and what they do."""
    found = [
        (f"{table}_{act}", f"{when} ON {table}", added(parts, KEYS.get(table, "i.id = NEW.id")))
        for table, _, parts in PARTS
        for act, when in (("added", "INSERT"), ("changed", "UPDATE OF office_id"))
    ]
    for record in dict.fromkeys(record for _, record, _ in PARTS):
        acts = " ".join(added(parts, "r.id = NEW.id") for _, of, parts in PARTS if of == record)
        found.append((f"{record}_moved", f"UPDATE OF {CODES} ON {record}", acts))
    acts = " ".join(added(parts, "i.office_id = NEW.id") for *_, parts in PARTS)
    return [*found, ("office_moved", f"UPDATE OF {CODES} ON office", acts)]


def upgrade() -> None:
    op.create_table(
        "part_elsewhere",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column(
            "code",
            sa.String(length=5).with_variant(sa.String(length=5, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["office.id"], name=op.f("fk_part_elsewhere_office_id_office")
        ),
        sa.PrimaryKeyConstraint("office_id", "code", name=op.f("pk_part_elsewhere")),
    )
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, when, acts in triggers():
        if sqlite:
            op.execute(f"CREATE TRIGGER elsewhere_{name} AFTER {when} BEGIN {acts} END")
            continue
        op.execute(
            f"CREATE FUNCTION elsewhere_{name}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $$ BEGIN {acts} RETURN NULL; END $$"
        )
        op.execute(
            f"CREATE TRIGGER elsewhere_{name} AFTER {when} FOR EACH ROW EXECUTE FUNCTION elsewhere_{name}()"
        )
    for *_, parts in PARTS:
        op.execute(added(parts, "TRUE"))


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name, when, _ in triggers():
        table = when.rpartition(" ")[2]
        op.execute(f"DROP TRIGGER elsewhere_{name}" + ("" if sqlite else f" ON {table}"))
        if not sqlite:
            op.execute(f"DROP FUNCTION elsewhere_{name}()")
    op.drop_table("part_elsewhere")
