"""Two records of one person joined, so that it can be taken back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "person_merge",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("gone_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("filled", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_merge_person_id")),
        sa.ForeignKeyConstraint(["gone_id"], ["person.id"], name=op.f("fk_person_merge_gone_id")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_person_merge_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merge")),
    )
    op.create_index("ix_person_merge_person", "person_merge", ["person_id", "id"])
    living = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_person_merge_living",
        "person_merge",
        ["gone_id"],
        unique=True,
        sqlite_where=living,
        postgresql_where=living,
    )
    filled = sa.text("person_id IS NOT NULL")
    op.create_index("ix_slot_person", "slot", ["person_id"], sqlite_where=filled, postgresql_where=filled)
    op.create_index(op.f("ix_transfer_person_id"), "transfer", ["person_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_transfer_person_id"), table_name="transfer")
    op.drop_index("ix_slot_person", table_name="slot")
    op.drop_index("uq_person_merge_living", table_name="person_merge")
    op.drop_index("ix_person_merge_person", table_name="person_merge")
    op.drop_table("person_merge")
