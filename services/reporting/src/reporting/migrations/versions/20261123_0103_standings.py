"""Nothing yet: the place of standings in the chain."""

revision = "20261123_0103"
down_revision = "20261123_0102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
