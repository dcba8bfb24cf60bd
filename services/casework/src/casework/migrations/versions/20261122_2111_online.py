"""What the public does itself."""

revision = "20261122_2111"
down_revision = "20261122_2110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
