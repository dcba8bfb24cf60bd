"""Cases that a recalculation could not count, until they are."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0900"
down_revision = "20261123_0310"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "uncounted_cases",
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=True),
        sa.Column("again_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("notice_id", "case_id", name=op.f("pk_uncounted_cases")),
    )


def downgrade() -> None:
    op.drop_table("uncounted_cases")
