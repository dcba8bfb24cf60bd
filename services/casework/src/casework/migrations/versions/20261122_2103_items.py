"""The catalogue in versions."""

revision = "20261122_2103"
down_revision = "20261122_2102"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
