"""Facilities and their progress."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "roadmap_goal",
        sa.Column(
            "regency_code",
            sa.String(length=5).with_variant(sa.String(length=5, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("basis", sa.String(length=500), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roadmap_goal")),
        sa.UniqueConstraint(
            "regency_code", "kind", "year", name=op.f("uq_roadmap_goal_regency_code_kind_year")
        ),
    )
    op.create_table(
        "facility",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "wilayah_code",
            sa.String(length=13).with_variant(sa.String(length=13, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("status_on", sa.Date(), nullable=True),
        sa.Column("focus_on", sa.Date(), nullable=True),
        sa.Column("is_example", sa.Boolean(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "province_code",
            sa.String(length=2).with_variant(sa.String(length=2, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "regency_code",
            sa.String(length=5).with_variant(sa.String(length=5, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "district_code",
            sa.String(length=8).with_variant(sa.String(length=8, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_facility_office_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["facility.id"], name=op.f("fk_facility_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
        sa.UniqueConstraint("wilayah_code", "kind", "name", name=op.f("uq_facility_wilayah_code_kind_name")),
    )
    op.create_index(
        "ix_facility_district", "facility", ["district_code", "kind", "status", "id"], unique=False
    )
    op.create_index(op.f("ix_facility_office_id"), "facility", ["office_id"], unique=False)
    op.create_index("ix_facility_parent", "facility", ["parent_id"], unique=False)
    op.create_index(
        "ix_facility_province", "facility", ["province_code", "kind", "status", "id"], unique=False
    )
    op.create_index("ix_facility_regency", "facility", ["regency_code", "kind", "status", "id"], unique=False)
    op.create_table(
        "facility_event",
        sa.Column("facility_id", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("office_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_facility_event_facility_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility_event")),
    )
    op.create_index("ix_facility_event_facility", "facility_event", ["facility_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_facility_event_facility", table_name="facility_event")
    op.drop_table("facility_event")
    op.drop_index("ix_facility_regency", table_name="facility")
    op.drop_index("ix_facility_province", table_name="facility")
    op.drop_index("ix_facility_parent", table_name="facility")
    op.drop_index(op.f("ix_facility_office_id"), table_name="facility")
    op.drop_index("ix_facility_district", table_name="facility")
    op.drop_table("facility")
    op.drop_table("roadmap_goal")
