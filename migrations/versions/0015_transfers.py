"""Changes of officials that can be taken back; one living place of a position among signatories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

LIVING = sa.text("status != 'replaced'")


def upgrade() -> None:
    op.create_table(
        "transfer",
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("hand_over_roles", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_transfer_position_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_transfer_person_id")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_transfer_appointment_id")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_transfer_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index("ix_transfer_position", "transfer", ["position_id", "id"])
    op.create_index(op.f("ix_transfer_appointment_id"), "transfer", ["appointment_id"])
    with op.batch_alter_table("slot") as batch:
        batch.drop_constraint(op.f("uq_slot_commitment_id_position_id"), type_="unique")
    op.create_index(
        "uq_slot_living",
        "slot",
        ["commitment_id", "position_id"],
        unique=True,
        sqlite_where=LIVING,
        postgresql_where=LIVING,
    )
    op.create_index("ix_slot_position", "slot", ["position_id", "status"])
    filled = sa.text("position_id IS NOT NULL")
    op.create_index(
        "ix_invitation_position",
        "invitation",
        ["position_id"],
        sqlite_where=filled,
        postgresql_where=filled,
    )
    op.create_index("ix_seat_position", "seat", ["position_id"])


def downgrade() -> None:
    op.drop_index("ix_seat_position", table_name="seat")
    op.drop_index("ix_invitation_position", table_name="invitation")
    op.drop_index("ix_slot_position", table_name="slot")
    op.drop_index("uq_slot_living", table_name="slot")
    with op.batch_alter_table("slot") as batch:
        batch.create_unique_constraint(
            op.f("uq_slot_commitment_id_position_id"), ["commitment_id", "position_id"]
        )
    op.drop_index(op.f("ix_transfer_appointment_id"), table_name="transfer")
    op.drop_index("ix_transfer_position", table_name="transfer")
    op.drop_table("transfer")
