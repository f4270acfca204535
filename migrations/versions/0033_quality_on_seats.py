"""Seats say in what quality they are held; places of transfers that were taken back belong to no round."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    op.add_column("invitation", sa.Column("kind", sa.String(24)))
    op.execute("UPDATE slot SET round_id = NULL WHERE status = 'replaced' AND reason = 'mutasi dibatalkan'")


def downgrade() -> None:
    op.drop_column("invitation", "kind")
