"""What files of cases tell more (answered offers, received materials) stands in their documents: no table changes."""

revision = "20261123_0300"
down_revision = "20261122_2113"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
