"""Settings of a regency, the second factor, and logins by the government's own service."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    with op.batch_alter_table("regency_setting") as table:
        table.add_column(
            sa.Column("password_mixture", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        table.add_column(sa.Column("password_days", sa.Integer(), nullable=True))
        table.add_column(sa.Column("backup_on", sa.Date(), nullable=True))
        table.add_column(sa.Column("backup_place", sa.String(length=200), server_default="", nullable=False))
    with op.batch_alter_table("password_link") as table:
        table.add_column(sa.Column("mail_to", sa.String(length=254), server_default="", nullable=False))
    op.create_table(
        "second_factor",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_second_factor_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"], unique=False)
    op.create_table(
        "external_login",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=300), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_external_login_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_login")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_external_login_issuer_subject")),
        sa.UniqueConstraint("account_id", "issuer", name=op.f("uq_external_login_account_id_issuer")),
    )


def downgrade() -> None:
    op.drop_table("external_login")
    op.drop_index(op.f("ix_recovery_code_account_id"), table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
    with op.batch_alter_table("password_link") as table:
        table.drop_column("mail_to")
    with op.batch_alter_table("regency_setting") as table:
        for name in ("backup_place", "backup_on", "password_days", "password_mixture"):
            table.drop_column(name)
