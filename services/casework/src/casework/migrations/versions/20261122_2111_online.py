"""How often somebody without a token has asked; what applicants have been told."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2111"
down_revision = "20261122_2110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "progress_questions",
        sa.Column("bucket", sa.LargeBinary(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_progress_questions")),
    )
    op.create_index(op.f("ix_progress_questions_window_start"), "progress_questions", ["window_start"])
    op.create_table(
        "told_cases",
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("supplements", sa.Integer(), nullable=False),
        sa.Column("is_decided", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_told_cases")),
    )


def downgrade() -> None:
    op.drop_table("told_cases")
    op.drop_table("progress_questions")
