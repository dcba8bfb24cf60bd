"""Offices that are worked out when nothing is more urgent; all of them once, because readiness now tells figures."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0400"
down_revision = "20261122_2310"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "waiting_offices",
        sa.Column("office_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("office_id", name=op.f("pk_waiting_offices")),
    )
    op.execute("INSERT INTO waiting_offices (office_id) SELECT id FROM offices ORDER BY id")


def downgrade() -> None:
    op.drop_table("waiting_offices")
