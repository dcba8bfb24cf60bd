"""Nothing yet: the place of figures_of_offices in the chain."""

revision = "20261123_0400"
down_revision = "20261122_2310"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing."""


def downgrade() -> None:
    """Nothing."""
