"""Since when nothing that identifies a person is kept; what transfers and imports did, for administrators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

NAME = "ix_audit_entry_administration"
BEFORE = (
    "account",
    "appointment",
    "letterhead",
    "login_session",
    "office",
    "office_group",
    "person",
    "position",
    "regency_setting",
    "role_grant",
    "wilayah",
)
NOW = sorted((*BEFORE, "external_login", "import_run", "second_factor", "transfer"))


def index_of(subjects: tuple[str, ...] | list[str]) -> None:
    there = sa.text(f"subject IN ({', '.join(map(repr, subjects))})")
    op.drop_index(NAME, table_name="audit_entry")
    op.create_index(NAME, "audit_entry", ["at", "id"], sqlite_where=there, postgresql_where=there)


def upgrade() -> None:
    op.add_column("person", sa.Column("anonymised_at", sa.DateTime(timezone=True), nullable=True))
    index_of(NOW)


def downgrade() -> None:
    index_of(BEFORE)
    op.drop_column("person", "anonymised_at")
