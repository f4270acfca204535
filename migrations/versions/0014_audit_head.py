"""The database itself moves the end of a chain on with every entry."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER audit_entry_moves_head AFTER INSERT ON audit_entry BEGIN "
            "UPDATE audit_head SET seq = NEW.seq, hash = NEW.hash WHERE chain = NEW.chain; END"
        )
        return
    # One update a statement: a thousand entries at once would leave a thousand dead heads to step over.
    op.execute(
        "CREATE FUNCTION audit_entry_move_head() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "UPDATE audit_head SET seq = last.seq, hash = last.hash FROM "
        "(SELECT DISTINCT ON (chain) chain, seq, hash FROM added ORDER BY chain, seq DESC) AS last "
        "WHERE audit_head.chain = last.chain; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_entry_moves_head AFTER INSERT ON audit_entry REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_move_head()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_entry_moves_head")
        return
    op.execute("DROP TRIGGER audit_entry_moves_head ON audit_entry")
    op.execute("DROP FUNCTION audit_entry_move_head()")
