"""Offices that could not be worked out stay marked, and are tried again after a while."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0900"
down_revision = "20261123_0400"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("office_marks", sa.Column("again_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("office_marks", "again_at")
