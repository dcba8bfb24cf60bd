"""How far the day's look at everything has come; warnings and accountability themselves are records."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2109"
down_revision = "20261122_2108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "warning_runs",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("after", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_warning_runs")),
    )


def downgrade() -> None:
    op.drop_table("warning_runs")
