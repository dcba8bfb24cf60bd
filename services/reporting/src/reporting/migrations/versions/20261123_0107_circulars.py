"""Circulars: frozen snapshots, official documents, numbers that are given once."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0107"
down_revision = "20261123_0106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "circular_snapshots",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("circular_id", sa.Uuid(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular_snapshots")),
    )
    op.create_index(op.f("ix_circular_snapshots_circular_id"), "circular_snapshots", ["circular_id"])
    op.create_table(
        "circular_documents",
        sa.Column("circular_id", sa.Uuid(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("circular_id", name=op.f("pk_circular_documents")),
    )
    op.create_table(
        "circular_series",
        sa.Column("mark", sa.Text(collation="C"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("highest", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "year", name=op.f("pk_circular_series")),
    )
    op.create_table(
        "circular_marks",
        sa.Column("mark", sa.Text(collation="C"), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_circular_marks")),
    )
    op.create_table(
        "circular_numbers",
        sa.Column("mark", sa.Text(collation="C"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("circular_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("mark", "year", "sequence", name=op.f("pk_circular_numbers")),
    )
    op.create_index(op.f("ix_circular_numbers_circular_id"), "circular_numbers", ["circular_id"], unique=True)


def downgrade() -> None:
    for table in ("numbers", "marks", "series", "documents", "snapshots"):
        op.drop_table(f"circular_{table}")
