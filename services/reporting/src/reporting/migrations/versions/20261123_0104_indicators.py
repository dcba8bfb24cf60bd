"""Nothing yet: the place of indicators in the chain."""

revision = "20261123_0104"
down_revision = "20261123_0103"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
