"""Nothing yet: the place of reports in the chain."""

revision = "20261123_0105"
down_revision = "20261123_0104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
