"""The life of a case whole."""

revision = "20261122_2101"
down_revision = "20261122_2100"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
