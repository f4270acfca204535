"""Who looked at whose personal data."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "view_log",
        sa.Column("page", sa.String(length=24), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_view_log_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_view_log")),
        sa.UniqueConstraint(
            "page", "record_id", "day", "account_id", name=op.f("uq_view_log_page_record_id_day_account_id")
        ),
    )
    op.create_index(op.f("ix_view_log_account_id"), "view_log", ["account_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_view_log_account_id"), table_name="view_log")
    op.drop_table("view_log")
