"""Nothing yet: the place of statistics in the chain."""

revision = "20261123_0108"
down_revision = "20261123_0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
