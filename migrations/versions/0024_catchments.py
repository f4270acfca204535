"""Which desa and kelurahan a facility serves."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

CODE = sa.String(13).with_variant(sa.String(13, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "catchment",
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("wilayah_code", CODE, nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_catchment_facility_id")),
        sa.PrimaryKeyConstraint("facility_id", "wilayah_code", name=op.f("pk_catchment")),
    )
    op.create_index("ix_catchment_village", "catchment", ["wilayah_code", "facility_id"])


def downgrade() -> None:
    op.drop_index("ix_catchment_village", table_name="catchment")
    op.drop_table("catchment")
