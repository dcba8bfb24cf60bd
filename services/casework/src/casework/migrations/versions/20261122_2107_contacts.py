"""First contacts."""

revision = "20261122_2107"
down_revision = "20261122_2106"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
