"""Bodies and meetings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "coordination_body",
        sa.Column(
            "wilayah_code",
            sa.String(length=13).with_variant(sa.String(length=13, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("legal_basis", sa.String(length=300), nullable=False),
        sa.Column("decree_number", sa.String(length=80), nullable=False),
        sa.Column("decree_date", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("predecessor_id", sa.Integer(), nullable=True),
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
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_coordination_body_office_id")),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["coordination_body.id"], name=op.f("fk_coordination_body_predecessor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordination_body")),
    )
    op.create_index(
        "ix_coordination_body_district", "coordination_body", ["district_code", "id"], unique=False
    )
    op.create_index(op.f("ix_coordination_body_office_id"), "coordination_body", ["office_id"], unique=False)
    op.create_index(
        "ix_coordination_body_province", "coordination_body", ["province_code", "id"], unique=False
    )
    op.create_index("ix_coordination_body_regency", "coordination_body", ["regency_code", "id"], unique=False)
    op.create_index(
        op.f("ix_coordination_body_wilayah_code"), "coordination_body", ["wilayah_code"], unique=False
    )
    op.create_table(
        "meeting_series",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_meeting_series_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_series")),
    )
    op.create_index(op.f("ix_meeting_series_office_id"), "meeting_series", ["office_id"], unique=False)
    op.create_table(
        "meeting",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("chair", sa.String(length=200), nullable=False),
        sa.Column("opened_by", sa.String(length=200), nullable=False),
        sa.Column("minute_taker_id", sa.Integer(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
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
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at > starts_at", name=op.f("ck_meeting_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["account.id"], name=op.f("fk_meeting_approved_by_id")),
        sa.ForeignKeyConstraint(["body_id"], ["coordination_body.id"], name=op.f("fk_meeting_body_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_meeting_created_by_id")),
        sa.ForeignKeyConstraint(["minute_taker_id"], ["account.id"], name=op.f("fk_meeting_minute_taker_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_meeting_office_id")),
        sa.ForeignKeyConstraint(["previous_id"], ["meeting.id"], name=op.f("fk_meeting_previous_id")),
        sa.ForeignKeyConstraint(["series_id"], ["meeting_series.id"], name=op.f("fk_meeting_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
    )
    op.create_index(op.f("ix_meeting_body_id"), "meeting", ["body_id"], unique=False)
    op.create_index("ix_meeting_district", "meeting", ["district_code", "starts_at", "id"], unique=False)
    op.create_index("ix_meeting_office", "meeting", ["office_id", "starts_at", "id"], unique=False)
    op.create_index(
        "ix_meeting_previous",
        "meeting",
        ["previous_id"],
        unique=False,
        sqlite_where=sa.text("previous_id IS NOT NULL"),
        postgresql_where=sa.text("previous_id IS NOT NULL"),
    )
    op.create_index("ix_meeting_province", "meeting", ["province_code", "starts_at", "id"], unique=False)
    op.create_index("ix_meeting_regency", "meeting", ["regency_code", "starts_at", "id"], unique=False)
    op.create_index("ix_meeting_series", "meeting", ["series_id", "starts_at"], unique=False)
    op.create_table(
        "seat",
        sa.Column("body_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("division", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=24), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["body_id"], ["coordination_body.id"], name=op.f("fk_seat_body_id")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_seat_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
        sa.UniqueConstraint("body_id", "position_id", name=op.f("uq_seat_body_id_position_id")),
    )
    op.create_index("ix_seat_body", "seat", ["body_id", "place"], unique=False)
    op.create_table(
        "agenda_item",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("presenter", sa.String(length=200), nullable=False),
        sa.Column("minutes_planned", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("carried_over", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    op.create_index("ix_agenda_item_meeting", "agenda_item", ["meeting_id", "place"], unique=False)
    op.create_table(
        "invitation",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=True),
        sa.Column("office_id", sa.Integer(), nullable=True),
        sa.Column("group_name", sa.String(length=200), nullable=False),
        sa.Column("constituency", sa.String(length=24), nullable=False),
        sa.Column("protocol_order", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("office_name", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("sex", sa.String(length=24), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("answer_note", sa.String(length=300), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_invitation_meeting_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_invitation_office_id")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_invitation_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("meeting_id", "position_id", name=op.f("uq_invitation_meeting_id_position_id")),
    )
    op.create_index(
        "ix_invitation_meeting", "invitation", ["meeting_id", "protocol_order", "id"], unique=False
    )
    op.create_index("ix_invitation_office", "invitation", ["office_id", "meeting_id"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("source", sa.String(length=24), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("office_name", sa.String(length=200), nullable=False),
        sa.Column("constituency", sa.String(length=24), nullable=False),
        sa.Column("sex", sa.String(length=24), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_attendance_invitation_id")
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_attendance_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint("invitation_id", name=op.f("uq_attendance_invitation_id")),
    )
    op.create_index("ix_attendance_meeting", "attendance", ["meeting_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_attendance_meeting", table_name="attendance")
    op.drop_table("attendance")
    op.drop_index("ix_invitation_office", table_name="invitation")
    op.drop_index("ix_invitation_meeting", table_name="invitation")
    op.drop_table("invitation")
    op.drop_index("ix_agenda_item_meeting", table_name="agenda_item")
    op.drop_table("agenda_item")
    op.drop_index("ix_seat_body", table_name="seat")
    op.drop_table("seat")
    op.drop_index("ix_meeting_series", table_name="meeting")
    op.drop_index("ix_meeting_regency", table_name="meeting")
    op.drop_index("ix_meeting_previous", table_name="meeting")
    op.drop_index("ix_meeting_province", table_name="meeting")
    op.drop_index("ix_meeting_office", table_name="meeting")
    op.drop_index("ix_meeting_district", table_name="meeting")
    op.drop_index(op.f("ix_meeting_body_id"), table_name="meeting")
    op.drop_table("meeting")
    op.drop_index(op.f("ix_meeting_series_office_id"), table_name="meeting_series")
    op.drop_table("meeting_series")
    op.drop_index(op.f("ix_coordination_body_wilayah_code"), table_name="coordination_body")
    op.drop_index("ix_coordination_body_regency", table_name="coordination_body")
    op.drop_index("ix_coordination_body_province", table_name="coordination_body")
    op.drop_index(op.f("ix_coordination_body_office_id"), table_name="coordination_body")
    op.drop_index("ix_coordination_body_district", table_name="coordination_body")
    op.drop_table("coordination_body")
