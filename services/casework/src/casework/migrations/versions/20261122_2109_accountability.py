"""Warnings and accountability."""

revision = "20261122_2109"
down_revision = "20261122_2108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
