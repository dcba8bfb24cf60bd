"""Ratings as they are counted; complaints that were filed under a key."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2108"
down_revision = "20261122_2107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ratings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("division", sa.CHAR(length=12, collation="C"), nullable=False),
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.Column("item_code", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("rating", sa.Text(), nullable=False),
        sa.Column("terminal", sa.Text(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rated_on", sa.Date(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_excluded", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
    )
    op.create_index("uq_ratings_case_id_occasion_number", "ratings", ["case_id", "occasion", "number"], unique=True)
    op.create_index(op.f("ix_ratings_rated_on_division"), "ratings", ["rated_on", "division"])
    op.create_index(op.f("ix_ratings_registered_on_division"), "ratings", ["registered_on", "division"])
    op.create_index(op.f("ix_ratings_office_id_rated_on"), "ratings", ["office_id", "rated_on"])
    op.create_table(
        "complaint_filings",
        sa.Column("filing_key", sa.LargeBinary(), nullable=False),
        sa.Column("content_index", sa.LargeBinary(), nullable=False),
        sa.Column("complaint_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("filing_key", name=op.f("pk_complaint_filings")),
    )


def downgrade() -> None:
    op.drop_table("complaint_filings")
    op.drop_table("ratings")
