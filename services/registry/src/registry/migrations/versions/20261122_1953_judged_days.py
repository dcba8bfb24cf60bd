"""The days at whose turn the judged offices were marked."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1953"
down_revision = "20261122_1905"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "judged_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_judged_days")),
    )


def downgrade() -> None:
    op.drop_table("judged_days")
