"""Offices, positions, persons and appointments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "office",
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("constituency", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column(
            "wilayah_code",
            sa.String(length=13).with_variant(sa.String(length=13, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("protocol_order", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.ForeignKeyConstraint(["parent_id"], ["office.id"], name=op.f("fk_office_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office")),
        sa.UniqueConstraint("wilayah_code", "name", name=op.f("uq_office_wilayah_code_name")),
    )
    op.create_index("ix_office_district", "office", ["district_code", "protocol_order", "id"], unique=False)
    op.create_index("ix_office_kind", "office", ["kind", "regency_code", "protocol_order"], unique=False)
    op.create_index("ix_office_order", "office", ["protocol_order", "id"], unique=False)
    op.create_index(op.f("ix_office_parent_id"), "office", ["parent_id"], unique=False)
    op.create_index("ix_office_province", "office", ["province_code", "protocol_order", "id"], unique=False)
    op.create_index("ix_office_regency", "office", ["regency_code", "protocol_order", "id"], unique=False)
    op.create_index(op.f("ix_office_wilayah_code"), "office", ["wilayah_code"], unique=False)
    op.create_table(
        "person",
        sa.Column("prefix", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("suffix", sa.String(length=120), nullable=False),
        sa.Column("sort_name", sa.String(length=120), nullable=False),
        sa.Column("sex", sa.String(length=24), nullable=True),
        sa.Column("nip", sa.String(length=18), nullable=True),
        sa.Column("rank", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("nip", name=op.f("uq_person_nip")),
    )
    op.create_index(op.f("ix_person_phone"), "person", ["phone"], unique=False)
    op.create_index(op.f("ix_person_sort_name"), "person", ["sort_name"], unique=False)
    op.create_table(
        "letterhead",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("tiers", sa.JSON(), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("address", sa.JSON(), nullable=False),
        sa.Column("town", sa.String(length=100), nullable=False),
        sa.Column("paper", sa.String(length=8), nullable=False),
        sa.Column("classification", sa.String(length=20), nullable=False),
        sa.Column("unit_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_letterhead_office_id")),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_letterhead")),
    )
    op.create_table(
        "position",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("is_head", sa.Boolean(), nullable=False),
        sa.Column("constituency", sa.String(length=24), nullable=True),
        sa.Column("protocol_order", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_position_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
        sa.UniqueConstraint("office_id", "title", name=op.f("uq_position_office_id_title")),
    )
    op.create_table(
        "appointment",
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_appointment_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_appointment_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_person", "appointment", ["person_id", "starts_on"], unique=False)
    op.create_index("ix_appointment_position", "appointment", ["position_id", "starts_on"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_appointment_position", table_name="appointment")
    op.drop_index("ix_appointment_person", table_name="appointment")
    op.drop_table("appointment")
    op.drop_table("position")
    op.drop_table("letterhead")
    op.drop_index(op.f("ix_person_sort_name"), table_name="person")
    op.drop_index(op.f("ix_person_phone"), table_name="person")
    op.drop_table("person")
    op.drop_index(op.f("ix_office_wilayah_code"), table_name="office")
    op.drop_index("ix_office_regency", table_name="office")
    op.drop_index("ix_office_province", table_name="office")
    op.drop_index(op.f("ix_office_parent_id"), table_name="office")
    op.drop_index("ix_office_order", table_name="office")
    op.drop_index("ix_office_kind", table_name="office")
    op.drop_index("ix_office_district", table_name="office")
    op.drop_table("office")
