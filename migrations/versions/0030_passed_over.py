"""A file that is handed in tells which lines below its table were passed over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    op.add_column("import_run", sa.Column("passed_over", sa.JSON(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("import_run", "passed_over")
