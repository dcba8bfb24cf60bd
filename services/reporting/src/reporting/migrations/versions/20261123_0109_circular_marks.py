"""The name of the issuer (发文机关) that a mark (机关代字) belongs to; NULL for marks that were used before."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0109"
down_revision = "20261123_0108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("circular_marks", sa.Column("issuer", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("circular_marks", "issuer")
