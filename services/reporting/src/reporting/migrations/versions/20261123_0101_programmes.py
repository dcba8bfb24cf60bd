"""Nothing yet: the place of programmes in the chain."""

revision = "20261123_0101"
down_revision = "20261123_0100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
