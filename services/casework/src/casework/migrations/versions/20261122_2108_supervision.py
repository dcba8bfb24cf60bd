"""Ratings and complaints."""

revision = "20261122_2108"
down_revision = "20261122_2107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
