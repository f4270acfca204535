"""Commitments and signatures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "commitment",
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("preamble", sa.Text(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
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
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_commitment_created_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_commitment_meeting_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_commitment_office_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["commitment.id"], name=op.f("fk_commitment_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index(
        "ix_commitment_district", "commitment", ["district_code", "created_on", "id"], unique=False
    )
    op.create_index(op.f("ix_commitment_meeting_id"), "commitment", ["meeting_id"], unique=False)
    op.create_index("ix_commitment_office", "commitment", ["office_id", "created_on", "id"], unique=False)
    op.create_index(
        "ix_commitment_province", "commitment", ["province_code", "created_on", "id"], unique=False
    )
    op.create_index("ix_commitment_regency", "commitment", ["regency_code", "created_on", "id"], unique=False)
    op.create_table(
        "clause",
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("heading", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_clause_commitment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause")),
    )
    op.create_index("ix_clause_commitment", "clause", ["commitment_id", "place"], unique=False)
    op.create_table(
        "commitment_version",
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_version_commitment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_version")),
        sa.UniqueConstraint(
            "commitment_id", "number", name=op.f("uq_commitment_version_commitment_id_number")
        ),
    )
    op.create_table(
        "signing_round",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_signing_round_commitment_id")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"], ["commitment_version.id"], name=op.f("fk_signing_round_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_round")),
        sa.UniqueConstraint("version_id", name=op.f("uq_signing_round_version_id")),
    )
    op.create_index(op.f("ix_signing_round_commitment_id"), "signing_round", ["commitment_id"], unique=False)
    op.create_table(
        "target",
        sa.Column("clause_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("baseline", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("lead_office_id", sa.Integer(), nullable=False),
        sa.Column("live_figure", sa.String(length=24), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_target_clause_id")),
        sa.ForeignKeyConstraint(["lead_office_id"], ["office.id"], name=op.f("fk_target_lead_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
    )
    op.create_index("ix_target_clause", "target", ["clause_id"], unique=False)
    op.create_table(
        "slot",
        sa.Column("commitment_id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("constituency", sa.String(length=24), nullable=False),
        sa.Column("capacity", sa.String(length=24), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("prefix", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("suffix", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("office_name", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["commitment_id"], ["commitment.id"], name=op.f("fk_slot_commitment_id")),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_slot_office_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_slot_person_id")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_slot_position_id")),
        sa.ForeignKeyConstraint(["round_id"], ["signing_round.id"], name=op.f("fk_slot_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot")),
        sa.UniqueConstraint("commitment_id", "position_id", name=op.f("uq_slot_commitment_id_position_id")),
    )
    op.create_index("ix_slot_commitment", "slot", ["commitment_id", "place"], unique=False)
    op.create_index("ix_slot_office", "slot", ["office_id", "status"], unique=False)
    op.create_table(
        "signature_event",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("method", sa.String(length=24), nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("strokes_sha256", sa.String(length=64), nullable=False),
        sa.Column("stroke", sa.JSON(), nullable=True),
        sa.Column("typed_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("device", sa.String(length=200), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_signature_event_account_id")),
        sa.ForeignKeyConstraint(["round_id"], ["signing_round.id"], name=op.f("fk_signature_event_round_id")),
        sa.ForeignKeyConstraint(["slot_id"], ["slot.id"], name=op.f("fk_signature_event_slot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature_event")),
        sa.UniqueConstraint("round_id", "seq", name=op.f("uq_signature_event_round_id_seq")),
    )
    op.create_index("ix_signature_event_slot", "signature_event", ["slot_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_signature_event_slot", table_name="signature_event")
    op.drop_table("signature_event")
    op.drop_index("ix_slot_office", table_name="slot")
    op.drop_index("ix_slot_commitment", table_name="slot")
    op.drop_table("slot")
    op.drop_index("ix_target_clause", table_name="target")
    op.drop_table("target")
    op.drop_index(op.f("ix_signing_round_commitment_id"), table_name="signing_round")
    op.drop_table("signing_round")
    op.drop_table("commitment_version")
    op.drop_index("ix_clause_commitment", table_name="clause")
    op.drop_table("clause")
    op.drop_index("ix_commitment_regency", table_name="commitment")
    op.drop_index("ix_commitment_province", table_name="commitment")
    op.drop_index("ix_commitment_office", table_name="commitment")
    op.drop_index(op.f("ix_commitment_meeting_id"), table_name="commitment")
    op.drop_index("ix_commitment_district", table_name="commitment")
    op.drop_table("commitment")
