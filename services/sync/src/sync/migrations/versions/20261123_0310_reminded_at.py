"""When a node was last reminded, for whoever opens its inbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_0310"
down_revision = "20261123_0300"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dispatch_nodes", sa.Column("reminded_at", postgresql.TIMESTAMP(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("dispatch_nodes", "reminded_at")
