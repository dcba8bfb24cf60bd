"""A change of the tree remembers how far it was compared with what is in force."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_0300"
down_revision = "20261123_0200"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dispatch_moves", sa.Column("done_to", sa.Uuid(), nullable=True))


def downgrade() -> None:
    op.drop_column("dispatch_moves", "done_to")
