"""People are found by their e-mail address when they log in by the government's own service."""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.create_index(op.f("ix_person_email"), "person", ["email"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_person_email"), table_name="person")
