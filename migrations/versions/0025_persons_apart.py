"""Records that look alike and are two people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "person_apart",
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_person_apart_ordered")),
        sa.ForeignKeyConstraint(["one_id"], ["person.id"], name=op.f("fk_person_apart_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["person.id"], name=op.f("fk_person_apart_other_id")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_person_apart_created_by_id")
        ),
        sa.PrimaryKeyConstraint("one_id", "other_id", name=op.f("pk_person_apart")),
    )
    op.create_index(op.f("ix_person_apart_other_id"), "person_apart", ["other_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_person_apart_other_id"), table_name="person_apart")
    op.drop_table("person_apart")
