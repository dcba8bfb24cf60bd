"""Appointments and queues."""

revision = "20261122_2106"
down_revision = "20261122_2105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
