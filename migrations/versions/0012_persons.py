"""Where a person was entered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

CODE = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("person", sa.Column("wilayah_code", CODE, nullable=False, server_default=""))
    op.create_index(op.f("ix_person_wilayah_code"), "person", ["wilayah_code"])


def downgrade() -> None:
    op.drop_index(op.f("ix_person_wilayah_code"), table_name="person")
    op.drop_column("person", "wilayah_code")
