"""Files outside the database."""

revision = "20261122_2105"
down_revision = "20261122_2104"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
