"""Letterheads and the customs of a regency are counted as they change, so that an older window is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

COUNTED = ("letterhead", "regency_setting")


def upgrade() -> None:
    for table in COUNTED:
        op.add_column(table, sa.Column("version", sa.Integer(), server_default="1", nullable=False))


def downgrade() -> None:
    for table in COUNTED:
        op.drop_column(table, "version")
