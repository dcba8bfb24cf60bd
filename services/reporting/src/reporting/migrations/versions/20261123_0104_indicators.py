"""Definitions of indicators are records: nothing of their own in the database."""

revision = "20261123_0104"
down_revision = "20261123_0103"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
