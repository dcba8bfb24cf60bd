"""Who closed a case: what the pay of station staff is traced to."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_1900"
down_revision = "20261122_1500"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("handled_by", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("cases", "handled_by")
