"""Imports, with their progress and their errors."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "20261122_1905"
down_revision = "20261122_1904"
branch_labels = None
depends_on = None

_AT = sa.DateTime(timezone=True)
_COUNTS = ("rows_read", "rows_checked", "rows_written", "error_count", "attempt")


def upgrade() -> None:
    op.create_table(
        "sheet_imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'queued'"), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("actor", JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("rows_total", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False) for name in _COUNTS),
        sa.Column("problem_code", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("leased_until", _AT, nullable=True),
        sa.Column("created_at", _AT, server_default=sa.text("now()"), nullable=False),
        sa.Column("started_at", _AT, nullable=True),
        sa.Column("finished_at", _AT, nullable=True),
        sa.Column("purged_at", _AT, nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'applied', 'refused', 'failed')", name=op.f("ck_sheet_imports_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_imports")),
    )
    op.create_index(
        "ix_sheet_imports_open",
        "sheet_imports",
        ["created_at"],
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_index(op.f("ix_sheet_imports_subject_id"), "sheet_imports", ["subject", "id"])
    op.create_table(
        "sheet_import_files",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["sheet_imports.id"],
            name=op.f("fk_sheet_import_files_import_id_sheet_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", name=op.f("pk_sheet_import_files")),
    )
    op.create_table(
        "sheet_import_errors",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("header", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["sheet_imports.id"],
            name=op.f("fk_sheet_import_errors_import_id_sheet_imports"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_sheet_import_errors")),
    )


def downgrade() -> None:
    for name in ("sheet_import_errors", "sheet_import_files", "sheet_imports"):
        op.drop_table(name)
