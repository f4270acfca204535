"""Tasks, evidence and the rows of the minutes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("preview_sha256", sa.String(length=64), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_stored_file_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_index(op.f("ix_stored_file_sha256"), "stored_file", ["sha256"], unique=False)
    op.create_table(
        "task",
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=24), nullable=False),
        sa.Column("owner_office_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("clause_id", sa.Integer(), nullable=True),
        sa.Column("body_id", sa.Integer(), nullable=True),
        sa.Column("division", sa.String(length=100), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("evidence", sa.String(length=24), nullable=False),
        sa.Column("addressed_to", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
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
        sa.ForeignKeyConstraint(["body_id"], ["coordination_body.id"], name=op.f("fk_task_body_id")),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_task_clause_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_task_created_by_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_task_meeting_id")),
        sa.ForeignKeyConstraint(["owner_office_id"], ["office.id"], name=op.f("fk_task_owner_office_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    op.create_index("ix_task_body", "task", ["body_id", "due_on"], unique=False)
    op.create_index("ix_task_clause", "task", ["clause_id"], unique=False)
    op.create_index("ix_task_district", "task", ["district_code", "due_on", "id"], unique=False)
    op.create_index("ix_task_meeting", "task", ["meeting_id"], unique=False)
    op.create_index("ix_task_owner", "task", ["owner_office_id", "due_on", "id"], unique=False)
    op.create_index("ix_task_province", "task", ["province_code", "due_on", "id"], unique=False)
    op.create_index("ix_task_regency", "task", ["regency_code", "due_on", "id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.Column("issuer_office_id", sa.Integer(), nullable=False),
        sa.Column("reviewer_office_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "awaited_on",
            sa.Date(),
            sa.Computed(
                "CASE WHEN status IN ('assigned', 'in_progress', 'returned') AND withdrawn_at IS NULL "
                "THEN due_on END",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column(
            "review_since",
            sa.DateTime(timezone=True),
            sa.Computed(
                "CASE WHEN status IN ('submitted') AND withdrawn_at IS NULL THEN submitted_at END",
                persisted=True,
            ),
            nullable=True,
        ),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
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
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_assignment_office_id")),
        sa.ForeignKeyConstraint(
            ["issuer_office_id"], ["office.id"], name=op.f("fk_assignment_issuer_office_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_office_id"], ["office.id"], name=op.f("fk_assignment_reviewer_office_id")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["assignment.id"], name=op.f("fk_assignment_parent_id")),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["account.id"], name=op.f("fk_assignment_reviewed_by_id")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_assignment_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("task_id", "office_id", name=op.f("uq_assignment_task_id_office_id")),
    )
    op.create_index("ix_assignment_district", "assignment", ["district_code", "due_on", "id"], unique=False)
    op.create_index("ix_assignment_office", "assignment", ["office_id", "due_on", "id"], unique=False)
    op.create_index("ix_assignment_issuer", "assignment", ["issuer_office_id", "due_on", "id"], unique=False)
    op.create_index(
        "ix_assignment_parent",
        "assignment",
        ["parent_id"],
        unique=False,
        sqlite_where=sa.text("parent_id IS NOT NULL"),
        postgresql_where=sa.text("parent_id IS NOT NULL"),
    )
    op.create_index("ix_assignment_province", "assignment", ["province_code", "due_on", "id"], unique=False)
    op.create_index("ix_assignment_regency", "assignment", ["regency_code", "due_on", "id"], unique=False)
    for columns in (
        ["province_code", "awaited_on", "id"],
        ["regency_code", "awaited_on", "id"],
        ["district_code", "awaited_on", "id"],
        ["office_id", "awaited_on", "id"],
        ["issuer_office_id", "awaited_on", "id"],
        ["office_id", "reviewed_at", "id"],
        ["issuer_office_id", "reviewed_at", "id"],
        ["reviewer_office_id", "review_since"],
    ):
        there = sa.text(f"{columns[1]} IS NOT NULL")
        op.create_index(
            f"ix_assignment_{columns[0].removesuffix('_code').removesuffix('_id')}_{columns[1]}",
            "assignment",
            columns,
            unique=False,
            sqlite_where=there,
            postgresql_where=there,
        )
    op.create_table(
        "minutes_row",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("agenda_item_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("decision_number", sa.Integer(), nullable=True),
        sa.Column("decision_year", sa.Integer(), nullable=True),
        sa.Column("basis_id", sa.Integer(), nullable=True),
        sa.Column("clash_of_id", sa.Integer(), nullable=True),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("author_name", sa.String(length=120), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agenda_item_id"], ["agenda_item.id"], name=op.f("fk_minutes_row_agenda_item_id")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_minutes_row_author_id")),
        sa.ForeignKeyConstraint(["basis_id"], ["minutes_row.id"], name=op.f("fk_minutes_row_basis_id")),
        sa.ForeignKeyConstraint(["clash_of_id"], ["minutes_row.id"], name=op.f("fk_minutes_row_clash_of_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_minutes_row_meeting_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_minutes_row_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_row")),
    )
    op.create_index(
        "ix_minutes_row_meeting", "minutes_row", ["meeting_id", "agenda_item_id", "place"], unique=False
    )
    op.create_index("ix_minutes_row_task", "minutes_row", ["task_id"], unique=False)
    for column in ("basis_id", "clash_of_id"):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(
            f"ix_minutes_row_{column.removesuffix('_id')}",
            "minutes_row",
            [column],
            unique=False,
            sqlite_where=there,
            postgresql_where=there,
        )
    op.create_table(
        "assignment_event",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=24), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.String(length=120), nullable=False),
        sa.Column("office_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_event_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_event")),
    )
    op.create_index(
        "ix_assignment_event_assignment", "assignment_event", ["assignment_id", "id"], unique=False
    )
    op.create_table(
        "assignment_follower",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_assignment_follower_assignment_id")
        ),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name=op.f("fk_assignment_follower_office_id")),
        sa.PrimaryKeyConstraint("assignment_id", "office_id", name=op.f("pk_assignment_follower")),
    )
    op.create_index(
        "ix_assignment_follower_office", "assignment_follower", ["office_id", "assignment_id"], unique=False
    )
    op.create_table(
        "evidence",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("figure", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_evidence_assignment_id")),
        sa.ForeignKeyConstraint(["created_by_id"], ["account.id"], name=op.f("fk_evidence_created_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_evidence_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_assignment", "evidence", ["assignment_id", "id"], unique=False)
    op.create_table(
        "minutes_revision",
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author_name", sa.String(length=120), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["row_id"], ["minutes_row.id"], name=op.f("fk_minutes_revision_row_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_revision")),
        sa.UniqueConstraint("row_id", "version", name=op.f("uq_minutes_revision_row_id_version")),
    )


def downgrade() -> None:
    op.drop_table("minutes_revision")
    op.drop_index("ix_evidence_assignment", table_name="evidence")
    op.drop_table("evidence")
    op.drop_index("ix_assignment_follower_office", table_name="assignment_follower")
    op.drop_table("assignment_follower")
    op.drop_index("ix_assignment_event_assignment", table_name="assignment_event")
    op.drop_table("assignment_event")
    op.drop_index("ix_minutes_row_clash_of", table_name="minutes_row")
    op.drop_index("ix_minutes_row_basis", table_name="minutes_row")
    op.drop_index("ix_minutes_row_task", table_name="minutes_row")
    op.drop_index("ix_minutes_row_meeting", table_name="minutes_row")
    op.drop_table("minutes_row")
    op.drop_index("ix_assignment_regency", table_name="assignment")
    op.drop_index("ix_assignment_province", table_name="assignment")
    op.drop_index("ix_assignment_parent", table_name="assignment")
    op.drop_index("ix_assignment_office", table_name="assignment")
    op.drop_index("ix_assignment_district", table_name="assignment")
    op.drop_table("assignment")
    op.drop_index("ix_task_regency", table_name="task")
    op.drop_index("ix_task_province", table_name="task")
    op.drop_index("ix_task_owner", table_name="task")
    op.drop_index("ix_task_meeting", table_name="task")
    op.drop_index("ix_task_district", table_name="task")
    op.drop_index("ix_task_clause", table_name="task")
    op.drop_index("ix_task_body", table_name="task")
    op.drop_table("task")
    op.drop_index(op.f("ix_stored_file_sha256"), table_name="stored_file")
    op.drop_table("stored_file")
