"""What worklists need."""

revision = "20261122_2110"
down_revision = "20261122_2109"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
