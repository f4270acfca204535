"""PostgreSQL finds places by an index of their own: there are 91,599 in every installation, for everybody."""

from __future__ import annotations

from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX search_text_wilayah ON search_entry"
            " USING gin ((to_tsvector('simple', words) || to_tsvector('indonesian', words)))"
            " WITH (fastupdate = off) WHERE kind = 'wilayah'"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX search_text_wilayah")
