"""The trail of the administration, read by its administrators."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

OF_ADMINISTRATION = sa.text(
    "subject IN ('account', 'appointment', 'letterhead', 'login_session', 'office', 'office_group', "
    "'person', 'position', 'regency_setting', 'role_grant', 'wilayah')"
)


def upgrade() -> None:
    op.create_index("ix_role_grant_account", "role_grant", ["account_id"])
    op.create_index(
        "ix_audit_entry_administration",
        "audit_entry",
        ["at", "id"],
        sqlite_where=OF_ADMINISTRATION,
        postgresql_where=OF_ADMINISTRATION,
    )


def downgrade() -> None:
    op.drop_index("ix_audit_entry_administration", table_name="audit_entry")
    op.drop_index("ix_role_grant_account", table_name="role_grant")
