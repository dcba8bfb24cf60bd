"""Working days in versions."""

revision = "20261122_2102"
down_revision = "20261122_2101"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
