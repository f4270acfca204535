"""The official places, their aliases and settings of a regency."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "regency_setting",
        sa.Column(
            "regency_code",
            sa.String(length=5).with_variant(sa.String(length=5, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("zone", sa.String(length=24), nullable=False),
        sa.Column("district_label", sa.String(length=30), nullable=False),
        sa.Column("village_label", sa.String(length=30), nullable=False),
        sa.Column("set_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("regency_code", name=op.f("pk_regency_setting")),
    )
    op.create_table(
        "wilayah",
        sa.Column(
            "code",
            sa.String(length=13).with_variant(sa.String(length=13, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sort_name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=24), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["wilayah.id"], name=op.f("fk_wilayah_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wilayah")),
        sa.UniqueConstraint("code", name=op.f("uq_wilayah_code")),
    )
    op.create_index("ix_wilayah_parent", "wilayah", ["parent_id", "sort_name"], unique=False)
    op.create_table(
        "wilayah_alias",
        sa.Column("wilayah_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("sort_name", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["wilayah_id"], ["wilayah.id"], name=op.f("fk_wilayah_alias_wilayah_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wilayah_alias")),
        sa.UniqueConstraint("wilayah_id", "name", name=op.f("uq_wilayah_alias_wilayah_id_name")),
    )
    op.create_index(op.f("ix_wilayah_alias_sort_name"), "wilayah_alias", ["sort_name"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_wilayah_alias_sort_name"), table_name="wilayah_alias")
    op.drop_table("wilayah_alias")
    op.drop_index("ix_wilayah_parent", table_name="wilayah")
    op.drop_table("wilayah")
    op.drop_table("regency_setting")
