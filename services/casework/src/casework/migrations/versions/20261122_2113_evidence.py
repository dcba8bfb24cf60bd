"""Files given to a complaint: kept, and seen by nobody through uploads."""

import sqlalchemy as sa
from alembic import op

revision = "20261122_2113"
down_revision = "20261122_2112"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_evidence = sa.Column("is_evidence", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    op.add_column("upload_files", is_evidence)


def downgrade() -> None:
    op.drop_column("upload_files", "is_evidence")
