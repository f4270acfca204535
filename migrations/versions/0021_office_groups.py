"""Groups of positions that an office keeps for inviting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_table(
        "office_group",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_office_group_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_group")),
        sa.UniqueConstraint("office_id", "name", name=op.f("uq_office_group_office_id_name")),
    )
    op.create_table(
        "office_group_member",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["office_group.id"], name=op.f("fk_office_group_member_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["position_id"], ["position.id"], name=op.f("fk_office_group_member_position_id")
        ),
        sa.PrimaryKeyConstraint("group_id", "position_id", name=op.f("pk_office_group_member")),
    )


def downgrade() -> None:
    op.drop_table("office_group_member")
    op.drop_table("office_group")
