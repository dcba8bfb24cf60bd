"""Exchange files."""

revision = "20261122_2112"
down_revision = "20261122_2111"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
