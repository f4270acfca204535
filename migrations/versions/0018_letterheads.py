"""The emblem, the margins and the pattern of numbers of a letterhead."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column(
        "letterhead",
        sa.Column(
            "pattern",
            sa.String(80),
            nullable=False,
            server_default="{klasifikasi}/{nomor}/{unit}/{tahun}",
        ),
    )
    op.add_column(
        "letterhead", sa.Column("margins", sa.JSON(), nullable=False, server_default="[20, 20, 25, 30]")
    )
    op.add_column("letterhead", sa.Column("emblem_sha256", sa.String(64), nullable=False, server_default=""))
    op.create_index("ix_number_office", "number", ["office_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_number_office", table_name="number")
    op.drop_column("letterhead", "emblem_sha256")
    op.drop_column("letterhead", "margins")
    op.drop_column("letterhead", "pattern")
